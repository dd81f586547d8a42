"""A report as one HTML page: no script, nothing from elsewhere, everything foreign escaped."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence
from contextlib import suppress
from html import escape
from pathlib import Path

from headroom_report.values.plain_text import one_line
from headroom_report.values.plain_text import visible
from headroom_report.values.savings import CACHED_PRICES
from headroom_report.values.savings import ClientSavings
from headroom_report.values.savings import OutputSavings
from headroom_report.values.savings import SavingsReport
from headroom_report.values.savings import SessionSavings
from headroom_report.values.savings import Tokens
from headroom_report.writing.page_style import STYLE
from headroom_report.writing.plots import tool_bar
from headroom_report.writing.plots import turn_lines
from headroom_report.writing.words import BILL
from headroom_report.writing.words import NEW
from headroom_report.writing.words import OUTPUTS
from headroom_report.writing.words import SHORTENED_OUTPUTS
from headroom_report.writing.words import WHOLE
from headroom_report.writing.words import assumptions
from headroom_report.writing.words import counted_by_provider
from headroom_report.writing.words import large_requests
from headroom_report.writing.words import number
from headroom_report.writing.words import percent
from headroom_report.writing.words import plural
from headroom_report.writing.words import read_again
from headroom_report.writing.words import tool_figures
from headroom_report.writing.words import what_was_read

_TOOLS_SHOWN = 25
_SESSIONS_SHOWN = 200
_SESSIONS_DRAWN = 6
_OUTPUTS_SHOWN = 10
_TOOL_HEADINGS = ("tool", "", "outputs", "shortened", "tokens", "saved", "of its tokens", "of all tokens")
_CLIENT_HEADINGS = ("client", "requests", "shortened", "saved once", "tokens told by the provider", "saved of these")
# Without what only a recording tells: outputs that were not shortened, and the tokens of all requests.
_LIVE_TOOL_COLUMNS = (0, 1, 3, 4, 5, 6)
_MAX_TEXT_LENGTH = 100_000
# No page may ask for anything, whatever a text in it says.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def as_page(report: SavingsReport) -> str:
    sections = (
        _head(report),
        _tools(report),
        _clients(report.clients),
        _turns(report.sessions),
        _outputs(report.largest(_OUTPUTS_SHOWN)),
        _sessions(report),
        _notes("What these figures mean", assumptions(report)),
        _notes("What was left out", report.notes),
    )
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f"<title>{_text(report.title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
        f"<main>{''.join(sections)}</main>\n</body>\n</html>\n"
    )


def require_place(path: Path) -> Path:
    """The file itself, where the path is a link. Raise OSError where no page can be written."""
    place = Path(os.path.realpath(path))
    if path.is_dir():
        raise IsADirectoryError(f"{path} is a folder, not a file for the page")
    if (path.exists() and not path.is_file()) or place.is_symlink():  # still a link: a circle of links
        raise FileExistsError(f"{path} is no regular file, so the page cannot be written there")
    if not place.parent.is_dir():
        raise NotADirectoryError(f"{place.parent} is no folder, so the page cannot be written there")
    return place


def write_page(report: SavingsReport, path: Path) -> None:
    """Write it for this user only, whole or not at all. Raises OSError."""
    place = require_place(path)
    handle, name = tempfile.mkstemp(dir=place.parent, prefix=".headroom-")  # 0600
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(as_page(report))
        Path(name).replace(place)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise


def _head(report: SavingsReport) -> str:
    (share, price), *others = [(report.bill(price).share, price) for price in CACHED_PRICES]
    bills = ", ".join(f"{_saved(other)} at {its_price:g}" for other, its_price in others)
    cards = (
        _card(report.new.share, _saved_tokens(report.new), f"{NEW}: the figure to quote"),
        _card(report.whole.share, _saved_tokens(report.whole), WHOLE),
        _card(report.outputs.share, _saved_of(report), SHORTENED_OUTPUTS if report.is_live else OUTPUTS),
        _card(share, f"of the modelled bill with cached input at {price:g} of its price; {bills}", BILL),
    )
    return (
        f"<header><h1>{_text(report.title)}</h1><p>{_text(what_was_read(report))}. Level {_text(report.level)}, "
        f"references {_text(report.references)}.{_sentence(large_requests(report))}"
        f"{_sentence(counted_by_provider(report.usage))}{_sentence(read_again(report.rereads))}</p></header>"
        f'<section class="cards">{"".join(cards)}</section>'
    )


def _card(share: float, what: str, meaning: str) -> str:
    return f'<div class="card"><b>{_saved(share)}</b><p>{what}</p><small>{meaning}</small></div>'


def _saved(share: float) -> str:
    return f"&minus;{percent(share)}" if share > 0 else percent(-share)


def _saved_tokens(tokens: Tokens) -> str:
    return f"{number(tokens.saved)} of {number(tokens.before)} tokens saved"


def _saved_of(report: SavingsReport) -> str:
    """What is saved of the outputs. Where nothing else is saved, the first card says how much, and this one of what."""
    if report.outputs.saved == report.new.saved:
        return f"of {number(report.outputs.before)} tokens saved"
    return _saved_tokens(report.outputs)


def _sentence(told: str) -> str:
    return f" {_text(told[0].upper())}{_text(told[1:])}." if told else ""


def _tools(report: SavingsReport) -> str:
    if not report.tools:
        return ""
    columns = _LIVE_TOOL_COLUMNS if report.is_live else range(len(_TOOL_HEADINGS))
    headings = [_TOOL_HEADINGS[column] for column in columns]
    shown = report.tools[:_TOOLS_SHOWN]
    most = max(tool.tokens.before for tool in shown)
    cells = [
        (_text(one_line(tool.tool, 60)), tool_bar(tool.tokens, most), *tool_figures(tool, report.new.before))
        for tool in shown
    ]
    rows = [[row[column] for column in columns] for row in cells]
    outputs = "Shortened tool outputs" if report.is_live else "Tool outputs"
    return (
        f"<section><h2>Saved by tool</h2><p>{outputs}, each counted once: "
        '<span class="key sent">as sent</span> <span class="key saved">saved</span></p>'
        f"{_table(headings, rows, texts=2)}{_more(len(report.tools) - _TOOLS_SHOWN, 'tool')}</section>"
    )


def _clients(clients: Sequence[ClientSavings]) -> str:
    if not clients:
        return ""
    rows = [
        (
            _text(one_line(client.client, 60)),
            number(client.requests),
            number(client.shortened),
            number(client.saved),
            number(client.whole.before),
            percent(client.whole.share),
        )
        for client in clients
    ]
    return f"<section><h2>Saved by client</h2>{_table(_CLIENT_HEADINGS, rows)}</section>"


def _turns(sessions: Sequence[SessionSavings]) -> str:
    several = (session for session in sessions if len(session.turns) > 1)
    drawn = sorted(several, key=lambda session: -session.whole.saved)[:_SESSIONS_DRAWN]
    figures = "".join(
        f"<figure><figcaption>{_text(one_line(session.name, 60))}</figcaption>{turn_lines(session.turns)}</figure>"
        for session in drawn
    )
    return figures and (
        "<section><h2>Tokens of each request</h2><p>The sessions that save most: "
        '<span class="key before">without</span> <span class="key after">with the addon</span></p>'
        f'<div class="plots">{figures}</div></section>'
    )


def _outputs(outputs: Sequence[OutputSavings]) -> str:
    if not outputs:
        return ""
    return f"<section><h2>Largest savings</h2>{''.join(map(_output, outputs))}</section>".replace(
        "<details>", "<details open>", 1
    )


def _output(output: OutputSavings) -> str:
    tokens = output.tokens
    change = f"{number(tokens.before)} &rarr; {number(tokens.after)} tokens, {_saved(tokens.share)}"
    summary = f"{_text(one_line(output.title or output.tool, 90))} <span>{change}</span>"
    if output.texts is None:
        return f'<p class="output">{summary}</p>'
    before, after = output.texts
    return (
        f"<details><summary>{summary}</summary>"
        f'<div class="sides"><div><h3>as it came</h3>{_marked(before, after, "gone")}</div>'
        f"<div><h3>as it is sent</h3>{_marked(after, before, 'new')}</div></div></details>"
    )


def _marked(text: str, other: str, mark: str) -> str:
    """The text, with those lines marked that the other one does not have."""
    known = set(other.split("\n"))
    lines = visible(text[:_MAX_TEXT_LENGTH]).split("\n")
    cut = f"\n({number(len(text) - _MAX_TEXT_LENGTH)} more characters)" if len(text) > _MAX_TEXT_LENGTH else ""
    return f"<pre>{''.join(_lines(lines, known, mark))}{cut}</pre>"


def _lines(lines: Iterable[str], known: set[str], mark: str) -> Iterator[str]:
    for line in lines:
        yield f"{escape(line)}\n" if line in known else f'<i class="{mark}">{escape(line)}</i>\n'


def _sessions(report: SavingsReport) -> str:
    """The table of sessions; none for a single one, as the sums are its own."""
    if len(report.sessions) < 2:  # noqa: PLR2004
        return ""
    headings = (
        "session",
        "read from",
        "requests",
        "tokens",
        "saved",
        "share",
        "all requests",
        f"bill at {CACHED_PRICES[0]:g}",
    )
    rows = [
        (
            _text(one_line(session.name, 60)),
            _text(session.kind),
            number(session.requests),
            number(session.new.before),
            number(session.new.saved),
            percent(session.new.share),
            percent(session.whole.share),
            percent(session.bill(CACHED_PRICES[0]).share),
        )
        for session in report.sessions[:_SESSIONS_SHOWN]
    ]
    more = _more(len(report.sessions) - _SESSIONS_SHOWN, "session")
    return f"<section><h2>Sessions</h2>{_table(headings, rows, texts=2)}{more}</section>"


def _table(headings: Sequence[str], rows: Sequence[Sequence[str]], texts: int = 1) -> str:
    """texts: how many columns on the left hold words. The cells are HTML already.

    Each cell names its column, for screens on which a row takes several lines.
    """
    head = "".join(f"<th{_side(place, texts)}>{heading}</th>" for place, heading in enumerate(headings))
    body = "".join(f"<tr>{''.join(_cells(row, headings, texts))}</tr>" for row in rows)
    return f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def _cells(row: Sequence[str], headings: Sequence[str], texts: int) -> Iterator[str]:
    for place, (cell, heading) in enumerate(zip(row, headings, strict=True)):
        yield f'<td{_side(place, texts)} data-label="{heading}">{cell}</td>'


def _side(place: int, texts: int) -> str:
    return ' class="word"' if place < texts else ""


def _more(count: int, name: str) -> str:
    return f"<p>and {plural(count, name)} more</p>" if count > 0 else ""


def _notes(title: str, notes: Sequence[str]) -> str:
    items = "".join(f"<li>{_text(note)}</li>" for note in notes)
    return items and f"<section><h2>{title}</h2><ul>{items}</ul></section>"


def _text(text: str) -> str:
    return escape(visible(text))

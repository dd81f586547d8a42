"""A report as text for a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from collections.abc import Sequence

from headroom_report.values.plain_text import one_line
from headroom_report.values.savings import CACHED_PRICES
from headroom_report.values.savings import SavingsReport
from headroom_report.values.savings import SessionSavings
from headroom_report.values.savings import Tokens
from headroom_report.values.savings import ToolSavings
from headroom_report.values.savings import by_kind
from headroom_report.writing.words import BILL
from headroom_report.writing.words import NEW
from headroom_report.writing.words import OUTPUTS
from headroom_report.writing.words import WHOLE
from headroom_report.writing.words import assumptions
from headroom_report.writing.words import counted_by_provider
from headroom_report.writing.words import large_requests
from headroom_report.writing.words import number
from headroom_report.writing.words import percent
from headroom_report.writing.words import read_again
from headroom_report.writing.words import tool_figures
from headroom_report.writing.words import what_was_read

_NAME_WIDTH = 48
_CALL_WIDTH = 70
_LINE = 110
_SESSIONS_SHOWN = 50
_TOOLS_SHOWN = 15
_OUTPUTS_SHOWN = 10
_SUM_HEADINGS = ("", "tokens", "sent", "saved", "share")
_BILLS = tuple(f"bill at {price:g}" for price in CACHED_PRICES)
_SESSION_HEADINGS = ("session", "requests", "tokens", "saved", "share", "all requests", *_BILLS)
_TOOL_HEADINGS = ("tool", "outputs", "shorter", "tokens", "saved", "of its tokens", "of all tokens")
_OUTPUT_HEADINGS = ("largest savings", "tokens", "sent", "saved", "call")


def as_text(report: SavingsReport) -> str:
    parts = [f"{report.title}\n{what_was_read(report)}; level {report.level}, references {report.references}"]
    if report.sessions:
        parts += [_sums(report), _session_table(report), _tool_table(report), _output_table(report)]
    parts.append("\n".join(map(_wrapped, (f"Bill: {BILL}.", *assumptions(report)))))
    return "\n\n".join(part for part in parts if part) + "\n"


def _sums(report: SavingsReport) -> str:
    rows = [_sum_row(NEW, report.new), _sum_row(WHOLE, report.whole), _sum_row(OUTPUTS, report.outputs)]
    bills = (f"{percent(bill.share)} at {bill.cached_price:g}" for bill in map(report.bill, CACHED_PRICES))
    bill_line = f"saved of the modelled bill, by the price of cached input: {', '.join(bills)}"
    told = (large_requests(report), counted_by_provider(report.usage), read_again(report.rereads))
    lines = (_aligned(_SUM_HEADINGS, rows), bill_line, *told)
    return "\n".join(filter(None, lines))


def _sum_row(name: str, tokens: Tokens) -> Sequence[str]:
    return name, number(tokens.before), number(tokens.after), number(tokens.saved), percent(tokens.share)


def _session_table(report: SavingsReport) -> str:
    rows = [_session_row(session.name, [session]) for session in report.sessions[:_SESSIONS_SHOWN]]
    others = report.sessions[_SESSIONS_SHOWN:]
    if others:
        rows.append(_session_row(f"{len(others)} others", others))
    kinds = by_kind(report.sessions)
    if len(kinds) > 1:
        rows += [_session_row(f"all of {kind}", sessions) for kind, sessions in kinds.items()]
    elif len(rows) > 1:
        rows.append(_session_row("all", report.sessions))
    return _aligned(_SESSION_HEADINGS, rows)


def _session_row(name: str, sessions: Sequence[SessionSavings]) -> Sequence[str]:
    part = SavingsReport("", "", "", tuple(sessions))
    return (
        one_line(name, _NAME_WIDTH),
        number(part.requests),
        number(part.new.before),
        number(part.new.saved),
        percent(part.new.share),
        percent(part.whole.share),
        *(percent(part.bill(price).share) for price in CACHED_PRICES),
    )


def _tool_table(report: SavingsReport) -> str:
    shown, others = report.tools[:_TOOLS_SHOWN], report.tools[_TOOLS_SHOWN:]
    rows = [_tool_row(tool, report.new.before) for tool in shown]
    if others:
        rows.append(_tool_row(sum(others, ToolSavings(f"{len(others)} others")), report.new.before))
    return _aligned(_TOOL_HEADINGS, rows)


def _tool_row(tool: ToolSavings, all_tokens: int) -> Sequence[str]:
    return (one_line(tool.tool, _NAME_WIDTH), *tool_figures(tool, all_tokens))


def _output_table(report: SavingsReport) -> str:
    outputs = report.largest(_OUTPUTS_SHOWN)
    rows = [
        (
            one_line(output.tool, _NAME_WIDTH),
            number(output.tokens.before),
            number(output.tokens.after),
            number(output.tokens.saved),
            one_line(output.title or "", _CALL_WIDTH),
        )
        for output in outputs
    ]
    return _aligned(_OUTPUT_HEADINGS, rows, texts=(0, 4)) if rows else ""


def _aligned(headings: Sequence[str], rows: Sequence[Sequence[str]], texts: Sequence[int] = (0,)) -> str:
    """Columns as wide as their widest cell, figures to the right, texts to the left."""
    table = [headings, *rows]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    return "\n".join("  ".join(_cells(row, widths, texts)).rstrip() for row in table)


def _cells(row: Sequence[str], widths: Sequence[int], texts: Sequence[int]) -> Iterator[str]:
    for place, (cell, width) in enumerate(zip(row, widths, strict=True)):
        yield cell.ljust(width) if place in texts else cell.rjust(width)


def _wrapped(sentence: str) -> str:
    return textwrap.fill(sentence, _LINE, subsequent_indent="  ")

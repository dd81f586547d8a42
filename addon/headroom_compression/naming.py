"""What later texts may call a text that was sent, and by which numbers its lines."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from itertools import pairwise
from itertools import takewhile
from operator import attrgetter

from headroom_compression.document import Document
from headroom_compression.document import Part
from headroom_compression.document import Stage
from headroom_compression.document import ToolCall
from headroom_compression.pipeline import FoldedText
from headroom_compression.sent_rows import Row
from headroom_compression.sent_rows import Rows
from headroom_compression.sent_rows import height
from headroom_compression.sent_rows import read_original
from headroom_compression.sent_rows import read_sent
from headroom_compression.shown import Numbering
from headroom_compression.shown import ShownText
from headroom_compression.shown import ShownTexts
from headroom_compression.text import chunk_id
from headroom_compression.text import is_footer
from headroom_compression.text import split_header
from headroom_compression.text import was_cut

# Codex's, Claude Code's, mini-swe-agent's and the API's: what they put in front of an output is known.
_BARE_SHELLS = frozenset({"bash", "container.exec", "exec", "exec_command", "local_shell", "shell", "shell_command"})
_RUN = attrgetter("run")


def sent_text(shown: ShownTexts, document: Document, folded: FoldedText | None) -> ShownText | None:
    """A text in the form in which it was sent; None when nothing that the model sees names its lines."""
    header, body = split_header(folded.text if folded else document.text)
    read = read_sent if folded and Stage.ROWS in folded.stages else read_original
    rows = read(body, document.gutter_form)
    call = document.call
    path = document.path
    first_line = _first_line(document)
    title = path if path and (rows.is_numbered or first_line) else _title(call, header)
    if title is None or (document.part is Part.LATER and not rows.is_numbered):
        return None
    numbering = _by_gutter(rows) if rows.is_numbered else _by_counting(body, rows, first_line or 1)
    return ShownText(
        title,
        document.only_call_digest,
        document.subject,
        shown.row_ids(rows),
        numbering,
        _folder(call, title),
        shown.hidden_ids(rows),
        _footer(rows),
    )


def _footer(rows: Rows) -> int | None:
    """Its row, by the lines of the tool's own text."""
    last = len(rows) - 1 - (rows[-1].content == "" and rows[-1].marker is None)
    return height(rows[:last]) if last >= 0 and is_footer(rows[last].content) else None


def _folder(call: ToolCall | None, title: str) -> str | None:
    """In which folder a title means something: a relative path or a command only in that of its call."""
    return call.folder if call and call.command is not None and not title.startswith("/") else None


def _first_line(document: Document) -> int | None:
    """The number of the file's line that the text begins with, where it is nothing but the file."""
    call = document.call
    is_bare = call is not None and call.tool.lower() in _BARE_SHELLS and document.part is Part.ONLY
    return call.first_line if call and is_bare else None


def written_text(shown: ShownTexts, title: str, text: str, call: ToolCall) -> ShownText:
    """A text that the model wrote in the arguments of a call."""
    rows = Rows.of_plain(text)
    return ShownText(title, None, call.path or title, shown.row_ids(rows), _by_counting(text, rows, 1))


def _title(call: ToolCall | None, header: str) -> str | None:
    if call:
        return call.title
    chunk = chunk_id(header)
    return f"the output with Chunk ID {chunk}" if chunk else None


def _by_counting(text: str, rows: Rows, first_line: int) -> tuple[Numbering, ...]:
    """All rows up to where the client cut: nobody can count lines across that."""
    stop = height(list(takewhile(lambda row: not was_cut(row.content), rows))) if was_cut(text) else rows.height
    return (Numbering(first_line, 0, stop),)


def _by_gutter(rows: Sequence[Row]) -> tuple[Numbering, ...]:
    """A part for each run; none at all when the numbers do not ascend, as when an output shows two files."""
    parts: list[Numbering] = []
    position = 0
    for run, members in groupby(rows, key=_RUN):
        group = list(members)
        count = height(group)
        if run:
            parts.append(Numbering(run.first, position, position + count))
        position += count
    ascends = all(one.number(one.stop) <= other.first for one, other in pairwise(parts))
    return tuple(parts) if ascends else ()

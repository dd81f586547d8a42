"""The names by which later texts may point to a text that was sent, and the numbers of its lines."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate
from itertools import groupby
from itertools import pairwise
from operator import attrgetter

from headroom_compression.calls.tool_call import ToolCall
from headroom_compression.client_text import chunk_id
from headroom_compression.client_text import was_cut
from headroom_compression.client_text import without_footer
from headroom_compression.document import Document
from headroom_compression.document import Part
from headroom_compression.document import Stage
from headroom_compression.formats.gap_markers import holds_gap_marker
from headroom_compression.formats.gap_markers import read_gap_marker
from headroom_compression.formats.gap_markers import read_put_away_marker
from headroom_compression.formats.repeat_counts import SIGN
from headroom_compression.formats.repeat_counts import read_repeat_count
from headroom_compression.pipeline import FoldedText
from headroom_compression.pipeline import SentText
from headroom_compression.references.file_numbers import claimed_first_line
from headroom_compression.references.file_numbers import first_line_of
from headroom_compression.references.file_numbers import opening_of
from headroom_compression.references.finding import LIMITS
from headroom_compression.references.kept_bodies import NO_BODY
from headroom_compression.references.labels import label_runs
from headroom_compression.references.markers import holds_marker
from headroom_compression.references.markers import name_of_chunk
from headroom_compression.references.markers import read_marker
from headroom_compression.references.rows import Numbering
from headroom_compression.references.rows import Row
from headroom_compression.references.rows import Rows
from headroom_compression.references.rows import height
from headroom_compression.references.rows import read_original
from headroom_compression.references.seeds import ID_CODE
from headroom_compression.references.seeds import long_rows
from headroom_compression.references.shown_texts import NOT_SHOWN
from headroom_compression.references.shown_texts import ShownText
from headroom_compression.references.shown_texts import ShownTexts
from headroom_compression.references.sights import has_number_in_each_row
from headroom_compression.settings import Settings

_RUN = attrgetter("run")
# Of a text in which nothing can be found.
_NO_ROWS = array(ID_CODE, [NOT_SHOWN])
# An output of an unknown call: any name may be its own.
HIDDEN = ShownText("", None, "", _NO_ROWS, (), is_hidden=True)
# Who has edited a file says so in a line or two; what is shorter than this shows no run that is pointed at.
_MIN_LINE_FEEDS = 3


def no_texts(settings: Settings) -> ShownTexts:
    """What the model has seen before the first item."""
    limits = LIMITS.get(settings.references)
    return ShownTexts(limits.seed_step if limits else 1, goes_on=settings.goes_on)


def name_texts(shown: ShownTexts, sent: SentText) -> Iterator[ShownText]:
    """The text, and as another output of the file what no pointer to the file may lead to.

    That may show any of its lines, or, where all rows have numbers, these: few rows, or what a search found.
    """
    document = sent.document
    text = _name_text(shown, sent)
    if text:
        yield text
    if not document.path or (text is not None and text.path is not None):  # nearly always
        return
    sent_body, rows, _ = _rows_of(sent)
    body = without_footer(sent_body).strip("\n")
    has_numbers = has_number_in_each_row(body)  # and no marker
    hidden = rows.height - len(rows)
    is_again = text is not None and text.is_again
    if body and (has_numbers or is_again or body.count("\n") + hidden >= _MIN_LINE_FEEDS):
        yield ShownText(
            "",
            None,
            document.path,
            _NO_ROWS,
            (),
            path=document.path,
            folder=_folder(document.call),
            kept=shown.keep(body) if has_numbers else NO_BODY,
            is_labelled=True,
            is_numbered=has_numbers,
            is_elided=not has_numbers,
            is_later=document.part is Part.LATER,
        )


def _name_text(shown: ShownTexts, sent: SentText) -> ShownText | None:
    """A text in the form in which it was sent; None when nothing that the model sees names it."""
    document, folded = sent.document, sent.folded
    chunk = chunk_id((folded or document).header) or ""
    title = document.call.title if document.call else chunk and name_of_chunk(chunk)
    if not title and not document.path:
        return None
    has_markers = folded is not None and Stage.ROWS in folded.stages
    body, rows, ids = _rows_of(sent)
    labels = [] if rows.is_numbered else label_runs(rows.contents)
    is_labelled = rows.is_numbered or bool(labels)
    numbering = _numbering_of(sent, body, rows, labels)
    first_line = first_line_of(document.only_call, rows)
    return ShownText(
        title,
        document.only_call_digest,
        document.subject,
        (shown.row_ids(rows) if ids is None else ids) if numbering else _NO_ROWS,
        numbering,
        says=document.call.says if document.call else "",
        path=document.path if is_labelled or first_line else None,
        claimed_line=claimed_first_line(document.only_call),
        folder=_folder(document.call),
        kept=shown.keep(body),
        whole=document.whole,
        is_labelled=is_labelled,
        has_markers=has_markers,
        is_elided=_is_elided(folded),
        is_later=document.part is Part.LATER,
        is_again=has_markers and any(row.marker and row.marker.whole for row in rows),
        is_command=document.call is not None and document.call.command is not None,
        opening=NOT_SHOWN if is_labelled else opening_of(shown, rows),
        chunk=chunk,
        long_rows=_long_rows(rows) if numbering else (),
    )


def _long_rows(rows: Rows) -> tuple[int, ...]:
    """By the places of their ids, of which a marker has one for each line that it stands for."""
    found = long_rows(rows.contents)
    places = range(len(rows)) if rows.is_whole or not found else [*accumulate((row.height for row in rows), initial=0)]
    return tuple(places[row] for row in found)


def _is_elided(folded: FoldedText | None) -> bool:
    return folded is not None and folded.elided is not None


def _rows_of(sent: SentText) -> tuple[str, Rows, array[int] | None]:
    """The body as it was sent, its rows, and their ids where they are known."""
    if sent.rows is not None:
        return sent.rows.body, sent.rows.rows, sent.rows.ids
    body = (sent.folded or sent.document).body
    return body, read_original(body, sent.document.gutter_form), None


def _folder(call: ToolCall | None) -> str | None:
    """In which folder a title means something: a relative path or a command only in that of its call."""
    return call.folder if call and call.command is not None and not (call.path or "").startswith("/") else None


def name_unread(call: ToolCall) -> ShownText:
    """An output that may show anything: it counts as one of its call, and no pointer leads where it could be meant."""
    is_command = call.command is not None
    names = (call.title, None, call.path or call.title, _NO_ROWS, ())
    return ShownText(
        *names, call.says, call.path, folder=_folder(call), is_labelled=True, is_elided=True, is_command=is_command
    )


def name_written(shown: ShownTexts, title: str, text: str, call: ToolCall) -> ShownText:
    """A text that the model wrote in the arguments of a call."""
    rows = Rows.of_plain(text)
    stop = _countable(text, rows, has_markers=False)
    return ShownText(
        title,
        None,
        call.path or title,
        shown.row_ids(rows),
        (Numbering(1, 0, stop),),
        kept=shown.keep(text),
        long_rows=_long_rows(rows),
    )


def _numbering_of(
    sent: SentText, body: str, rows: Rows, labels: Sequence[tuple[int, int, int]]
) -> tuple[Numbering, ...]:
    """By which numbers the rows of a text may be called; none where lines are missing or nobody knows the first."""
    document, folded = sent.document, sent.folded
    if _is_elided(folded) or (document.part is Part.LATER and not rows.is_numbered):
        return ()
    stages = folded.stages if folded else ()
    numbering = _numbering(document, body, rows, labels, has_markers=Stage.ROWS in stages)
    return _before_counts(numbering, rows) if Stage.KIND in stages and SIGN in body else numbering


def _numbering(
    document: Document, body: str, rows: Rows, labels: Sequence[tuple[int, int, int]], *, has_markers: bool
) -> tuple[Numbering, ...]:
    if rows.is_numbered:
        stop = rows.height if has_markers else _rows_before_markers(rows)
        return tuple(part for part in _by_gutter(rows) if part.stop <= stop)
    if not labels:
        stop = _countable(body, rows, has_markers=has_markers)
        return (Numbering(1, 0, stop),) if stop else ()
    parts = tuple(Numbering(first, start, end) for start, end, first in labels)
    is_command = document.call is not None and document.call.command is not None
    if is_command and any(part.first != part.start + 1 for part in parts):
        return ()  # rows of a table, numbered items: who counts the lines comes to other numbers
    return parts if all(one.number(one.stop) <= other.first for one, other in pairwise(parts)) else ()


def _before_counts(numbering: tuple[Numbering, ...], rows: Rows) -> tuple[Numbering, ...]:
    """Up to the first line that says how often others stand there: whether these count too, readers may differ."""
    stop = _rows_before(lambda line: read_repeat_count(line) is not None, rows)
    return tuple(replace(part, stop=min(part.stop, stop)) for part in numbering if part.start < stop)


def _is_marker(line: str) -> bool:
    if not line.startswith("["):
        return False
    readers = (read_marker, read_gap_marker, read_put_away_marker)
    return any(read(line) is not None for read in readers)


def _countable(text: str, rows: Rows, *, has_markers: bool) -> int:
    """How many rows there are up to where the client cut, or another program left lines out: nobody counts across."""
    stop = rows.height
    if was_cut(text):
        stop = _rows_before(was_cut, rows)
    if not has_markers and (holds_marker(text) or holds_gap_marker(text)):
        stop = min(stop, _rows_before(_is_marker, rows))
    return stop


def _rows_before(ends: Callable[[str], bool], rows: Rows) -> int:
    stop = next((row for row, line in enumerate(rows.contents) if ends(line)), None)
    return rows.height if stop is None else height(rows[:stop])


def _rows_before_markers(rows: Rows) -> int:
    if "\n[" not in "\n".join(["", *rows.contents]):  # nearly always, and in C
        return rows.height
    return _rows_before(_is_marker, rows)


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

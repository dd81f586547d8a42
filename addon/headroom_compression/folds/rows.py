"""Thin line numbers, and leave out runs of lines that stand verbatim in an earlier tool output, or further up.

Byte-exact: gutters are rebuilt by arithmetic, markers are resolved against what stands above them, and the result must
be the text itself. The content of a row is never changed; a row is sent whole or stands behind a marker.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterator
from collections.abc import Sequence
from itertools import compress
from itertools import groupby
from itertools import pairwise
from operator import itemgetter

from headroom_compression.calls.tool_call import GutterForm
from headroom_compression.client_text import footer_height
from headroom_compression.document import Document
from headroom_compression.document import Part
from headroom_compression.formats.gap_markers import holds_gap_marker
from headroom_compression.formats.repeat_counts import SIGN
from headroom_compression.record import record
from headroom_compression.references.file_numbers import claimed_first_line
from headroom_compression.references.file_numbers import first_line_of
from headroom_compression.references.file_numbers import opening_of
from headroom_compression.references.finding import LIMITS
from headroom_compression.references.finding import Place
from headroom_compression.references.finding import Reference
from headroom_compression.references.finding import Search
from headroom_compression.references.gutter import BARE
from headroom_compression.references.gutter import KEPT_EVERY
from headroom_compression.references.gutter import Run
from headroom_compression.references.gutter import looks_numbered
from headroom_compression.references.gutter import may_go_bare
from headroom_compression.references.gutter import those_like_the_clients
from headroom_compression.references.markers import OWN
from headroom_compression.references.markers import Marker
from headroom_compression.references.markers import holds_marker
from headroom_compression.references.own_lines import OWN_WORTH
from headroom_compression.references.own_lines import OwnRows
from headroom_compression.references.own_lines import may_show_twice
from headroom_compression.references.own_lines import with_own
from headroom_compression.references.pointer_reader import PointerReader
from headroom_compression.references.rows import Row
from headroom_compression.references.rows import Rows
from headroom_compression.references.rows import SentRows
from headroom_compression.references.rows import read_original
from headroom_compression.references.rows import read_sent
from headroom_compression.references.seeds import ID_CODE
from headroom_compression.references.seeds import long_rows
from headroom_compression.references.seeds import seed_keys
from headroom_compression.references.shown_texts import NOT_SHOWN
from headroom_compression.references.shown_texts import RowsAccess
from headroom_compression.references.shown_texts import ShownTexts

_KIND = itemgetter(Row._fields.index("run"), Row._fields.index("is_match"))


def sent_rows(document: Document, session: RowsAccess) -> SentRows:
    """The body in the form in which it is sent, the same where nothing is left out, and its rows."""
    rows = read_original(document.body, document.gutter_form)
    ids = None if session.references == "off" else _ids(document, session.shown, rows)
    original, reader = SentRows(document.body, rows, ids), _reader(document, session.shown)
    for may_be_bare in (True, False) if rows.is_numbered else (False,):
        folded = fold(document, session, original, reader, may_be_bare)
        if folded is None or folded == document.body:
            break
        reader.begin(folded, is_labelled=rows.is_numbered)
        sent = read_sent(folded, document.gutter_form if rows.is_numbered else GutterForm.NONE)
        if is_exact(document, sent, rows, reader):
            return SentRows(folded, sent, _ids_in_sight(ids, sent) if ids and document.entries else None)
    return original


def _reader(document: Document, shown: ShownTexts) -> PointerReader:
    """Of pointers in the document."""
    return PointerReader(shown, document.call.says if document.call else "")


def _ids(document: Document, shown: ShownTexts, rows: Rows) -> array[int]:
    """The ids of the rows; those below the heading of their block are only like such below the same heading."""
    ids = shown.row_ids(rows)
    if not document.entries or rows.is_numbered:
        return ids
    lines, bounds = rows.contents, (*document.blocks, len(rows))
    for start, stop in pairwise(bounds):
        first = bisect_left(document.entries, start)
        if first < len(document.entries) and document.entries[first] < stop:
            for row in range(start + 1, stop):
                ids[row] = NOT_SHOWN if ids[row] == NOT_SHOWN else shown.row_id(f"{lines[start]}\n{lines[row]}")
    return ids


def _ids_in_sight(ids: array[int], sent: Rows) -> array[int] | None:
    """Those of the rows that stand behind no marker; None where one does not say how many it stands for."""
    found = array(ID_CODE)
    for row in sent:
        found.extend([NOT_SHOWN] * row.height if row.marker else ids[len(found) : len(found) + 1])
    return found if len(found) == len(ids) else None


@record
class Thinning:
    """kept_every: of so many numbers one stays; 0 where all do. bare: runs in which the others leave nothing behind."""

    kept_every: int
    bare: tuple[Run, ...] = ()


def fold(
    document: Document,
    session: RowsAccess,
    original: SentRows,
    reader: PointerReader,
    may_be_bare: bool,  # noqa: FBT001  as it is asked
) -> str | None:
    """The shorter body, or None. original: of the document, without ids where no lines are pointed at."""
    if holds_marker(document.body):
        return None
    rows = original.rows
    references = _references(document, session, original, reader)
    kept_every = KEPT_EVERY[session.references] if session.gutters and _is_safe_to_thin(rows) else 0
    if not references and not kept_every:
        return None
    may_be_bare = may_be_bare and kept_every > 0 and _is_safe_to_bare(document.body, rows, BARE[session.references])
    thinning = Thinning(kept_every, tuple(_runs(rows)) if may_be_bare else ())
    return "\n".join(_sent_lines(rows, references, thinning))


def is_exact(document: Document, sent: Rows, rows: Rows, reader: PointerReader) -> bool:
    """Whether the rows that are sent still say all of the document; rows: its own."""
    lines = _original_lines(document, reader, sent, rows.contents)
    return lines is not None and "\n".join(lines) == document.body


def _references(document: Document, session: RowsAccess, original: SentRows, reader: PointerReader) -> list[Reference]:
    rows, ids = original.rows, original.ids
    if ids is None:
        return []
    call, shown = document.call, session.shown
    keys = seed_keys(ids)
    before = session.before(document.only_call_digest, document.whole)
    known = shown.known_rows(ids, keys, long_rows(rows.contents))
    is_search = document.gutter_form is GutterForm.SEARCH
    may_have_own = not (document.is_by_kind or is_search) and document.part is Part.ONLY
    own = may_have_own and may_show_twice(keys)
    if before is None and not known and not own:  # nearly always
        return []
    ending = footer_height([row.full_line() for row in rows[-2:]])
    end = len(rows) - ending
    place = Place(
        subject=document.subject,
        numbered=rows.is_numbered,
        folder=call.folder if call else "",
        before=before,
        first_line=None if rows.is_numbered else claimed_first_line(document.only_call),
        is_sure=first_line_of(document.only_call, rows) is not None,
        opening=NOT_SHOWN if rows.is_numbered else opening_of(shown, rows),
        ending=ending,
        blocks=(*(row for row in document.blocks if row < end), end) if document.blocks else (),
        entries=() if rows.is_numbered else document.entries,
    )
    search = Search(ids, rows.contents, place, shown, LIMITS[session.references], reader, known)
    segments = [(start, stop) for start, stop in _segments(rows) if rows[start].run or not is_search]
    is_explained = document.is_by_kind and not document.blocks
    found = search.best(segments) if before or known else []
    references = [each for each in found if each.marker.whole or not is_explained]
    return with_own(references, search, OwnRows(rows, keys), OWN_WORTH[session.references]) if own else references


def _segments(rows: Rows) -> list[tuple[int, int]]:
    """Ranges of rows of one run, or without any; rows that match a search stay in sight."""
    if not rows.is_numbered:
        return [(0, len(rows))]
    segments: list[tuple[int, int]] = []
    start = 0
    for (_, is_match), group in groupby(rows, _KIND):
        stop = start + len([*group])
        if not is_match:
            segments.append((start, stop))
        start = stop
    return segments


def _is_safe_to_thin(rows: Rows) -> bool:
    if not rows.is_numbered:
        return False
    # Nearly all rows begin with no digit, which takes less than half the time.
    return not any(
        run.for_matches or (content.lstrip(" ")[:1].isdecimal() and looks_numbered(content, run.separator))
        for content, run, _, _, _ in rows
        if run
    )


def _is_safe_to_bare(body: str, rows: Rows, separators: frozenset[str]) -> bool:
    """Whether no row of a file reads like one with a separator, or like a line of ours."""
    if SIGN in body or holds_gap_marker(body):
        return False
    runs = [*_runs(rows)]
    used = {run.separator for run in runs}
    return used <= separators and all(may_go_bare(rows.contents[run.start : run.stop], used) for run in runs)


def _runs(rows: Rows) -> Iterator[Run]:
    """Of a text as the tool wrote it."""
    place = 0
    while place < len(rows):
        run = rows[place].run
        if run:
            yield run
        place = run.stop if run else place + 1


def _sent_lines(rows: Rows, references: list[Reference], thinning: Thinning) -> list[str]:
    lines: list[str] = []
    row = 0
    for reference in references:
        lines += _shown_lines(rows, row, reference.start, thinning)
        lines.append(reference.marker.line())
        row = reference.stop
    return lines + _shown_lines(rows, row, len(rows), thinning)


def _shown_lines(rows: Rows, start: int, stop: int, thinning: Thinning) -> list[str]:
    if not rows.is_numbered:
        return rows.contents[start:stop]
    if thinning.bare:
        return _bare_lines(rows, start, stop, thinning)
    shown = rows[start:stop]
    if not thinning.kept_every:
        return [row.full_line() for row in shown]
    lines: list[str] = []
    for content, run, number, _, is_match in shown:
        if run is None:
            lines.append(content)
        elif number == run.first:
            lines.append(run.field(number, is_match=is_match) + content)
        elif number % thinning.kept_every and lines:
            lines.append(run.separator + content)
        else:  # one of those that are kept, or behind a marker
            lines.append(f"{number}{run.separator}{content}")
    return lines


def _bare_lines(rows: Rows, start: int, stop: int, thinning: Thinning) -> list[str]:
    """The rows without what stands in front of them, but for those kept.

    These are one of several, each next to a marker or at an end of a run, and those that read like a client's line.
    """
    lines = rows.contents[start:stop]
    for run in thinning.bare:
        first, end = max(start, run.start), min(stop, run.stop)
        if first < end:
            kept = range(first + -run.number(first) % thinning.kept_every, end, thinning.kept_every)
            like_others = compress(range(first, end), those_like_the_clients(rows.contents[first:end]))
            for place in {first, end - 1, *kept, *like_others}:
                row = rows[place]
                is_first = row.number == run.first
                lines[place - start] = row.full_line() if is_first else f"{row.number}{run.separator}{row.content}"
    return lines


def _original_lines(document: Document, reader: PointerReader, sent: Rows, original: Sequence[str]) -> list[str] | None:
    """The lines that the sent rows stand for, by what they say and where pointers lead; None where one misleads.

    original: the contents of the lines of the text as it was.
    """
    lines: list[str] = []
    for content, run, number, marker, is_match in sent:
        if marker is None:
            lines.append(run.field(number, is_match=is_match) + content if run else content)
            continue
        start = len(lines)
        counted = original[start : start + marker.count]  # not all of the rest, for each of thousands of markers
        behind = counted if marker.is_counted else document.body.split("\n")[start:]
        hidden = _hidden(document, reader, marker, behind, number if run else start + 1)
        if hidden is None:
            return None
        lines += [run.field(place) + line for place, line in enumerate(hidden, number)] if run else hidden
    return lines


def _hidden(
    document: Document, reader: PointerReader, marker: Marker, original: Sequence[str], place: int
) -> Sequence[str] | None:
    """The lines that a marker stands for, if it leads to them; original: as many from there on; place: of the first.

    Of a marker that counts none they are all lines of the body from there on, with the numbers in front of them.
    """
    if marker.is_counted:
        leads = reader.is_above(marker, original, place) if marker.title == OWN else reader.certainty(marker, original)
        return original if leads and len(original) == marker.count else None
    call = document.only_call_digest
    is_whole = call is not None and reader.is_whole(marker, call, document.whole)
    return original[: len(original) - footer_height(original)] if is_whole else None

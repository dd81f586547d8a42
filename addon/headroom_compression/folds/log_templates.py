"""Say once what the lines of a log share: the date, the host, the words of the template; then only what differs.

    [9 lines below show only <time> <1> <2> of: 2026-11-23T<time>Z web-1 <1> [api] <2>]
    10:15:01.123 INFO request done in 12 ms
    10:15:01.207 INFO request done in 3 ms

Only in the output of programs that run and in logs, and only for lines with a time of day. Byte-exact: every value
stands in its own row, in the order of the line, divided by one space; the last may hold spaces. Lines that tell of an
error or a warning, lines without a time (stack traces) and lines of another form stay verbatim and in place, with
their date: a row is known by its time, which has no date. A log without dates is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from collections.abc import Iterator
from collections.abc import Sequence
from itertools import chain
from itertools import islice

from headroom_compression.calls.programs import is_log
from headroom_compression.calls.programs import is_program_run
from headroom_compression.client_text import has_cut
from headroom_compression.document import Document
from headroom_compression.document import Stage
from headroom_compression.formats.alarms import error_rows
from headroom_compression.formats.logs.levels import rows_of_bad_level
from headroom_compression.formats.logs.templates import CLOCK
from headroom_compression.formats.logs.templates import HEAD
from headroom_compression.formats.logs.templates import MAX_LINE_LENGTH
from headroom_compression.formats.logs.templates import TIME
from headroom_compression.formats.logs.templates import TIME_NAME
from headroom_compression.formats.logs.templates import TIME_WITHIN
from headroom_compression.formats.logs.templates import LogLine
from headroom_compression.formats.logs.templates import are_alike
from headroom_compression.formats.logs.templates import read_lines
from headroom_compression.formats.logs.templates import shared_form
from headroom_compression.formats.logs.templates import words_of
from headroom_compression.formats.words_in_lines import WordsInLines
from headroom_compression.record import record

STAGE = Stage.KIND
MIN_LINES = 5

# A table's head is said again each 50 rows, or models lose its columns; it costs about one token a row.
_LINES_PER_FORM = 50
_MIN_ROWS = 5
# Rows that stand alone between lines of a program's other output are hard to read.
_MIN_SHARE = 2 / 3
# In characters, of which 3 make a token here. Below it the form costs about as much as it saves.
_MIN_SAVED = 60
_CLOCK = re.compile(CLOCK)
_CLOCKS = re.compile(rf"{CLOCK}(?:\n{CLOCK})*+")
# 10:15:01 INFO done
_ROW = re.compile(rf"({CLOCK})(?: (.*))?")
# web-1 10:15:01 INFO done   web-1  | 10:15:01 INFO done
_ROW_WITH_HEAD = re.compile(rf"([^ ]{{1,{TIME_WITHIN}}} {{0,40}}\|? {{0,40}}) ({CLOCK})(?: (.*))?")
# <time>   <12>
_PLACE = re.compile("<(?:time|[1-9][0-9]{0,2})>")
# Stands in each time. It begins with a colon, so that it is looked for in a tenth of the time.
_IN_TIME = re.compile(":[0-9]{2}:[0-9]{2}")
# [9 lines below show only <time> <1> of: 2026-11-23T<time>Z web-1 <1>]
_FORM = re.compile(r"\[([1-9][0-9]?) lines below show only ((?:<[0-9a-z]{1,4}> )+)of: (.*)\]")


@record
class _Group:
    """Lines of one kind, by their numbers, that stand near to each other."""

    rows: list[int]
    lines: list[LogLine]


def fold(document: Document) -> str | None:
    if not (is_log(document.call) or is_program_run(document.call)):
        return None
    body = document.body
    if not (_IN_TIME.search(body, 0, MAX_LINE_LENGTH) and TIME.search(body, 0, MAX_LINE_LENGTH)):
        return None
    if HEAD in body or ("<" in body and _PLACE.search(body)):
        return None
    lines = body.split("\n")
    folded = lines.copy()
    for group in _groups(lines, may_be_cut=has_cut(body)):
        form, rows = shared_form(group.lines)
        said = form.line(len(rows))
        if _pays([lines[row] for row in group.rows], group, said, rows):
            for row, text in zip(group.rows, rows, strict=True):
                folded[row] = text
            folded[group.rows[0]] = f"{said}\n{rows[0]}"
    return "\n".join(folded) if folded != lines else None


def is_exact(document: Document, folded: str) -> bool:
    return _unfolded(folded) == document.body


def _pays(lines: Sequence[str], group: _Group, form: str, rows: Sequence[str]) -> bool:
    height = group.rows[-1] - group.rows[0] + 1
    if len(rows) < max(_MIN_ROWS, height * _MIN_SHARE):
        return False
    saved = sum(map(len, lines)) - sum(map(len, rows))
    return saved - len(form) >= _MIN_SAVED


def _groups(lines: Sequence[str], *, may_be_cut: bool) -> Iterator[_Group]:
    """Lines of one kind that stand near to each other, with no cut of the client between them."""
    cuts = {row for row, text in enumerate(lines) if has_cut(text)} if may_be_cut else set()
    rows: list[int] = []
    those: list[LogLine] = []
    for row, line in enumerate(_calm_lines(lines, cuts)):
        if line is None and row not in cuts:
            continue
        if rows and (line is None or row - rows[0] >= _LINES_PER_FORM or not are_alike(line, those[0])):
            yield _Group(rows, those)
            rows, those = [], []
        if line is not None:
            rows.append(row)
            those.append(line)
    if rows:
        yield _Group(rows, those)


def _calm_lines(lines: Sequence[str], cuts: Collection[int]) -> Sequence[LogLine | None]:
    """What each line says; None for one that is cut, is none of a log, or tells of trouble."""
    read = read_lines(lines)
    for row in cuts:
        read[row] = None
    of_log: list[str | None] = [*lines]
    said = [*lines]
    for row, line in enumerate(read):
        if line is None:
            of_log[row], said[row] = None, ""
    within = WordsInLines(said)
    for row in error_rows(said, within) | rows_of_bad_level(of_log, within):
        read[row] = None
    return read


def _unfolded(body: str) -> str | None:
    """The text that the folded one stands for, by what it says itself; None when a form has not all of its rows."""
    said, unfolded = iter(body.split("\n")), list[str]()
    for line in said:
        match = _FORM.fullmatch(line) if line.startswith("[") else None
        places = _PLACE.findall(match[3]) if match else []
        if match is None or match[2].split() != places:
            unfolded.append(line)
            continue
        whole = "%s".join(_PLACE.split(match[3].replace("%", "%%")))
        below, rows = _lines_below(said, int(match[1]), places, whole)
        if rows:
            return None
        unfolded += below
    return "\n".join(unfolded)


def _lines_below(said: Iterator[str], rows: int, places: Sequence[str], whole: str) -> tuple[list[str], int]:
    """What the lines below a form stand for, up to the last of its rows; and how many rows there are too few."""
    first = list(islice(said, rows))
    filled = _filled_in(first, places, whole) if len(first) == rows else None
    if filled is not None:
        return [filled], 0
    lines: list[str] = []
    for line in chain(first, said):
        values = _values(line, places)
        lines.append(line if values is None else whole % tuple(values))
        rows -= values is not None
        if rows == 0:
            break
    return lines, rows


def _filled_in(rows: Sequence[str], places: Sequence[str], whole: str) -> str | None:
    """What `_values` and the form make of rows without padding, all at once in half the time; None of others."""
    if places[0] != TIME_NAME or "  " in "\n".join(rows):
        return None
    values = [row.split(" ", len(places) - 1) for row in rows]
    are_whole = {*map(len, values)} == {len(places)}
    if not are_whole or not _CLOCKS.fullmatch("\n".join([those[0] for those in values])):
        return None
    return "\n".join([whole] * len(rows)) % tuple(chain.from_iterable(values))


def _values(line: str, places: Sequence[str]) -> list[str] | None:
    """The values of a row, one for each of the places in its form; None for every other line."""
    if places[0] == TIME_NAME and "  " not in line:  # nearly always, and in half the time
        values = line.split(" ", len(places) - 1)
        return values if len(values) == len(places) and _CLOCK.fullmatch(values[0]) else None
    match = (_ROW if places[0] == TIME_NAME else _ROW_WITH_HEAD).fullmatch(line)
    if match is None:
        return None
    *values, rest = match.groups()
    if rest is not None:
        values += words_of(rest, len(places) - len(values))
    return values if len(values) == len(places) else None

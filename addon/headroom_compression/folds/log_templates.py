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
from collections.abc import Iterator
from collections.abc import Sequence

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
from headroom_compression.formats.logs.templates import Form
from headroom_compression.formats.logs.templates import LogLine
from headroom_compression.formats.logs.templates import read_line
from headroom_compression.formats.logs.templates import shared_form
from headroom_compression.formats.logs.templates import words_of
from headroom_compression.formats.words_in_lines import WordsInLines

STAGE = Stage.KIND

# A table's head is said again each 50 rows, or models lose its columns; it costs about one token a row.
_LINES_PER_FORM = 50
_MIN_ROWS = 5
# Rows that stand alone between lines of a program's other output are hard to read.
_MIN_SHARE = 2 / 3
# In characters, of which 3 make a token here. Below it the form costs about as much as it saves.
_MIN_SAVED = 60
_CLOCK = re.compile(CLOCK)
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


def fold(document: Document) -> str | None:
    if not (is_log(document.call) or is_program_run(document.call)):
        return None
    body = document.body
    if not (_IN_TIME.search(body, 0, MAX_LINE_LENGTH) and TIME.search(body, 0, MAX_LINE_LENGTH)):
        return None
    if HEAD in body or _PLACE.search(body):
        return None
    lines = body.split("\n")
    folded = lines.copy()
    for group in _groups(lines):
        form, rows = shared_form(group)
        if _pays(lines, group, form, rows):
            for line, row in zip(group, rows, strict=True):
                folded[line.row] = row
            folded[group[0].row] = f"{form.line(len(rows))}\n{rows[0]}"
    return "\n".join(folded) if folded != lines else None


def is_exact(document: Document, folded: str) -> bool:
    return _unfolded(folded) == document.body


def _pays(lines: list[str], group: list[LogLine], form: Form, rows: list[str]) -> bool:
    height = group[-1].row - group[0].row + 1
    if len(group) < max(_MIN_ROWS, height * _MIN_SHARE):
        return False
    saved = sum(len(lines[line.row]) - len(row) for line, row in zip(group, rows, strict=True))
    return saved - len(form.line(len(rows))) >= _MIN_SAVED


def _groups(lines: list[str]) -> Iterator[list[LogLine]]:
    """Lines of one kind that stand near to each other, with no cut of the client between them."""
    group: list[LogLine] = []
    may_be_cut = has_cut("\n".join(lines))
    cuts = {row for row, text in enumerate(lines) if has_cut(text)} if may_be_cut else set()
    for row, line in enumerate(_calm_lines(lines, cuts)):
        is_cut = row in cuts
        if group and (is_cut or (line and (not line.is_like(group[0]) or row - group[0].row >= _LINES_PER_FORM))):
            yield group
            group = []
        if line:
            group.append(line)
    if group:
        yield group


def _calm_lines(lines: list[str], cuts: set[int]) -> Iterator[LogLine | None]:
    """What each line says; None for one that is cut, is none of a log, or tells of trouble."""
    read = [None if row in cuts else read_line(row, text, may_tell_of_error=False) for row, text in enumerate(lines)]
    of_log = [text if line else None for text, line in zip(lines, read, strict=True)]
    said = [text or "" for text in of_log]
    within = WordsInLines(said)
    bad = error_rows(said, within) | rows_of_bad_level(of_log, within)
    return (None if row in bad else line for row, line in enumerate(read))


def _unfolded(body: str) -> str | None:
    """The text that the folded one stands for, by what it says itself; None when a form has not all of its rows."""
    lines: list[str] = []
    rows, places, whole = 0, [""], ""
    for line in body.split("\n"):
        match = _FORM.fullmatch(line) if rows == 0 and line.startswith("[") else None
        if match and match[2].split() == _PLACE.findall(match[3]):
            rows, places = int(match[1]), _PLACE.findall(match[3])
            whole = "%s".join(_PLACE.split(match[3].replace("%", "%%")))
            continue
        values = _values(line, places) if rows else None
        if values is None:
            lines.append(line)
        else:
            rows -= 1
            lines.append(whole % tuple(values))
    return "\n".join(lines) if rows == 0 else None


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

"""Repeated lines of a log: those that differ from lines that stay only in numbers and ids.

Never left out: lines of a form that is rare, the first and the last line of each form, what is no line of a log (stack
traces), lines of trouble and HTTP statuses from 400 on, the lines beside these and those with an id of theirs, numbers
far above the others in their place, or other values than nearly all have there, addresses of another network, numbers
of a sequence that come twice and those beside one that is missing, the first line with each of a few values, the two
sides of a long silence, the end. Only in logs, and in the output of programs that run where it is one: lines
with a time and a level, or of HTTP requests.
"""

from __future__ import annotations

import re
from collections import Counter
from collections import defaultdict
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from itertools import pairwise
from statistics import fmean
from statistics import median

from headroom_compression.alarms import is_alarm
from headroom_compression.alarms import is_bad_status
from headroom_compression.document import Document
from headroom_compression.document import Gap
from headroom_compression.document import Stage
from headroom_compression.log_entries import LogEntry
from headroom_compression.log_entries import read_entry
from headroom_compression.log_forms import LONGEST_LINE
from headroom_compression.log_levels import rows_of_bad_level
from headroom_compression.odd_values import odd_rows
from headroom_compression.program_runs import is_log
from headroom_compression.program_runs import is_program_run

WORKS_ON = Stage.TERMINAL

_WHAT = "repeated log lines, alike but for numbers and ids"
_FEWEST_ALIKE = 5
# The state that a system is in now stands at the end.
_TAIL_LINES = 10
# A text with many lines of another kind is no log, or one that is not understood.
_LEAST_SHARE = 1 / 2
# How many times the usual value an outlying one is. Of exponentially distributed times one in 250 is.
_OUTLYING = 8
_SELDOM = 20  # a number that one line in so many has or exceeds does not stand out
_LEAST_SILENCE = 10  # seconds
_FEW = 8  # numbers in one place: a term, a shard, a state
_USUAL = 0.9  # of a form; then the other numbers in that place stand out
# Numbers in one place of a form that are statuses of HTTP wherever they stand: few, and some of these are among them.
_MOST_STATUSES = 12
_GOOD_STATUSES = frozenset({200.0, 201.0, 202.0, 204.0, 206.0, 301.0, 302.0, 304.0})
_STATUSES = range(100, 600)
# 4139   req8fa2   3f9a2c81: what is in more lines than this names no single case.
_ID = re.compile(r"(?<![0-9A-Za-z])[A-Za-z]{0,64}[0-9][0-9A-Za-z]{3,200}")
_MOST_OF_AN_ID = 12


# (row, value) of each line of a form
_Column = list[tuple[int, float | str | None]]


def find(document: Document, lines: Sequence[str]) -> Iterator[Gap]:
    is_service = is_program_run(document.call)
    if not is_service and not is_log(document.call):
        return
    entries = [read_entry(line, needs_level=is_service) for line in lines]
    known = sum(entry is not None and entry.form != "" for entry in entries)
    if known < _LEAST_SHARE * sum(map(bool, lines)):
        return
    rows_by_form = _rows_by_form(entries)
    columns = list(_columns(rows_by_form, entries))
    staying = _rare(rows_by_form, entries) | _outlying(columns) | _odd(rows_by_form, entries) | _around_silence(entries)
    trouble = _trouble(entries, lines, staying) | _bad_statuses(columns)
    staying |= _beside(trouble) | _with_an_id_of(trouble, lines)
    staying |= set(range(len(lines) - _TAIL_LINES, len(lines)))
    for before, after in pairwise([-1, *sorted(staying), len(lines)]):
        if after - before > 1:
            yield Gap(before + 1, after, _WHAT)


def _rows_by_form(entries: Sequence[LogEntry | None]) -> dict[str, list[int]]:
    found: defaultdict[str, list[int]] = defaultdict(list)
    for row, entry in enumerate(entries):
        if entry:
            found[entry.form].append(row)
    return found


def _rare(rows_by_form: Mapping[str, list[int]], entries: Sequence[LogEntry | None]) -> set[int]:
    """Lines that are alone with what they say, and two examples of each form."""
    found = {row for row, entry in enumerate(entries) if entry is None}
    for form, rows in rows_by_form.items():
        if form:
            found.update(rows if len(rows) < _FEWEST_ALIKE else (rows[0], rows[-1]))
    return found


def _columns(rows_by_form: Mapping[str, list[int]], entries: Sequence[LogEntry | None]) -> Iterator[_Column]:
    """What stands in one place of all lines of one form."""
    for rows in rows_by_form.values():
        for values in zip(*[entry.values for row in rows if (entry := entries[row])], strict=True):
            yield list(zip(rows, values, strict=True))


def _outlying(columns: Iterable[_Column]) -> set[int]:
    """Lines with a number far above the usual one in its place, or another value: a slow request, a replica fewer."""
    found: set[int] = set()
    for column in columns:
        numbers = [(value, row) for row, value in column if isinstance(value, float) and value]
        if numbers:
            amounts = sorted(value for value, _ in numbers)
            limit = max(_OUTLYING * median(amounts), amounts[-1 - len(amounts) // _SELDOM])
            found.update(row for value, row in numbers if value >= limit)
        counts = Counter(value for _, value in column)
        ((most, count),) = counts.most_common(1)
        if most is not None and _USUAL * len(column) <= count < len(column):
            found.update(row for row, value in column if value != most)
        if len(counts) <= _FEW:
            found.update({value: row for row, value in reversed(column)}.values())
    return found


def _odd(rows_by_form: Mapping[str, list[int]], entries: Sequence[LogEntry | None]) -> set[int]:
    """Lines with a value that does not fit those of the others, where 0 is a number as each other."""
    joined: defaultdict[str, list[int]] = defaultdict(list)
    for form, rows in rows_by_form.items():
        joined[form.replace("0", "#")] += rows
    in_order = {form: sorted(rows) for form, rows in joined.items()}
    return set().union(*map(odd_rows, _columns(in_order, entries)))


def _bad_statuses(columns: Iterable[_Column]) -> set[int]:
    """Lines that a request failed in, where nothing says that the number is a status."""
    found: set[int] = set()
    for column in columns:
        values = {value for _, value in column}
        if len(values) <= _MOST_STATUSES and values & _GOOD_STATUSES and all(value in _STATUSES for value in values):
            found.update(row for row, value in column if is_bad_status(value))
    return found


def _around_silence(entries: Sequence[LogEntry | None]) -> set[int]:
    """The two lines with much more time between them than usual."""
    timed = [(row, entry.second) for row, entry in enumerate(entries) if entry and entry.second is not None]
    pauses = [(row, following, later - second) for (row, second), (following, later) in pairwise(timed)]
    usual = fmean(max(pause, 0) for _, _, pause in pauses) if pauses else 0
    limit = max(_LEAST_SILENCE, _OUTLYING * usual)
    return {row for first, second, pause in pauses if pause > limit for row in (first, second)}


def _trouble(entries: Sequence[LogEntry | None], lines: Sequence[str], rare: set[int]) -> set[int]:
    """Lines of trouble, and what is no line of a log."""
    found = {
        row
        for row, entry in enumerate(entries)
        if entry is None or entry.has_trouble or (row in rare and is_alarm(lines[row]))
    }
    known = [line if entry and entry.form else None for entry, line in zip(entries, lines, strict=True)]
    return found | rows_of_bad_level(known)


def _with_an_id_of(trouble: set[int], lines: Sequence[str]) -> set[int]:
    """What else the log tells of an order or a request that there was trouble with."""
    rows_by_id: defaultdict[str, list[int]] = defaultdict(list)
    for row, line in enumerate(lines):
        for found in _ID.findall(line, 0, LONGEST_LINE):
            rows_by_id[found].append(row)
    groups = (rows for rows in rows_by_id.values() if len(rows) <= _MOST_OF_AN_ID)
    return {row for rows in groups if not trouble.isdisjoint(rows) for row in rows}


def _beside(rows: set[int]) -> set[int]:
    return {beside for row in rows for beside in (row - 1, row, row + 1)}

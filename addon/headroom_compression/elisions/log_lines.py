"""Repeated lines of a log: those that differ from lines that stay only in numbers and ids.

Never left out: lines of a form that is rare, the first and the last line of each form, what is no line of a log (stack
traces), lines of trouble and HTTP statuses from 400 on, the lines beside these and those with an id of theirs, numbers
far above or below the others in their place, or other values than nearly all have there, addresses of another network,
numbers of a sequence that come twice and those beside one that is missing or out of step, the first line with each of a
few values, the two sides of a long silence, the end. Only in logs, and in the output of programs that run where it is
one: lines with a time and a level, or of HTTP requests; not in what was sorted, whose order is what was asked for.
"""

from __future__ import annotations

import re
from collections import Counter
from collections import defaultdict
from collections.abc import Callable
from collections.abc import Collection
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence
from itertools import chain
from itertools import pairwise
from operator import attrgetter
from statistics import fmean
from statistics import median
from typing import TypeVar

from headroom_compression.calls.programs import is_log
from headroom_compression.calls.programs import is_program_run
from headroom_compression.calls.programs import programs_run
from headroom_compression.document import Document
from headroom_compression.document import Stage
from headroom_compression.formats.alarms import alarm_rows
from headroom_compression.formats.alarms import is_bad_status
from headroom_compression.formats.gaps import Gap
from headroom_compression.formats.logs.entries import LogEntry
from headroom_compression.formats.logs.entries import most_entries
from headroom_compression.formats.logs.entries import read_entries
from headroom_compression.formats.logs.levels import rows_of_bad_level
from headroom_compression.formats.logs.levels import rows_with_bad_level
from headroom_compression.formats.logs.odd_values import MIN_ROWS
from headroom_compression.formats.logs.odd_values import odd_rows
from headroom_compression.formats.logs.templates import MAX_LINE_LENGTH

WORKS_ON = Stage.TERMINAL
WORKS_BESIDE_CUTS = True

_WHAT = "repeated log lines, alike but for numbers and ids"
_MIN_ALIKE = 5
# The state that a system is in now stands at the end.
_TAIL_LINES = 10
# A text with many lines of another kind is no log, or one that is not understood.
_MIN_SHARE = 1 / 2
# How many times the usual value an outlying one is. Of exponentially distributed times one in 250 is.
_OUTLYING = 8
_SELDOM = 20  # a number that one line in so many has or exceeds does not stand out
# Where all the others are within so many times the usual one, so much beyond them is outlying: 12% among 95 to 99%.
_CLOSE = 2
_MIN_SILENCE = 10  # seconds
_FEW = 8  # numbers in one place: a term, a shard, a state
_USUAL = 0.9  # of a form; then the other numbers in that place stand out
# Numbers in one place of a form that are statuses of HTTP wherever they stand: few, and some of these are among them.
_MAX_STATUSES = 12
_GOOD_STATUSES = frozenset({200.0, 201.0, 202.0, 204.0, 206.0, 301.0, 302.0, 304.0})
_STATUSES = frozenset(map(float, range(100, 600)))
_LIKE_BAD_STATUS = re.compile(r"(?<![0-9A-Za-z])0{0,40}[45][0-9]{2}(?![0-9])")
# 4139   req8fa2   3f9a2c81: what is in more lines than this names no single case.
_ID = re.compile(r"(?<![0-9A-Za-z])[A-Za-z]{0,64}[0-9][0-9A-Za-z]{3,200}")
_MAX_OF_AN_ID = 12


_FORM = attrgetter("form")
_Other = TypeVar("_Other", str, None)
# The rows of a form, and the value in one place of each.
_Column = tuple[Sequence[int], Sequence[float | str | None]]


def find(document: Document, lines: Sequence[str]) -> Iterator[Gap]:
    is_service = is_program_run(document.call)
    if (not is_service and not is_log(document.call)) or any(map(_sorts, programs_run(document.call))):
        return
    needed = _MIN_SHARE * sum(map(bool, lines))
    if most_entries(lines) < needed:
        return
    entries = read_entries(lines, needs_level=is_service)
    known = sum(entry is not None and entry.likeness != "" for entry in entries)
    if known < needed:
        return
    alike = _alike(entries)
    groups = _rows_by_form(entries, lines, alike)
    columns = list(_columns(entries, groups))
    rare = _rare(entries, groups) | _outlying(columns) | _odd(entries, alike) | _around_silence(entries)
    tail = range(len(lines) - _TAIL_LINES, len(lines))
    leaving = set(range(len(lines))).difference(rare, tail)
    staying = set(range(len(lines))) - leaving
    if leaving:
        bad = _bad_statuses(columns) | rows_of_bad_level(_of_log(entries, lines, None))
        trouble = _Trouble(entries, lines, rare, bad)
        staying |= _beside(leaving, trouble) | _with_an_id_of(leaving, trouble, lines)
    for before, after in pairwise([-1, *sorted(staying), len(lines)]):
        if after - before > 1:
            yield Gap(before + 1, after, _WHAT)


def _sorts(words: Sequence[str]) -> bool:
    """Whether a program puts lines into an order, which then is what was asked for."""
    return words[0] == "sort"


def _of_log(entries: Sequence[LogEntry | None], lines: Sequence[str], other: _Other) -> list[str | _Other]:
    """The lines of the log, and `other` in the place of each other one."""
    return [line if entry and entry.likeness else other for entry, line in zip(entries, lines, strict=True)]


def _alike(entries: Sequence[LogEntry | None]) -> Collection[list[int]]:
    """The rows of each likeness; lines of one form are of one likeness."""
    found: defaultdict[str, list[int]] = defaultdict(list)
    for row, entry in enumerate(entries):
        if entry and entry.likeness:
            found[entry.likeness].append(row)
    return found.values()


def _rows_by_form(
    entries: Sequence[LogEntry | None], lines: Sequence[str], alike: Iterable[list[int]]
) -> list[list[int]]:
    """The rows of each form; lines that are like no other are of a form of their own."""
    groups: list[list[int]] = []
    for rows in alike:
        # What a few lines are of, nobody asks but for a status.
        is_asked = len(rows) >= _MIN_ALIKE or any(map(_LIKE_BAD_STATUS.search, map(lines.__getitem__, rows)))
        groups += _divided(entries, rows, _FORM) if len(rows) > 1 and is_asked else [[row] for row in rows]
    return groups


def _divided(
    entries: Sequence[LogEntry | None], rows: Iterable[int], key: Callable[[LogEntry], object]
) -> Collection[list[int]]:
    """The rows by the keys of their entries."""
    found: defaultdict[object, list[int]] = defaultdict(list)
    for row in rows:
        entry = entries[row]
        if entry:
            found[key(entry)].append(row)
    return found.values()


def _rare(entries: Sequence[LogEntry | None], groups: Iterable[Sequence[int]]) -> set[int]:
    """Lines that are alone with what they say, and two examples of each form."""
    found = {row for row, entry in enumerate(entries) if entry is None}
    for rows in groups:
        found.update(rows if len(rows) < _MIN_ALIKE else (rows[0], rows[-1]))
    return found


def _columns(entries: Sequence[LogEntry | None], groups: Iterable[Sequence[int]]) -> Iterator[_Column]:
    """What stands in one place of all lines of one form. A line alone has nothing to be compared with."""
    for rows in groups:
        if len(rows) > 1:
            for values in zip(*[entry.values for row in rows if (entry := entries[row])], strict=True):
                yield rows, values


def _outlying(columns: Iterable[_Column]) -> set[int]:
    """Lines with a number far from the usual one in its place, or another value: a slow request, a replica fewer."""
    found: set[int] = set()
    for rows, values in columns:
        if len(rows) >= _MIN_ALIKE:  # the others stay anyway
            found |= _outlying_of(rows, values)
    return found


def _outlying_of(rows: Sequence[int], values: Sequence[float | str | None]) -> set[int]:
    found: set[int] = set()
    numbers = [(value, row) for row, value in zip(rows, values, strict=True) if isinstance(value, float) and value]
    if len(numbers) > sum(isinstance(value, str) for value in values):  # of hashes a few are like numbers
        amounts = sorted(value for value, _ in numbers)
        low, high = _limits(amounts)
        if high <= amounts[-1] or amounts[0] <= low:
            found.update(row for value, row in numbers if value >= high or value <= low)
    counts = Counter(values)
    ((most, count),) = counts.most_common(1)
    if most is not None and _USUAL * len(rows) <= count < len(rows):
        found.update(row for row, value in zip(rows, values, strict=True) if value != most)
    if len(counts) <= _FEW:
        found.update(dict(zip(reversed(values), reversed(rows), strict=True)).values())
    return found


def _limits(amounts: Sequence[float]) -> tuple[float, float]:
    """From which amount down and from which one up they are outlying. amounts: in ascending order."""
    usual, few = median(amounts), len(amounts) // _SELDOM
    high = max(_OUTLYING * usual, amounts[-1 - few])
    inner = amounts[max(few, 1) : len(amounts) - max(few, 1)] or [usual]
    low = inner[0] / _CLOSE if usual <= _CLOSE * inner[0] else 0
    return low, min(high, _CLOSE * inner[-1]) if inner[-1] <= _CLOSE * usual else high


def _odd(entries: Sequence[LogEntry | None], alike: Iterable[list[int]]) -> set[int]:
    """Lines with a value that does not fit those of the others, whatever units and statuses these have."""
    found: set[int] = set()
    for rows in alike:
        if len(rows) >= MIN_ROWS:
            for column_rows, values in _columns(entries, _divided(entries, rows, _count)):
                found |= odd_rows(list(zip(column_rows, values, strict=True)))
    return found


def _count(entry: LogEntry) -> int:
    """How many values it has."""
    return len(entry.values)


def _bad_statuses(columns: Iterable[_Column]) -> set[int]:
    """Lines that a request failed in, where nothing says that the number is a status."""
    found: set[int] = set()
    for rows, values in columns:
        kinds = set(values)
        if len(kinds) <= _MAX_STATUSES and kinds & _GOOD_STATUSES and kinds <= _STATUSES:
            found.update(row for row, value in zip(rows, values, strict=True) if is_bad_status(value))
    return found


def _around_silence(entries: Sequence[LogEntry | None]) -> set[int]:
    """The two lines with much more time between them than usual."""
    timed = [(row, entry.second) for row, entry in enumerate(entries) if entry and entry.second is not None]
    pauses = [(row, following, later - second) for (row, second), (following, later) in pairwise(timed)]
    usual = fmean(max(pause, 0) for _, _, pause in pauses) if pauses else 0
    limit = max(_MIN_SILENCE, _OUTLYING * usual)
    return {row for first, second, pause in pauses if pause > limit for row in (first, second)}


class _Trouble:
    """Which rows are of trouble, or no lines of a log: found out for those that are asked for."""

    def __init__(
        self, entries: Sequence[LogEntry | None], lines: Sequence[str], rare: Collection[int], bad: Collection[int]
    ) -> None:
        self._entries = entries
        # An empty line tells of nothing.
        alarming = alarm_rows([line if row in rare else "" for row, line in enumerate(lines)])
        self._bad = alarming.union(bad, rows_with_bad_level(_of_log(entries, lines, "")))
        self._known: dict[int, bool] = {}

    def holds(self, row: int) -> bool:
        if row not in self._known:
            self._known[row] = 0 <= row < len(self._entries) and self._is_of_trouble(row)
        return self._known[row]

    def _is_of_trouble(self, row: int) -> bool:
        entry = self._entries[row]
        return entry is None or row in self._bad or entry.has_bad_status


def _with_an_id_of(rows: set[int], trouble: _Trouble, lines: Sequence[str]) -> set[int]:
    """Of the rows those that tell of an order or a request that there was trouble with."""
    ids = [_ID.findall(line, 0, MAX_LINE_LENGTH) for line in lines]
    counts = Counter(chain.from_iterable(ids))
    shared = {found for found, count in counts.items() if 1 < count <= _MAX_OF_AN_ID}
    rows_by_id: defaultdict[str, list[int]] = defaultdict(list)
    for row, names in enumerate(ids):
        for found in shared.intersection(names):
            rows_by_id[found].append(row)
    groups = (found for found in rows_by_id.values() if not rows.isdisjoint(found))
    return {row for found in groups if any(map(trouble.holds, found)) for row in found}


def _beside(rows: Iterable[int], trouble: _Trouble) -> set[int]:
    """Of the rows those of trouble and those beside them."""
    return {row for row in rows if any(map(trouble.holds, (row - 1, row, row + 1)))}

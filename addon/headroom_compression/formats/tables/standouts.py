"""Which rows of a table of records differ from the others, so that they stay whole where the others do not."""

from __future__ import annotations

import heapq
from collections import Counter
from collections import defaultdict
from collections.abc import Iterator
from collections.abc import Sequence
from statistics import quantiles

from headroom_compression.formats.tables.columns import EMPTY
from headroom_compression.formats.tables.columns import Column
from headroom_compression.formats.tables.columns import values_of

# What so few rows have is worth to be seen in each of them.
_RARE = 0.02
# A column of which so many cells are the same, or so many are there at all: the others stand out.
_USUAL = 0.9
# Amounts so many times the distance of the quartiles beyond them, where they are so few.
_FAR = 3
_MAX_FAR = 0.05
# A text so much longer than the middle one, such as a stack trace among messages.
_LONG = 4
_MIN_LONG = 200


def standing_out(columns: Sequence[Column]) -> set[int]:
    """The numbers of the rows that stay whole."""
    groups = _groups(columns)
    found = {row for column in columns for row in _alarming(column)}
    found.update(*[_of_same_course(column, found) for column in columns if column.names_course])
    for column in columns:
        found.update(_unusual(column), _long(column))
        if column.measures and not column.has_few_kinds:
            found.update(_extreme(column, groups), _far(column))
    return found | set(_one_of_each(columns, found))


def _alarming(column: Column) -> Iterator[int]:
    known = {cell: column.is_alarm(cell) for cell in set(column.cells)}
    return (row for row, cell in enumerate(column.cells) if known[cell])


def _of_same_course(column: Column, alarming: set[int]) -> list[int]:
    """The rows of the requests, runs or tests in which something went wrong."""
    courses = {column.cells[row] for row in alarming} - EMPTY
    return [row for row, cell in enumerate(column.cells) if cell in courses]


def _unusual(column: Column) -> Iterator[int]:
    """Rows whose cell is one that few have, where there are few kinds; or not what nearly all have."""
    most = _USUAL * len(column.cells)
    usual = {cell for cell, count in Counter(column.cells).items() if count >= most}
    empty = sum(cell in EMPTY for cell in column.cells)
    is_odd = {True: len(column.cells) - empty >= most, False: empty >= most}
    least = max(1, _RARE * len(column.cells))
    rare = {value for value, count in column.counts.items() if count <= least} if column.has_few_kinds else set()
    stays = {
        cell: (usual and cell not in usual) or is_odd[cell in EMPTY] or not rare.isdisjoint(values_of(cell))
        for cell in set(column.cells)
    }
    return (row for row, cell in enumerate(column.cells) if stays[cell])


def _long(column: Column) -> list[int]:
    lengths = sorted(map(len, column.cells))
    least = max(_MIN_LONG, _LONG * lengths[len(lengths) // 2])
    found = [row for row, cell in enumerate(column.cells) if len(cell) >= least]
    return found if len(found) <= _MAX_FAR * len(lengths) else []


def _groups(columns: Sequence[Column]) -> list[list[int]]:
    """The rows by the first column that says what is measured; all of them where there is none."""
    by = next((column for column in columns if column.has_few_kinds and column.says_what_is_measured), None)
    groups: defaultdict[str, list[int]] = defaultdict(list)
    for row in range(len(columns[0].cells)):
        groups[by.cells[row] if by else ""].append(row)
    return list(groups.values())


def _extreme(column: Column, groups: Sequence[Sequence[int]]) -> Iterator[int]:
    """The rows of the smallest and the largest amount of each group."""
    for group in groups:
        amounts = [(float(column.cells[row]), row) for row in group if column.cells[row] not in EMPTY]
        if amounts:
            yield min(amounts)[1]
            yield max(amounts, key=lambda amount: amount[0])[1]


def _far(column: Column) -> list[int]:
    amounts = [(row, float(cell)) for row, cell in enumerate(column.cells) if cell not in EMPTY]
    if len(amounts) < 2:  # noqa: PLR2004  quartiles need two
        return []
    low, _, high = quantiles((amount for _, amount in amounts), n=4)
    reach = _FAR * (high - low)
    found = [row for row, amount in amounts if not low - reach <= amount <= high + reach]
    return found if len(found) <= _MAX_FAR * len(amounts) else []


def _one_of_each(columns: Sequence[Column], found: set[int]) -> Iterator[int]:
    """Rows in which the values of columns with few kinds stand that no row of `found` has; as few as go."""
    kinds: defaultdict[int, set[tuple[int, str]]] = defaultdict(set)
    for number, column in enumerate(columns):
        if column.has_few_kinds:
            values = {cell: [(number, value) for value in values_of(cell)] for cell in set(column.cells)}
            for row, cell in enumerate(column.cells):
                kinds[row].update(values[cell])
    missing = set().union(*kinds.values()).difference(*(kinds[row] for row in found))
    waiting = [(-len(values & missing), row) for row, values in kinds.items()]
    heapq.heapify(waiting)
    while missing and waiting:
        _, row = heapq.heappop(waiting)
        gain = len(kinds[row] & missing)
        if waiting and -gain > waiting[0][0]:
            heapq.heappush(waiting, (-gain, row))
        else:
            missing -= kinds[row]
            yield row

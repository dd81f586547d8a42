"""Under the names of which folders a list of paths costs the fewest characters."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Sequence
from functools import partial
from operator import itemgetter
from typing import NamedTuple

# What a heading costs in characters besides its own: the colon, two line ends and the words that no longer merge.
_HEADING_COST = 8
# Folders deeper than that are not tried as headings: the work is rows times depth.
_DEEPEST = 40


class _Choice(NamedTuple):
    """The cheapest way to write the rows so far with the last one under `folder`.

    order: of choices that cost the same the deepest folder counts, which is the row's own where it stands alone.
    """

    cost: int
    order: int
    folder: str
    before: _Choice | None


_CHOICE = partial(tuple.__new__, _Choice)  # in C, a third of the time
_COST_AND_ORDER = itemgetter(0, 1)


def cheapest_folders(rows: Sequence[str]) -> list[str]:
    """For each row the folder whose heading it stands under, so that characters are fewest."""
    choices: dict[str, _Choice] = {}
    cheapest: _Choice | None = None
    for row in rows:
        following: dict[str, _Choice] = {}
        heading = (cheapest.cost if cheapest else 0) + _HEADING_COST
        length = len(row)
        for folder in _folders_above(row):
            # What stands under the heading is shorter by the folder.
            same, depth = choices.get(folder), len(folder)
            if same and same.cost <= heading + depth:
                following[folder] = _CHOICE((same.cost + length - depth, -depth, folder, same))
            else:
                following[folder] = _CHOICE((heading + length, -depth, folder, cheapest))
        choices = following
        cheapest = min(choices.values(), key=_COST_AND_ORDER)
    folders = []
    while cheapest:
        folders.append(cheapest.folder)
        cheapest = cheapest.before
    return folders[::-1]


def _folders_above(row: str) -> Iterator[str]:
    """The folders that a path can be written under; "." for the place that relative paths begin at."""
    if not row.startswith(("/", "./")):
        yield "."
    position = row.find("/", 1)
    for _ in range(_DEEPEST):
        if position < 0 or position == len(row) - 1:
            break
        yield row[:position]
        position = row.find("/", position + 1)

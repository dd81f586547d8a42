"""The lists in which apt names packages before it starts: the first has only names that the next ones have as well."""

from __future__ import annotations

from collections.abc import Sequence

SAID_BELOW = "packages that the lists of new and upgraded ones below have too"

_FIRST = "The following additional packages will be installed:"
_LATER = ("The following NEW packages will be installed:", "The following packages will be upgraded:")


def rows_said_below(lines: Sequence[str]) -> set[int]:
    """The rows of the first list where each of its names is in a later one; none where one is not."""
    if _FIRST not in lines:
        return set()
    first = lines.index(_FIRST)
    rows = _list_below(lines, first)
    said = {name for row in range(first, len(lines)) if lines[row] in _LATER for name in _names(lines, row)}
    return set(rows) if said.issuperset(_names(lines, first)) else set()


def _names(lines: Sequence[str], heading: int) -> set[str]:
    return {name for row in _list_below(lines, heading) for name in lines[row].split()}


def _list_below(lines: Sequence[str], heading: int) -> range:
    """The rows of the names under a heading: two spaces stand before them."""
    stop = heading + 1
    while stop < len(lines) and lines[stop].startswith("  "):
        stop += 1
    return range(heading + 1, stop)

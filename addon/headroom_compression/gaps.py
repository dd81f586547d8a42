"""Rows that an elision has recognised, as the gaps that they are."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Iterator

from headroom_compression.document import Gap


def judged_gaps(rows: Iterable[int], what: str) -> Iterator[Gap]:
    """A gap for each run of neighbouring rows; rows: numbers, from 0, of lines that were read to their end."""
    start = stop = -1
    for row in sorted(set(rows)):
        if row != stop:
            if stop > start:
                yield Gap(start, stop, what, is_judged=True)
            start = row
        stop = row + 1
    if stop > start:
        yield Gap(start, stop, what, is_judged=True)

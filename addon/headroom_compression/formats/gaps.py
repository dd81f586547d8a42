"""Gaps: lines that an elision has recognised and that need not be sent."""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence

from headroom_compression.record import record

# Of a text that loses lines these stay in any case, so that its beginning and its end read as they were written.
_HEAD_LINES = 2
_TAIL_LINES = 3


def inner_rows(lines: Sequence[str]) -> range:
    """The rows between the lines at the two ends of a text that stay; the empty one after the last is none of them."""
    stop = len(lines) - 1 if lines and not lines[-1] else len(lines)
    return range(_HEAD_LINES, stop - _TAIL_LINES)


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


def next_lines(rows: Sequence[str]) -> str:
    """Where the rows of a gap stand, as it says itself: "next 12 lines"."""
    return f"next {len(rows):,} lines" if len(rows) > 1 else "next line"


@record
class Gap:
    """Lines `start` up to, not including, `stop` of a text that need not be sent, counted from 0.

    what: what they are, in words that end "412 lines left out here: ", such as "passed tests".
    is_judged: the elision has read each line to its end and knows what it says. Words like "error" in a line are then
    part of a name, and do not keep it.
    instead: rows that stand below the marker, for what must be seen of the lines, such as their ids; and among them, as
    they are, lines of the gap that stay. With `is_judged` the elision has seen to what was asked for, too. Where the
    lines are lines of the stored file, `what` ends with how many rows there are: "names in the next 12 lines".
    is_tree: lines stand under the one above them that is indented less, and mean little without it.
    heading: in such a tree matches the whole of outermost lines, where those under them are not indented.
    """

    start: int
    stop: int
    what: str
    is_judged: bool = False
    instead: tuple[str, ...] = ()
    is_tree: bool = False
    heading: re.Pattern[str] | None = None

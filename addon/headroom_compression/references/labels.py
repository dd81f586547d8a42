"""Numbers in front of lines that are no known gutter: `40 | code`, `L40: code`, `40#a1:code`.

They stay in the content of their rows. Readers who are told of lines by number look for these where they are in sight.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from headroom_compression.references.gutter import MIN_ROWS

_LABEL = re.compile(r"[ \t]*[L#]?0*([1-9][0-9]{0,8})[ \t]?[\t|│:→#)]")


def label_runs(lines: Sequence[str]) -> list[tuple[int, int, int]]:
    """`all_label_runs`, or none where they are fewer than half of the rows: then they are part of the text, such as a
    list in it.
    """
    runs = all_label_runs(lines)
    return runs if 2 * sum(stop - start for start, stop, _ in runs) >= len(lines) else []


def all_label_runs(lines: Sequence[str]) -> list[tuple[int, int, int]]:
    """(start, stop, number of the first row) of each run of rows labelled one by one."""
    some = map(_LABEL.match, lines[::MIN_ROWS])
    # Nearly always there are none, which is found faster so.
    if not any(_is_beside_next(lines, row * MIN_ROWS) for row, match in enumerate(some) if match):
        return []
    numbers = [*map(_number, lines)]
    runs: list[tuple[int, int, int]] = []
    row = 0
    while row < len(lines):
        start, first = row, numbers[row]
        row += 1
        while first is not None and row < len(lines) and numbers[row] == first + row - start:
            row += 1
        if first is not None and row - start >= MIN_ROWS:
            runs.append((start, row, first))
    return runs


def _is_beside_next(lines: Sequence[str], row: int) -> bool:
    """Whether a row is labelled as the one after or before it is: one in so many of the rows of each run is."""
    number = _number(lines[row])
    if number is None:
        return False
    around = [*map(_number, lines[max(row - 1, 0) : row + 2])]
    return number + 1 in around[-1:] or number - 1 in around[:1]


def _number(line: str) -> int | None:
    match = _LABEL.match(line)
    return int(match[1]) if match else None

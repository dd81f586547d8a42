"""Rows that were recognised become gaps."""

from __future__ import annotations

import pytest

from headroom_compression.formats.gaps import Gap
from headroom_compression.formats.gaps import judged_gaps

ROWS = {
    "no rows": ([], []),
    "one row": ([7], [(7, 8)]),
    "rows from the first line on": ([0, 1, 2], [(0, 3)]),
    "rows apart": ([1, 2, 4, 6, 7], [(1, 3), (4, 5), (6, 8)]),
    "rows in no order, one of them twice": ([5, 3, 4, 3, 9], [(3, 6), (9, 10)]),
}


@pytest.mark.parametrize(("rows", "expected"), ROWS.values(), ids=ROWS.keys())
def test_neighbouring_rows_are_one_gap(rows: list[int], expected: list[tuple[int, int]]) -> None:
    assert list(judged_gaps(rows, "passed tests")) == [Gap(*gap, "passed tests", is_judged=True) for gap in expected]

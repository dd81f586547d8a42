"""Rows that were recognised become gaps."""

from __future__ import annotations

import pytest

from headroom_compression.formats.gaps import Gap
from headroom_compression.formats.gaps import inner_rows
from headroom_compression.formats.gaps import judged_gaps
from headroom_compression.formats.gaps import next_lines

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


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        pytest.param(["a"] * 9, range(2, 6), id="without a new line at the end"),
        pytest.param([*["a"] * 9, ""], range(2, 6), id="with one"),
        pytest.param([*["a"] * 9, "", ""], range(2, 7), id="with an empty line at the end"),
        pytest.param(["a"] * 4, range(0), id="too few lines"),
        pytest.param([], range(0), id="no line"),
    ],
)
def test_two_lines_at_the_beginning_and_three_at_the_end_are_not_inside(lines: list[str], expected: range) -> None:
    assert inner_rows(lines) == expected


@pytest.mark.parametrize(("count", "expected"), [(1, "next line"), (2, "next 2 lines"), (1200, "next 1,200 lines")])
def test_how_many_rows_of_a_gap_stand_below_its_marker_is_said_in_words(count: int, expected: str) -> None:
    assert next_lines(["row"] * count) == expected

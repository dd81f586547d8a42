"""The lines that count equal lines above them."""

from __future__ import annotations

import pytest

from headroom_compression.formats.repeat_counts import RepeatCount
from headroom_compression.formats.repeat_counts import read_repeat_count


@pytest.mark.parametrize(
    ("count", "line"),
    [
        (RepeatCount(1, 11), "[previous line repeated 11 more times]"),
        (RepeatCount(1, 1), "[previous line repeated 1 more time]"),
        (RepeatCount(8, 2), "[previous 8 lines repeated 2 more times]"),
    ],
)
def test_a_count_is_read_as_it_is_written(count: RepeatCount, line: str) -> None:
    assert count.line() == line
    assert read_repeat_count(line) == count


@pytest.mark.parametrize(
    "line",
    [
        "[previous line repeated 1 more times]",
        "[previous line repeated 0 more times]",
        "[previous 9 lines repeated 2 more times]",
        "[previous 1 lines repeated 2 more times]",
        "  [Previous line repeated 995 more times]",
        "[previous line repeated 11 more times] ",
        "",
    ],
)
def test_other_lines_are_none(line: str) -> None:
    assert read_repeat_count(line) is None

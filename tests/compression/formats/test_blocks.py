"""Where parts of a text begin that read alone."""

from __future__ import annotations

import pytest

from headroom_compression.formats.blocks import blocks_below_blank_lines


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["a.py", "1:x", "", "b.py", "2:y", ""], (0, 3)),
        (["", "", "a.py", "1:x"], (2,)),
        (["a", "b"], (0,)),
        (["", ""], ()),
        ([], ()),
    ],
)
def test_a_block_begins_below_an_empty_line(lines: list[str], expected: tuple[int, ...]) -> None:
    assert blocks_below_blank_lines(lines) == expected

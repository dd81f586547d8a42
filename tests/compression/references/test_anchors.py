"""Which lines tell a reader where in a text he is."""

from __future__ import annotations

import pytest

from headroom_compression.references.anchors import says_where


@pytest.mark.parametrize(
    "line",
    ["return", "    x1 = total", "} else {", "über alles", "12: a1 bc", "1" * 0xFFFF + "ab", "1" * 0x1FFFF + "中文"],
)
def test_a_line_with_a_word_says_where(line: str) -> None:
    assert says_where(line)


@pytest.mark.parametrize(
    "line", ["", "   ", "}", "\t});", "---", "1", "12,", "*/", "_", "1, " * 0xFFFF, "a, " * 0xFFFF]
)
def test_a_line_without_a_word_does_not(line: str) -> None:
    assert not says_where(line)

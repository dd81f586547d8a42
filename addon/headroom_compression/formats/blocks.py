"""Parts of a text that read without what stands above them."""

from __future__ import annotations

from collections.abc import Sequence


def blocks_below_blank_lines(lines: Sequence[str]) -> tuple[int, ...]:
    """The rows with which they begin: the first one, and each below an empty line; none is empty itself."""
    return tuple(row for row, line in enumerate(lines) if line and not (row and lines[row - 1]))

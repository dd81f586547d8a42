"""Rows in which bundlers list the files that they wrote, with their sizes: hundreds of small ones, a few large.

Not here: what a bundler warns of below the rows, how many modules it transformed, and how long that took.
"""

from __future__ import annotations

import heapq
import re
from collections.abc import Iterable
from collections.abc import Sequence

ASSETS = "files that were written, all smaller than those that stay"

_SIZE = r"[0-9][0-9,]{0,9}(?:\.[0-9]{1,3})? [kKMG]?i?B"
# dist/assets/cart-8f3c2a1b.js   12.34 kB │ gzip: 4.10 kB │ map: 40.02 kB
_ASSET = re.compile(
    rf"[^\s:]{{1,300}} {{1,200}}([0-9][0-9,]{{0,9}}(?:\.[0-9]{{1,3}})?) ([kKMG]?)i?B"
    rf"(?: {{1,9}}[│|/] (?:gzip|brotli|map): {{1,9}}{_SIZE}){{0,3}}"
)
_FACTORS = {"": 1, "k": 10**3, "K": 10**3, "M": 10**6, "G": 10**9}
# Who asks what makes a bundle large looks at the first few.
_LARGEST = 5
# From here on bundlers warn of a chunk.
_LARGE = 500_000


def small_assets(lines: Sequence[str], rows: Iterable[int]) -> set[int]:
    """Of the rows those of files that are neither large nor among the largest."""
    may_have_size = [row for row in rows if "B" in lines[row] and lines[row].rstrip().endswith("B")]
    sizes = {row: size for row in may_have_size if (size := _size(lines[row].strip())) is not None}
    largest = set(heapq.nlargest(_LARGEST, sizes, key=lambda row: (sizes[row], -row)))
    return {row for row, size in sizes.items() if size < _LARGE} - largest


def _size(line: str) -> float | None:
    """In bytes."""
    found = _ASSET.fullmatch(line)
    return float(found[1].replace(",", "")) * _FACTORS[found[2]] if found else None

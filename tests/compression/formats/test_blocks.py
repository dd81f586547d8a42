"""Where parts of a text begin that read alone."""

from __future__ import annotations

import pytest

from headroom_compression.formats.blocks import blocks_below_blank_lines
from headroom_compression.formats.blocks import heading_above


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


@pytest.mark.parametrize(
    "heading",
    [
        "==> shop/carts.py <==",
        "=== carts.py",
        "--- a/shop/carts.py",
        "### shop/carts.py",
        "diff --git a/carts.py b/carts.py",
        "Index: shop/carts.py",
        "File: shop/carts.py",
        "// File: shop/carts.ts",
        "commit 0c37b1d3a9 (HEAD -> main)",
        '<file path="shop/carts.py">',
        "shop/carts.py",
        "./shop/carts.py:",
        "shop/carts:",
    ],
)
def test_a_row_belongs_to_the_heading_above_it(heading: str) -> None:
    lines = ["total = 0", "", heading, "total = 1", "", "total = 2"]
    assert heading_above(lines, 0, 5) == 2
    assert heading_above(lines, 3, 5) is None
    assert heading_above(lines, 0, 1) is None


@pytest.mark.parametrize(
    "line", ["total = 1", "  === carts", "-----", "- carts", "# carts", "jobs:", "import carts.total", "====", "else:"]
)
def test_other_lines_are_no_headings(line: str) -> None:
    assert heading_above(["total = 0", "", line, "  total = 1", "total = 2"], 0, 4) is None


def test_names_in_a_list_are_no_headings() -> None:
    assert heading_above(["shop/carts.py", "shop/orders.py", "shop/taxes.py", "total = 1"], 0, 2) is None
    assert heading_above(["shop/carts.py", "shop/orders.py", "shop/taxes.py", "total = 1"], 0, 3) == 2


def test_nothing_below_needs_no_heading() -> None:
    assert heading_above(["=== carts", "total = 1", "", ""], 0, 2) is None


def test_a_hunk_is_a_heading_below_the_name_of_its_file() -> None:
    lines = ["--- a/carts.py", "+++ b/carts.py", "@@ -1,2 +1,2 @@ def total():", " a", "-b", "@@ -9 +9 @@", "-c", "-d"]
    assert heading_above(lines, 0, 7) == 5
    assert heading_above(lines, 0, 5) == 0
    assert heading_above(lines, 0, 4) == 2
    assert heading_above(lines, 1, 2) is None

"""Headings for lists of paths cost the fewest characters."""

from __future__ import annotations

import pytest

from headroom_compression.formats.folder_headings import cheapest_folders


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (["src/shop/a.py", "src/shop/b.py"], ["src/shop", "src/shop"]),
        (["src/shop/carts/a.py", "src/shop/mail/b.py"], ["src/shop", "src/shop"]),
        (["README.md", "src/shop/carts/a.py", "src/shop/carts/b.py"], [".", "src/shop/carts", "src/shop/carts"]),
        (["/srv/a.py", "/srv/b.py"], ["/srv", "/srv"]),
    ],
)
def test_each_row_stands_under_the_cheapest_folder(rows: list[str], expected: list[str]) -> None:
    assert cheapest_folders(rows) == expected

"""Which files that a bundler wrote are small."""

from __future__ import annotations

import pytest

from headroom_compression.formats.builds.asset_lines import small_assets

SMALL = [f"dist/assets/page-{number}.js   {number}.10 kB │ gzip: 0.{number} kB" for number in range(10, 30)]


def test_all_but_the_largest_are_small() -> None:
    assert small_assets(SMALL, range(len(SMALL))) == set(range(len(SMALL) - 5))


@pytest.mark.parametrize(
    "row", ["dist/a.js  1,204.11 kB │ gzip: 371.20 kB", "dist/a.js   0.51 MB", "dist/a.js  512 KiB"]
)
def test_a_file_of_which_bundlers_warn_is_large(row: str) -> None:
    rows = ["dist/a.js  800.00 kB"] * 5 + [row]
    assert small_assets(rows, range(6)) == set()


@pytest.mark.parametrize(
    "row",
    [
        "dist/a.js  0.51 kB (!)",
        "error: dist/a.js  0.51 kB",
        "built 12 files  0.51 kB",
        "dist/a.js  0.51 s",
        "✓ built in 2.3s",
    ],
)
def test_other_rows_are_no_files(row: str) -> None:
    rows = [*SMALL, row]
    assert len(SMALL) not in small_assets(rows, range(len(rows)))


def test_rows_that_are_not_asked_about_are_left_out_of_account() -> None:
    assert small_assets(SMALL, range(4)) == set()

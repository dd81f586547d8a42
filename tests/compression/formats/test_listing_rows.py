"""Rows of `ls -l` as different systems print them."""

from __future__ import annotations

import pytest

from headroom_compression.formats.listing_rows import LISTING_ROW


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            "-rw-r--r--  1 root root   189 Sep 10  2025 a b.txt",
            ("-rw-r--r--", "1", "root", "root", "189", "Sep 10  2025", "a b.txt"),
        ),
        (
            "drwxr-xr-x@ 36 ada  staff  1152 14 Feb 16:39 src",
            ("drwxr-xr-x@", "36", "ada", "staff", "1152", "14 Feb 16:39", "src"),
        ),
        (
            "lrwxrwxrwx. 1 1000 1000 3 2026-11-25 19:20 a -> b",
            ("lrwxrwxrwx.", "1", "1000", "1000", "3", "2026-11-25 19:20", "a -> b"),
        ),
        (
            "-rwsr-xr-t 1 u g 4.0K 2026-11-25 19:20:00.000000000 +0100  b",
            ("-rwsr-xr-t", "1", "u", "g", "4.0K", "2026-11-25 19:20:00.000000000 +0100", " b"),
        ),
    ],
)
def test_rows(line: str, expected: tuple[str, ...]) -> None:
    match = LISTING_ROW.fullmatch(line)
    assert match
    assert match.groups() == expected


@pytest.mark.parametrize(
    "line",
    [
        "total 48",
        "brw-rw---- 1 root disk 8, 0 Nov 25 19:20 sda",
        "-rw-r--r-- 1 root 189 Sep 10 2025 without_group",
        "-rw-r--r-- 1 root root 189 Sep 10  2025 ",
        "-rw-r--r-- 1 root root 189 Sep 10  2025 a\r",
        "drwxr-xr-x 2 root root 4096 Sep 10  2025 \x1b[01;34mdocs\x1b[0m",
        "-rw-r--r-- root/root 189 2025-09-10 10:00 of_an_archive",
    ],
)
def test_other_lines(line: str) -> None:
    assert LISTING_ROW.fullmatch(line) is None

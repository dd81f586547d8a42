"""Which file and line a row of a search is about, where names and contents hold numbers too."""

from __future__ import annotations

import pytest

from headroom_compression.formats.grep_rows import read_search_rows


def read(text: str) -> list[tuple[str, str] | None]:
    return [(row.path, row.rest) if row else None for row in read_search_rows(text.split("\n"))]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        pytest.param("src/a.py:12:x", [("src/a.py", "12:x")], id="a match"),
        pytest.param("src/a.py:12:5:x", [("src/a.py", "12:5:x")], id="with its column"),
        pytest.param("C:\\a.py:12:x", [("C:\\a.py", "12:x")], id="a drive"),
        pytest.param("a.py-11-x\na.py:12:y", [("a.py", "11-x"), ("a.py", "12:y")], id="context before"),
        pytest.param("a.py:12:y\na.py-13-", [("a.py", "12:y"), ("a.py", "13-")], id="empty context after"),
        pytest.param("2024-01-15-a.md:3:x", [None], id="a name that begins with digits and a dash"),
        pytest.param("d/2024-01-15-a.md:3:x", [("d/2024-01-15-a.md", "3:x")], id="a date in a name"),
        pytest.param(
            "a.py:7:y\na.py-8-z:5:w", [("a.py", "7:y"), ("a.py", "8-z:5:w")], id="context that looks like a match"
        ),
        pytest.param(
            "a-1-b.py-2-x\na-1-b.py:3:y", [("a-1-b.py", "2-x"), ("a-1-b.py", "3:y")], id="the number that goes on"
        ),
        pytest.param("a-1-b.py-3-x\na:2:y", [("a", "1-b.py-3-x"), ("a", "2:y")], id="the other number that goes on"),
        pytest.param("a.py-13-x", [None], id="context alone"),
        pytest.param("a.py:12:y\na.py-15-x", [("a.py", "12:y"), None], id="context far from its match"),
        pytest.param("12:x:34:y", [None], id="a row of one file"),
        pytest.param("12-x:34:y", [None], id="context of one file"),
        pytest.param('log("a:5:b")', [None], id="content alone"),
        pytest.param("a.py:0:x", [None], id="line zero"),
        pytest.param("a.py:12:x…9 tokens truncated…", [None], id="a cut"),
        pytest.param("", [None], id="nothing"),
    ],
)
def test_rows(text: str, rows: list[tuple[str, str] | None]) -> None:
    assert read(text) == rows


def test_a_row_of_two_files_is_refused() -> None:
    with pytest.raises(ValueError, match="two files"):
        read("a:1:x\na-2-b-7-x\na-2-b-8-y")


def test_a_revision_is_a_part_of_the_path() -> None:
    lines = ["v1:a.py:12:y", "v1:a.py-13-x:5:z", "v1:12:y", "v2:a.py:3:y", "a.py:4:12:y", ""]
    rows = read_search_rows(lines, ("total:", "v1:", "a.py:"))
    assert [(row.path, row.rest) if row else None for row in rows] == [
        *(("v1:a.py", "12:y"), ("v1:a.py", "13-x:5:z")),
        *(("v1", "12:y"), None, ("a.py", "4:12:y"), None),
    ]

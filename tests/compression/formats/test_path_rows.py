"""Which rows are paths, where a list of them begins and ends, and below which folder they are."""

from __future__ import annotations

import pytest

from headroom_compression.formats.path_rows import cut_out_list
from headroom_compression.formats.path_rows import is_path
from headroom_compression.formats.path_rows import lists_in


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("src/a.py", True),
        ("./a b/c.py", True),
        ("README.md", True),
        ("find: './x': Permission denied", False),
        ("Permission denied for all of /src/a", False),
        ("src/a.py:12", False),
        ("a/" + "b" * 1_000, False),
        ("a/", True),
        ("/a/b/", True),
        ("/a/", False),
        ("/a", False),
        ("/", False),
        ("", False),
    ],
)
def test_a_path_has_a_name_and_nothing_that_messages_have(row: str, expected: bool) -> None:  # noqa: FBT001  a column
    assert is_path(row) is expected


def test_what_tools_write_around_a_list_is_told_apart() -> None:
    lines = ["Found 2 files", "a/b.py", "a/c.py", "", "(Results are truncated.)"]
    assert cut_out_list(lines) == (lines[:1], lines[1:3], lines[3:])


@pytest.mark.parametrize("footer", ["</output>", "<shellId: 2 completed with exit code 0>"])
def test_a_footer_of_a_client_is_no_path(footer: str) -> None:
    assert cut_out_list(["a/b.py", "a/c.py", footer]) == ([], ["a/b.py", "a/c.py"], [footer])


def test_a_list_stands_on_each_side_of_what_a_client_left_out() -> None:
    tags = ["</output_head>", "<elided_chars>", "9 characters elided", "</elided_chars>", "<output_tail>"]
    head, tail = ["Found 9 files", "a/b.py", "a/c"], ["d.py", "e/f.py", "e/g.py", "", "</output_tail>"]
    assert lists_in([*head, *tags, *tail]) == [range(1, 3), range(9, 11)]
    assert lists_in([*tags, "rest"]) == []
    assert lists_in(head) == [range(1, 3)]


def test_what_codex_left_out_stands_between_two_lists() -> None:
    cut = "a/c…12 tokens truncated…f/g.py"
    assert lists_in(["a/a.py", "a/b.py", cut, "f/h.py", ""]) == [range(2), range(3, 4)]
    assert lists_in([cut, "f/h.py"]) == [range(1, 2)]
    assert lists_in(["a/b.py", cut, "f/h.py", cut, "f/i.py"]) == [range(5)]

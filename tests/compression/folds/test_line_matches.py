"""Rows with something around their numbers, written as rows of a search; an independent reader restores them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headroom_compression.calls.tool_call import ToolCall
from headroom_compression.document import Document
from headroom_compression.folds import line_matches

GREP = ToolCall("grep", "", b"")
CONTENT = st.text(st.sampled_from("ab:1 -\t\r\u2028é"), max_size=9)
FILES = st.lists(st.lists(st.tuples(st.integers(1, 999), CONTENT), min_size=1, max_size=4), min_size=1, max_size=4)


def document_of(text: str, call: ToolCall | None = GREP) -> Document:
    return Document.of(text, call)


# How an output begins, and what stands before each number: opencode, Qwen Code, Copilot CLI, deepagents.
FORMS = (
    ("Found 2 matches", "  Line "),
    ("Found 2 matches", "L"),
    ("[grep content: 2 matches]", "  "),
    ("/repo/none.py:", "  "),
)


def text_of(files: list[list[tuple[int, str]]], behind: str, form: tuple[str, str] = FORMS[0]) -> str:
    opening, before = form
    blocks = [
        f"/repo/{place}.py:\n" + "".join(f"{before}{number}: {content}\n{behind}" for number, content in rows)
        for place, rows in enumerate(files)
    ]
    return f"{opening}\n" + "\n".join(blocks)


@given(FILES, st.sampled_from(["", "\n"]), st.sampled_from(FORMS))
def test_an_independent_reader_restores_them(
    files: list[list[tuple[int, str]]], behind: str, form: tuple[str, str]
) -> None:
    text = text_of(files, behind, form)
    document = document_of(text)
    folded = line_matches.fold(document)
    assert folded is not None
    assert line_matches.is_exact(document, folded)
    assert text in {re.sub("(?m)^([0-9]+):([^\n]*)", rf"{form[1]}\1: \2{end}", folded) for end in ("", "\n")}


@given(FILES, st.sampled_from(["", "\n"]), st.sampled_from(FORMS), st.data())
def test_damage_is_refused(
    files: list[list[tuple[int, str]]], behind: str, form: tuple[str, str], data: st.DataObject
) -> None:
    document = document_of(text_of(files, behind, form))
    folded = line_matches.fold(document) or ""
    lines = folded.split("\n")
    place = data.draw(st.integers(0, len(lines) - 1))
    for other in ([], [lines[place] + "x"], ["1" + lines[place]]):
        assert not line_matches.is_exact(document, "\n".join([*lines[:place], *other, *lines[place + 1 :]]))


@pytest.mark.parametrize("call", [None, ToolCall("Read", "", b"", path="a"), ToolCall("bash", "", b"", "grep x a")])
def test_other_calls_are_left_alone(call: ToolCall | None) -> None:
    assert line_matches.fold(document_of(text_of([[(1, "x")]], "\n"), call)) is None


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a:\n  Line 1: x\n2:y\n", id="a line that looks like a short row"),
        pytest.param("a:\n  Line 1: x\n\n  Line 2: y\nof two lines\n\n1:\n", id="some with an empty line behind"),
        pytest.param("a notice\nL1: x\nL2: y\n", id="rows of Qwen Code below other words"),
        pytest.param("a notice\n  1: x\n  2: y\n", id="rows of Copilot below other words"),
        pytest.param("/a.py:\n  1: x\n  2- y\n", id="rows of deepagents with lines around them"),
        pytest.param("/a.py:\n  1: x\n/1:2:\n12:\n", id="a file that is called as a row"),
    ],
)
def test_what_could_be_misread_is_refused(text: str) -> None:
    folded = line_matches.fold(document_of(text))
    assert folded is None or not line_matches.is_exact(document_of(text), folded)

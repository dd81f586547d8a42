"""Lines of context with each match, written once; an independent reader restores them."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headroom_compression.calls.tool_call import ToolCall
from headroom_compression.document import Document
from headroom_compression.folds import context_matches

SEARCH = ToolCall("search_codebase", "", b"", asked=("x",))
LINE = st.text(st.sampled_from("ab:1 ->\t\r\u2028é"), max_size=9)


def document_of(text: str, call: ToolCall | None = SEARCH) -> Document:
    return Document.of(text, call)


def shown(path: str, lines: list[str], number: int, column: int) -> list[str]:
    near = range(max(1, number - 2), min(len(lines), number + 2) + 1)
    rows = [f"{'>' if each == number else ' '} {each}: {lines[each - 1]}" for each in near]
    return [f"{path}:{number}:{column}", *rows, ""]


@st.composite
def outputs(draw: st.DrawFn) -> tuple[str, int]:
    """An output, and how many matches it has."""
    rows = ["Found some results for pattern: x", ""]
    count = 0
    for name in draw(st.lists(st.sampled_from("abc"), min_size=1, max_size=3, unique=True)):
        lines = draw(st.lists(LINE, min_size=1, max_size=12))
        places = st.tuples(st.integers(1, len(lines)), st.integers(1, 9))
        for number, column in sorted(draw(st.lists(places, min_size=1, max_size=6, unique=True))):
            rows += shown(f"src/{name}.py", lines, number, column)
            count += 1
    return "\n".join([*rows, "(Showing the first of them.)"]), count


def restored(folded: str) -> str:
    """By the numbers that the rows begin with."""
    blocks: list[str] = []
    for block in folded.split("\n\n"):
        path, *rows = block.split("\n")
        if not rows or not rows[0][0].isdecimal():
            blocks.append(block)
            continue
        lines: dict[int, str] = {}
        matches: list[tuple[int, str]] = []
        for row in rows:
            digits = next(place for place, character in enumerate(row) if not character.isdecimal())
            number, rest = int(row[:digits]), row[digits + 1 :]
            if row[digits] == ":":
                columns, _, rest = rest.partition(":")
                matches += [(number, column) for column in columns.split(",")]
            lines[number] = rest
        for number, column in matches:
            near = [each for each in sorted(lines) if abs(each - number) <= 2]
            told = [f"{'>' if each == number else ' '} {each}: {lines[each]}" for each in near]
            blocks.append("\n".join([f"{path}:{number}:{column}", *told]))
    return "\n\n".join(blocks)


@given(outputs())
def test_an_independent_reader_restores_what_is_sent(given_: tuple[str, int]) -> None:
    text, count = given_
    document = document_of(text)
    folded = context_matches.fold(document)
    assert folded is not None
    assert folded.count("\n> ") == 0
    if context_matches.is_exact(document, folded):  # not where lines between the two of a file are missing
        assert restored(folded) == text
    assert len(folded) <= len(text)
    assert count > 0


@given(outputs(), st.data())
def test_damage_is_refused(given_: tuple[str, int], data: st.DataObject) -> None:
    document = document_of(given_[0])
    folded = context_matches.fold(document) or ""
    if not context_matches.is_exact(document, folded):
        return
    lines = folded.split("\n")
    place = data.draw(st.integers(0, len(lines) - 1))
    for other in ([], [lines[place] + "x"], ["1" + lines[place]]):
        assert not context_matches.is_exact(document, "\n".join([*lines[:place], *other, *lines[place + 1 :]]))


TEXT = "\n".join(["Found 1 result for pattern: x", "", *shown("a.py", ["x", "y"], 1, 1)])


def test_a_line_that_the_client_cut_stays_beside_the_whole_one() -> None:
    lines = ["left", "right", "above", "below"]
    text = "\n".join([*shown("a.py", lines, 1, 1), *shown("a.py", lines, 2, 1)]).replace("  4: below", "  4: be")
    document = document_of("\n".join([text, "...[truncated 90 chars]...", "", *shown("a.py", lines, 3, 1)]))
    folded = context_matches.fold(document)
    assert folded is not None
    assert context_matches.is_exact(document, folded)
    assert [line for line in folded.split("\n") if line.startswith("4-")] == ["4-be", "4-below"]


@pytest.mark.parametrize(
    "call", [None, ToolCall("read_files", "", b"", path="a"), ToolCall("bash", "", b"", "grep x a")]
)
def test_other_calls_are_left_alone(call: ToolCall | None) -> None:
    assert context_matches.fold(document_of(TEXT)) is not None
    assert context_matches.fold(document_of(TEXT, call)) is None


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(TEXT.replace("> 1", "> 2"), id="another line is marked than the title says"),
        pytest.param("a.py\n1:1:x\n2-y\n> \n" + TEXT, id="rows that look like folded ones"),
    ],
)
def test_what_could_be_misread_is_refused(text: str) -> None:
    document = document_of(text)
    folded = context_matches.fold(document)
    assert folded in {None, text} or not context_matches.is_exact(document, folded or "")


def test_four_times_the_matches_of_a_file_take_no_sixteen_times_the_work() -> None:
    few, many = (min(seconds_for(count) for _ in range(3)) for count in (1_500, 6_000))
    assert many < 9 * few


def seconds_for(count: int) -> float:
    """CPU of a fold of so many matches, one in each line."""
    lines = [f"line {number}" for number in range(count)]
    text = "\n".join(row for number in range(1, count + 1) for row in shown("a.py", lines, number, 1))
    start = time.process_time()
    assert context_matches.fold(document_of(text)) != text
    return time.process_time() - start

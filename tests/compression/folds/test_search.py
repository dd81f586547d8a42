"""Search results built by chance: an independent reader restores them, and no damage goes unseen."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headroom_compression.calls.tool_call import ToolCall
from headroom_compression.document import Document
from headroom_compression.folds import search

GREP = ToolCall("bash", "", b"", "grep -rn x .", producer=("grep", "-rn", "x", "."))
CONTENT = st.text(st.sampled_from('ab:-/.1 \t\r\x0b\u2028"{}é'), max_size=12)
PATHS = st.sampled_from(
    ["src/a.py", "src/b.py", "a-1-b.txt", "a", "d/2024-01-15-x y.md", "C:\\w\\a.cs", "/repo/a.py", "b.min.js"]
)
MATCHES = st.tuples(PATHS, st.integers(1, 120), CONTENT)


def document_of(text: str, call: ToolCall | None = GREP) -> Document:
    return Document.of(text, call)


@st.composite
def blocks(draw: st.DrawFn) -> list[str]:
    """A file's rows in a search with context: numbers that go on, one of them a match."""
    path, first, _ = draw(MATCHES)
    contents = draw(st.lists(CONTENT, min_size=1, max_size=4))
    match = draw(st.integers(0, len(contents) - 1))
    return [
        f"{path}{mark}{first + place}{mark}{content}"
        for place, content in enumerate(contents)
        for mark in [":" if place == match else "-"]
    ]


PLAIN = st.lists(MATCHES.map(lambda row: "{}:{}:{}".format(*row)), min_size=1, max_size=12).map("\n".join)
CONTEXT = st.lists(blocks().map("\n".join), min_size=1, max_size=6).map("\n--\n".join)
BARE = st.lists(st.tuples(st.sampled_from(["src/a.py", "b/c.py"]), CONTENT), min_size=1).map(
    lambda rows: "\n".join(f"{path}:{content}" for path, content in rows)
)
ENDS = st.sampled_from(["", "\n", "\n\n", "\n\n[Showing results with pagination = limit: 5]", "\n--", "\nBinary x"])
RESULTS = st.tuples(PLAIN | CONTEXT | BARE, ENDS).map("".join)


def restored(folded: str) -> str:
    """Reads numbered rows under headings, without anything of the fold. Nothing is known of rows without numbers."""
    blocks = folded.split("\n\n")
    lines: list[str] = []
    has_context = any(line.lstrip("0123456789")[:1] == "-" and line[0] in "123456789" for line in folded.split("\n"))
    for position, block in enumerate(blocks):
        heading, *rows = block.split("\n")
        if position:
            lines.append("--" if has_context else "")
        for row in rows:
            number = row[: len(row) - len(row.lstrip("0123456789"))]
            lines.append(row if row == "--" else f"{heading}{row[len(number)]}{row}")
    return "\n".join(line for line in lines if line)


@given(RESULTS)
def test_what_is_folded_is_exact_or_refused(text: str) -> None:
    document = document_of(text)
    folded = search.fold(document)
    if folded is not None and search.is_exact(document, folded):
        assert len(folded) < len(text)
        check_damage(document, folded)


def check_damage(document: Document, folded: str) -> None:
    lines = folded.split("\n")
    for position, line in enumerate(lines):
        for other in ([], [line + "x"], [line[:-1]] if line else [], ["1" + line]):
            assert not search.is_exact(document, "\n".join([*lines[:position], *other, *lines[position + 1 :]]))
    assert not search.is_exact(document, folded + "\n")


@given(st.lists(st.tuples(st.sampled_from(["src/a.py", "lib/b c.py"]), st.integers(1, 99)), min_size=8, max_size=30))
def test_an_independent_reader_restores_matches(rows: list[tuple[str, int]]) -> None:
    text = "\n".join(f"{path}:{number}:    content {number}" for path, number in rows)
    folded = search.fold(document_of(text))
    if folded is not None:
        assert restored(folded) == text
        assert search.is_exact(document_of(text), folded)


@given(
    st.lists(
        st.tuples(st.sampled_from(["src/alpha.py", "src/beta.py"]), st.integers(1, 99), st.integers(2, 5)),
        min_size=2,
        max_size=9,
    )
)
def test_an_independent_reader_restores_context(blocks: list[tuple[str, int, int]]) -> None:
    text = "\n--\n".join(
        "\n".join(f"{path}{'-:'[place == 1]}{first + place}{'-:'[place == 1]}x {place}" for place in range(height))
        for path, first, height in blocks
    )
    folded = search.fold(document_of(text))
    assert folded is not None
    assert restored(folded) == text
    assert search.is_exact(document_of(text), folded)


@pytest.mark.parametrize("time", ["2026-11-23T10:15:0{}Z", "2026-11-23 10:15:0{}", "Nov 23 10:15:0{}", "10:15:0{}"])
@pytest.mark.parametrize(
    "call",
    [
        ToolCall("search_logs", "", b"", asked=("x",)),
        ToolCall("bash", "", b"", "echo 10:15:00; rg -n x"),
    ],
)
def test_times_are_no_rows(call: ToolCall, time: str) -> None:
    times = "".join(f"{time.format(second)} request done\n" for second in range(9))
    rows = "".join(f"src/area.py:{number}:x\n" for number in range(1, 9))
    assert search.fold(document_of(times, call)) is None
    folded = search.fold(document_of(times + rows, call))
    assert folded is not None
    assert folded.startswith(times)


@pytest.mark.parametrize("call", [None, ToolCall("Read", "", b""), ToolCall("bash", "", b"", "cat a", ("cat", "a"))])
def test_other_calls_are_left_alone(call: ToolCall | None) -> None:
    text = "src/a.py:1:x\n" * 20
    assert search.fold(document_of(text)) is not None
    assert search.fold(document_of(text, call)) is None


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a" * 1_000_000, id="one letter"),
        pytest.param(" " * 600_000, id="spaces"),
        pytest.param("a:1:" * 250_000, id="one long row"),
        pytest.param("-1-" * 300_000, id="numbers in dashes"),
        pytest.param("\n" * 400_000, id="empty lines"),
        pytest.param(("-".join("a" + "1" * 100) + "\n") * 5_000, id="rows of a hundred readings"),
        pytest.param("a/b.py:1:x\n--\n" * 70_000, id="many rows"),
    ],
)
def test_one_megabyte_is_quick(text: str) -> None:
    document = document_of(text)
    folded = search.fold(document)
    assert folded is None or search.is_exact(document, folded)


def test_each_file_is_a_block_unless_the_first_heading_says_something_of_all() -> None:
    assert search.blocks("a.py\n1:x\n\nb.py\n2:y\n") == (0, 3)
    assert search.blocks("/home/me/./a.py\n1:x\n\nb.py\n2:y\n") == ()

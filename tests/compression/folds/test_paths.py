"""Lists of paths built by chance: an independent reader restores them, and no damage goes unseen."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headroom_compression.calls.tool_call import ToolCall
from headroom_compression.document import Document
from headroom_compression.folds import paths

FIND = ToolCall("bash", "", b"", "find .", producer=("find", "."))
NAMES = st.sampled_from(["a", "src", "main", ".git", "x y", "(shop)", "[id]", "..", "b.py", "Ä.md"])
ROOTS = st.sampled_from(["/repo/", "./", "", "/"])
ENDS = st.sampled_from(
    ["", "\n", "\n\n", "\n(Results are truncated.)", "\n[more]", "\n\nShell cwd was reset to /repo/a"]
)


def document_of(text: str, call: ToolCall | None = FIND) -> Document:
    return Document.of(text, call)


@st.composite
def listings(draw: st.DrawFn) -> str:
    root = draw(ROOTS)
    rows = draw(st.lists(st.lists(NAMES, min_size=1, max_size=5).map("/".join), min_size=4, max_size=20))
    return "\n".join(root + row for row in rows) + draw(ENDS)


@pytest.mark.parametrize("row", ["/repo/", "/repo", "/"])
def test_a_list_with_a_folder_that_stands_in_none_is_left(row: str) -> None:
    assert paths.fold(document_of("\n".join([*(f"/repo/src/{name}.py" for name in "abcdef"), row]))) is None


def restored(folded: str) -> list[str]:
    """The paths of a listing by its shape alone: folder, colon, names, an empty line."""
    found = []
    here = "./" if "\n./" in f"\n{folded}" else ""
    for block in folded.split("\n\n"):
        heading, *names = block.split("\n")
        folder = here if heading == ".:" else heading.removesuffix(":") + "/"
        found += [folder + name for name in names]
    return found


@given(listings())
def test_what_is_folded_is_exact_or_refused(text: str) -> None:
    document = document_of(text)
    folded = paths.fold(document)
    if folded is None or not paths.is_exact(document, folded):
        return
    lines = folded.split("\n")
    for position, line in enumerate(lines):
        for other in ([], [line + "x"], [line[:-1]] if line else [], ["1" + line]):
            assert not paths.is_exact(document, "\n".join([*lines[:position], *other, *lines[position + 1 :]]))
    assert not paths.is_exact(document, folded + "\n")


@given(ROOTS, st.lists(st.sampled_from(["src/a/x.py", "src/a/y.py", "src/b/c/z.py", "docs/q.md", "r.md"]), min_size=4))
def test_an_independent_reader_restores_the_paths(root: str, rows: list[str]) -> None:
    paths_before = [root + row for row in rows]
    document = document_of("\n".join(paths_before))
    folded = paths.fold(document)
    if folded is not None and paths.is_exact(document, folded):
        assert restored(folded) == paths_before


@pytest.mark.parametrize(
    "row",
    [
        "/",
        "a//b",
        "/a",
        "a:b/c",
        "C:\\a\\b",
        "a/b ",
        " a/b",
        "a/'b'",
        "a\tb/c",
        "saved to /a/b",
        "no one may read src/a/b now",
        "",
        ".",
        "grep: a/b: No such file",
    ],
)
def test_a_row_that_is_no_plain_path_leaves_the_list(row: str) -> None:
    rows = ["src/a/b/c/d.py"] * 8
    assert paths.fold(document_of("\n".join(rows))) is not None
    assert paths.fold(document_of("\n".join([*rows[:4], row, *rows[4:]]))) is None


@pytest.mark.parametrize("call", [None, ToolCall("Read", "", b""), ToolCall("bash", "", b"", "cat a", ("cat", "a"))])
def test_other_calls_are_left_alone(call: ToolCall | None) -> None:
    assert paths.fold(document_of("src/a/b/c/d.py\n" * 8, call)) is None


def test_a_search_tool_says_first_that_it_lists_files() -> None:
    grep = ToolCall("Grep", "", b"")
    assert paths.fold(document_of("src/a/b/c/d.py\n" * 8, grep)) is None
    assert paths.fold(document_of("Found 8 files\n" + "src/a/b/c/d.py\n" * 8, grep)) is not None


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a" * 1_000_000, id="one letter"),
        pytest.param("/" * 1_000_000, id="slashes"),
        pytest.param("a/" * 500_000, id="one long path"),
        pytest.param("\n" * 400_000, id="empty lines"),
        pytest.param("a/b\n" * 250_000, id="more rows than are folded"),
        pytest.param(("/".join("abcdefgh" * 12) + "\n") * 5_000, id="deep paths"),
    ],
)
def test_one_megabyte_is_quick(text: str) -> None:
    document = document_of(text)
    folded = paths.fold(document)
    assert folded is None or paths.is_exact(document, folded)

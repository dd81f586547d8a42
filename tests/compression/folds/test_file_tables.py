"""Rows that tell of files, built by chance: an independent reader restores them, and no damage goes unseen."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headroom_compression.calls.reading import read_call
from headroom_compression.document import Document
from headroom_compression.folds import file_tables
from tests.compression.support.bodies import command_call

HEAD = re.compile(r"\[(\d+) rows below: the files of column (\d+) stand under their folders, as in ls -R\]")
FOLDERS = st.sampled_from(
    ["src/main/python/shop/carts/", "src/main/python/shop/mail/", "/srv/shop/", "./a/b/", "", ".../x/"]
)
FILES = st.sampled_from(["a.py", "Makefile", "b-c.tsx", "x@2.css", "d", "errors.py"])
STATES = st.sampled_from(["M\t", " 12 ", "  ok      ", "M 4 "])
BEHIND = st.sampled_from(["", " | 4 ++--", ":12", "   failed", "\t-> x/y.py"])


def document_of(text: str, command: str = "git diff --stat HEAD~4") -> Document:
    return Document.of(text, read_call(command_call(command)))


@st.composite
def tables(draw: st.DrawFn) -> str:
    state = draw(STATES)
    rows = draw(st.lists(st.tuples(FOLDERS, FILES, BEHIND).map("".join), min_size=4, max_size=25))
    return "\n".join(["README.md | 2 +", *(state + row for row in rows), " 4 files changed"])


def restored(folded: str) -> str:
    """Read top to bottom by the shape alone: a head, headings of folders, rows."""
    found: list[str] = []
    left, column, folder = 0, 0, ""
    lines = iter(folded.split("\n"))
    for line in lines:
        if not left:
            head = HEAD.fullmatch(line)
            if head is None:
                found.append(line)
                continue
            left, column = int(head[1]), int(head[2])
            folder = next(lines)
        elif not line:
            folder = next(lines)
        else:
            words = re.split(r"(\s+)", line)
            place = [at for at, word in enumerate(words) if word.strip()][column - 1]
            is_whole = folder == ".:" or words[place].startswith("...")
            words[place] = words[place] if is_whole else folder.removesuffix(":") + "/" + words[place]
            found.append("".join(words))
            left -= 1
    return "\n".join(found)


@given(tables())
def test_what_is_folded_is_exact(text: str) -> None:
    document = document_of(text)
    folded = file_tables.fold(document)
    if folded is None or folded == text:
        return
    assert file_tables.is_exact(document, folded)
    assert restored(folded) == text
    lines = folded.split("\n")
    for position, line in enumerate(lines):
        for other in ([], [line + "x"], ["1" + line]):
            assert not file_tables.is_exact(document, "\n".join([*lines[:position], *other, *lines[position + 1 :]]))


@pytest.mark.parametrize(
    "rows",
    [
        [f"=== RUN   TestTotals/with_a_row_{row}" for row in range(40)],  # of Go
        [f"tests/unit/shop/test_carts.py::test_{row} PASSED" for row in range(40)],
        [f"  copied src/main/python/shop/{row}.py to build/{row}.py" for row in range(40)],
        [f"src/main/python/shop/{row}.py:    total = 0" for row in range(40)],  # lines of files that a script found
        [f"src/main/python/shop/{row}.py" for row in range(40)],  # a list of paths has its own fold
        [f"WARNING {row}  src/main/python/shop/{row}.py" for row in range(40)],
    ],
)
def test_other_rows_stay(rows: list[str]) -> None:
    text = "\n".join(rows)
    assert file_tables.fold(document_of(text, "make check")) == text


@pytest.mark.parametrize(
    "command", ["cat a.txt", "git diff HEAD~4", "git show --stat -p", "git show --stat HEAD:a.txt", "git log -3"]
)
def test_nothing_of_a_file_changes(command: str) -> None:
    text = "\n".join(f" src/main/python/shop/a{row}.py | 4 ++--" for row in range(40))
    assert file_tables.fold(document_of(text, command)) is None


@pytest.mark.parametrize(
    "command",
    [
        "git -C api --no-pager diff --numstat",
        "git log --stat -n 25",
        "git show --name-status",
        "find . | xargs wc -l",
        "make",
    ],
)
def test_what_reports_of_files_is_folded(command: str) -> None:
    text = "\n".join(f" src/main/python/shop/a{row}.py | 4 ++--" for row in range(40))
    folded = file_tables.fold(document_of(text, command))
    assert folded is not None
    assert len(folded) < 0.6 * len(text)


def test_a_table_is_one_block() -> None:
    text = "\n".join(["Changes:", *(f" src/main/python/shop/a{row}.py | 4 ++--" for row in range(10)), "", "10 files"])
    folded = file_tables.fold(document_of(text))
    assert folded is not None
    assert [folded.split("\n")[row] for row in file_tables.blocks(folded)][2:] == ["", "10 files"]

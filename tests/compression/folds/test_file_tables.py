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

HEAD = re.compile(
    r"\[(\d+) rows below: the files of column (\d+) stand under their folders, as in ls -R(, but those of \.\.\./)?\]"
)
FOLDER = "src/main/python/shop"
FOLDERS = st.sampled_from(
    ["src/main/python/shop/carts/", "src/main/python/shop/mail/", "/srv/shop/", "./a/b/", "", ".../x/"]
)
FILES = st.sampled_from(["a.py", "Makefile", "b-c.tsx", "x@2.css", "d", "errors.py"])
STATES = st.sampled_from(["M\t", " 12 ", "  ok      ", "M 4 ", "R100\t", "12 My "])
BEHIND = st.sampled_from(["", " | 4 ++--", ":12", "   failed", "\t-> x/y.py", " => d", "\tb.py"])


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
    left, column, folder, is_cut = 0, 0, "", False
    lines = iter(folded.split("\n"))
    for line in lines:
        if not left:
            head = HEAD.fullmatch(line)
            if head is None:
                found.append(line)
                continue
            left, column, is_cut = int(head[1]), int(head[2]), bool(head[3])
            folder = next(lines)
        elif not line:
            folder = next(lines)
        else:
            words = re.split(r"(\s+)", line)
            place = [at for at, word in enumerate(words) if word.strip()][column - 1]
            is_whole = folder == ".:" or (is_cut and words[place].startswith("..."))
            words[place] = words[place] if is_whole else folder.removesuffix(":") + "/" + words[place]
            found.append("".join(words))
            left -= 1
            if not left:
                assert next(lines, "") == ""
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


@given(tables())
def test_rows_are_told_from_tables_at_one_look(text: str) -> None:
    """Where no two files follow one another in a column, nothing is folded: what else is asked for would be in vain."""
    document = document_of(text)
    folded = file_tables.fold(document)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(file_tables, "_may_hold_table", lambda _: True)
        assert file_tables.fold(document) == folded


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
    "row",
    [
        f" {FOLDER}/cart.py => cart.py | 0",
        f"R  {FOLDER}/cart.py -> Makefile",
        f"R100\t{FOLDER}/cart.py\tcart.py",
        f"C075\t{FOLDER}/Makefile\tMakefile",
        f" My {FOLDER}/cart.py | 4 +",
        f"12\t3\tMy {FOLDER}/cart.py",
        f"  12 The 2nd {FOLDER}/cart.py",
    ],
)
def test_a_row_stays_of_which_the_path_may_be_another(row: str) -> None:
    words = row.partition(FOLDER)[0] if "My" not in row and "2nd" not in row else ""
    beside = [f"{words}{FOLDER}/a{number}.py" for number in range(20)]
    text = "\n".join([*beside, *[row] * 5, *beside])
    folded = file_tables.fold(document_of(text))
    assert folded is not None
    assert folded.split("\n").count(row) == 5


def test_what_follows_a_table_is_not_in_its_last_folder() -> None:
    text = "\n".join([*(f" {FOLDER}/a{row}.py | 4 ++--" for row in range(10)), " justfile | 2 +", " 11 files changed"])
    folded = file_tables.fold(document_of(text))
    assert folded is not None
    assert folded.endswith(" a9.py | 4 ++--\n\n justfile | 2 +\n 11 files changed")
    assert restored(folded) == text


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

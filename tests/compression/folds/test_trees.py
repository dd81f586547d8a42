"""Drawn trees by spaces; an independent reader draws the branches again."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headroom_compression.calls.reading import read_call
from headroom_compression.document import Document
from headroom_compression.folds import trees
from tests.compression.support.bodies import command_call

# (branch, last branch, below a branch, below the last one, in front of all lines), of npm's where nothing is below.
DRAWINGS = {
    "npm ls --all": ("├── ", "└── ", "│ ", "  ", ""),
    "cargo tree": ("├── ", "└── ", "│   ", "    ", ""),
    "tree": ("├── ", "└── ", "│\xa0\xa0 ", "    ", ""),
    "tree --charset=ascii": ("|-- ", "`-- ", "|   ", "    ", ""),
    "yarn list": ("├─ ", "└─ ", "│  ", "   ", ""),
    "./gradlew dependencies": ("+--- ", "\\--- ", "|    ", "     ", ""),
    "mvn dependency:tree": ("+- ", "\\- ", "|  ", "   ", "[INFO] "),
}
NAMES = st.sampled_from(["a@1.0.0", "b", "c d (*)", "[x]", "e:f:jar:1.0:test -> 2"])
ROWS = st.lists(st.tuples(st.integers(1, 6), NAMES), min_size=8, max_size=40)


def drawn(rows: Sequence[tuple[int, str]], drawing: tuple[str, ...]) -> list[str]:
    """rows: the level of each, 1 for those below the root, and its name."""
    branch, last, below, below_last, front = drawing
    lines = []
    for place, (level, name) in enumerate(rows):
        is_last = [_is_last(rows, place, at) for at in range(1, level + 1)]
        mark = last if is_last[-1] else branch
        is_parent = place + 1 < len(rows) and rows[place + 1][0] > level
        if below == "│ " and is_parent:
            mark = mark.replace("── ", "─┬ ")
        above = "".join(below_last if is_ended else below for is_ended in is_last[:-1])
        lines.append(front + above + mark + name)
    return lines


def _is_last(rows: Sequence[tuple[int, str]], place: int, at: int) -> bool:
    """Whether no row of that level follows in the branch that the row is in."""
    return next((level < at for level, _ in rows[place + 1 :] if level <= at), True)


def without_jumps(rows: Sequence[tuple[int, str]]) -> list[tuple[int, str]]:
    found: list[tuple[int, str]] = []
    for level, name in rows:
        found.append((min(level, found[-1][0] + 1 if found else 1), name))
    return found


def document_of(text: str, command: str) -> Document:
    return Document.of(text, read_call(command_call(command)))


@given(
    command=st.sampled_from(sorted(DRAWINGS)), rows=ROWS.map(without_jumps), keep=st.integers(8, 60), end=st.booleans()
)
def test_every_tree_is_restored_wherever_it_was_cut_off(
    command: str,
    rows: list[tuple[int, str]],
    keep: int,
    end: bool,  # noqa: FBT001  hypothesis gives it by name
) -> None:
    text = "\n".join(["root", *drawn(rows, DRAWINGS[command])[:keep], *([""] if end else [])])
    document = document_of(text, command)
    folded = trees.fold(document)
    assert folded is not None
    assert trees.is_exact(document, folded)
    root, _, *shown = folded.split("\n")
    front = DRAWINGS[command][4]
    expected = [f"{front}{'  ' * level}{name}" for level, name in rows[:keep]]
    assert [root, *shown] == ["root", *expected, *([""] if end else [])]


NPM = "\n".join(["shop@1.0.0", *drawn([(n % 2 + 1, f"p{n}") for n in range(18)], DRAWINGS["npm ls --all"]), ""])
CARGO = """shop v0.1.0
├── serde v1.0.1
│   └── serde_derive v1.0.1 (proc-macro)
│       ├── quote v1.0.2
│       └── syn v2.0.3
│   [build-dependencies]
│   └── autocfg v1.1.0
└── url v2.0.0
[build-dependencies]
└── cc v1.0.0
[dev-dependencies]
├── tempfile v3.0.0
└── toml v0.8.0
"""


def test_groups_of_cargo_stand_among_the_branches() -> None:
    folded = trees.fold(document_of(CARGO, "cargo tree")) or ""
    assert trees.is_exact(document_of(CARGO, "cargo tree"), folded)
    assert "\n    [build-dependencies]\n    autocfg v1.1.0\n  url v2.0.0\n[build-dependencies]\n" in folded


@pytest.mark.parametrize(
    ("command", "text"),
    [
        ("cat tree.txt", NPM),
        ("npm ls --all; cat tree.txt", NPM),
        ("./show", NPM),
        ("npm ls", NPM.replace("p3", "…12 tokens truncated…")),
        ("npm ls", NPM.replace("\n├─┬ p6", "\n  a line that is indented\n├─┬ p6")),
        ("npm ls", "\n".join(NPM.split("\n")[:7])),
    ],
)
def test_what_may_be_a_file_or_read_otherwise_stays(command: str, text: str) -> None:
    assert trees.fold(document_of(text, command)) is None


@pytest.mark.parametrize(
    ("old", "new"), [('"│ ├── "', '"│   ├── "'), ("a tree:", "a tree, cut off at level 1:"), ("    p3\n", "  p3\n")]
)
def test_damage_is_refused(old: str, new: str) -> None:
    folded = trees.fold(document_of(NPM, "npm ls")) or ""
    assert old in folded
    assert not trees.is_exact(document_of(NPM, "npm ls"), folded.replace(old, new))


def test_a_block_begins_with_a_branch_of_the_first_level() -> None:
    folded = trees.fold(document_of(NPM, "npm ls")) or ""
    names = [folded.split("\n")[row].strip() for row in trees.blocks(folded)]
    assert names == [f"p{n}" for n in range(0, 18, 2)]


@pytest.mark.parametrize("front", ["", "[INFO] "])
def test_of_several_trees_a_block_begins_with_a_root(front: str) -> None:
    command = "mvn dependency:tree" if front else "./gradlew dependencies"
    branches = drawn([(n % 2 + 1, f"p{n}") for n in range(8)], DRAWINGS[command])
    lines = [f"{front}one", *branches, "", f"{front}two", *branches, "", f"{front}three", *branches]
    folded = trees.fold(document_of("\n".join(lines), command)) or ""
    found = [folded.split("\n")[row].removeprefix(front) for row in trees.blocks(folded)]
    assert found == ["two", "three"]


def test_a_block_of_maven_begins_with_a_branch_of_the_first_level() -> None:
    rows = drawn([(n % 2 + 1, f"p{n}") for n in range(18)], DRAWINGS["mvn dependency:tree"])
    folded = trees.fold(document_of("\n".join(["[INFO] shop", *rows]), "mvn dependency:tree")) or ""
    names = [folded.split("\n")[row].split()[-1] for row in trees.blocks(folded)]
    assert names == [f"p{n}" for n in range(0, 18, 2)]

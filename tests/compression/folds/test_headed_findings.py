"""Findings without the file that stands above them; an independent reader puts it back."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headroom_compression.calls.reading import read_call
from headroom_compression.document import Document
from headroom_compression.folds import headed_findings
from tests.compression.support.bodies import command_call

FILES = st.sampled_from(["/a/b.py", "/a/c d.py"])
ROWS = st.tuples(FILES, st.integers(1, 99)).map(lambda row: f"  {row[0]}:{row[1]}:5 - error: no x")
OTHERS = st.sampled_from(
    ["    more of it", "", "3 errors", "  7:1 - said so", "  /a/b.py:7", "No configuration found."]
)


def document_of(text: str, command: str = "pyright app") -> Document:
    return Document.of(text, read_call(command_call(command)))


def put_back(text: str) -> str:
    heading, found = "", []
    for line in text.split("\n"):
        if not line.startswith("  "):
            heading = line
        is_short = heading and re.match(r"  [1-9][0-9]*:[1-9][0-9]* - ", line)
        found.append(f"  {heading}:{line[2:]}" if is_short else line)
    return "\n".join(found)


@given(st.lists(FILES | ROWS | OTHERS, max_size=14))
def test_an_independent_reader_puts_it_back(lines: list[str]) -> None:
    text = "\n".join(lines)
    folded = headed_findings.fold(document_of(text))
    if folded is not None and headed_findings.is_exact(document_of(text), folded):
        assert put_back(folded) == text


FINDINGS = "/a/b.py\n" + "".join(f'  /a/b.py:{row}:5 - error: "x" is not defined\n' for row in range(1, 7))


@pytest.mark.parametrize("command", ["pyright", "npx pyright app", "make types"])
def test_the_file_is_said_once(command: str) -> None:
    folded = headed_findings.fold(document_of(FINDINGS, command)) or ""
    assert folded == FINDINGS.replace("  /a/b.py:", "  ")
    assert headed_findings.is_exact(document_of(FINDINGS, command), folded)


@pytest.mark.parametrize(
    ("command", "text"),
    [
        ("cat pyright.log", FINDINGS),
        ("pyright; cat old.log", FINDINGS),
        ("pyright", FINDINGS.replace('"x"', "…12 tokens truncated…")),
        ("pyright", FINDINGS.replace(" - ", " ")),
    ],
)
def test_what_may_be_a_file_stays(command: str, text: str) -> None:
    assert headed_findings.fold(document_of(text, command)) is None


def test_a_row_of_another_file_keeps_its_name() -> None:
    text = "/a/b.py\n  /a/b.py:1:5 - error: x\n  /a/c.py:2:5 - error: y\n"
    folded = headed_findings.fold(document_of(text))
    assert folded == "/a/b.py\n  1:5 - error: x\n  /a/c.py:2:5 - error: y\n"
    assert headed_findings.is_exact(document_of(text), folded)


def test_a_row_that_looks_short_already_is_refused() -> None:
    text = FINDINGS + "  9:5 - error: written so\n"
    folded = headed_findings.fold(document_of(text)) or ""
    assert not headed_findings.is_exact(document_of(text), folded)


def test_a_block_begins_with_a_file() -> None:
    folded = "/a/b.py\n  1:5 - error: x\n    more\n/a/c.py\n  2:5 - error: y\n2 errors, 0 warnings\n"
    assert headed_findings.blocks(folded) == (0, 3, 5)


@pytest.mark.parametrize(("before", "count"), [("", 6), ("2 files\n", 0), ("2 files\n  so\n", 6)])
def test_entries_are_findings_below_a_file_with_which_a_block_begins(before: str, count: int) -> None:
    text = before + FINDINGS.replace("not defined\n", "not defined\n    in it\n")
    folded = headed_findings.fold(document_of(text)) or ""
    lines = folded.split("\n")
    entries = [lines[row] for row in headed_findings.entries(folded)]
    assert entries == [line for line in lines if " - error" in line][:count]

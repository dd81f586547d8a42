"""Findings with the place in brackets, below the name of their file; an independent reader puts it back."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headroom_compression.calls.reading import read_call
from headroom_compression.document import Document
from headroom_compression.folds import compiler_findings
from tests.compression.support.bodies import command_call

PLACES = st.tuples(st.sampled_from(["src/a.ts", "src/b c.tsx", "C:\\a\\b.cs", "../d.cpp"]), st.integers(1, 999))
KINDS = st.sampled_from(["error TS2322", "warning CS0168", "fatal error C1083", "note", "message TS6385"])
OTHERS = st.sampled_from(
    ["  Type 'a' is not assignable.", "", "12:5: error", "Found 3 errors.", "> tsc", "7,1: errors"]
)
PROJECTS = st.sampled_from(["", "", " [/a/shop.csproj]", " [/a/shop.csproj::TargetFramework=net8.0]"])
ROWS = st.tuples(PLACES, KINDS, PROJECTS).map(lambda row: f"{row[0][0]}({row[0][1]},5): {row[1]}: no x.{row[2]}")


def document_of(text: str, command: str = "npx tsc") -> Document:
    return Document.of(text, read_call(command_call(command)))


def put_back(text: str) -> str:
    """Each row below a heading, until a line that is neither a row nor indented."""
    lines, found, path, project = text.split("\n"), [], "", ""
    is_row = re.compile(r"([0-9]+(?:,[0-9]+)*)(: (?:fatal )?(?:error|warning|note|message)\b.*)").fullmatch
    for place, line in enumerate(lines):
        row = is_row(line)
        following = lines[place + 1] if place + 1 < len(lines) else ""
        is_apart = place == 0 or not lines[place - 1]
        if row and path:
            found.append(f"{path}({row[1]}){row[2]}{project}")
        elif line and is_apart and is_row(following) and not line.startswith(" "):
            if place:
                found.pop()
            path, _, rest = line.partition(" [/")
            project = f" [/{rest}" if rest else ""
        else:
            path = path if line.startswith(" ") else ""
            found.append(line)
    return "\n".join(found)


@given(st.lists(ROWS | OTHERS, max_size=14))
def test_an_independent_reader_puts_it_back(lines: list[str]) -> None:
    text = "\n".join(lines)
    folded = compiler_findings.fold(document_of(text))
    if folded is not None and compiler_findings.is_exact(document_of(text), folded):
        assert put_back(folded) == text


FINDINGS = "".join(f"src/cart.ts({row},5): error TS2304: Cannot find name 'x{row}'.\n" for row in range(1, 7))


@pytest.mark.parametrize("command", ["npx tsc", "npm run typecheck", "npx vue-tsc --noEmit", "dotnet build"])
def test_the_file_is_said_once(command: str) -> None:
    folded = compiler_findings.fold(document_of(FINDINGS, command)) or ""
    assert folded.startswith("src/cart.ts\n1,5: error TS2304: Cannot find name 'x1'.\n")
    assert folded.count("src/cart.ts") == 1
    assert compiler_findings.is_exact(document_of(FINDINGS, command), folded)


def test_the_project_of_msbuild_is_said_with_the_file() -> None:
    text = FINDINGS.replace(".\n", ". [/a/shop.csproj]\n")
    folded = compiler_findings.fold(document_of(text, "dotnet build")) or ""
    assert folded.startswith("src/cart.ts [/a/shop.csproj]\n1,5: error TS2304: Cannot find name 'x1'.\n2,5: ")
    assert compiler_findings.is_exact(document_of(text, "dotnet build"), folded)


@pytest.mark.parametrize(
    ("command", "text"),
    [
        ("cat tsc.log", FINDINGS),
        ("./show tsc.log", FINDINGS),
        ("npx tsc; cat old.log", FINDINGS),
        ("npx tsc", FINDINGS.replace("'x3'", "…12 tokens truncated…")),
        ("npx tsc", FINDINGS[:120]),
        ("npx tsc", FINDINGS.replace(": error", ": wrong")),
    ],
)
def test_what_may_be_a_file_or_saves_little_stays(command: str, text: str) -> None:
    assert compiler_findings.fold(document_of(text, command)) is None


def test_a_block_begins_with_a_file() -> None:
    folded = compiler_findings.fold(document_of(FINDINGS + FINDINGS.replace("cart", "mail"))) or ""
    assert [folded.split("\n")[row] for row in compiler_findings.blocks(folded)] == ["src/cart.ts", "src/mail.ts"]


def test_entries_are_findings_below_a_file_and_none_where_something_else_stands_between() -> None:
    text = FINDINGS + "  of it more\nDone.\n9,5: error TS1: not of a file\n"
    folded = compiler_findings.fold(document_of(text)) or ""
    lines = folded.split("\n")
    entries = [lines[row] for row in compiler_findings.entries(folded)]
    assert entries == [line for line in lines if "error TS2304" in line]
    assert "9,5: error TS1: not of a file" in lines

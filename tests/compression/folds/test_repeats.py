"""Counts say exactly which lines they stand for."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from hypothesis import assume
from hypothesis import given
from hypothesis import strategies as st

from headroom_compression.calls.reading import read_call
from headroom_compression.document import Document
from headroom_compression.folds import repeats
from tests.compression.support.bodies import command_call

LINES = st.sampled_from(
    (
        "waiting for the database",
        "waiting for the database ",
        "ERROR: connection refused by the server",
        "ok",
        "",
        " \t",
        "a\r",
        "a\u2028b",
        "x" * 90,
        "cut…12 tokens truncated…here",
    )
)
BLOCKS = st.tuples(st.lists(LINES, min_size=1, max_size=10), st.integers(1, 12))


def document(text: str, command: str = "python worker.py") -> Document:
    return Document.of(text, read_call(command_call(command)))


@st.composite
def outputs(draw: st.DrawFn) -> str:
    blocks = draw(st.lists(BLOCKS, min_size=1, max_size=6))
    lines = [line for block, times in blocks for line in block * times]
    return "\n".join(lines) + draw(st.sampled_from(("", "\n")))


def carried_out(folded: str) -> str:
    """What a reader makes of it, word for word."""
    lines: list[str] = []
    for line in folded.split("\n"):
        words = line.strip("[]").split(" ")
        if words[0] != "previous" or words[-2:-1] != ["more"]:
            lines.append(line)
            continue
        height = 1 if words[1] == "line" else int(words[1])
        lines += lines[-height:] * int(words[-3])
    return "\n".join(lines)


@given(outputs())
def test_a_reader_can_carry_the_counts_out(text: str) -> None:
    folded = repeats.fold(document(text))
    assume(folded is not None)
    assert folded is not None
    assert carried_out(folded) == text
    assert repeats.is_exact(document(text), folded)
    assert len(folded) < len(text)


@given(outputs(), st.data())
def test_a_changed_text_is_refused(text: str, data: st.DataObject) -> None:
    folded = repeats.fold(document(text))
    assume(folded)
    assert folded
    place = data.draw(st.integers(0, len(folded) - 1))
    character = data.draw(st.sampled_from("x 3\n]"))
    changed = folded[:place] + data.draw(st.sampled_from(("", character))) + folded[place + 1 :]
    assume(carried_out_or_nothing(changed) != text)
    assert not repeats.is_exact(document(text), changed)


def carried_out_or_nothing(changed: str) -> str | None:
    try:
        return carried_out(changed)
    except ValueError:
        return None


@pytest.mark.parametrize(
    "folded",
    [
        "[previous line repeated 3 more times]",
        "a\n[previous 2 lines repeated 2 more times]",
        "a\n[previous line repeated 999999999 more times]",
        "a\n[previous line repeated 1 more time]\n[previous line repeated 1 more time]",
        "a\n[previous line repeated 0 more times]",
    ],
)
def test_a_count_that_cannot_be_carried_out_is_refused(folded: str) -> None:
    assert not repeats.is_exact(document("a\na\na"), folded)


def test_the_count_names_the_smallest_block() -> None:
    line = "waiting for the database to accept connections"
    assert repeats.fold(document(f"{line}\n" * 8)) == f"{line}\n[previous line repeated 7 more times]\n"


ERRORS = "grep: invalid option -- P\nusage: grep [-abcdDEFGHhIiJLlMmnOopqRSsUVvwXxZz] [-e pattern]\n" * 7


@pytest.mark.parametrize(
    ("command", "text"),
    [
        ('for f in *.go; do n=$(grep -oP "x" "$f"); ./check "$n"; done', ERRORS),
        ("./check README | xargs grep -oP x", ERRORS),
        ('cat <(ls) && ./check "$(/usr/bin/grep -P x a)"\ngrep -P x a', ERRORS),
    ],
)
def test_what_says_itself_that_it_is_no_file_is_counted(command: str, text: str) -> None:
    folded = repeats.fold(document(text, command))
    assert folded is not None
    assert "more times]" in folded
    assert repeats.is_exact(document(text, command), folded)


@pytest.mark.parametrize(
    ("command", "text"),
    [
        ("cat notes; grep -P x a", ERRORS),
        ("timeout 5 cat notes; grep -P x a", ERRORS),
        ("./check README", ERRORS),
        ("./check grep", ERRORS),
        ("./check grep.log", ERRORS),
        ("./grep README", ERRORS),
        ("./check README; grep x a", "the same line of forty characters or more\n" * 9),
        ("for f in a b; do head -50 $f; grep -P x a; done", ERRORS),
        ("ls *.md | xargs head -50; grep -P x a", ERRORS),
        ("if true; then sed -n 1,50p errors.md; fi; grep -P x a", ERRORS),
        ("! head errors.md; grep -P x a", ERRORS),
        ("for i in 1 2 3; do ls a; ./show b.xml; done", "ls: cannot access 'a': No such file\n  <a>\n  <b>\n" * 9),
    ],
)
def test_what_may_be_a_file_is_not_counted(command: str, text: str) -> None:
    assert repeats.fold(document(text, command)) is None


HOSTILE: dict[str, Callable[[], str]] = {
    "one letter": lambda: "a" * 1_000_000,
    "one letter a line": lambda: "a\n" * 500_000,
    "empty lines": lambda: "\n" * 400_000,
    "spaces": lambda: " " * 600_000,
    "two kinds of lines": lambda: "a\nb\n" * 250_000,
    "blocks of nine": lambda: "".join(f"{number}\n" for number in range(9)) * 50_000,
    "blocks that break off": lambda: ("a\n" * 7 + "b\n") * 60_000,
    "brackets": lambda: "[" * 1_000_000,
    "the beginning of a count": lambda: "[previous 3 lines repeated " * 40_000,
}


@pytest.mark.parametrize("command", ["./run.sh", "./show b.xml"])  # of the second only messages are counted
@pytest.mark.parametrize("make", [pytest.param(make, id=name) for name, make in HOSTILE.items()])
def test_a_large_text_takes_little_time(make: Callable[[], str], command: str) -> None:
    text = make()
    start = time.process_time()
    folded = repeats.fold(document(text, command))
    assert repeats.is_exact(document(text, command), folded or text)
    assert time.process_time() - start < 5  # a tenth of it here; a quadratic run takes minutes

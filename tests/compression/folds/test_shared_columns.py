"""Rows of tables without what they share; an independent reader puts it back."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headroom_compression.calls.reading import read_call
from headroom_compression.document import Document
from headroom_compression.folds import shared_columns
from tests.compression.support.bodies import command_call

TITLES = ["NAME", "READY", "IMAGE ID", "AGE"]
CELLS = st.sampled_from(["web-1", "1/1", "<none>", "12 (3m ago)", "5d", "Running"])
ROWS = st.lists(st.tuples(CELLS, st.sampled_from(["1/1", "1/1", "0/1"]), CELLS, CELLS), min_size=1, max_size=14)


def document_of(text: str, command: str = "kubectl get pods") -> Document:
    return Document.of(text, read_call(command_call(command)))


def table(rows: list[tuple[str, ...]]) -> str:
    """As kubectl fills its columns."""
    lines = [tuple(TITLES), *rows]
    widths = [max(map(len, column)) + 3 for column in zip(*lines, strict=True)]
    filled = ([f"{cell:{width}}" for cell, width in zip(line, widths, strict=True)] for line in lines)
    return "".join("".join(cells).rstrip() + "\n" for cells in filled)


def spelled_out(text: str) -> list[list[str]]:
    """The values of the rows, as the head explains them."""
    found: list[list[str]] = []
    short: list[str] = []
    full: list[str] = []
    rows = 0
    for line in text.split("\n"):
        head = re.fullmatch(r'\[(\d+) rows below; "(.*)" is short for "(.*)"\]', line)
        if head:
            rows, short, full = int(head[1]), head[2].split("  "), head[3].split("  ")
            continue
        values = re.split(" {2,}", line)
        rows -= 1
        if rows >= 0 and len(values) == len(short):
            names = dict(zip(short, values, strict=True))
            values = [names.get(value, value) for value in full]
        found.append(values)
    return found


@given(ROWS)
def test_an_independent_reader_puts_it_back(rows: list[tuple[str, ...]]) -> None:
    text = table(rows)
    folded = shared_columns.fold(document_of(text))
    assert folded is not None
    assert shared_columns.is_exact(document_of(text), folded)
    assert spelled_out(folded) == [re.split(" {2,}", line) for line in text.split("\n")]


PODS = table([(f"web-{number}", "1/1", "Running and well", f"{number}d") for number in range(9)])


def test_what_differs_is_shown() -> None:
    folded = shared_columns.fold(document_of(PODS)) or ""
    assert folded.split("\n")[1:3] == [
        '[9 rows below; "<NAME>  <AGE>" is short for "<NAME>  1/1  Running and well  <AGE>"]',
        "web-0  0d",
    ]


def test_a_row_with_another_value_stays() -> None:
    text = PODS.replace("web-3   1/1", "web-3   0/1")
    folded = shared_columns.fold(document_of(text)) or ""
    assert text.split("\n")[4] in folded.split("\n")
    assert shared_columns.is_exact(document_of(text), folded)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("[9 rows", "[8 rows"),
        ("[9 rows", "[7 rows"),
        ("Running and well  <AGE>", "Running  <AGE>"),
        ("web-3  3d", "web-3  3d  "),
        ("web-3  3d", "web-3"),
        ("NAME    READY", "NAME     READY"),
    ],
)
def test_damage_is_refused(old: str, new: str) -> None:
    folded = shared_columns.fold(document_of(PODS)) or ""
    assert old in folded
    assert not shared_columns.is_exact(document_of(PODS), folded.replace(old, new))


@pytest.mark.parametrize(
    "command",
    ["cat pods.txt", "kubectl get pods; cat a", "./kubectl get pods", "grep . pods.txt", "kubectl exec a -- b"],
)
def test_what_may_be_a_file_stays(command: str) -> None:
    assert shared_columns.fold(document_of(PODS, command)) is None


@pytest.mark.parametrize(
    "text",
    [
        PODS.replace("NAME ", "name "),
        PODS.replace("web-3   1/1", "web-30000000 1/1").replace("web-6   1/1", "web-60000000 1/1"),
        table([("a", "1", "b", "c")] * 4),
        PODS.replace("1/1", "   "),
    ],
)
def test_other_tables_stay(text: str) -> None:
    assert shared_columns.fold(document_of(text)) == text


def test_four_times_the_titles_take_no_sixteen_times_the_work() -> None:
    few, many = (min(seconds_for(count) for _ in range(3)) for count in (10_000, 40_000))
    assert many < 9 * few


def seconds_for(count: int) -> float:
    """CPU of a fold of so many lines of titles, with a line of no table behind each."""
    document = document_of("NAME  AGE\nx\n" * count)
    start = time.process_time()
    shared_columns.fold(document)
    return time.process_time() - start

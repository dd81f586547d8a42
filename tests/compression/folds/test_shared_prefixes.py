"""Lines without what a runner puts before each; an independent reader puts it back."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headroom_compression.calls.reading import read_call
from headroom_compression.document import Document
from headroom_compression.folds import shared_prefixes
from tests.compression.support.bodies import command_call

PREFIXES = ("@shop/core test: ", "shop test: ", "@shop/web:build: ", "[lint:go] ", "web-1  | ", "packages/core test: ")
FILES = ("tests/test_cart.py::", "tests/test_errors.py::", f"tests/{'a' * 66}.py::")
RUNS = st.lists(
    st.tuples(st.sampled_from(("", *PREFIXES)), st.lists(st.text("ab:[ \t\r\u2028", max_size=9), max_size=60)),
    max_size=5,
)


def document_of(text: str, command: str = "bun run test") -> Document:
    return Document.of(text, read_call(command_call(command)))


def put_back(text: str) -> str:
    lines: list[str] = []
    prefix, left = "", 0
    for line in text.split("\n"):
        head = re.fullmatch(r'\["(.+)" stands before each of the (\d+) lines below\]', line) if not left else None
        if head:
            prefix, left = head[1], int(head[2])
            continue
        lines.append((prefix if left else "") + line)
        left = max(left - 1, 0)
    return "\n".join(lines)


@given(RUNS)
def test_an_independent_reader_puts_it_back(runs: list[tuple[str, list[str]]]) -> None:
    text = "\n".join(prefix + line for prefix, lines in runs for line in lines)
    folded = shared_prefixes.fold(document_of(text))
    assert folded is None or (put_back(folded) == text and shared_prefixes.is_exact(document_of(text), folded))
    assert folded is not None or not any(prefix and len(lines) > 11 for prefix, lines in runs)


@pytest.mark.parametrize("prefix", [*PREFIXES, *FILES])
def test_it_is_said_once_for_fifty_lines(prefix: str) -> None:
    folded = shared_prefixes.fold(document_of("\n".join(f"{prefix}row {number}" for number in range(120)))) or ""
    heads = [line for line in folded.split("\n") if prefix in line]
    assert [re.findall(r"the (\d+) lines", head) for head in heads] == [["50"], ["50"], ["20"]]


@pytest.mark.parametrize(
    ("text", "command"),
    [
        pytest.param("@shop/core test: x\n" * 40, "cat test.log", id="what may be a file"),
        pytest.param("@shop/core test: x\n" * 40, "grep -h x src/*", id="lines of files that a search shows"),
        pytest.param("tests/a.py::test_x PASSED\n" * 40, "pytest -v", id="how tests went"),
        pytest.param("tests/a.py::test_x\ntests/a.py::test_x SUBPASSED(i=1)\n" * 40, "pytest -v", id="of some"),
        pytest.param("tests/a.py::[ 4%]\n" * 40, "pytest -v", id="no test"),
        pytest.param(f"tests/{'a' * 80}.py::test_x\n" * 40, "pytest --co -q", id="a longer name"),
        pytest.param("- name: redis x\n" * 40, "npm run show-config", id="a list in YAML"),
        pytest.param("@shop/core test: x\n" * 4, "bun run test", id="few lines"),
        pytest.param("fatal error: x\n" * 40, "make", id="words of alarm"),
        pytest.param("src/shop/cart.py:12: x\n" * 40, "make", id="a place in a file"),
        pytest.param("find: './a'\n" * 40, "make", id="the name of a program"),
        pytest.param("@shop/core test: x…3 tokens truncated…\n" * 40, "make", id="lines that the client cut"),
        pytest.param(
            '["@a t: " stands before each of the 1 lines below]\n' + "@a t: x\n" * 40, "make", id="a head in the text"
        ),
    ],
)
def test_other_lines_stay(text: str, command: str) -> None:
    assert shared_prefixes.fold(document_of(text, command)) is None


def test_damage_is_refused() -> None:
    document = document_of("\n".join(f"@shop/core test: row {number}" for number in range(9)))
    lines = (shared_prefixes.fold(document) or "").split("\n")
    for place in range(len(lines)):
        for other in ([], [lines[place] + "x"], ["1" + lines[place]]):
            assert not shared_prefixes.is_exact(document, "\n".join([*lines[:place], *other, *lines[place + 1 :]]))

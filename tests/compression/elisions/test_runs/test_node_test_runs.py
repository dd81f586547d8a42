"""What a run of Node's tests costs whose names hold the words that its rows end with."""

from __future__ import annotations

import time

import pytest

from headroom_compression.calls.reading import read_call
from headroom_compression.document import Document
from headroom_compression.elisions.test_runs import node_test_runs
from tests.compression.support.bodies import command_call

LENGTH = 2_400  # longer than a name and what stands behind it may be
ROWS = 200
CALL = read_call(command_call("node --test"))


@pytest.mark.parametrize(
    ("start", "word", "sign"),
    [
        pytest.param("ok 1 - ", "a # SKIP ", "#", id="TAP"),
        pytest.param("✔ ", "a (1ms) # b", "ℹ", id="spec"),  # noqa: RUF001  the sign that Node prints
    ],
)
def test_words_of_the_end_cost_no_more_than_others(start: str, word: str, sign: str) -> None:
    plain = seconds(start + "a" * LENGTH, sign)
    assert seconds(start + word * (LENGTH // len(word)), sign) < 4 * plain


def seconds(row: str, sign: str) -> float:
    lines = [row] * ROWS + [f"{sign} tests {ROWS}", f"{sign} pass {ROWS}"]
    document = Document.of("\n".join(lines), CALL)
    return min(_once(document, lines) for _ in range(3))


def _once(document: Document, lines: list[str]) -> float:
    started = time.process_time()
    list(node_test_runs.find(document, lines))
    return time.process_time() - started

"""Reports of Surefire's other generations, which have the same lines with small differences."""

from __future__ import annotations

import pytest

from headroom_compression.calls.reading import read_call
from headroom_compression.document import Document
from headroom_compression.elisions.test_runs.maven_test_runs import find
from tests.compression.support.bodies import command_call

BEFORE_2_20 = """\
Running com.example.CartTest
Tests run: 7, Failures: 0, Errors: 0, Skipped: 0, Time elapsed: 0.1 sec
Running com.example.OrderTest
Tests run: 7, Failures: 1, Errors: 0, Skipped: 0, Time elapsed: 0.1 sec <<< FAILURE!
Running com.example.StockTest
Tests run: 3, Failures: 0, Errors: 0, Skipped: 0, Time elapsed: 0.009 sec - in com.example.StockTest

Results :

Tests run: 17, Failures: 1, Errors: 0, Skipped: 0
"""
SINCE_3 = """\
[INFO] Running com.example.CartTest
[INFO] Tests run: 7, Failures: 0, Errors: 0, Skipped: 0, Time elapsed: 0.1 s -- in com.example.CartTest
[INFO] Running com.example.OrderTest
[ERROR] Tests run: 7, Failures: 0, Errors: 1, Skipped: 0, Time elapsed: 9.1 s <<< FAILURE! -- in com.example.OrderTest
[INFO] Running Cart totals
[INFO] Tests run: 3, Failures: 0, Errors: 0, Skipped: 0, Time elapsed: 0.009 s -- in Cart totals
[INFO]
[ERROR] Tests run: 17, Failures: 0, Errors: 1, Skipped: 0
"""


def rows_found(text: str) -> list[tuple[int, int]]:
    call = read_call(command_call("mvn test"))
    document = Document.of(text, call)
    return [(gap.start, gap.stop) for gap in find(document, text.split("\n"))]


@pytest.mark.parametrize("text", [BEFORE_2_20, SINCE_3], ids=["before 2.20", "since 3"])
def test_both_lines_of_a_passed_class_are_found(text: str) -> None:
    assert rows_found(text) == [(0, 2), (4, 6)]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("Tests run: 17", "Tests run: 18", id="another result"),
        pytest.param("[ERROR] Tests run: 17, Failures: 0, Errors: 1, Skipped: 0\n", "", id="no result"),
        pytest.param("Skipped: 0, Time elapsed: 0.009", "Skipped: 1, Time elapsed: 0.009", id="another class"),
    ],
)
def test_nothing_is_found_where_the_result_does_not_add_up(old: str, new: str) -> None:
    assert old in SINCE_3
    assert rows_found(SINCE_3.replace(old, new)) == []

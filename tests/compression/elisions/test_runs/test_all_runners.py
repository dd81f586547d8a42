"""What the elisions of test runners recognise: rules that the captures in tests/cases do not show, in short texts."""

from __future__ import annotations

import pytest

from headroom_compression.calls.reading import read_call
from headroom_compression.document import Document
from headroom_compression.recall.eliding import all_elisions
from headroom_compression.recall.eliding import kind_of
from headroom_compression.recall.elision import Elision
from tests.compression.support.bodies import command_call

LEAVES = {kind_of(elision): elision for elision in all_elisions()}

PYTEST = {
    "rows without progress": ["a.py::b PASSED", "a.py::c[x y] PASSED", "== 2 passed in 0.01s =="],
    "progress as a count": ["a.py::b PASSED     [  1/107]", "== 1 passed in 0.01s =="],
    "progress as a time": ["a.py::b PASSED    300.9us", "== 1 passed in 0.01s =="],
    "text without a heading and a decorated end": ["a.py::b PASSED [100%]", "1 passed, 2 warnings in 61.40s (0:01:01)"],
    "rows of dots": ["a.py ....  [ 66%]", "..       [100%]", "== 6 passed, 3 subtests passed in 0.01s =="],
}
PYTEST_WHOLE = {
    "a passed test that was not counted": ["a.py::b PASSED", "== 2 passed in 0.01s =="],
    "more passed tests than were counted": ["a.py::b PASSED", "a.py::c PASSED", "== 1 passed in 0.01s =="],
    "passed tests, and a total of failed ones": ["a.py::b PASSED", "== 1 failed in 0.01s =="],
    "no total": ["a.py::b PASSED"],
    "output before the status": ["a.py::b sent again PASSED", "== 1 passed in 0.01s =="],
    "another status": ["a.py::b XPASS [ 50%]", "a.py::c SKIPPED [100%]", "== 1 skipped, 1 xpassed in 0.01s =="],
    "a run in the output of a failed test": [
        "a.py::b FAILED [100%]",
        "=== FAILURES ===",
        "--- Captured stdout call ---",
        "x.py::y PASSED [100%]",
        "=== 1 failed in 0.01s ===",
    ],
    "a list that is not the list of passed tests": ["a.py::b PASSED", "PASSED a.py::b", "== 2 passed in 0.01s =="],
}
UNITTEST = {
    "names with their modules": ["b (tests.T.b) ... ok", "Ran 1 test in 0.001s", "OK"],
    "a doctest": [
        "b (tests.T) ... ok",
        "f (shop)",
        "Doctest: shop.f ... ok",
        "c (tests.T) ... ok",
        "Ran 3 tests in 0.001s",
    ],
}
UNITTEST_WHOLE = {
    "a status too few": ["b (tests.T.b) ... ok", "Ran 2 tests in 0.001s"],
    "two tests in a row": ["b (tests.T) ... c (tests.T) ... ok", "Ran 2 tests in 0.001s"],
    "output with a status": ["b (tests.T.b) ... sent again ... ok", "Ran 1 test in 0.001s"],
    "no total": ["b (tests.T.b) ... ok"],
    "a test that has not ended": ["b (tests.T.b) ... ok", "c (tests.T.c) ... "],
    "a run in a traceback": ["=" * 70, "b (tests.T.b) ... ok", "Ran 0 tests in 0.001s"],
    "a migration outside of a test run": ["  Applying shop.0001_initial... OK"],
}
GO = {
    "a subtest": [
        "=== RUN   A",
        "=== RUN   A/b",
        "--- PASS: A (0.00s)",
        "    --- PASS: A/b (0.00s)",
        "PASS",
        "ok  \ts\t0.1s",
    ],
    "names of tests that go on": ["=== RUN   A", "=== NAME  A", "--- PASS: A (0.00s)", "PASS", "ok  \ts\t(cached)"],
    "a package without tests": ["?   \tshop/web\t[no test files]"],
}
GO_WHOLE = {
    "a test without an end": ["=== RUN   A", "=== RUN   B", "--- PASS: A (0.00s)", "FAIL\ts\t0.1s"],
    "a test that failed behind output": ["=== RUN   A", "sent--- FAIL: A (0.00s)", "FAIL\ts\t0.1s"],
    "a status of another test behind output": [
        "=== RUN   A",
        "sent--- PASS: B (0.00s)",
        "=== RUN   C",
        "--- PASS: C (0.00s)",
        "FAIL\ts\t0.1s",
    ],
    "a status that was not begun": ["--- PASS: A (0.00s)", "FAIL\ts\t0.1s"],
    "no end of the package": ["=== RUN   A", "--- PASS: A (0.00s)", "PASS"],
    "a package without a test to run": [
        "ok  \ts\t0.1s [no tests to run]",
        "ok  \ts\t0.1s\tcoverage: 71.2% of statements",
    ],
}
CARGO_END = "0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s"
CARGO = {
    "a time": ["running 1 test", "test a::b ... ok <0.012s>", f"test result: ok. 1 passed; {CARGO_END}"],
    "a doc-test": [
        "running 1 test",
        "test src/lib.rs - sum (line 3) - compile ... ok",
        f"test result: ok. 1 passed; {CARGO_END}",
    ],
}
CARGO_WHOLE = {
    "a passed test too few": ["running 2 tests", "test a ... ok", f"test result: ok. 2 passed; {CARGO_END}"],
    "another number of tests": ["running 2 tests", "test a ... ok", f"test result: ok. 1 passed; {CARGO_END}"],
    "output with a status": ["running 1 test", "test a ... sent ... ok", f"test result: ok. 1 passed; {CARGO_END}"],
    "a binary without a result": [
        "running 1 test",
        "test a ... ok",
        "running 0 tests",
        f"test result: ok. 0 passed; {CARGO_END}",
    ],
    "a status of no binary": ["test a ... ok", "running 0 tests", f"test result: ok. 0 passed; {CARGO_END}"],
    "a benchmark": [
        "running 1 test",
        "test a ... bench:          12 ns/iter (+/- 1)",
        "test result: ok. 0 passed; 0 failed; 0 ignored; 1 measured; 0 filtered out; finished in 0.00s",
    ],
}
CTEST = {
    "a test and its beginning": [
        "      Start 1: a b",
        "1/1 Test #1: a b ......   Passed    0.01 sec",
        "100% tests passed, 0 tests failed out of 1",
    ],
    "a verbose test": [
        "test 1",
        "      Start 1: a",
        "",
        "1: Test command: /usr/bin/true",
        "1: Test timeout computed to be: 1500",
        "1/1 Test #1: a ......   Passed    0.01 sec",
        "100% tests passed, 0 tests failed out of 1",
    ],
}
CTEST_WHOLE = {
    "a passed test too few": ["1/2 Test #1: a ...   Passed    0.01 sec", "100% tests passed, 0 tests failed out of 2"],
    "no total": ["1/1 Test #1: a ...   Passed    0.01 sec"],
    "a test that was begun only": ["      Start 1: a", "0% tests passed, 1 tests failed out of 1"],
    "a test that failed first": [
        "1/1 Test #1: a ...***Failed    0.01 sec",
        "    Test #1: a ...   Passed    0.01 sec",
        "100% tests passed, 0 tests failed out of 1",
    ],
}
NEXTEST = {
    "a run that was stopped": [
        "        PASS [   0.006s] ( 1/26) shop a::b",
        "     Summary [   0.172s] 1/26 tests run: 1 passed, 25 skipped",
    ],
    "rows without numbers": [
        "        PASS [   0.006s] shop a::b",
        "     Summary [   0.172s] 1 test run: 1 passed, 0 skipped",
    ],
}
NEXTEST_WHOLE = {
    "a passed test too few": [
        "        PASS [   0.006s] shop a::b",
        "     Summary [   0.172s] 2 tests run: 2 passed, 0 skipped",
    ],
    "no summary": ["        PASS [   0.006s] shop a::b"],
    "a test that passed at its second try": [
        "  TRY 1 FAIL [   0.006s] shop a::b",
        "  TRY 2 PASS [   0.006s] shop a::b",
        "     Summary [   0.172s] 1 test run: 1 passed (1 flaky), 0 skipped",
    ],
}
# Among what is left out, the tests with something printed beside them are counted and stay.
BESIDE_OUTPUT = {
    "pytest with progress": (
        "pytest_runs",
        [
            "a.py::b[2 or 3] PASSED  [ 33%]",
            "a.py::c 2026 ERROR db connection lost PASSED  [ 66%]",
            "a.py::d[1] 2026 ERROR [db] connection lost PASSED  [100%]",
            "== 3 passed in 0.01s ==",
        ],
        [0],
    ),
    "a worker of pytest with progress": (
        "pytest_runs",
        [
            "[gw0] [ 50%] PASSED a.py::b[2 or 3] ",
            "[gw1] [100%] PASSED a.py::c 2026 ERROR db connection lost",
            "== 2 passed in 0.01s ==",
        ],
        [0],
    ),
    "pytest, half a line": (
        "pytest_runs",
        [
            "a.py::b PASSED [ 33%]",
            "a.py::c sentPASSED [ 66%]",
            "a.py::d sent",
            "twicePASSED",
            "== 3 passed in 0.01s ==",
        ],
        [0],
    ),
    "pytest, a word that a test prints": (
        "pytest_runs",
        ["a.py::b PASSED", "a.py::c sent", "all PASSED", "PASSED", "== 2 passed in 0.01s =="],
        [0],
    ),
    "go, half a line before a status": (
        "go_test_runs",
        ["=== RUN   A", "sent--- PASS: A (0.00s)", "=== RUN   B", "--- PASS: B (0.00s)", "FAIL\ts\t0.1s"],
        [0, 2, 3],
    ),
    "go, half a line before a beginning": (
        "go_test_runs",
        ["=== RUN   A", "sent=== RUN   A/b", "--- PASS: A (0.00s)", "    --- PASS: A/b (0.00s)", "ok  \ts\t0.1s"],
        [0, 2, 3, 4],
    ),
    "go, a status that is printed": (
        "go_test_runs",
        ["=== RUN   A", "said --- PASS: A (0.00s)", "--- PASS: A (0.00s)", "FAIL\ts\t0.1s"],
        [0, 2],
    ),
    "unittest, behind a docstring": (
        "unittest_runs",
        [
            "b (tests.T.b)",
            "Adds. ... ok",
            "c (tests.T.c)",
            "Pays. ... PAYMENT GATEWAY DOWN, using stub ... ok",
            "d (tests.T.d)",
            "Counts. ... ok",
            "e (tests.T.e) ... ok",
            "Ran 4 tests in 0.001s",
        ],
        [5, 6],
    ),
    "behave, an error": (
        "gherkin_runs",
        [
            "  Scenario Outline: adds -- @1.1 a  # a.feature:9",
            "    Given b # steps.py:3",
            "      | a |",
            "    * c     # steps.py:8 0.001s",
            "",
            "  Scenario: pays  # a.feature:12",
            "    Given b # steps.py:3",
            "ERROR: cache is stale",
            "    Then c  # steps.py:8",
            "",
            "2 scenarios passed, 0 failed, 0 skipped",
        ],
        [0, 1, 2, 3],
    ),
    "behave, above tags": (
        "gherkin_runs",
        [
            "Feature: a",
            "  @a",
            "  @b @c",
            "  Scenario: adds",
            "    Given a text ... passed in 0.000s",
            '      """',
            "",
            "      FAILED",
            '      """',
            "",
            "1 scenario passed, 0 failed, 0 skipped",
        ],
        [1, 2, 3, 4, 5, 6, 7, 8],
    ),
}
BEHAVE_WHOLE = {
    "a step without a definition": [
        "  Scenario: adds  # a.feature:9",
        "    Given b # None",
        "1 scenario passed, 0 failed, 0",
    ],
    "a scenario that is listed at the end": [
        "  Scenario: adds  # a.feature:9",
        "    Given b # steps.py:3",
        "",
        "Failing scenarios:",
        "  a.feature:9  adds",
        "1 scenario passed, 0 failed, 0 skipped",
    ],
    "a message below a step": [
        "  Scenario: adds  # a.feature:9",
        "    Given b # steps.py:3",
        "      ASSERT FAILED: got 3",
        "1 scenario passed, 0 failed, 0 skipped",
    ],
    "a scenario too many": [
        "  Scenario: adds  # a.feature:9",
        "    Given b # steps.py:3",
        "",
        "  Scenario: pays  # a.feature:12",
        "    Given b # steps.py:3",
        "",
        "1 scenario passed, 0 failed, 1 skipped",
    ],
    "no total": ["  Scenario: adds  # a.feature:9", "    Given b # steps.py:3", ""],
}
RUNS = {
    "pytest_runs": ("pytest -v", PYTEST, PYTEST_WHOLE),
    "unittest_runs": ("python -m unittest -v", UNITTEST, UNITTEST_WHOLE),
    "go_test_runs": ("go test -v ./...", GO, GO_WHOLE),
    "cargo_test_runs": ("cargo test", CARGO, CARGO_WHOLE),
    "nextest_runs": ("cargo nextest run", NEXTEST, NEXTEST_WHOLE),
    "ctest_runs": ("ctest", CTEST, CTEST_WHOLE),
    "gherkin_runs": ("behave", {}, BEHAVE_WHOLE),
}
# Of a text whose passed tests go, these lines stay.
ENDS = ("== ", "1 passed", "Ran ", "OK", "test result", "running ", "100% tests", "     Summary")


def document(command: str | None, lines: list[str]) -> Document:
    call = read_call(command_call(command)) if command else None
    return Document.of("\n".join(lines), call)


def rows_left_out(leaf: Elision, command: str | None, lines: list[str]) -> list[int]:
    return [row for gap in leaf.find(document(command, lines), lines) for row in range(gap.start, gap.stop)]


PASSED = {f"{name}, {what}": (name, run[0], lines) for name, run in RUNS.items() for what, lines in run[1].items()}
WHOLE = {f"{name}, {what}": (name, run[0], lines) for name, run in RUNS.items() for what, lines in run[2].items()}


@pytest.mark.parametrize(("name", "command", "lines"), PASSED.values(), ids=PASSED.keys())
def test_passed_tests_are_recognised(name: str, command: str, lines: list[str]) -> None:
    expected = [row for row, line in enumerate(lines) if not line.startswith(ENDS)]
    assert rows_left_out(LEAVES[name], command, lines) == expected


@pytest.mark.parametrize(("name", "command", "lines"), WHOLE.values(), ids=WHOLE.keys())
def test_what_is_not_surely_a_passed_test_stays(name: str, command: str, lines: list[str]) -> None:
    assert rows_left_out(LEAVES[name], command, lines) == []


@pytest.mark.parametrize(("name", "lines", "expected"), BESIDE_OUTPUT.values(), ids=BESIDE_OUTPUT.keys())
def test_what_is_printed_beside_a_passed_test_stays(name: str, lines: list[str], expected: list[int]) -> None:
    assert rows_left_out(LEAVES[name], RUNS[name][0], lines) == expected


@pytest.mark.parametrize(("name", "command", "lines"), PASSED.values(), ids=PASSED.keys())
@pytest.mark.parametrize("other", [None, "cat out.txt", "git log", "frobnicate", "while true; do pytest; done"])
def test_the_output_of_another_call_stays(name: str, command: str, lines: list[str], other: str | None) -> None:
    assert rows_left_out(LEAVES[name], command, lines) != []
    assert rows_left_out(LEAVES[name], other, lines) == []

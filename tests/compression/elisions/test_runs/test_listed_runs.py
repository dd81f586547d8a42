"""Runners that list each test in a row: what stands behind such a row is no part of it. Captures are in tests/cases."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from headroom_compression.calls.reading import read_call
from headroom_compression.document import Document
from headroom_compression.elisions.test_runs import listed_runs
from tests.compression.support.bodies import command_call

RUNS = {
    "GoogleTest": (
        "./cart_test",
        [
            "[----------] 2 tests from Cart/0, where TypeParam = int",
            "[ RUN      ] Cart/0.Adds",
            "[       OK ] Cart/0.Adds (0 ms)",
            "[ RUN      ] Cart/0.Rounds",
            "[       OK ] Cart/0.Rounds (0 ms)",
            "[----------] 2 tests from Cart/0 (0 ms total)",
            "[----------] 1 test from Tax",
            "[ RUN      ] Tax.Rounds",
            "[       OK ] Tax.Rounds (0 ms)",
            "[  PASSED  ] 3 tests.",
        ],
        range(1, 9),
    ),
    "XCTest": (
        "swift test",
        [
            "Test Case 'Cart.testAdds' started at 2026-11-23 12:00:00.001",
            "Test Case 'Cart.testAdds' passed (0.001 seconds)",
            "Test Suite 'Cart' passed at 2026-11-23 12:00:00.002.",
            "\t Executed 1 test, with 0 failures (0 unexpected) in 0.001 (0.002) seconds",
            "Test Suite 'Tax' started at 2026-11-23 12:00:00.003",
            "Test Case 'Tax.testRounds' started at 2026-11-23 12:00:00.003",
            "Test Case 'Tax.testRounds' passed (0.001 seconds)",
            "Test Suite 'All tests' passed at 2026-11-23 12:00:00.004.",
            "\t Executed 2 tests, with 0 failures (0 unexpected) in 0.001 (0.002) seconds",
        ],
        range(7),
    ),
    "VSTest": (
        "dotnet test -v normal",
        [
            "  Passed Shop.CartTests.Adds(rows: [1]) [< 1 ms]",
            "  Passed Shop.CartTests.Rounds [1 m 2 s]",
            "",
            "Total tests: 2",
            "     Passed: 2",
        ],
        range(1),
    ),
    "Meson": (
        "meson test",
        [
            "1/2 shop:adds       OK              0.01s",
            "2/2 shop:rounds     OK              0.01s   12 subtests passed",
            "",
            "Ok:                 2   ",
        ],
        range(2),
    ),
    "Bazel": (
        "bazel test //...",
        [
            "//src:adds_test             (cached) PASSED in 0.1s",
            "//src:tax_test              PASSED in 0.1s",
            "Executed 1 out of 2 tests: 2 tests pass.",
        ],
        range(2),
    ),
}


def left_out(command: str, lines: list[str]) -> Iterator[str]:
    document = Document.of("\n".join(lines), read_call(command_call(command)))
    for gap in listed_runs.find(document, lines):
        yield from lines[gap.start : gap.stop]


@pytest.mark.parametrize(("command", "lines", "passed"), RUNS.values(), ids=RUNS)
def test_what_passed_is_left_out(command: str, lines: list[str], passed: range) -> None:
    assert [*left_out(command, lines)] == [lines[row] for row in passed]


@pytest.mark.parametrize("behind", [": no space left on device", " could not open a.toml", " FAILED", " (Abbruch)"])
@pytest.mark.parametrize(("command", "lines", "passed"), RUNS.values(), ids=RUNS)
def test_what_is_printed_behind_a_row_stays(command: str, lines: list[str], passed: range, behind: str) -> None:
    for row in passed:
        printed = lines[row] + behind
        assert printed not in left_out(command, [*lines[:row], printed, *lines[row + 1 :]])


BEGUN = {
    "GoogleTest": (
        "./cart_test",
        "[ RUN      ] {}",
        "[       OK ] {} (0 ms)",
        "[  PASSED  ] 9 tests.",
    ),
    "XCTest": (
        "swift test",
        "Test Case '{}' started at 2026-11-23 12:00:00.001",
        "Test Case '{}' passed (0.001 seconds)",
        "Test Suite 'Cart' passed at 2026-11-23 12:00:00.002.\n\t Executed 9 tests, with 0 failures in 1 s",
    ),
    "Swift Testing": (
        "swift test",
        "◇ Test {}() started.",
        "✔ Test {}() passed after 0.001 seconds.",
        "✔ Test run with 9 tests passed after 0.01 seconds.",
    ),
    "ExUnit": (
        "mix test --trace",
        "  * test {} [L#1]",
        "  * test {} (0.01ms) [L#1]",
        "9 tests, 0 failures",
    ),
}


@pytest.mark.parametrize(("command", "begun", "passed", "total"), BEGUN.values(), ids=BEGUN)
def test_a_test_that_began_and_did_not_end_stays(command: str, begun: str, passed: str, total: str) -> None:
    tests = [form.format(f"adds{number}") for number in range(9) for form in (begun, passed)]
    assert [*left_out(command, [*tests, *total.split("\n")])] == tests
    for name in ("waits", "adds", "adds3"):  # the last one began twice
        lines = [*tests[:8], begun.format(name), *tests[8:], *total.split("\n")]
        assert [*left_out(command, lines)] == [test for test in tests if test != begun.format(name)]


@pytest.mark.parametrize("command", ["cat test.log", "git show HEAD:test.log", "make; git stash show -p"])
def test_a_report_in_a_file_stays(command: str) -> None:
    assert [*left_out(command, RUNS["GoogleTest"][1])] == []

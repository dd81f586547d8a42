"""How runners write the row of a test and the sum of all."""

from __future__ import annotations

import pytest

from headroom_compression.formats.test_reports.listed_tests import RUNNERS

TRIAL, TEST_UNIT = RUNNERS[-2:]


@pytest.mark.parametrize(
    ("row", "is_passed"),
    [
        ("    test_adds_a_line ...                                                   [OK]", True),
        ("    test_adds_a_line ...                                                 [FAIL]", False),
        ("    test_adds_a_line ...                                              [SKIPPED]", False),
        ("    test_adds_a_line ...                                             [SUCCESS!?!]", False),
    ],
)
def test_rows_of_trial(row: str, is_passed: bool) -> None:  # noqa: FBT001  a row of a table
    match = TRIAL.test.fullmatch(row)
    assert match
    assert (match["passed"] is not None) is is_passed


@pytest.mark.parametrize(
    ("row", "is_passed"),
    [
        ("  test_adds_a_line:\t\t\t\t.: (0.000371)", True),
        ("  test_waits:\t\t\t\t\t.: (1.200371)", False),
        ("  test_fails:\t\t\t\t\tF", False),
        ("  test_waits_for_a_database:\t\t\tO", False),
    ],
)
def test_rows_of_test_unit(row: str, is_passed: bool) -> None:  # noqa: FBT001  a row of a table
    match = TEST_UNIT.test.fullmatch(row)
    assert match
    assert (match["passed"] is not None) is is_passed


def test_what_trial_counts() -> None:
    sums = ("PASSED (successes=61)", "FAILED (skips=1, expectedFailures=1, failures=2, successes=60)")
    assert [match["passed"] for line in sums if (match := TRIAL.total.fullmatch(line))] == ["61", "60"]


def test_what_test_unit_counts() -> None:
    line = "44 tests, 41 assertions, 1 failures, 1 errors, 1 pendings, 1 omissions, 0 notifications"
    match = TEST_UNIT.total.fullmatch(line)
    assert match
    assert match["all"] == "44"

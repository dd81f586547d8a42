"""Which totals agree with the tests that are listed, and which lines between passed tests go with them."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest

from headroom_compression.formats.gaps import Gap
from headroom_compression.formats.test_reports.totals import FileReport
from headroom_compression.formats.test_reports.totals import add_up
from headroom_compression.formats.test_reports.totals import passed_gaps
from headroom_compression.formats.test_reports.totals import slow_rows
from headroom_compression.formats.test_reports.totals import slow_times
from headroom_compression.formats.test_reports.totals import whole_runs


@pytest.mark.parametrize(
    ("passed", "totals", "expected"),
    [
        pytest.param([(1, 1), (2, 1)], [(5, 2)], True, id="one run"),
        pytest.param([(1, 1), (2, 1), (7, 1)], [(5, 2), (9, 1)], True, id="two runs"),
        pytest.param([(1, 3), (2, 4)], [(5, 7)], True, id="several tests in a row"),
        pytest.param([(7, 1)], [(5, 0), (9, 1)], True, id="a run without a passed test"),
        pytest.param([], [], True, id="nothing"),
        pytest.param([(1, 1), (2, 1)], [(5, 3)], False, id="fewer than counted"),
        pytest.param([(1, 1), (2, 1)], [(5, 1)], False, id="more than counted"),
        pytest.param([(1, 1), (2, 1), (7, 1)], [(5, 1), (9, 2)], False, id="the right sum of two runs"),
        pytest.param([(1, 2), (7, 1)], [(5, 2)], False, id="a test after the last total"),
        pytest.param([(1, 2)], [], False, id="no total"),
    ],
)
def test_totals_agree_with_the_tests_above_them(
    passed: Sequence[tuple[int, int]],
    totals: Sequence[tuple[int, int]],
    expected: bool,  # noqa: FBT001  a row of the table
) -> None:
    assert add_up(passed, totals) is expected


@pytest.mark.parametrize(
    ("total", "possible", "expected"),
    [
        pytest.param(1, [(2, 1)], True, id="not a test"),
        pytest.param(2, [(2, 1)], True, id="a test"),
        pytest.param(3, [(2, 1)], False, id="fewer than counted"),
        pytest.param(2, [(7, 1)], False, id="of another run"),
        pytest.param(0, [(2, 1)], False, id="more than counted"),
    ],
)
def test_what_may_be_a_test_is_counted_where_one_is_lacking(
    total: int,
    possible: Sequence[tuple[int, int]],
    expected: bool,  # noqa: FBT001  a row of the table
) -> None:
    assert add_up([(1, 1)], [(5, total), (9, 0)], possible) is expected


def test_seconds_are_compared_with_the_median() -> None:
    assert slow_times({1: 0.1, 2: 0.2, 3: 0.9, 4: 1.6, 5: 0.2}) == {4}
    assert slow_times({1: 3.0, 2: 3.0, 3: 4.0}) == set()
    assert slow_times({}) == set()


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        pytest.param([0, 1, 2], [(0, 3)], id="neighbours"),
        pytest.param([0, 1, 4], [(0, 5)], id="empty lines between"),
        pytest.param([1, 4, 6, 7], [(1, 5), (6, 8)], id="another line between"),
        pytest.param([], [], id="none"),
    ],
)
def test_gaps_span_empty_lines_only(rows: Sequence[int], expected: Sequence[tuple[int, int]]) -> None:
    lines = ["a", "b", "", " ", "e", "printed", "g", "h"]
    gaps = [Gap(start, stop, "passed tests", is_judged=True, is_tree=True) for start, stop in expected]
    assert list(passed_gaps(rows, lines, "passed tests")) == gaps


@pytest.mark.parametrize(
    ("report", "expected"),
    [
        pytest.param(FileReport([(1, 1)], [(1, 7)], [(5, 1)], [(6, 7)]), True, id="files and tests"),
        pytest.param(FileReport([(1, 1)], [], [(5, 1)], [(6, 7)]), True, id="files alone"),
        pytest.param(FileReport([], [(1, 1)], [(5, 3)], [(6, 1)]), True, id="tests alone"),
        pytest.param(FileReport([(1, 1)], [(1, 7)], [(5, 2)], [(6, 7)]), False, id="files missing"),
        pytest.param(FileReport([(1, 1)], [(1, 6)], [(5, 1)], [(6, 7)]), False, id="tests missing"),
        pytest.param(FileReport([(1, 1)], [], [(5, 1)], []), False, id="no total of tests"),
        pytest.param(FileReport(), False, id="nothing"),
    ],
)
def test_reports_add_up_in_files_and_in_tests(report: FileReport, expected: bool) -> None:  # noqa: FBT001  a row
    assert report.adds_up() is expected


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        pytest.param("0.00s|0.01s|45.20s|0.00s", [2], id="seconds"),
        pytest.param("3ms|999ms|1000ms|2ms|1ms", [2], id="milliseconds, a second at least"),
        pytest.param("1.0s|1.0s|7.9s|8.0s|1.0s", [3], id="eight times the median at least"),
        pytest.param("200 sec|201 sec|220 sec|1,700.5 sec", [3], id="thousands"),
        pytest.param("300.9us|12µs|0.9ms|2.1m|1h", [3, 4], id="other units"),
        pytest.param("59 s|58 s|1m 2 s|59.5 s|9m 58 s", [4], id="minutes and seconds"),
        pytest.param("59s|58s|1m2s|2m0s|9m58s|1h0m0s", [4, 5], id="minutes and seconds without a blank"),
        pytest.param("1s|2s|2m0s|1m5s|1s", [2, 3], id="minutes without seconds"),
        pytest.param("-|-|1.2s|-|40ms", [2], id="most are too short to be shown"),
        pytest.param("-|-|-", [], id="none is shown"),
        pytest.param("9.1s", [], id="alone"),
        pytest.param("0.002s|4.206s", [1], id="one of two"),
        pytest.param("1.2.3s|....s|s|s|1s2", [0], id="what is no number"),
    ],
)
def test_slow_is_what_took_far_longer_than_the_others(times: str, expected: Sequence[int]) -> None:
    lines = [f"ok ({time})" for time in times.split("|")]
    assert slow_rows(range(len(lines)), lines, re.compile(r"\((.+)\)")) == set(expected)


def test_nothing_that_passed_is_slow_where_nothing_passed() -> None:
    assert slow_rows([], [], re.compile("(x)")) == set()


class CountedRun:
    """Lines that begin with a plus."""

    def __init__(self) -> None:
        self.rows: list[int] = []

    @property
    def is_begun(self) -> bool:
        return bool(self.rows)

    def read(self, row: int, lines: Sequence[str]) -> None:
        self.rows += [row] * lines[row].startswith("+")

    def adds_up(self, total: re.Match[str]) -> bool:
        return len(self.rows) == int(total[1])


@pytest.mark.parametrize(
    ("lines", "rows"),
    [
        (["+", "+", "=2 ", "-", "+", "=1", "-"], [[0, 1], [4]]),
        (["=0"], [[]]),
        (["+", "=1", "+", "=2"], []),
        (["+", "=1", "+"], []),
        (["-"], []),
    ],
    ids=["two runs", "nothing in it", "one does not add up", "one has no end", "no run"],
)
def test_runs_are_whole_or_there_are_none(lines: list[str], rows: list[list[int]]) -> None:
    assert [run.rows for run in whole_runs(lines, CountedRun, re.compile("=([0-9])"))] == rows

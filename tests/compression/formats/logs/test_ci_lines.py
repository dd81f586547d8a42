"""What a CI puts around the lines of programs."""

from __future__ import annotations

import pytest

from headroom_compression.formats.logs.ci_lines import read_ci_lines

TIME = "2026-11-28T10:15:01.1234567Z "
OWN = ["##[group]Run check", "make check", "##[endgroup]", "all is well", "", "##[group]Files", "a.c", "##[endgroup]"]


@pytest.mark.parametrize("before", ["", "build\tRun check\t", "build (3.11, linux)\tUNKNOWN STEP\t"])
def test_the_lines_are_told_without_what_stands_before_them(before: str) -> None:
    log = read_ci_lines([f"{before}{TIME}{line}" for line in OWN])
    assert log
    assert log.lines == OWN
    assert log.groups == [(1, 2), (6, 7)]
    assert sorted(set(log.breaks)) == [0, 1, 2, 3, 5, 6, 7, 8]


def test_the_sign_before_the_first_line_and_colours_are_no_part_of_them() -> None:
    log = read_ci_lines([f"\ufeff{TIME}\x1b[36;1mmake\x1b[0m", f"{TIME}^[[32mPASSED^[[0m a[1]m", f"{TIME.rstrip()}"])
    assert log
    assert log.lines == ["make", "PASSED a[1]m", ""]


def test_another_step_begins_where_its_name_does() -> None:
    log = read_ci_lines([f"build\t{step}\t{TIME}{step}" for step in ("one", "one", "two", "two", "three")])
    assert log
    assert list(log.breaks) == [0, 2, 4, 5]


@pytest.mark.parametrize(
    "lines",
    [
        [],
        [""],
        ["a", "b"],
        [f"{TIME}a", "b"],
        ["2026-11-28T10:15:01.123Z INFO a"] * 9,
        ["10:15:01.1234567Z a"] * 9,
        [f"web-1 | {TIME}a"] * 9,
    ],
)
def test_other_lines_are_no_log_of_a_ci(lines: list[str]) -> None:
    assert read_ci_lines(lines) is None


def test_a_group_that_is_not_closed_is_none() -> None:
    log = read_ci_lines(
        [f"{TIME}##[group]one", f"{TIME}##[group]two", f"{TIME}a", f"{TIME}##[endgroup]", f"{TIME}##[group]b"]
    )
    assert log
    assert log.groups == [(2, 3)]

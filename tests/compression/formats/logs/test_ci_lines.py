"""What a CI puts around the lines of programs."""

from __future__ import annotations

import pytest

from headroom_compression.formats.logs.ci_lines import FETCH_LINES
from headroom_compression.formats.logs.ci_lines import begins_as_ci_log
from headroom_compression.formats.logs.ci_lines import read_ci_lines
from headroom_compression.formats.logs.ci_lines import read_prefixes
from headroom_compression.formats.logs.ci_lines import rows_that_tell_time
from tests.compression.support.line_kinds import kind_of_line

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


def is_fetched(line: str) -> bool:
    return kind_of_line(line, FETCH_LINES) is not None


@pytest.mark.parametrize(
    "line",
    [
        " * [new tag]             v1.3.0     -> v1.3.0",
        "#1 6.370  * [new branch]  main -> origin/main",
        "fa9dca007c40: Pull complete",
        f"#5 sha256:{'a3' * 32} 29.75MB / 29.75MB 0.2s done",
        "  + amber     2.1.2  pyhd8ed1ab_0  conda-forge   39kB",
        "  amber-lib   4.5    20_gnu        conda-forge",
        "Linking python-3.11.15-hd63d673_0_cpython",
        "amber @ file:///home/conda/build_artifacts/amber_1733230988954/work",
        "shop:pack: dist/build/cart.js",
    ],
)
def test_what_was_fetched_or_is_there(line: str) -> None:
    assert is_fetched(line)


@pytest.mark.parametrize(
    "line",
    [
        "hint: Updates were rejected because the tip of your current branch is behind",
        " ! [rejected]        main -> main (fetch first)",
        "fa9dca007c40: Retrying in 5 seconds",
        "  total     12     failed    3",
        "  amber     1.2.0  GHSA-3f9a-2c81-d0b4  1.2.1",
        "amber==1.2.0 is not available",
        "web:webpack: src/cart.js",
        "lib/cart.go",
        "",
    ],
)
def test_other_lines_are_of_no_such_kind(line: str) -> None:
    assert not is_fetched(line)


def test_its_beginning_tells_the_log_of_a_ci() -> None:
    lines = [f"{TIME}{line}" for line in OWN]
    assert begins_as_ci_log(lines)
    assert not begins_as_ci_log(["$ gh run view 4711 --log", *lines])
    assert not begins_as_ci_log([line.replace("1234567Z", "123Z") for line in lines])


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("2026-11-28T10:15:01.1234567Z make", "2026-11-28T10:15:01.1234567Z "),
        ("build\tRun make\t2026-11-28T10:15:01.1234567Z ", "build\tRun make\t2026-11-28T10:15:01.1234567Z "),
        ("\ufeff2026-02-31T23:59:59.1234567Z", "\ufeff2026-02-31T23:59:59.1234567Z"),
        ("2026-11-28T10:15:01Z make", ""),
        ("make 2026-11-28T10:15:01.1234567Z", ""),
        ("build\t2026-11-28T10:15:01.1234567Z make", ""),
        ("", ""),
    ],
)
def test_what_stands_before_a_line(line: str, expected: str) -> None:
    assert read_prefixes([line]) == [expected]
    assert read_prefixes(["", line, "a\tb", line]) == ["", expected, "", expected]


def at(time: str, step: str = "") -> str:
    return f"{step}2026-11-28T{time}.1234567Z "


@pytest.mark.parametrize(
    ("prefixes", "expected"),
    [
        ([at("10:15:00"), at("10:15:09"), at("10:15:18")], set()),
        ([at("10:15:00"), at("10:15:09"), at("10:15:19")], {1, 2}),
        ([at("23:59:59"), at("23:59:59").replace("-28T23:59:59", "-29T00:00:08")], set()),
        ([at("10:15:00"), at("10:15:00", "a\tb\t"), at("10:15:00", "a\tb\t")], {1}),
        ([at("10:15:00", "a\tb\t"), at("10:15:00", "c\tb\t"), at("10:15:30", "c\tb\t")], {1, 2}),
        ([at("10:15:00"), "", at("10:17:00")], set()),
        ([at("10:15:00"), at("10:15:01").rstrip()], set()),
    ],
)
def test_times_tell_of_steps_and_of_silence(prefixes: list[str], expected: set[int]) -> None:
    assert rows_that_tell_time(prefixes) == expected

"""What a CI puts before each line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headroom_compression.formats.logs.ci_prefixes import begins_as_ci_log
from headroom_compression.formats.logs.ci_prefixes import read_prefixes
from headroom_compression.formats.logs.ci_prefixes import rows_that_tell_time

TIME = "2026-11-28T10:15:01.1234567Z "
OWN = ["##[group]Run check", "make check", "##[endgroup]", "all is well"]


def test_its_beginning_tells_the_log_of_a_ci() -> None:
    lines = [f"{TIME}{line}" for line in OWN]
    assert begins_as_ci_log(lines)
    assert not begins_as_ci_log(["$ gh run view 4711 --log", *lines])
    assert not begins_as_ci_log([line.replace("1234567Z", "123Z") for line in lines])
    assert begins_as_ci_log([f"2026-11-28T10:15:01.123456Z 01E {line}" for line in OWN])


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("2026-11-28T10:15:01.1234567Z make", "2026-11-28T10:15:01.1234567Z "),
        ("build\tRun make\t2026-11-28T10:15:01.1234567Z ", "build\tRun make\t2026-11-28T10:15:01.1234567Z "),
        ("\ufeff2026-02-31T23:59:59.1234567Z", "\ufeff2026-02-31T23:59:59.1234567Z"),
        ("2026-11-28T10:15:01Z make", ""),
        ("make 2026-11-28T10:15:01.1234567Z", ""),
        ("build\t2026-11-28T10:15:01.1234567Z make", ""),
        ("2026-11-28T10:15:01.123456Z 01O make", "2026-11-28T10:15:01.123456Z 01O "),
        ("2026-11-28T10:15:01.123456Z 00E+make", "2026-11-28T10:15:01.123456Z 00E+"),
        ("2026-11-28T10:15:01.123456Z 01O", "2026-11-28T10:15:01.123456Z 01O"),
        ("2026-11-28T10:15:01.123456Z web make", ""),
        ("[2026-11-28T10:15:01.123Z] make", "[2026-11-28T10:15:01.123Z] "),
        ("[2026-11-28T10:15:01Z] make", "[2026-11-28T10:15:01Z] "),
        ("[2026-11-28 10:15:01] make", ""),
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


@pytest.mark.parametrize("form", ["2026-11-28T{}.123456Z 01O ", "[2026-11-28T{}.123Z] ", "[2026-11-28T{}Z] "])
def test_times_of_other_cis_tell_of_silence_too(form: str) -> None:
    prefixes = [form.format(time) for time in ("10:15:00", "10:15:09", "10:15:18", "10:16:00", "10:16:01")]
    assert rows_that_tell_time(prefixes) == {2, 3}


@given(
    st.lists(
        st.sampled_from([TIME, TIME.strip(), "\tmake", "a\tb\t", "", "\r", "\u2028", "x ", "[2026-11-28T10:15:01Z]"])
    )
)
def test_lines_at_once_have_what_each_has_by_itself(parts: list[str]) -> None:
    for first in (f"{TIME}make", f"build\tRun\t{TIME}make", "[2026-11-28T10:15:01Z] make"):
        lines = [first, "".join(parts), *parts]
        assert read_prefixes(lines)[1:] == [read_prefixes([first, line])[1] for line in lines[1:]]

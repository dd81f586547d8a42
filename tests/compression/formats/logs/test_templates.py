"""What lines of a log share is found by words, and values stay whole."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headroom_compression.formats.logs.templates import TIME
from headroom_compression.formats.logs.templates import TIME_WITHIN
from headroom_compression.formats.logs.templates import LogLine
from headroom_compression.formats.logs.templates import are_alike
from headroom_compression.formats.logs.templates import read_line
from headroom_compression.formats.logs.templates import read_lines
from headroom_compression.formats.logs.templates import shared_form
from headroom_compression.formats.logs.templates import time_at_beginning
from headroom_compression.formats.logs.templates import words_of

PIECES = st.sampled_from(["10:15:01", "10:1", ":", "1", "/2026:", "Z", " ", "  ", "x" * 59, ".5"])


@given(st.lists(PIECES, max_size=8).map("".join))
def test_the_time_is_the_first_in_the_line(line: str) -> None:
    time, expected = time_at_beginning(line), TIME.search(line, 0, TIME_WITHIN)
    assert (time and time.span()) == (expected and expected.span())


PARTS = st.sampled_from(
    [
        "10:15:01", "2026-11-23T", "/2026:", "[23/Nov/2026:", "Z", "+0000] ", ".123", ",1234567890", ":", "1", ".", "a",
        " ", "  ", "\t", "\r", "\x0b", "\x85", "\xa0", "\u2028", "\ud800", "—", "x" * 78, "x" * 130, "y" * 3_900,
        " " * 401,
    ]
)  # fmt: skip
LINES = st.lists(st.lists(PARTS, max_size=8).map("".join), max_size=8)


@given(LINES, st.integers(1, 600))
def test_many_lines_are_read_as_each_is(lines: list[str], times: int) -> None:
    several = lines * times if len(lines) == 1 else lines
    assert read_lines(several) == [read_line(line, may_tell_of_error=False) for line in several]


@given(st.text("ab ", max_size=12), st.integers(2, 5))
def test_words_are_divided_by_the_last_of_the_spaces_between_them(tail: str, most: int) -> None:
    words = tail.lstrip(" ")
    first, *others = re.split(" (?! )", words, maxsplit=most - 1)
    assert words_of(tail, most) == [tail[: len(tail) - len(words)] + first, *others]


def group(*texts: str) -> list[LogLine]:
    lines = [read_line(text) for text in texts]
    return [line for line in lines if line]


@pytest.mark.parametrize(
    ("lines", "form", "row"),
    [
        pytest.param(
            ["2026-11-23 10:15:01,123 INFO     shop: 4 sold", "2026-11-23 10:15:02,456 DEBUG    shop: 12 sold"],
            "<time> <1> <2> of: 2026-11-23 <time> <1> shop: <2> sold]",
            "10:15:01,123 INFO     4",
            id="padding stays with its word",
        ),
        pytest.param(
            ["2026-11-23 10:15:01   INFO 7 up", "2026-11-23 10:15:02  DEBUG 7 up"],
            "<time> <1> of: 2026-11-23 <time> <1> 7 up]",
            "10:15:01   INFO",
            id="a column that is aligned to the right",
        ),
        pytest.param(
            ["2026-11-23T10:15:01Z status=200 took=12ms", "2026-11-23T10:15:02Z status=204 took=19ms"],
            "<time> <1> <2> of: 2026-11-23T<time>Z status=<1> took=<2>]",
            "10:15:01 200 12ms",
            id="keys are said once, numbers stay whole",
        ),
        pytest.param(
            [
                '1.2.3.4 - [23/Nov/2026:10:15:01 +0000] "GET /a" 200',
                '1.2.3.9 - [23/Nov/2026:10:15:02 +0000] "GET /b" 404',
            ],
            '<1> <time> <2> <3> of: <1> - [23/Nov/2026:<time> +0000] "GET <2>" <3>]',
            "1.2.3.4 10:15:01 /a 200",
            id="a value before the time",
        ),
        pytest.param(
            ['2026-11-23T10:15:01Z msg="a b" env=prod', '2026-11-23T10:15:02Z msg="c" n=1 x=2 env=prod'],
            "<time> <1> <2> of: 2026-11-23T<time>Z msg=<1> <2> env=prod]",
            '10:15:01 "a b"',
            id="a quotation mark is not left without its other",
        ),
        pytest.param(
            ["web-1  | 2026-11-23T10:15:01Z up", "db-1   | 2026-11-23T10:15:02Z down"],
            "<1> <time> <2> of: <1>  | 2026-11-23T<time>Z <2>]",
            "web-1 10:15:01 up",
            id="services of different length",
        ),
    ],
)
def test_form_and_first_row(lines: list[str], form: str, row: str) -> None:
    shared, rows = shared_form(group(*lines))
    assert shared.line(2) == f"[2 lines below show only {form}"
    assert rows[0] == row


@pytest.mark.parametrize(
    "text",
    [
        "no time at all",
        "10:15:01 a time without a date",
        "2026-11-23T10:15:01Z",
        "2026-11-23T10:15:01Z   ",
        "2026-11-23T10:15:01Z ERROR down",
        "2026-11-23T10:15:01Z request Failed",
        "W1123 10:15:01.123456   1 reflector.go:147] slow",
        "link/ether 00:11:22:33:44:55 brd",
        "2026-11-23T10:15:01Z with a carriage return\r",
        "x" * 200 + " 10:15:01 far behind",
        "2026-11-23T10:15:01Z " + "x" * 5_000,
    ],
)
def test_line_that_stays_as_it_is(text: str) -> None:
    assert read_line(text) is None


@pytest.mark.parametrize(
    ("tail", "most", "words"),
    [
        ("a b c", 9, ["a", "b", "c"]),
        ("a b c", 2, ["a", "b c"]),
        ("a b c", 1, ["a b c"]),
        ("  a   b ", 9, ["  a  ", "b", ""]),
        ("", 3, [""]),
        ("   ", 3, ["   "]),
    ],
)
def test_words_carry_their_padding(tail: str, most: int, words: list[str]) -> None:
    assert words_of(tail, most) == words
    assert " ".join(words) == tail


def test_lines_of_two_dates_are_of_two_kinds() -> None:
    lines = group("2026-11-23T10:15:01Z a", "2026-11-24T10:15:01Z a", "2026-11-24T10:15:01+01 a")
    assert [[are_alike(line, other) for other in lines] for line in lines] == [
        [True, False, False],
        [False, True, False],
        [False, False, True],
    ]

"""How figures and foreign texts are written."""

from __future__ import annotations

import pytest

from headroom_report.savings import Report
from headroom_report.savings import SessionSavings
from headroom_report.savings import Usage
from headroom_report.words import assumptions
from headroom_report.words import counted_by_provider
from headroom_report.words import number
from headroom_report.words import one_line
from headroom_report.words import percent
from headroom_report.words import plural
from headroom_report.words import visible
from headroom_report.words import what_was_read


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("plain é 漢 😀\n\ttab", "plain é 漢 😀\n\ttab", id="letters of any kind, newline and tab"),
        pytest.param("\x1b[31mred\x07", "\\x1b[31mred\\x07", id="what a terminal obeys"),
        pytest.param("a\x00b\x7f\x9b", "a\\x00b\\x7f\\x9b", id="other controls"),
        pytest.param("a\u202eb\u2066", "a\\u202eb\\u2066", id="changes of direction"),
        pytest.param("\ud83d", "\\ud83d", id="half an emoji"),
        pytest.param("a\rb", "a\\rb", id="return"),
    ],
)
def test_what_would_be_obeyed_is_shown(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_one_line_is_one_and_not_too_long() -> None:
    assert one_line("a  b\n\x1bc", 10) == "a b \\x1bc"
    assert one_line("abcdef", 4) == "abc…"


def test_figures() -> None:
    assert (number(1234567.4), percent(0.12345), percent(-0.0001), percent(-0.05)) == (
        "1,234,567",
        "12.3%",
        "0.0%",
        "-5.0%",
    )
    assert (plural(1, "session"), plural(1200, "session")) == ("1 session", "1,200 sessions")


def test_the_api_that_is_passed_on_is_named_where_it_is_measured() -> None:
    session = SessionSavings("name", "Claude Code transcript")
    report = Report("title", "lossless", "careful", (session, session))
    assert what_was_read(report) == "2 sessions, 0 requests (Claude Code transcript)"
    assert len(assumptions(report)) == len(assumptions(Report("title", "lossless", "careful"))) + 1


@pytest.mark.parametrize(
    ("usage", "told"),
    [
        (None, ""),
        (Usage(), ""),
        (Usage(1000, 500, 9), "the provider itself counted 1,000 tokens of input, 50.0% of them cached"),
        (Usage(1000, 0, 9), "the provider itself counted 1,000 tokens of input, 0.0% of them cached"),
        (Usage(1000, 0, 9, untold=1000), "the provider itself counted 1,000 tokens of input"),
        (
            Usage(1000, 200, 9, untold=600),
            "the provider itself counted 1,000 tokens of input, 50.0% of the 400 of which it told that cached",
        ),
    ],
)
def test_what_the_provider_counted(usage: Usage | None, told: str) -> None:
    assert counted_by_provider(usage) == told

"""How figures and foreign texts are written."""

from __future__ import annotations

import pytest

from headroom_report.values.savings import SavingsReport
from headroom_report.values.savings import SessionSavings
from headroom_report.values.savings import Usage
from headroom_report.writing.words import assumptions
from headroom_report.writing.words import counted_by_provider
from headroom_report.writing.words import number
from headroom_report.writing.words import percent
from headroom_report.writing.words import plural
from headroom_report.writing.words import what_was_read


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
    report = SavingsReport("title", "lossless", "careful", (session, session))
    assert what_was_read(report) == "2 sessions, 0 requests (Claude Code transcript)"
    assert len(assumptions(report)) == len(assumptions(SavingsReport("title", "lossless", "careful"))) + 1


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

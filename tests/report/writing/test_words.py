"""How figures and foreign texts are written."""

from __future__ import annotations

from collections.abc import Callable
from html import unescape

import pytest

from headroom_report.values.rereads import NO_REREADS
from headroom_report.values.rereads import Rereads
from headroom_report.values.rereads import ShownLines
from headroom_report.values.savings import LIVE
from headroom_report.values.savings import RequestSavings
from headroom_report.values.savings import SavingsReport
from headroom_report.values.savings import SessionSavings
from headroom_report.values.savings import Tokens
from headroom_report.values.usage_sums import UsageSum
from headroom_report.writing.json_report import as_json
from headroom_report.writing.page import as_page
from headroom_report.writing.table import as_text
from headroom_report.writing.words import assumptions
from headroom_report.writing.words import counted_by_provider
from headroom_report.writing.words import large_requests
from headroom_report.writing.words import number
from headroom_report.writing.words import percent
from headroom_report.writing.words import plural
from headroom_report.writing.words import read_again
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
        (UsageSum(), ""),
        (UsageSum(1000, 500, 9), "the provider itself counted 1,000 tokens of input, 50.0% of them cached"),
        (UsageSum(1000, 0, 9), "the provider itself counted 1,000 tokens of input, 0.0% of them cached"),
        (UsageSum(1000, 0, 9, untold=1000), "the provider itself counted 1,000 tokens of input"),
        (
            UsageSum(1000, 200, 9, untold=600),
            "the provider itself counted 1,000 tokens of input, 50.0% of the 400 that it told this of cached",
        ),
    ],
)
def test_what_the_provider_counted(usage: UsageSum | None, told: str) -> None:
    assert counted_by_provider(usage) == told


def of_requests(*whole: Tokens, kind: str = "Codex rollout") -> SavingsReport:
    turns = tuple(RequestSavings(tokens, tokens) for tokens in whole)
    return SavingsReport("title", "lossless", "careful", (SessionSavings("name", kind, turns),))


LARGE = (Tokens(128_000, 10), Tokens(128_001, 128_001), Tokens(260_000, 190_000), Tokens(300_000, 259_000))
ABOVE = "s by their tokens, as they came -> as they are sent: 3 -> 3 above 128k, 2 -> 1 above 200k, 2 -> 1 above 258k"


@pytest.mark.parametrize("form", [large_requests, as_text, lambda report: unescape(as_page(report))])
def test_large_requests_are_counted_as_they_came_and_as_they_are_sent(form: Callable[[SavingsReport], str]) -> None:
    assert ABOVE in form(of_requests(*LARGE))
    assert "above 128k" not in form(of_requests(LARGE[0]))
    assert "above 128k" not in form(of_requests(*LARGE, kind=LIVE))


def test_large_requests_for_machines() -> None:
    assert as_json(of_requests(*LARGE))["large_requests"] == [
        {"above": 128_000, "before": 3, "after": 3},
        {"above": 200_000, "before": 2, "after": 1},
        {"above": 258_000, "before": 2, "after": 1},
    ]


def test_it_is_told_where_an_agent_keeps_another_shape_than_it_sends() -> None:
    sessions = (SessionSavings("name", "Cline session"), SessionSavings("name", "pi session"))
    report = SavingsReport("title", "lossless", "careful", sessions)
    said = " ".join(assumptions(report))
    assert as_json(report)["assumptions"] == list(assumptions(report))
    assert "Results of Cline are measured as it sends them" in said
    assert "one result of pi" in said
    assert "Qwen" not in said


REREADS = Rereads(ShownLines(100), ShownLines(900, 99), ShownLines(50), ShownLines(100, 10), 7)


def test_what_was_read_again_stands_in_every_report() -> None:
    told = "read again within 20 calls: 9.9% of 1,000 lines behind markers, 9.0% of comparable lines in sight"
    assert read_again(REREADS) == told
    assert read_again(NO_REREADS) == ""
    for kind in ("by hand", LIVE):
        session = SessionSavings("name", kind, (RequestSavings(Tokens(9, 8), Tokens(9, 8)),), rereads=REREADS)
        report = SavingsReport("title", "lossless", "careful", (session,))
        assert told[1:] in as_page(report)
        assert told in as_text(report)
        assert as_json(report)["read_again"] == {
            "behind_markers": {"lines": 1000, "again": 99, "share": 0.099},
            "in_sight": {"lines": 150, "again": 10, "share": 0.0667},
            "baseline": 0.09,
            "outputs": 7,
        }
        without = any("without the addon" in sentence for sentence in assumptions(report))
        assert without == (kind != LIVE)

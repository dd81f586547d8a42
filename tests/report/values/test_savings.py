"""Sums of a report, by hand: a session of three requests, and one of one."""

from __future__ import annotations

import pytest

from headroom_report.values.savings import OutputSavings
from headroom_report.values.savings import RequestSavings
from headroom_report.values.savings import SavingsReport
from headroom_report.values.savings import SessionSavings
from headroom_report.values.savings import Tokens
from headroom_report.values.savings import ToolSavings
from headroom_report.values.savings import keep_largest
from headroom_report.values.usage_sums import UsageSum

LONG = SessionSavings(
    "long",
    "by hand",
    turns=(
        RequestSavings(Tokens(100, 100), Tokens(100, 100)),
        RequestSavings(Tokens(300, 200), Tokens(200, 100), new_outputs=1),
        RequestSavings(Tokens(350, 240), Tokens(50, 40), new_outputs=2),
    ),
    tools=(ToolSavings("read", 1, 1, Tokens(190, 90)), ToolSavings("bash", 2, 1, Tokens(40, 30))),
    largest=(OutputSavings("read", Tokens(190, 90)), OutputSavings("bash", Tokens(30, 20))),
    usage=UsageSum(700, 500, 30),
)
SHORT = SessionSavings(
    "short",
    "by hand",
    turns=(RequestSavings(Tokens(50, 45), Tokens(50, 45), 1),),
    tools=(ToolSavings("bash", 1, 1, Tokens(9, 4)),),
)
REPORT = SavingsReport("both", "lossless", "careful", (LONG, SHORT))


def test_new_counts_an_item_once_and_whole_in_every_request() -> None:
    assert (LONG.new, LONG.whole, LONG.outputs) == (Tokens(350, 240), Tokens(750, 540), Tokens(230, 120))
    assert (REPORT.new, REPORT.whole, REPORT.requests) == (Tokens(400, 285), Tokens(800, 585), 4)


def test_share_is_of_what_came() -> None:
    assert Tokens(200, 150).share == pytest.approx(0.25)
    assert Tokens().share == 0


def test_a_bill_prices_what_is_repeated_as_cached() -> None:
    bill = LONG.bill(0.1)
    assert (bill.before, bill.after) == pytest.approx((350 + 0.1 * 400, 240 + 0.1 * 300))
    assert REPORT.bill(0.5).share == pytest.approx(1 - (285 + 0.5 * 300) / (400 + 0.5 * 400))
    assert SavingsReport("none", "lossless", "off").bill(0.1).share == 0


def test_tools_of_all_sessions_are_joined_and_the_one_that_saves_most_is_first() -> None:
    assert REPORT.tools == (ToolSavings("read", 1, 1, Tokens(190, 90)), ToolSavings("bash", 3, 2, Tokens(49, 34)))


def test_largest_outputs_come_from_all_sessions() -> None:
    assert [output.tokens.saved for output in REPORT.largest(1)] == [100]
    equal = [OutputSavings(name, Tokens(5, 1)) for name in ("first", "second")]
    assert [output.tool for output in keep_largest(equal, 2)] == ["first", "second"]


def test_usage_is_unknown_until_a_session_knows_it() -> None:
    assert REPORT.usage == UsageSum(700, 500, 30)
    assert SavingsReport("none", "lossless", "off", (SHORT,)).usage is None

"""The report for a terminal, by what its cells say."""

from __future__ import annotations

from dataclasses import replace

from headroom_report.values.savings import OutputSavings
from headroom_report.values.savings import SavingsReport
from headroom_report.values.savings import Tokens
from headroom_report.values.savings import ToolSavings
from headroom_report.writing.table import as_text
from tests.report.values.test_savings import LONG
from tests.report.values.test_savings import REPORT
from tests.report.values.test_savings import SHORT

HOSTILE = "\x1b[2J\x1b]0;title\x07\nnext"


def row(text: str, name: str) -> list[str]:
    """The cells behind a name."""
    line = next(line for line in text.splitlines() if line.startswith(name))
    return line.removeprefix(name).split()


def test_figures_stand_in_their_rows() -> None:
    text = as_text(REPORT)
    assert row(text, "every item counted once, in the request that sends it first") == ["400", "285", "115", "28.7%"]
    assert row(text, "all requests in full: an item counts again in every request that repeats it")[0] == "800"
    assert row(text, "long") == ["3", "350", "110", "31.4%", "28.0%", "30.8%", "30.0%", "29.1%"]
    assert row(text, "all   ") == ["4", "400", "115", "28.7%", "26.9%", "28.4%", "28.0%", "27.5%"]
    assert row(text, "read  ")[:4] == ["1", "1", "190", "100"]
    assert row(text, "bash  ") == ["3", "2", "49", "15", "30.6%", "3.8%"]
    assert "28.4% at 0.1, 28.0% at 0.25, 27.5% at 0.5" in text
    assert "700 tokens of input, 71.4% of them cached" in text


def test_kinds_have_a_sum_each_where_there_are_several() -> None:
    text = as_text(replace(REPORT, sessions=(LONG, replace(SHORT, kind="other"))))
    assert row(text, "all of by hand") == row(text, "long")
    assert row(text, "all of other") == row(text, "short")


def test_sums_take_the_place_of_rows_beyond_the_first() -> None:
    sessions = (*(replace(SHORT, name=f"session {number}") for number in range(60)), LONG)
    tools = tuple(ToolSavings(f"tool {number}", 1, 1, Tokens(10, 5)) for number in range(20))
    text = as_text(
        SavingsReport("many", "lossless", "careful", (*sessions[:-1], replace(LONG, tools=tools, largest=())))
    )
    assert row(text, "11 others")[0] == str(10 + 3)
    assert row(text, "6 others")[:4] == ["6", "6", "60", "30"]


def test_nothing_in_a_name_moves_the_cursor() -> None:
    output = OutputSavings(HOSTILE, Tokens(9, 1), HOSTILE)
    session = replace(LONG, name=HOSTILE, largest=(output,), tools=(ToolSavings(HOSTILE, 1, 1, Tokens(9, 1)),))
    text = as_text(replace(REPORT, sessions=(session, SHORT)))
    assert "\x1b" not in text
    assert "\x07" not in text
    assert text.count("\\x1b[2J\\x1b]0;title\\x07 next") == 4


def test_an_empty_report_says_so() -> None:
    assert "0 sessions, 0 requests (nothing)" in as_text(SavingsReport("none", "lossless", "off"))

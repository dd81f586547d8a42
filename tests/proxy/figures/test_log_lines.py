"""How figures read."""

from __future__ import annotations

from dataclasses import replace

import pytest
from mitmproxy.test import tflow

from headroom_compression import AnswerEvent
from headroom_compression import CompressionReport
from headroom_proxy.figures.log_lines import change
from headroom_proxy.figures.log_lines import request_line
from headroom_proxy.figures.log_lines import stats_lines
from headroom_proxy.figures.log_lines import summary_lines
from headroom_proxy.figures.totals import Totals
from headroom_report.values.savings import Tokens
from tests.proxy.reported import ENDED
from tests.proxy.reported import Session
from tests.proxy.reported import answer
from tests.proxy.reported import body


@pytest.mark.parametrize(
    ("before", "after", "read"),
    [
        (61_204, 48_911, "61,204 -> 48,911 tokens (-20%)"),
        (1000, 900, "1,000 -> 900 tokens (-10%)"),
        (1000, 901, "1,000 -> 901 tokens (-9.9%)"),
        (19_197, 68, "19,197 -> 68 tokens (-99.6%)"),
        (1000, 1000, "1,000 -> 1,000 tokens (0.0%)"),
        (0, 0, "0 -> 0 tokens (0.0%)"),
    ],
)
def test_a_change(before: int, after: int, read: str) -> None:
    assert change(Tokens(before, after)) == read


def test_nothing_came() -> None:
    assert summary_lines(Totals()) == []
    assert stats_lines(Totals()) == ["no requests yet"]


def test_a_session() -> None:
    session = Session()
    session.reporter.passed("signed", tflow.tflow())
    session.send(body(), answer(20, 0))
    session.send(body(1), answer(1000, 0))
    session.send(body(1, 2), answer(1600, 896))
    one, two = session.saved(1), session.saved(2)
    whole = change(Tokens(2620 + one + two, 2620))
    of_outputs = change(session.reporter.totals.all.new)
    summary = (
        f"4 requests, 2 compressed, 2 as they came (1 signed, 1 without tool outputs); {two} tokens saved in 2 new "
        f"outputs, {one} more where those were sent again"
    )
    reported = f"input {whole}, 34% of what was sent from its cache, output 30 tokens"
    assert session.reporter.stats() == [
        summary,
        f"the upstream reported 3 answers: {reported}",
        "saved by tool, each output once:",
        f"  shell: {of_outputs} in 2 outputs",
        "by client:",
        f"  (unknown client): 4 requests, 2 compressed, {two} tokens saved once, input {whole}",
        "conversations, the latest first:",
        f"  1: 3 requests, 2 compressed, {two} tokens saved once, {reported}",
    ]
    summary_twice = [f"headroom: {line}" for line in session.reporter.stats()[:2]]
    assert summary_lines(session.reporter.totals) == summary_twice


def test_more_conversations_than_are_shown() -> None:
    session = Session()
    for number in range(13):
        session.send(body(number), AnswerEvent(ENDED))
    lines = session.reporter.stats()
    assert lines[5].startswith("conversations")
    assert lines[6] == f"  13: 1 request, 1 compressed, {session.saved()} tokens saved once"
    assert lines[16:] == ["  and 3 earlier ones"]


def test_a_client_of_which_nothing_is_saved_is_seen() -> None:
    session = Session()
    session.send(body(1), answer(1000, 0), agent="codex_cli_rs/0.171.0 (Debian)")
    session.send(body(), answer(500, 0), agent="Cline/3.0.65")
    session.send(body(), None, agent="Cline/3.0.65")
    saved = session.saved(0)
    lines = session.reporter.stats()
    place = lines.index("by client:")
    whole = change(Tokens(1000 + saved, 1000))
    assert lines[place + 1 : place + 3] == [
        "  Cline 3.0.65: 2 requests, 0 compressed, nothing saved (0%)",
        f"  codex_cli_rs 0.171.0: 1 request, 1 compressed, {saved} tokens saved once, input {whole}",
    ]


def test_what_was_put_away_is_told() -> None:
    report = CompressionReport(tool_texts=1, put_away=64, saved_in_all=81_324, shortened_in_all=70, new_checkpoints=1)
    line = request_line(report, Tokens(161_204, 79_880), 41.3, is_dry_run=False, why_not="")
    change = "headroom: responses 161,204 -> 79,880 tokens (-50%)"
    assert line == f"{change}, 64 older outputs put away, 1 new output, 41.3 ms"
    without = request_line(replace(report, put_away=0), None, 41.3, is_dry_run=False, why_not="no usage")
    assert ", above the budget: its pointers taken back, 1 new output, 41.3 ms; no usage" in without
    totals = Totals()
    totals.requests = 2
    totals.conversation(totals.begin()).add_budget(report)
    totals.conversation(totals.begin()).add_budget(replace(report, put_away=1, reopened=3))
    told = "to make room: 65 older outputs put away at 2 checkpoints, 3 of them opened again"
    assert told in stats_lines(totals)

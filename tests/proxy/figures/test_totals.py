"""What is counted once, what again, and that the sums stay small and add up."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies

from headroom_compression import AnswerEvent
from headroom_compression import Memory
from headroom_compression import TextReport
from headroom_compression import Usage
from headroom_proxy.figures import totals as totals_module
from headroom_proxy.figures.totals import MAX_CLIENTS
from headroom_proxy.figures.totals import OTHER_CLIENTS
from headroom_proxy.figures.totals import ConversationTotals
from headroom_proxy.figures.totals import Totals
from headroom_proxy.figures.totals import tool_name
from headroom_report.values.rereads import Rereads
from headroom_report.values.rereads import ShownLines
from headroom_report.values.savings import ClientSavings
from headroom_report.values.savings import RequestSavings
from headroom_report.values.savings import Tokens
from tests.proxy.reported import ENDED
from tests.proxy.reported import Session
from tests.proxy.reported import answer
from tests.proxy.reported import body
from tests.proxy.reported import saved_in
from tests.wire.bodies import message


def test_a_new_output_counts_once_and_again_each_time_it_is_sent() -> None:
    session = Session()
    for numbers in ([1], [1, 2], [1, 2, 3]):
        session.send(body(*numbers), answer(1000))
    together = session.reporter.totals.all
    one, two, three = (saved_in(body(*numbers)) for numbers in ([1], [1, 2], [1, 2, 3]))
    assert together.new.saved == three
    assert together.saved_again == one + two
    assert together.new.saved + together.saved_again == together.whole.saved == one + two + three


@pytest.mark.parametrize(
    "then",
    [
        pytest.param([body(1, 2)], id="a retry"),
        pytest.param([body(1)], id="a fork before it"),
        pytest.param([body(2), body(2, 1)], id="the same outputs elsewhere"),
    ],
)
def test_what_was_sent_before_is_not_new(then: list[bytes]) -> None:
    session = Session()
    session.send(body(1, 2), answer(1000))
    for sent in then:
        session.send(sent, answer(1000))
    assert session.reporter.totals.all.new.saved == saved_in(body(1, 2))
    assert session.reporter.totals.all.outputs == 2


def test_without_a_memory_nothing_is_counted_twice() -> None:
    session = Session(memory=Memory(0))
    for numbers in ([1], [1, 2], [1, 2, 3], [1, 2]):
        session.send(body(*numbers), answer(1000))
    together = session.reporter.totals.all
    assert together.new.saved == saved_in(body(1, 2, 3))
    assert sum(turn.new.saved for turn in together.turns) == together.new.saved, "of whole requests too"


def test_a_request_that_was_not_answered_saves_nothing_again() -> None:
    session = Session()
    session.send(body(1), None)
    session.send(body(1), None)
    session.send(body(1), AnswerEvent(ENDED))
    together = session.reporter.totals.all
    assert (together.new.saved, together.saved_again) == (saved_in(body(1)), 0)
    assert (together.answers, together.requests, together.edited) == (0, 3, 3)


def test_what_was_never_answered_saves_nothing() -> None:
    session = Session()
    session.send(body(1), None)
    session.send(body(1, 2), None)
    together = session.reporter.totals.all
    assert (together.new.saved, together.saved_again, together.outputs) == (0, 0, 0)


@pytest.mark.parametrize("failed", [None, AnswerEvent(ENDED)], ids=["broke off", "without usage"])
def test_the_retry_of_a_failed_attempt_says_what_both_hold(failed: AnswerEvent | None) -> None:
    session = Session()
    session.send(body(1), answer(1000))
    session.send(body(1, 2), failed)
    session.send(body(1, 2), answer(1500))
    first, second = session.reporter.totals.conversations[0].turns
    one, two = saved_in(body(1)), saved_in(body(1, 2))
    assert first == RequestSavings(Tokens(1000 + one, 1000), Tokens(1000 + one, 1000), 1)
    assert second == RequestSavings(Tokens(1500 + two, 1500), Tokens(500 + two - one, 500), 0)
    assert session.reporter.totals.all.new.saved == two


def test_an_answer_of_no_tokens_has_told_nothing() -> None:
    session = Session()
    session.send(body(1), answer(0))
    assert (session.reporter.totals.all.answers, session.reporter.totals.all.turns) == (0, [])


def test_a_conversation_is_what_begins_with_an_earlier_one() -> None:
    session = Session()
    for numbers in ([1], [1, 2], [7], [1, 3], [7, 8]):
        session.send(body(*numbers), answer(1000, cached=500))
    one, other = sorted(session.reporter.totals.conversations, key=lambda conversation: conversation.number)
    assert (one.requests, other.requests) == (3, 2)
    assert (one.usage.cached_share, other.answers) == (0.5, 2)


def test_what_is_new_in_a_turn_is_what_the_upstream_counts_more() -> None:
    session = Session()
    session.send(body(1), answer(1000))
    session.send(body(1, 2), answer(1500))
    first, second = session.reporter.totals.conversations[0].turns
    one, two = saved_in(body(1)), saved_in(body(1, 2))
    assert first == RequestSavings(Tokens(1000 + one, 1000), Tokens(1000 + one, 1000), 1)
    assert second == RequestSavings(Tokens(1500 + two, 1500), Tokens(500 + two - one, 500), 1)


def test_a_request_without_items_is_of_no_conversation() -> None:
    session = Session()
    session.send(b"no request", answer(7))
    assert session.reporter.totals.conversations == []
    assert session.reporter.totals.earlier.usage.input == 7
    assert session.reporter.totals.passed == {"no JSON": 1}


def text(tool: str | None, key: bytes = b"") -> TextReport:
    return TextReport(tool, (), 100, 60, key)


def test_the_oldest_conversations_are_put_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(totals_module, "MAX_CONVERSATIONS", 3)
    totals = Totals()
    for number in [totals.begin() for _ in range(5)]:
        totals.conversation(number).requests += 1
        totals.conversation(number).add_text(text(f"tool_{number}"))
        totals.conversation(number).add_answer(Usage(60, 30, 5), RequestSavings(Tokens(100, 60), Tokens(100, 60)))
        totals.conversation(1)  # goes on all the time
    assert [conversation.number for conversation in totals.conversations] == [4, 5, 1]
    assert (totals.earlier.requests, totals.earlier.outputs, totals.earlier.usage.cached_share) == (2, 2, 0.5)
    assert totals.earlier.turns == [RequestSavings(Tokens(100, 60), Tokens(100, 60))] * 2
    assert (totals.all.requests, totals.all.new, totals.all.usage.output) == (5, Tokens(500, 300), 25)


def test_many_tools_are_put_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(totals_module, "MAX_TOOLS", 3)
    totals = Totals()
    for number in range(9):
        totals.conversation(number % 2 + 1).add_text(text(f"tool_{number}"))
    for sums in (*totals.conversations, totals.all):
        assert len(sums.tools) <= 4
        assert "(other tools)" in sums.tools
    assert totals.all.new == Tokens(900, 540)


def test_many_turns_are_put_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(totals_module, "MAX_TURNS", 3)
    conversation = Totals().conversation(1)
    for _ in range(9):
        conversation.add_answer(Usage(60, None, 5), RequestSavings(Tokens(100, 60), Tokens(10, 6), 1))
    assert len(conversation.turns) == 3
    assert conversation.turns[0] == RequestSavings(Tokens(700, 420), Tokens(70, 42), 7, requests=7)
    assert conversation.usage.cached_share is None
    conversation.add(ConversationTotals(2, turns=[RequestSavings(Tokens(100, 60), Tokens(10, 6), 1)] * 3))
    assert [turn.requests for turn in conversation.turns] == [10, 1, 1]


def test_rereads_are_warned_of_once_and_only_with_an_output_that_reads_again() -> None:
    none, many = Rereads(), Rereads(ShownLines(100, 90), first_in_sight=ShownLines(100, 1), outputs=5)
    sums = ConversationTotals(1)
    assert [sums.add_rereads(rereads) for rereads in (none, many, none, many)] == [False, True, False, False]
    suspicious = ConversationTotals(2, rereads=many)
    assert [suspicious.add_rereads(rereads) for rereads in (none, many)] == [False, True]


def test_known_texts_are_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(totals_module, "KNOWN_TEXTS", 2)
    totals = Totals()
    saved = [totals.count_new(totals.conversation(1), [text("t", bytes([key]))]) for key in (1, 2, 1, 3, 1, 2)]
    assert saved == [40, 40, 0, 40, 0, 40]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("exec_command", "exec_command"),
        (None, "(unknown tool)"),
        ("", "(unknown tool)"),
        (" \n", "(unknown tool)"),
        ("a\nb\x1b[31m\u202e", "a b\\x1b[31m\\u202e"),
        ("x" * 61, "x" * 59 + "…"),
        ("x" * 60, "x" * 60),
    ],
)
def test_tool_names_are_short_and_harmless(name: str | None, shown: str) -> None:
    assert tool_name(name) == shown


@settings(max_examples=60, deadline=None)
@given(strategies.lists(strategies.lists(strategies.integers(0, 5), max_size=4, unique=True), min_size=1, max_size=8))
def test_the_sums_are_those_over_the_items(requests: list[list[int]]) -> None:
    session = Session()
    for numbers in requests:
        session.send(body(*numbers), answer(1000))
    together = session.reporter.totals.all
    new = {number for numbers in requests for number in numbers}
    assert together.new.saved == sum(saved_in(body(number)) for number in new)
    assert sum(turn.new.saved for turn in together.turns) == together.new.saved
    assert together.outputs == len(new)
    whole = sum(saved_in(body(*numbers)) for numbers in requests)
    assert together.new.saved + together.saved_again == whole == together.whole.saved


def test_the_bodies_of_these_tests_save_in_every_turn() -> None:
    """And each output alone as much as beside others: nothing here refers to anything."""
    saved = [saved_in(body(*range(count))) for count in range(6)]
    assert all(later - earlier == saved_in(body(count)) > 0 for count, (earlier, later) in enumerate(pairwise(saved)))
    assert json.loads(body())["input"] == [message("Read.")]


def test_no_more_clients_are_told_apart_than_there_are() -> None:
    totals = Totals()
    for number in range(MAX_CLIENTS + 2):
        totals.add_client(ClientSavings(f"client {number}", 1))
    counts = {client.client: client.requests for client in totals.clients}
    assert (len(counts), counts[OTHER_CLIENTS]) == (MAX_CLIENTS + 1, 2)

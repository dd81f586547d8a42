"""Which answer belongs to which request: in doubt, none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from headroom_compression import UNREAD_ANSWER
from headroom_compression import AnswerEvent
from headroom_compression import Conversation
from headroom_compression import Progress
from headroom_compression import RequestIds
from headroom_compression import Settings
from headroom_proxy.answers import exchanges
from headroom_proxy.answers.continuations import Scope
from headroom_proxy.answers.exchanges import Exchange
from headroom_proxy.answers.exchanges import Exchanges
from headroom_proxy.answers.lanes import MAX_UNANSWERED
from headroom_proxy.answers.lanes import SentRequest
from headroom_proxy.answers.lanes import under_way
from tests.proxy.answer_events import begun
from tests.proxy.answer_events import ended
from tests.proxy.answer_events import item

FIRST, SECOND = Conversation.start(Settings()), Conversation.start(Settings())
CALL = {"type": "function_call", "call_id": "c"}
OTHER = {"type": "function_call", "call_id": "d"}
Kept = list[tuple[str, Conversation, tuple[Mapping[str, Any], ...]]]


def kept_of(*steps: SentRequest | AnswerEvent) -> Kept:
    kept: Kept = []
    exchange = Exchange(lambda *given: kept.append(given))
    for step in steps:
        if isinstance(step, SentRequest):
            exchange.sent(step)
        else:
            exchange.received(step)
    return kept


def request(continues: str, conversation: Conversation | None, lane: str = "") -> SentRequest:
    return SentRequest(RequestIds(continues, lane), conversation)


def test_one_after_the_other() -> None:
    kept = kept_of(
        request("", FIRST), begun("r1", ""), item(CALL), ended("r1"),
        request("r1", SECOND), begun("r2", "r1"), item(OTHER), ended("r2"),
    )  # fmt: skip
    assert kept == [("r1", FIRST, (CALL,)), ("r2", SECOND, (OTHER,))]


def test_the_end_may_repeat_all_items() -> None:
    assert kept_of(request("", FIRST), begun("r1"), item(CALL), ended("r1", CALL, OTHER)) == [
        ("r1", FIRST, (CALL, OTHER))
    ]


def test_an_answer_without_a_beginning() -> None:
    assert kept_of(request("", FIRST), ended("r1", CALL)) == [("r1", FIRST, (CALL,))]


def test_a_server_that_does_not_say_what_it_continues() -> None:
    assert kept_of(request("r0", FIRST), begun("r1"), ended("r1")) == [("r1", FIRST, ())]


def test_what_is_sent_before_the_answer_ends_waits_for_its_own() -> None:
    kept = kept_of(request("", FIRST), begun("r1"), request("r0", SECOND), ended("r1"), begun("r2"), ended("r2"))
    assert [answer for answer, *_ in kept] == ["r1", "r2"]
    assert kept[1][1] is SECOND


def test_a_request_that_was_never_answered_is_skipped() -> None:
    kept = kept_of(request("", FIRST), request("r0", SECOND), begun("r2", "r0"), ended("r2"))
    assert kept == [("r2", SECOND, ())]


def test_an_answer_that_is_not_finished_is_not_kept() -> None:
    kept = kept_of(request("", FIRST), begun("r1"), item(CALL), request("", SECOND), begun("r2"), ended("r2"))
    assert kept == [("r2", SECOND, ())]


def test_after_an_error_nothing_under_way_is_kept() -> None:
    broken = AnswerEvent(Progress.BROKEN)
    assert kept_of(request("", FIRST), begun("r1"), broken, item(CALL), ended("r1")) == []
    assert kept_of(request("", FIRST), broken, begun("r1"), ended("r1")) == []


def test_after_an_error_it_is_not_guessed_which_request_is_answered() -> None:
    broken = AnswerEvent(Progress.BROKEN)
    one, other = request("", FIRST), request("", SECOND)
    assert kept_of(one, broken, other, begun("r1"), ended("r1")) == []
    assert kept_of(one, broken, other, begun("r1", ""), ended("r1")) == []
    assert kept_of(one, broken, request("r0", SECOND), begun("r1", "r0"), ended("r1")) == [("r1", SECOND, ())]
    assert kept_of(one, begun("r1"), broken, other, begun("r2"), ended("r2")) == [("r2", SECOND, ())]


def test_what_two_requests_continue_is_not_guessed_after_an_error() -> None:
    """The error is of one of two; the other may still be answered, which begins as the answer to a later one does."""
    broken, answer = AnswerEvent(Progress.BROKEN), (begun("r1", "r0"), ended("r1"))
    two, later = (request("r0", FIRST), request("r0", FIRST)), request("r0", SECOND)
    assert kept_of(*two, broken, later, *answer) == []
    assert kept_of(two[0], begun("r9", "r0"), two[1], broken, later, *answer) == []
    assert kept_of(*two, broken, later, *answer, later, begun("r2", "r0"), ended("r2")) == []
    assert kept_of(*two, broken, *answer, begun("r2", "r0"), ended("r2"), later, begun("r3", "r0"), ended("r3")) == [
        ("r3", SECOND, ())
    ]
    assert kept_of(*two, broken, request("r8", SECOND), begun("r1", "r8"), ended("r1")) == [("r1", SECOND, ())]


def test_a_request_that_was_refused_alone_may_be_tried_again() -> None:
    refused, again = request("r0", FIRST), request("r0", SECOND)
    assert kept_of(refused, AnswerEvent(Progress.BROKEN), again, begun("r1", "r0"), ended("r1")) == [("r1", SECOND, ())]


def test_in_doubt_nothing_under_way_is_kept_and_later_ones_are() -> None:
    kept: Kept = []
    exchange = Exchange(lambda *given: kept.append(given))
    exchange.sent(request("", FIRST))
    exchange.received(begun("r1", ""))
    exchange.sent(request("r0", FIRST))
    exchange.doubt()
    for event in (ended("r1", continues=""), ended("r2", continues="r0")):
        exchange.received(event)
    assert kept == []
    exchange.sent(request("r9", SECOND))
    exchange.received(ended("r3", continues="r9"))
    assert kept == [("r3", SECOND, ())]


def test_requests_that_nobody_answers_are_forgotten() -> None:
    requests = [request(f"r{number}", FIRST) for number in range(MAX_UNANSWERED + 1)]
    assert kept_of(*requests[:-1], begun("a", "r0"), ended("a")) == [("a", FIRST, ())]
    assert kept_of(*requests, begun("a", "r0"), ended("a")) == []


def test_an_unknown_point_is_not_kept() -> None:
    assert kept_of(request("", None), begun("r1"), ended("r1")) == []
    assert kept_of(request("", None), request("r0", SECOND), begun("r1"), ended("r1")) == []


def test_an_answer_without_an_id_is_not_kept() -> None:
    assert kept_of(request("", FIRST), begun(None), ended(None)) == []


def test_an_answer_to_nobody_is_not_kept() -> None:
    assert kept_of(begun("r1"), item(CALL), ended("r1", CALL)) == []


def test_lanes_do_not_wait_for_each_other() -> None:
    def in_lane(event: AnswerEvent, lane: str) -> AnswerEvent:
        return replace(event, lane=lane)

    kept = kept_of(
        request("", FIRST, "a"), request("", SECOND, "b"),
        in_lane(begun("r2"), "b"), in_lane(begun("r1"), "a"),
        in_lane(item(CALL), "a"), in_lane(item(OTHER), "b"),
        in_lane(ended("r1"), "a"), in_lane(ended("r2"), "b"),
    )  # fmt: skip
    assert kept == [("r1", FIRST, (CALL,)), ("r2", SECOND, (OTHER,))]


def test_an_error_in_a_lane_is_of_this_lane() -> None:
    broken = AnswerEvent(Progress.BROKEN, lane="a")
    kept = kept_of(
        request("", FIRST, "a"), request("", SECOND, "b"), broken,
        replace(ended("r1"), lane="a"), replace(ended("r2"), lane="b"), replace(ended("r3"), lane="c"),
    )  # fmt: skip
    assert kept == [("r2", SECOND, ())]


def told(*steps: SentRequest | AnswerEvent, is_over: bool = True) -> list[tuple[str, str | None]]:
    """Whom it told of which answer, by the ids that the requests continue."""
    heard: list[tuple[str, str | None]] = []
    exchange = Exchange(lambda *_: None)
    for step in steps:
        if isinstance(step, SentRequest):
            exchange.sent(replace(step, tell=partial(hear, heard, step.ids.continues)))
        else:
            exchange.received(step)
    if is_over:
        exchange.end()
        exchange.end()
    return heard


def hear(heard: list[tuple[str, str | None]], request: str, answer: AnswerEvent | None) -> None:
    heard.append((request, answer.response_id if answer else None))


BROKEN = AnswerEvent(Progress.BROKEN)
A, B = request("a", FIRST), request("b", None)


@pytest.mark.parametrize(
    ("steps", "heard"),
    [
        pytest.param([A, ended("r1")], [("a", "r1")], id="an answer"),
        pytest.param([A, begun("r1"), item(CALL), ended("r1")], [("a", "r1")], id="in pieces"),
        pytest.param([B, ended("r1")], [("b", "r1")], id="also where nothing is kept"),
        pytest.param([A, ended("r1"), B, ended("r2")], [("a", "r1"), ("b", "r2")], id="one after the other"),
        pytest.param([A, B, ended("r2", continues="b")], [("a", None), ("b", "r2")], id="the first is left"),
        pytest.param([A, begun("r1"), B, begun("r2"), ended("r2")], [("a", None), ("b", "r2")], id="not finished"),
        pytest.param([A, ended("r1", continues="else")], [("a", None)], id="to another request"),
        pytest.param([A, begun("r1"), BROKEN], [("a", None)], id="an error"),
        pytest.param([A, BROKEN], [("a", None)], id="refused"),
        pytest.param([A, BROKEN, B, ended("r1")], [("a", None), ("b", None)], id="in doubt"),
        pytest.param([A, B], [("a", None), ("b", None)], id="nothing came"),
        pytest.param([A, begun("r1")], [("a", None)], id="broken off"),
        pytest.param([ended("r1")], [], id="nobody asked"),
    ],
)
def test_each_request_is_told_once(steps: list[SentRequest | AnswerEvent], heard: list[tuple[str, str | None]]) -> None:
    assert told(*steps) == heard


def test_an_answer_is_told_when_it_ends() -> None:
    assert told(A, ended("r1"), is_over=False) == [("a", "r1")]


def test_where_the_last_answer_cannot_be_read_its_request_is_told() -> None:
    told: list[AnswerEvent | None] = []
    exchange = Exchange(lambda *_: None)
    exchange.sent(replace(request("", FIRST), tell=told.append))
    with pytest.raises(MemoryError):
        exchange.end(fail)
    assert told == [None]


def fail() -> AnswerEvent:
    raise MemoryError


def test_requests_that_nobody_answers_are_told() -> None:
    requests = [request(f"r{number}", FIRST) for number in range(MAX_UNANSWERED + 1)]
    assert told(*requests, is_over=False) == [(f"r{number}", None) for number in range(MAX_UNANSWERED + 1)]


Told = list[tuple[str, str | None]]


def noted(*steps: SentRequest | AnswerEvent) -> Told:
    """What was kept and lost, in order."""
    notes: Told = []
    exchange = Exchange(
        lambda answer, *_: notes.append(("keep", answer)), lambda answer: notes.append(("lose", answer))
    )
    for step in steps:
        if isinstance(step, SentRequest):
            exchange.sent(step)
        else:
            exchange.received(step)
    return notes


UNKNOWN = request("", None)


@pytest.mark.parametrize(
    ("steps", "notes"),
    [
        pytest.param([A, begun("r1")], [("lose", "r1")], id="issued anew"),
        pytest.param([A, ended("r1")], [("lose", "r1"), ("keep", "r1")], id="known at its end"),
        pytest.param([UNKNOWN, ended("r1")], [("lose", "r1")], id="to what is not known"),
        pytest.param([begun("r1")], [("lose", "r1")], id="to nobody"),
        pytest.param([A, replace(begun("r1"), lane="else")], [("lose", "r1")], id="in another lane"),
        pytest.param([A, replace(BROKEN, response_id="r1")], [("lose", "r1")], id="failed"),
        pytest.param([A, BROKEN], [], id="an error"),
        pytest.param([A, begun(None), item(CALL)], [], id="without an id"),
        pytest.param([A, UNREAD_ANSWER], [("lose", None)], id="not read"),
        pytest.param([A, AnswerEvent(Progress.ENDED, is_read=False)], [("lose", None)], id="its end not read"),
    ],
)
def test_what_an_id_meant_before_is_over(steps: list[SentRequest | AnswerEvent], notes: Told) -> None:
    assert noted(*steps) == notes


def test_what_goes_on_unread_may_have_any_id_unless_it_was_told() -> None:
    lost: list[str | None] = []
    exchange = Exchange(lambda *_: None, lost.append)
    exchange.sent(A)
    exchange.pass_unread()
    assert lost == [None]
    exchange.received(begun("r1"))
    exchange.pass_unread()
    assert lost == [None, "r1"]


def test_an_end_that_cannot_be_read_may_have_any_id() -> None:
    lost: list[str | None] = []
    with pytest.raises(MemoryError):
        Exchange(lambda *_: None, lost.append).end(fail)
    assert lost == [None]


def test_after_the_track_is_lost_nothing_is_kept_and_everybody_is_told() -> None:
    notes: list[object] = []
    exchange = Exchange(lambda *given: notes.append(given), notes.append)
    exchange.sent(replace(A, tell=notes.append))
    exchange.lose_track()
    exchange.sent(replace(A, tell=notes.append))
    assert notes == [None, None]
    exchange.received(ended("r1", continues="a"))
    assert notes == [None, None, "r1"]


def test_lanes_that_nobody_answers_are_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchanges, "MAX_LANES", 3)
    told: list[AnswerEvent | None] = []
    exchange = Exchange(lambda *_: None)
    for number in range(10):
        exchange.sent(replace(request("", FIRST, f"lane {number}"), tell=told.append))
        assert len(exchange._lanes) <= 3  # noqa: SLF001  there is no public way to it
    assert told == [None] * 10


def test_lanes_that_are_answered_are_not_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchanges, "MAX_LANES", 3)
    steps: list[SentRequest | AnswerEvent] = []
    for number in range(10):
        steps += [request("", FIRST, f"lane {number}"), replace(ended(f"r{number}"), lane=f"lane {number}")]
    assert len(kept_of(*steps)) == 10


def test_what_is_under_way_is_ours_or_only_heard_of() -> None:
    notes: list[tuple[object, ...]] = []
    under_way = Exchanges(lambda *given: notes.append(given), lambda *given: notes.append(given))
    scope = Scope("here", 443, b"user")
    ours, other = (under_way.begin(flow, scope) for flow in ("ours", "other"))
    assert under_way.get("ours") is None
    assert under_way.scope("ours") is scope
    under_way.take_on("ours", ours)
    assert under_way.get("ours") is under_way.hearing("ours") is ours
    assert under_way.get("other") is None
    assert under_way.hearing("other") is other
    ours.sent(A)
    other.received(begun("r1"))
    ours.received(ended("r2"))
    assert notes == [(scope, "r1"), (scope, "r2"), (scope, "r2", FIRST, ())]
    under_way.leave()
    assert under_way.get("ours") is None
    assert under_way.hearing("ours") is ours
    assert not under_way
    assert [under_way.pop(flow) for flow in ("ours", "other", "ours")] == [ours, other, None]


def test_an_answer_can_be_continued_while_a_message_that_may_add_to_it_is_worked_on() -> None:
    kept, lost = list[str](), list[str | None]()
    together = Exchanges(lambda _, answer, *__: kept.append(answer), lambda _, answer: lost.append(answer))
    exchange = together.begin("flow", Scope("upstream.test", 443, b""))
    together.take_on("flow", exchange)
    exchange.sent(request("", FIRST))
    added = b'{"type":"response.inject","response_id":"r1"}'
    for flow, message in [("flow", added), ("other", added)]:
        with together.open_to(flow, message):
            assert kept == [], "no answer is under way"
    exchange.received(begun("r1"))
    with together.open_to("flow", b'{"type":"response.create"}'):
        assert kept == []
    with together.open_to("flow", added):
        assert (kept, lost) == ([under_way("r1")], ["r1"])
    assert lost == ["r1", under_way("r1")]

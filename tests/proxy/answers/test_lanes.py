"""What becomes of an answer that its client adds to, or that a server goes on from by itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from headroom_compression import AnswerEvent
from headroom_compression import Conversation
from headroom_compression import Progress
from headroom_compression import RequestIds
from headroom_compression import Settings
from headroom_proxy.answers.lanes import MAX_UNANSWERED
from headroom_proxy.answers.lanes import Lane
from headroom_proxy.answers.lanes import SentRequest
from headroom_proxy.answers.lanes import under_way
from tests.proxy.answer_events import begun
from tests.proxy.answer_events import ended
from tests.proxy.answer_events import item

FIRST, SECOND, THIRD = (Conversation.start(Settings()) for _ in range(3))
CALL, OTHER, LAST = ({"type": "function_call", "call_id": name} for name in "cde")
Kept = list[tuple[str, Conversation, tuple[Mapping[str, Any], ...]]]
# What is added to the answer under way, after what is known of it; that nothing is known of what was sent.
Step = SentRequest | AnswerEvent | Conversation | None


def kept_of(*steps: Step) -> Kept:
    """What was kept for good."""
    kept: Kept = []
    offered: Kept = []
    to_keep = kept
    lane = Lane(lambda *given: to_keep.append(given))
    for step in steps:
        if isinstance(step, SentRequest):
            lane.sent(step)
        elif isinstance(step, AnswerEvent):
            lane.received(step)
        else:
            to_keep = offered
            lane.offer()
            to_keep = kept
            lane.add(step)
    return kept


def request(continues: str, conversation: Conversation | None) -> SentRequest:
    return SentRequest(RequestIds(continues), conversation)


def steered(answer: str, steer: str = "s1") -> AnswerEvent:
    return AnswerEvent(Progress.STEERED, continues=answer, steer=steer)


NOT_STEERED = AnswerEvent(Progress.NOT_STEERED, steer="s1")


ASKED = request("", FIRST)
ADDED, NOT_ADDED = (AnswerEvent(progress, continues="r1") for progress in (Progress.ADDED, Progress.NOT_ADDED))
BEGUN: tuple[Step, ...] = (ASKED, begun("r1"), item(CALL))


def test_the_end_of_an_answer_that_was_left_is_not_that_to_a_later_request() -> None:
    broken = AnswerEvent(Progress.BROKEN)
    assert kept_of(*BEGUN, broken, request("", SECOND), ended("r1")) == []
    steps = [*BEGUN, broken, request("", SECOND), ended("r1"), begun("r2"), ended("r2")]
    assert kept_of(*steps) == [("r2", SECOND, ())]


def test_what_is_offered_is_the_answer_so_far() -> None:
    kept: Kept = []
    lane = Lane(lambda *given: kept.append(given))
    lane.offer()
    for step in (begun("r1"), item(CALL)):
        lane.sent(ASKED)
        lane.received(step)
    lane.offer()
    lane.add(SECOND)
    lane.received(item(OTHER))
    lane.offer()
    assert kept == [(under_way("r1"), FIRST, (CALL,)), (under_way("r1"), SECOND, (OTHER,))]
    assert lane.answering == "r1"


@pytest.mark.parametrize(
    ("steps", "point", "items"),
    [
        pytest.param([SECOND, ADDED, item(OTHER)], SECOND, (OTHER,), id="an addition"),
        pytest.param([SECOND, item(OTHER), ADDED, item(LAST)], SECOND, (OTHER, LAST), id="confirmed later"),
        pytest.param([SECOND, ADDED, item(OTHER), THIRD, ADDED], THIRD, (), id="two"),
        pytest.param([SECOND, item(OTHER), THIRD, ADDED, item(LAST), ADDED], THIRD, (LAST,), id="one on the other"),
        pytest.param([SECOND, item(OTHER)], FIRST, (CALL, OTHER), id="never confirmed"),
        pytest.param([SECOND, NOT_ADDED, item(OTHER)], FIRST, (CALL, OTHER), id="refused"),
        pytest.param([SECOND, ADDED, THIRD, NOT_ADDED, item(OTHER)], SECOND, (OTHER,), id="the second is refused"),
        pytest.param([None, ADDED, item(OTHER)], FIRST, (CALL, OTHER), id="an addition that is not known"),
        pytest.param([None, SECOND, ADDED, ADDED], SECOND, (), id="a known one behind it"),
        pytest.param([None, SECOND, NOT_ADDED, ADDED], SECOND, (), id="which was refused"),
        pytest.param([ADDED, item(OTHER)], FIRST, (CALL, OTHER), id="one that nobody saw"),
        pytest.param([NOT_ADDED, item(OTHER)], FIRST, (CALL, OTHER), id="a refusal of it"),
    ],
)
def test_what_was_added_stands_before_what_came_after(
    steps: list[Step], point: Conversation, items: tuple[Mapping[str, Any], ...]
) -> None:
    ((answer, kept, known),) = kept_of(*BEGUN, *steps, ended("r1"))
    assert (answer, known) == ("r1", items)
    assert kept is point


def test_what_an_answer_repeats_at_its_end_stood_before_the_addition() -> None:
    assert kept_of(*BEGUN, SECOND, ADDED, item(OTHER), ended("r1", CALL, OTHER)) == [("r1", SECOND, (OTHER,))]


@pytest.mark.parametrize("last", [[ADDED], [NOT_ADDED], []])
def test_nothing_is_known_of_what_was_added_to_what_was_refused(last: list[AnswerEvent]) -> None:
    assert kept_of(*BEGUN, SECOND, THIRD, NOT_ADDED, *last, ended("r1")) == []


def test_what_was_worked_out_before_a_refusal_does_not_count() -> None:
    kept: Kept = []
    lane = Lane(lambda *given: kept.append(given))
    lane.sent(ASKED)
    lane.received(begun("r1"))
    lane.offer()
    lane.add(SECOND)
    lane.offer()
    lane.received(NOT_ADDED)
    lane.add(THIRD)
    kept.clear()
    lane.received(ADDED)
    lane.received(ended("r1"))
    assert [point for _, point, _ in kept] == [FIRST]
    assert kept[0][1] is FIRST


def test_what_is_added_to_no_answer_is_nothing() -> None:
    assert kept_of(SECOND, *BEGUN, AnswerEvent(Progress.ADDED, continues="r2"), ended("r1")) == [("r1", FIRST, (CALL,))]


def test_additions_that_nobody_confirms_are_forgotten() -> None:
    assert kept_of(*BEGUN, *[SECOND] * (MAX_UNANSWERED + 1), ended("r1")) == []


def test_an_answer_goes_on_from_one_that_was_steered() -> None:
    steps = [*BEGUN, steered("r1"), ended("r1"), begun("r2", "r1"), item(OTHER), steered("r2"), ended("r2")]
    kept = kept_of(*steps, begun("r3", "r2"), ended("r3", LAST))
    assert kept == [("r1", FIRST, (CALL,)), ("r2", FIRST, (CALL, OTHER)), ("r3", FIRST, (CALL, OTHER, LAST))]


@pytest.mark.parametrize(
    "steps",
    [
        pytest.param([ended("r1")], id="none was steered"),
        pytest.param([steered("r9"), ended("r1")], id="another one was"),
        pytest.param([steered("r1"), NOT_STEERED, ended("r1")], id="it failed"),
        pytest.param([ended("r1"), steered("r1")], id="only after its end"),
        pytest.param([steered("r1"), ended("r1"), AnswerEvent(Progress.BROKEN), request("r8", SECOND)], id="an error"),
    ],
)
def test_what_else_a_server_begins_by_itself_is_not_known(steps: list[Step]) -> None:
    answers = [answer for answer, *_ in kept_of(*BEGUN, *steps, begun("r2", "r1"), ended("r2"))]
    assert answers == ["r1"]


def test_one_of_two_that_steered_may_fail() -> None:
    steps = [*BEGUN, steered("r1"), steered("r1", "s2"), NOT_STEERED, ended("r1"), begun("r2", "r1"), ended("r2")]
    assert [answer for answer, *_ in kept_of(*steps)] == ["r1", "r2"]


def test_in_doubt_whether_an_answer_was_asked_for_neither_is_known() -> None:
    steps = [*BEGUN, steered("r1"), request("r1", SECOND), ended("r1"), begun("r2", "r1"), ended("r2")]
    assert kept_of(*steps, begun("r3", "r1"), ended("r3")) == [("r1", FIRST, (CALL,))]


def test_a_server_that_does_not_say_what_it_continues_leaves_it_in_doubt_too() -> None:
    steps = [*BEGUN, steered("r1"), request("r0", SECOND), ended("r1"), begun("r2"), ended("r2")]
    assert kept_of(*steps, begun("r3"), ended("r3")) == [("r1", FIRST, (CALL,))]


def test_a_request_that_waits_behind_what_a_server_adds_has_its_own_answer() -> None:
    steps = [*BEGUN, steered("r1"), request("r0", SECOND), ended("r1"), begun("r2", "r1"), ended("r2")]
    assert kept_of(*steps, begun("r3", "r0"), ended("r3"))[1:] == [("r2", FIRST, (CALL,)), ("r3", SECOND, ())]


def test_after_a_steered_answer_waits_for_tools_a_request_goes_on() -> None:
    steps = [*BEGUN, steered("r1"), ended("r1"), NOT_STEERED, request("r1", SECOND), begun("r2", "r1"), ended("r2")]
    assert kept_of(*steps) == [("r1", FIRST, (CALL,)), ("r2", SECOND, ())]


def test_a_lane_is_over_when_nothing_more_may_come() -> None:
    lane = Lane(lambda *_: None)
    assert lane.is_over
    for event in (steered("r1"), begun("r2", "r1"), ended("r2")):
        lane.received(event)
        assert lane.is_over is (event.progress is Progress.ENDED)


def test_what_is_steered_without_end_is_forgotten() -> None:
    steers = [steered("r1", f"s{number}") for number in range(MAX_UNANSWERED + 1)]
    assert kept_of(*BEGUN, *steers, ended("r1"), begun("r2", "r1"), ended("r2")) == []

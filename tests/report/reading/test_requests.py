"""Which recorded request continues which, and what becomes of those that nothing continues."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from headroom_compression import Settings
from headroom_report.measuring.measure import Audit
from headroom_report.reading.answers import RecordedAnswer
from headroom_report.reading.requests import Conversations
from headroom_report.reading.requests import RecordedRequest
from headroom_report.values.sessions import Session
from headroom_report.values.usage_sums import UsageSum
from tests.compression.support.bodies import Item
from tests.compression.support.bodies import command_call
from tests.compression.support.bodies import function_output
from tests.compression.support.bodies import message
from tests.report.reads import reads

ITEMS = reads(3)


def request(items: object, answer: RecordedAnswer = RecordedAnswer(), **members: Any) -> RecordedRequest:  # noqa: B008  frozen
    return RecordedRequest({"input": items, **members}, answer)


def sessions_of(*requests: RecordedRequest) -> list[Session]:
    conversations = Conversations()
    for recorded in requests:
        conversations.add(recorded)
    return list(conversations.sessions("name", "kind"))


def shape(sessions: Iterable[Session]) -> list[list[list[int]]]:
    """For each session and each of its histories how many items the requests have."""
    return [[list(stretch.ends) for stretch in session.stretches] for session in sessions]


@pytest.mark.parametrize("key", ["", "some"], ids=["without a key", "with a key"])
@pytest.mark.parametrize(
    ("histories", "expected"),
    [
        pytest.param([ITEMS[:1], ITEMS[:3], ITEMS[:5]], [[[1, 3, 5]]], id="one grows"),
        pytest.param([ITEMS[:1], ITEMS[:3], ITEMS[:3]], [[[1, 3, 3]]], id="sent again"),
        pytest.param([ITEMS[:1], ITEMS[:5], ITEMS[:3]], [[[1, 3, 5]]], id="begun again in its midst"),
        pytest.param([ITEMS[:3], [*ITEMS[:3], message("No.")], ITEMS[:5]], [[[3, 4], [5]]], id="branch"),
        pytest.param([[*ITEMS[:3], {"role": "assistant"}], ITEMS[:5]], [[[4], [5]]], id="a message dropped"),
    ],
)
def test_requests_that_share_items_are_one_session(
    histories: list[list[Item]], expected: list[list[list[int]]], key: str
) -> None:
    assert shape(sessions_of(*(request(items, prompt_cache_key=key) for items in histories))) == expected


def test_sessions_at_the_same_time_are_kept_apart() -> None:
    other = reads(2, "Other.")
    mixed = [request(items) for items in (ITEMS[:1], other[:1], ITEMS[:3], other[:3], ITEMS[:5])]
    sessions = sessions_of(*mixed)
    assert shape(sessions) == [[[1, 3, 5]], [[1, 3]]]
    assert [session.name for session in sessions] == ["name #1", "name #2"]


def test_a_request_with_other_tools_is_of_another_session() -> None:
    title = request(ITEMS[:1], prompt_cache_key="some", instructions="Find a title.")
    own: dict[str, Any] = {"prompt_cache_key": "some", "instructions": "Be kind.", "tools": [{"name": "ls"}]}
    sessions = sessions_of(title, *(request(items, **own) for items in (ITEMS[:1], ITEMS[:3])))
    assert shape(sessions) == [[[1]], [[1, 3]]]
    assert [session.fixed for session in sessions] == [("Find a title.",), ("Be kind.", '[{"name":"ls"}]')]


def test_the_same_key_is_the_same_session_whatever_the_client_does_to_its_history() -> None:
    compacted = [message("Summary."), message("Go on.")]
    requests = [request(items, prompt_cache_key="some") for items in (ITEMS[:5], compacted)]
    assert shape(sessions_of(*requests)) == [[[5], [2]]]
    assert shape(sessions_of(request(ITEMS[:5], prompt_cache_key="some"), request(compacted))) == [[[5]], [[2]]]


def test_an_answer_is_continued_by_its_id() -> None:
    call = command_call("ls")
    first = request([message("Hi.")], RecordedAnswer("resp_1", (call,), UsageSum(10, 0, 2)))
    warm_up = request([], RecordedAnswer("resp_0"), generate=False)
    second = request(
        [function_output("a.py")], RecordedAnswer("resp_2", (), UsageSum(20, 10, 2)), previous_response_id="resp_1"
    )
    (session,) = sessions_of(warm_up, first, second)
    assert session.stretches[0].items == [message("Hi."), call, function_output("a.py")]
    assert (shape([session]), session.usage) == ([[[1, 3]]], UsageSum(30, 10, 4))


def test_an_answer_that_was_not_recorded_is_told() -> None:
    conversations = Conversations()
    conversations.add(request([function_output("a.py")], previous_response_id="resp_9"))
    assert conversations.without_beginning == 1
    assert shape(conversations.sessions("name", "kind")) == [[[1]]]


def test_instructions_tools_and_what_shortens_a_history_belong_to_a_session() -> None:
    (session,) = sessions_of(request("Hi.", instructions="Be kind.", tools=[{"name": "ls"}], truncation="auto"))
    assert session.fixed == ("Be kind.", '[{"name":"ls"}]')
    assert session.options == {"truncation": "auto"}
    assert session.stretches[0].items == [{"type": "message", "role": "user", "content": "Hi."}]


def test_a_branch_counts_its_own_items_only() -> None:
    branch = [*ITEMS[:3], command_call("ls"), function_output("a.py")]
    together = [request(items) for items in (ITEMS[:1], ITEMS[:3], ITEMS[:5], branch)]
    (session,) = sessions_of(*together)
    savings = Audit(Settings()).measure(session)
    assert savings
    assert sum(tool.outputs for tool in savings.tools) == 3
    assert [turn.new_outputs for turn in savings.turns] == [0, 1, 1, 1]

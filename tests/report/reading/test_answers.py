"""What a recorded answer says, in each form in which servers send it."""

from __future__ import annotations

import json

import pytest

from headroom_report.reading.answers import REFUSED
from headroom_report.reading.answers import RecordedAnswer
from headroom_report.reading.answers import read_body
from headroom_report.values.usage_sums import UsageSum
from tests.compression.support.bodies import Item
from tests.compression.support.bodies import command_call

CALL = command_call("ls")
USAGE = {"input_tokens": 10, "input_tokens_details": {"cached_tokens": 4}, "output_tokens": 2}
RESPONSE = {"object": "response", "status": "completed", "id": "resp_1", "output": [CALL], "usage": USAGE}
EVENTS: tuple[Item, ...] = (
    {"type": "response.created", "response": {"id": "resp_1"}},
    {"type": "response.output_item.done", "item": CALL},
    {"type": "response.completed", "response": RESPONSE},
)


def stream(newline: str, space: str = " ") -> bytes:
    return as_stream(*EVENTS, newline=newline, space=space)


def as_stream(*events: Item, newline: str = "\n", space: str = " ") -> bytes:
    written = (f"event: {event['type']}{newline}data:{space}{json.dumps(event)}{newline * 2}" for event in events)
    return "".join(written).encode()


def response(**members: object) -> bytes:
    return json.dumps({**RESPONSE, **members}).encode()


@pytest.mark.parametrize(
    ("body", "answer"),
    [
        pytest.param(json.dumps(RESPONSE).encode(), RecordedAnswer("resp_1", (CALL,), UsageSum(10, 4, 2)), id="JSON"),
        pytest.param(stream("\n"), RecordedAnswer("resp_1", (CALL,), UsageSum(10, 4, 2)), id="stream"),
        pytest.param(
            stream("\r\n", ""), RecordedAnswer("resp_1", (CALL,), UsageSum(10, 4, 2)), id="stream with other newlines"
        ),
        pytest.param(stream("\n")[:-200], RecordedAnswer("resp_1", (CALL,)), id="stream that broke off"),
        pytest.param(b'{"error":{}}', REFUSED, id="error"),
        pytest.param(b'{"error":"no such model"}', REFUSED, id="error in words"),
        pytest.param(response(status="failed", error={"code": "server_error"}), REFUSED, id="failed"),
        pytest.param(response(status="cancelled"), REFUSED, id="cancelled"),
        pytest.param(response(status="queued"), RecordedAnswer(), id="to be fetched later"),
        pytest.param(
            response(status="incomplete"), RecordedAnswer("resp_1", (CALL,), UsageSum(10, 4, 2)), id="incomplete"
        ),
        pytest.param(b'{"object":"response","error":{},"status', RecordedAnswer(), id="error that broke off"),
        pytest.param(as_stream(EVENTS[0], {"type": "response.failed"}), REFUSED, id="fails"),
        pytest.param(as_stream({"type": "error", "status": 400}), REFUSED, id="error as an event"),
        pytest.param(
            as_stream({"type": "response.incomplete", "response": RESPONSE}),
            RecordedAnswer("resp_1", (CALL,), UsageSum(10, 4, 2)),
            id="incomplete stream",
        ),
        pytest.param(
            as_stream(*EVENTS, {"type": "error", "status": 400}),
            RecordedAnswer("resp_1", (CALL,), UsageSum(10, 4, 2)),
            id="error after the end",
        ),
        pytest.param(
            as_stream(EVENTS[0]) + b'data: {"type":"response.completed","response":{"output":["\\ud83d"]}}\n\n',
            RecordedAnswer("resp_1"),
            id="an end with half an emoji",
        ),
        pytest.param(b"<html>", RecordedAnswer(), id="page"),
        pytest.param(b"", RecordedAnswer(), id="nothing"),
        pytest.param(b"{cut", RecordedAnswer(), id="cut"),
    ],
)
def test_an_answer(body: bytes, answer: RecordedAnswer) -> None:
    assert read_body(body) == answer


@pytest.mark.parametrize(
    ("usage", "expected"),
    [
        pytest.param({"input_tokens": 3, "output_tokens": 1}, UsageSum(3, 0, 1, untold=3), id="no details"),
        pytest.param(
            {**USAGE, "input_tokens_details": {"cached_tokens": None}}, UsageSum(10, 0, 2, untold=10), id="null"
        ),
        pytest.param({**USAGE, "input_tokens_details": {"cached_tokens": 10}}, UsageSum(10, 10, 2), id="all cached"),
        pytest.param(
            {**USAGE, "input_tokens_details": {"cached_tokens": 11}}, UsageSum(10, 0, 2, untold=10), id="more"
        ),
        pytest.param(
            {**USAGE, "input_tokens_details": {"cached_tokens": -1}}, UsageSum(10, 0, 2, untold=10), id="less"
        ),
        pytest.param({"input_tokens": -3, "output_tokens": 1}, None, id="negative"),
        pytest.param({"input_tokens": "3", "output_tokens": 1}, None, id="no number"),
        pytest.param([], None, id="list"),
    ],
)
def test_usage_of_odd_shapes(usage: object, expected: UsageSum | None) -> None:
    assert read_body(json.dumps({**RESPONSE, "usage": usage}).encode()).usage == expected

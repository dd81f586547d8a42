"""What a recorded answer says, in each form in which servers send it."""

from __future__ import annotations

import json

import pytest
from tests.compression.bodies import command_call

from headroom_report.answers import Answer
from headroom_report.answers import read_body
from headroom_report.savings import Usage

CALL = command_call("ls")
USAGE = {"input_tokens": 10, "input_tokens_details": {"cached_tokens": 4}, "output_tokens": 2}
RESPONSE = {"object": "response", "status": "completed", "id": "resp_1", "output": [CALL], "usage": USAGE}
EVENTS = (
    {"type": "response.created", "response": {"id": "resp_1"}},
    {"type": "response.output_item.done", "item": CALL},
    {"type": "response.completed", "response": RESPONSE},
)


def stream(newline: str, space: str = " ") -> bytes:
    events = (f"event: {event['type']}{newline}data:{space}{json.dumps(event)}{newline * 2}" for event in EVENTS)
    return "".join(events).encode()


@pytest.mark.parametrize(
    ("body", "answer"),
    [
        pytest.param(json.dumps(RESPONSE).encode(), Answer("resp_1", (CALL,), Usage(10, 4, 2)), id="JSON"),
        pytest.param(stream("\n"), Answer("resp_1", (CALL,), Usage(10, 4, 2)), id="stream"),
        pytest.param(stream("\r\n", ""), Answer("resp_1", (CALL,), Usage(10, 4, 2)), id="stream with other newlines"),
        pytest.param(stream("\n")[:-200], Answer("resp_1", (CALL,)), id="stream that broke off"),
        pytest.param(b'{"error":{}}', Answer(), id="error"),
        pytest.param(b"<html>", Answer(), id="page"),
        pytest.param(b"", Answer(), id="nothing"),
        pytest.param(b"{cut", Answer(), id="cut"),
    ],
)
def test_an_answer(body: bytes, answer: Answer) -> None:
    assert read_body(body) == answer


@pytest.mark.parametrize(
    ("usage", "expected"),
    [
        pytest.param({"input_tokens": 3, "output_tokens": 1}, Usage(3, 0, 1, untold=3), id="no details"),
        pytest.param({**USAGE, "input_tokens_details": {"cached_tokens": None}}, Usage(10, 0, 2, untold=10), id="null"),
        pytest.param({"input_tokens": "3", "output_tokens": 1}, None, id="no number"),
        pytest.param([], None, id="list"),
    ],
)
def test_usage_of_odd_shapes(usage: object, expected: Usage | None) -> None:
    assert read_body(json.dumps({**RESPONSE, "usage": usage}).encode()).usage == expected

"""Events of a server that cannot be read arrive as they were sent, and the messages after them are shortened."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.wire.bodies import Item
from tests.wire.bodies import message
from tests.wire.bodies import reading
from tests.wire.test_websocket_faults import ERRORS
from tests.wire.websocket_peers import answer
from tests.wire.websocket_peers import check_is_sent_as_in_full_history
from tests.wire.websocket_peers import create

if TYPE_CHECKING:
    from tests.proxy.conftest import Proxy
    from tests.wire.websocket_peers import WebSocket

ASKED: Item = message("Read.")
SENT = create(ASKED, *reading("r1"))
READ_AGAIN, SHOWN_AGAIN = reading("r2")


pytestmark = pytest.mark.usefixtures("no_hook_raises")


@pytest.mark.parametrize(
    "event",
    [
        pytest.param(b'{"type":"response.completed","response":{"id":"resp_1"', id="cut"),
        pytest.param(b'{"type":"response.created","response":[]}', id="a list as answer"),
        pytest.param(b'{"type":"response.created"}', id="no answer"),
        pytest.param(b'{"type":"response.completed","response":{"id":7,"output":[7]}}', id="a number as id"),
        pytest.param(b'{"type":"response.output_item.done","item":7}', id="a number as item"),
        pytest.param(b'{"type":"response.output_item.done","item":' + b"[" * 5_000 + b"]" * 5_000 + b"}", id="deep"),
        pytest.param(b'{"type":"error"}', id="an error"),
        pytest.param(b'"response.created"', id="a string"),
        pytest.param(b'["response.created"]', id="a list"),
        pytest.param(b'{"type":"response.created","response":{"id":"\\ud83d"}}', id="half of a face"),
    ],
)
def test_an_event_that_cannot_be_read(event: bytes, websocket: WebSocket) -> None:
    websocket.up(create(ASKED))
    websocket.hear([event])
    check_is_sent_as_in_full_history(websocket.up(SENT).content, SENT)
    websocket.hear([event, *answer("resp_2", READ_AGAIN)])
    sent = create(SHOWN_AGAIN, previous_response_id="resp_2")
    assert len(websocket.up(sent).content) < len(sent)


@pytest.mark.parametrize("error", ERRORS)
def test_a_reader_of_events_that_raises(
    error: type[BaseException], websocket: WebSocket, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(event: bytes) -> None:
        raise error(event)

    websocket.up(create(ASKED))
    with monkeypatch.context() as patch:
        patch.setattr("headroom_proxy.answers.exchanges.read_answer_event", fail)
        websocket.hear(answer("resp_1", READ_AGAIN))
        proxy.settle()
    check_is_sent_as_in_full_history(websocket.up(SENT).content, SENT)


@pytest.mark.parametrize(
    "item",
    [
        {},
        {"type": 7},
        {"type": "function_call"},
        {"type": "function_call", "call_id": ["r2"], "name": None, "arguments": 7},
        {"type": "function_call", "call_id": "r2", "name": {}, "arguments": "{"},
        {"type": "custom_tool_call", "call_id": "r2", "input": []},
        {"type": "shell_call", "call_id": "r2", "action": "ls"},
        {"type": "function_call_output", "call_id": "r2", "output": 7},
    ],
    ids=json.dumps,
)
def test_an_odd_item_of_the_model(item: Item, websocket: WebSocket) -> None:
    websocket.up(create(ASKED))
    websocket.hear(answer("resp_1", item))
    sent = create(SHOWN_AGAIN, previous_response_id="resp_1")
    check_is_sent_as_in_full_history(websocket.up(sent).content, sent, ASKED, item)

import json
import socket
from collections.abc import Iterator
from typing import Any
from typing import Self

import pytest
from wsproto import ConnectionType
from wsproto import WSConnection
from wsproto.connection import ConnectionState
from wsproto.events import BytesMessage
from wsproto.events import CloseConnection
from wsproto.events import Event
from wsproto.events import Ping
from wsproto.events import Pong
from wsproto.events import RejectConnection
from wsproto.events import Request
from wsproto.events import TextMessage
from wsproto.extensions import PerMessageDeflate

from tests.loopback.upstream import FunctionCall
from tests.loopback.upstream import LoopbackUpstream
from tests.loopback.upstream import Manners
from tests.loopback.upstream import Message as Said
from tests.loopback.upstream import Turn

QUESTION = {"role": "user", "content": "Hi"}
CREATE = {"type": "response.create", "model": "any", "store": False, "input": [QUESTION]}
SCRIPT: list[Turn] = [(FunctionCall("exec_command", {"cmd": "ls"}),), (Said("Done."),)]
OUTPUT = {"type": "function_call_output", "call_id": "call_1_0", "output": "README.md"}


class Client:
    def __init__(self, upstream: LoopbackUpstream) -> None:
        self._socket = socket.create_connection(("127.0.0.1", upstream.port), timeout=10)
        self.wire = WSConnection(ConnectionType.CLIENT)
        self._deflate = PerMessageDeflate()
        self.send(Request(host="localhost", target="/v1/responses", extensions=[self._deflate]))
        self._events = self._read()
        self.greeting = next(self._events)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    @property
    def deflates(self) -> bool:
        return bool(self._deflate.enabled())

    def send(self, event: Event) -> None:
        self._socket.sendall(self.wire.send(event))

    def receive(self) -> Event:
        return next(self._events)

    def ask(self, request: dict[str, Any]) -> list[dict[str, Any]]:
        """Return the events of the reply, as many as there are."""
        self.send(TextMessage(data=json.dumps(request)))
        return list(self._reply())

    def _reply(self) -> Iterator[dict[str, Any]]:
        text = ""
        for event in self._events:
            if isinstance(event, TextMessage):
                text += event.data
                if event.message_finished:
                    yield (told := json.loads(text))
                    text = ""
                    if told["type"] in {"response.completed", "error"}:
                        return

    def _read(self) -> Iterator[Event]:
        while self.wire.state is not ConnectionState.CLOSED and (received := self._socket.recv(65536)):
            self.wire.receive_data(received)
            yield from self.wire.events()


@pytest.fixture
def upstream() -> Iterator[LoopbackUpstream]:
    with LoopbackUpstream(SCRIPT) as upstream:
        yield upstream


def test_increment_continues_the_conversation_and_its_lane(upstream: LoopbackUpstream) -> None:
    with Client(upstream) as client:
        first = client.ask(CREATE | {"stream_id": "lane"})
        call, response = first[-2]["item"], first[-1]["response"]
        second = client.ask(CREATE | {"previous_response_id": response["id"], "input": [OUTPUT]})
        assert client.deflates
    assert {event["stream_id"] for event in first} == {"lane"}
    assert "stream_id" not in second[0]
    assert upstream.history.conversations == [[QUESTION], [QUESTION, call, OUTPUT]]
    usage = second[-1]["response"]["usage"]
    assert usage["input_tokens_details"]["cached_tokens"] == response["usage"]["total_tokens"] < usage["input_tokens"]


def test_request_that_generates_nothing_leaves_the_script_as_it_is(upstream: LoopbackUpstream) -> None:
    with Client(upstream) as client:
        prewarm = client.ask(CREATE | {"generate": False})
        assert [event["type"] for event in prewarm] == [
            "response.created",
            "response.in_progress",
            "response.completed",
        ]
        previous = prewarm[-1]["response"]["id"]
        reply = client.ask(CREATE | {"previous_response_id": previous, "input": []})
        assert reply[-1]["response"]["output"][0]["type"] == "function_call"


@pytest.mark.parametrize(("is_stored", "last_event"), [(True, "response.completed"), (False, "error")])
def test_other_connection_continues_stored_responses_only(
    upstream: LoopbackUpstream,
    is_stored: object,
    last_event: str,
) -> None:
    with Client(upstream) as client:
        response = client.ask(CREATE | {"store": is_stored})[-1]["response"]
    with Client(upstream) as client:
        event = client.ask(CREATE | {"previous_response_id": response["id"]})[-1]
    assert event["type"] == last_event


def test_unknown_response_is_an_error_and_the_connection_stays(upstream: LoopbackUpstream) -> None:
    with Client(upstream) as client:
        (error,) = client.ask(CREATE | {"previous_response_id": "resp_of_nobody"})
        assert (error["status"], error["error"]["code"]) == (400, "previous_response_not_found")
        assert client.ask(CREATE)[-1]["type"] == "response.completed"


def test_messages_are_kept_as_they_came(upstream: LoopbackUpstream) -> None:
    with Client(upstream) as client:
        client.send(TextMessage(data='{"type": "response.', message_finished=False))
        client.send(TextMessage(data='steer"}'))
        client.send(TextMessage(data="no JSON"))
        client.send(BytesMessage(data=b"\xff\x00"))
        client.send(Ping(payload=b"still there"))
        assert [client.receive(), client.receive()] == [BytesMessage(data=bytearray(b"\xff\x00")), Pong(b"still there")]
    kept = [(message.is_text, message.content, message.frames) for message in upstream.websockets.messages]
    assert kept == [(True, b'{"type": "response.steer"}', 2), (True, b"no JSON", 1), (False, b"\xff\x00", 1)]
    assert upstream.websockets.creates == []


def test_server_sends_fragments_and_closes_after_its_answers(upstream: LoopbackUpstream) -> None:
    upstream.websockets.manners = Manners(fragment_size=7, creates_per_connection=1)
    with Client(upstream) as client:
        assert client.ask(CREATE)[-1]["type"] == "response.completed"
        closing_event = client.receive()
        assert isinstance(closing_event, CloseConnection)
        client.send(closing_event.response())


def test_server_breaks_off_a_reply(upstream: LoopbackUpstream) -> None:
    upstream.websockets.manners = Manners(broken_replies={1: 2})
    with Client(upstream) as client:
        assert [event["type"] for event in client.ask(CREATE)] == ["response.created", "response.in_progress"]


def test_server_forgets_its_responses(upstream: LoopbackUpstream) -> None:
    upstream.websockets.manners = Manners(forgets_after=frozenset({1}))
    with Client(upstream) as client:
        response = client.ask(CREATE)[-1]["response"]
        assert client.ask(CREATE | {"previous_response_id": response["id"]})[-1]["type"] == "error"


def test_server_refuses_the_upgrade(upstream: LoopbackUpstream) -> None:
    upstream.websockets.manners = Manners(refusal=426)
    with Client(upstream) as client:
        assert isinstance(client.greeting, RejectConnection)
        assert client.greeting.status_code == 426

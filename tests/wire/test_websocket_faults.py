"""Faults inside while a message passes: it goes on as it came, the next ones work, and no wrong text is referred to."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING
from typing import Any

import pytest
from wsproto.events import CloseConnection
from wsproto.events import TextMessage

from headroom_compression import compress_request_body
from tests.compression.support.panics import PanicError
from tests.loopback.raw_bodies import outputs
from tests.wire.bodies import Item
from tests.wire.bodies import message
from tests.wire.bodies import reading
from tests.wire.bodies import rows
from tests.wire.websocket_peers import Arrived
from tests.wire.websocket_peers import answer
from tests.wire.websocket_peers import check_is_sent_as_in_full_history
from tests.wire.websocket_peers import create
from tests.wire.websocket_peers import opened

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterator

    from headroom_compression import CompressedBody
    from tests.proxy.conftest import Proxy
    from tests.proxy.conftest import Upstream
    from tests.wire.websocket_peers import Peer
    from tests.wire.websocket_peers import WebSocket

ERRORS = [
    ValueError,
    MemoryError,
    StopIteration,
    SystemExit,
    KeyboardInterrupt,
    GeneratorExit,
    asyncio.CancelledError,
    PanicError,
]
ASKED: Item = message("Read.")
SENT = create(ASKED, *reading("r1"))
AS_SENT = Arrived(TextMessage, SENT, frames=3)
READ_AGAIN, SHOWN_AGAIN = reading("r2")
DELTA = b'{"type":"response.output_text.delta","delta":"x"}'
POISON = b"poison"


pytestmark = pytest.mark.usefixtures("no_hook_raises")


class Hold:
    """A core that waits until it is let go when a body holds the poison."""

    def __init__(self) -> None:
        self.has_begun = threading.Event()
        self.is_over = threading.Event()

    def compress(self, body: bytes, *others: Any) -> CompressedBody:
        if POISON in body:
            self.has_begun.set()
            self.is_over.wait(30)
        return compress_request_body(body, *others)


@pytest.fixture
def hold(proxy: Proxy) -> Iterator[Hold]:
    hold = Hold()
    proxy.compress = hold.compress
    yield hold
    hold.is_over.set()


HELD = json.dumps(
    {"type": "response.create", "input": [message(POISON.decode()), *reading("held", rows(300, name="\u20ac" * 30))]},
    ensure_ascii=False,
).encode()


@contextmanager
def holding(hold: Hold, websocket: WebSocket) -> Iterator[None]:
    websocket.client.send(HELD)
    assert hold.has_begun.wait(10)
    yield
    hold.is_over.set()


def raise_on_poison(error: type[BaseException]) -> Callable[..., CompressedBody]:
    def compress(body: bytes, *others: Any) -> CompressedBody:
        if POISON in body:
            raise error(body)
        return compress_request_body(body, *others)

    return compress


@pytest.mark.parametrize("error", ERRORS)
def test_a_core_that_raises(
    error: type[BaseException], websocket: WebSocket, proxy: Proxy, log: Callable[[], list[str]]
) -> None:
    proxy.compress = raise_on_poison(error)
    poisoned = create(message(POISON.decode()), *reading("r1"))
    assert websocket.up(poisoned, 3) == Arrived(TextMessage, poisoned, 3)
    assert log() == [f"headroom: a request passed through unchanged: {error.__name__}"]
    websocket.hear(answer("resp_1", READ_AGAIN))
    check_is_sent_as_in_full_history(websocket.up(SENT).content, SENT)


@pytest.mark.parametrize("result", [None, b"{}", 7, BaseException], ids=repr)
def test_a_core_that_returns_nonsense(result: Any, websocket: WebSocket, proxy: Proxy) -> None:
    proxy.compress = lambda *_: result
    assert websocket.up(SENT, 3) == AS_SENT
    proxy.compress = compress_request_body
    check_is_sent_as_in_full_history(websocket.up(SENT).content, SENT)


def test_a_change_of_the_same_length_is_left(websocket: WebSocket, proxy: Proxy) -> None:
    """Mitmproxy would cut it where the original was cut, which may be within a letter."""

    def compress(body: bytes, *others: Any) -> CompressedBody:
        return replace(compress_request_body(body, *others), body=b"x" * len(body), changed=True)

    proxy.compress = compress
    assert websocket.up(SENT, 3) == AS_SENT


def test_after_a_fault_the_answer_is_not_known(websocket: WebSocket, proxy: Proxy) -> None:
    proxy.compress = raise_on_poison(ValueError)
    websocket.up(create(message(POISON.decode()), *reading("r1")))
    websocket.hear(answer("resp_1", READ_AGAIN))
    sent = create(SHOWN_AGAIN, previous_response_id="resp_1")
    check_is_sent_as_in_full_history(websocket.up(sent).content, sent)


@pytest.mark.parametrize("continues", [None, ""], ids=["as servers say it", "as no server says it"])
def test_the_answer_to_a_faulty_message_is_not_that_to_the_next_one(
    continues: str | None, websocket: WebSocket, proxy: Proxy
) -> None:
    """Two requests before the first answer: what only the second one shows must not be referred to after the first."""
    proxy.compress = raise_on_poison(ValueError)
    websocket.up(create(message(POISON.decode())))
    websocket.up(create(*reading("r1")))
    websocket.hear(answer("resp_1", READ_AGAIN, continues=continues))
    sent = create(SHOWN_AGAIN, previous_response_id="resp_1")
    assert "identical to " not in outputs(websocket.up(sent).content)[0]


def test_the_answer_before_a_faulty_message_is_not_that_to_the_next_one(websocket: WebSocket, proxy: Proxy) -> None:
    proxy.compress = raise_on_poison(ValueError)
    websocket.up(create(ASKED))
    websocket.up(create(message(POISON.decode())))
    websocket.up(create(*reading("r1")))
    websocket.hear(answer("resp_1", READ_AGAIN))
    sent = create(SHOWN_AGAIN, previous_response_id="resp_1")
    assert "identical to " not in outputs(websocket.up(sent).content)[0]


def test_after_a_fault_of_a_long_message_it_is_not_guessed_what_is_answered(websocket: WebSocket, proxy: Proxy) -> None:
    """Reading its ids would hold the event loop up. The next one continues the same answer."""
    proxy.compress = raise_on_poison(ValueError)
    websocket.up(create(ASKED))
    websocket.hear(answer("resp_0"))
    websocket.up(create(message(POISON.decode()), message("x" * 200_000), previous_response_id="resp_0"))
    websocket.up(create(*reading("r1"), previous_response_id="resp_0"))
    websocket.hear(answer("resp_1", READ_AGAIN, continues="resp_0"))
    sent = create(SHOWN_AGAIN, previous_response_id="resp_1")
    assert "identical to " not in outputs(websocket.up(sent).content)[0]


@pytest.mark.usefixtures("impatient")
def test_a_core_that_hangs(websocket: WebSocket, hold: Hold, log: Callable[[], list[str]]) -> None:
    """The core would wait for longer than a peer does."""
    with holding(hold, websocket):
        assert websocket.server.receive() == Arrived(TextMessage, HELD)
        check_is_sent_as_in_full_history(websocket.up(SENT).content, SENT)
    assert "headroom: a request passed through unchanged: TimeoutError" in log()


def test_the_other_direction_waits_for_the_work_only(
    websocket: WebSocket, hold: Hold, proxy: Proxy, upstream: Upstream
) -> None:
    with opened(proxy.connect(upstream), upstream) as other, holding(hold, websocket):
        websocket.server.send(DELTA)
        other.hear([DELTA] * 3)
        assert other.up(b"{}").content == b"{}", "another connection does not wait"
        hold.is_over.set()
        assert websocket.client.receive() == Arrived(TextMessage, DELTA)
        assert len(websocket.server.receive().content) < len(HELD)


@pytest.mark.parametrize("code", [1001, None], ids=["with a close", "without a word"])
def test_the_client_leaves_while_we_work(code: int | None, websocket: WebSocket, hold: Hold) -> None:
    with holding(hold, websocket):
        leave(websocket.client, code)
    assert len(websocket.server.receive().content) < len(HELD)
    arrived = websocket.server.receive()
    assert (arrived.kind, arrived.code) == (CloseConnection, code or 1000)


@pytest.mark.parametrize("code", [1001, None], ids=["with a close", "without a word"])
def test_the_server_leaves_while_we_work(code: int | None, websocket: WebSocket, hold: Hold) -> None:
    with holding(hold, websocket):
        leave(websocket.server, code)
    arrived = websocket.client.receive()
    assert (arrived.kind, arrived.code) == (CloseConnection, code or 1000)


@pytest.mark.parametrize("name", ["client", "server"])
def test_the_next_connection_after_somebody_left(
    name: str, websocket: WebSocket, hold: Hold, proxy: Proxy, upstream: Upstream
) -> None:
    with holding(hold, websocket):
        leave(getattr(websocket, name), None)
    with opened(proxy.connect(upstream), upstream) as other:
        check_is_sent_as_in_full_history(other.up(SENT).content, SENT)


def leave(peer: Peer, code: int | None) -> None:
    if code:
        peer.send_event(CloseConnection(code=code))
    peer.connection.shutdown(socket.SHUT_RDWR)


def test_switched_off_while_we_work(websocket: WebSocket, hold: Hold, proxy: Proxy) -> None:
    """From then on mitmproxy would cut a changed message within its letters."""
    with holding(hold, websocket):
        proxy.set(compress_passthrough=False)
    arrived = websocket.server.receive().content
    assert arrived in (HELD, compress_request_body(HELD).body)
    assert websocket.up(SENT, 3) == AS_SENT


def test_switched_off_and_on_while_we_work(websocket: WebSocket, hold: Hold, proxy: Proxy) -> None:
    with holding(hold, websocket):
        proxy.set(compress_passthrough=False)
        proxy.set(compress_passthrough=True)
    assert websocket.server.receive().content in (HELD, compress_request_body(HELD).body)
    websocket.hear(answer("resp_1"))
    assert websocket.up(b"{}").content == b"{}"

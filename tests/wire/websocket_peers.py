"""Both ends of a WebSocket through a proxy, in the hands of one test: what one sends, and what arrives at the other."""

from __future__ import annotations

import json
import socket
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from queue import SimpleQueue
from typing import TYPE_CHECKING

from wsproto import ConnectionType
from wsproto.connection import Connection
from wsproto.events import CloseConnection
from wsproto.events import Event
from wsproto.events import Message
from wsproto.events import Ping
from wsproto.events import Pong
from wsproto.events import TextMessage
from wsproto.extensions import PerMessageDeflate

from headroom_compression import compress_request_body
from tests.loopback.raw_bodies import outputs
from tests.loopback.raw_bodies import without_outputs
from tests.proxy.conftest import PATIENCE
from tests.proxy.conftest import Received
from tests.proxy.conftest import read_message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.proxy.conftest import Upstream
    from tests.wire.bodies import Item
    from tests.wire.conftest import Pairs

PATH = b"/v1/responses"
DEFLATE = b"permessage-deflate"
REPLY = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
NO_CODE = 0
# What a search found: shortened only when the call is known.
HITS = "".join(f"src/module_{row // 10}.py:{row * 7}:    value_{row % 5} = compute({row})\n" for row in range(40))


@dataclass(frozen=True)
class Arrived:
    """frames: in how many the message came. code: of a close."""

    kind: type[Event]
    content: bytes
    frames: int = 1
    code: int = NO_CODE


class Peer:
    """One end, after the upgrade."""

    def __init__(self, connection: socket.socket, kind: ConnectionType, *, deflates: bool) -> None:
        self.connection = connection
        extension = PerMessageDeflate()
        extension.finalize(DEFLATE.decode())
        self._wire = Connection(kind, [extension] if deflates else [])
        self._arriving = self._events()

    def send(self, content: bytes, frames: int = 1) -> None:
        """Send a text message, cut between characters."""
        text = content.decode()
        size = max(1, -(-len(text) // frames))
        pieces = [text[start : start + size] for start in range(0, len(text), size)] or [""]
        for number, piece in enumerate(pieces, 1):
            self.send_event(TextMessage(data=piece, message_finished=number == len(pieces)))

    def send_event(self, event: Event) -> None:
        self.connection.sendall(self._wire.send(event))

    def receive(self) -> Arrived:
        """Return the next message or control frame; a connection that ends without a close gives code 1006."""
        pieces = [b""]
        for event in self._arriving:
            if not isinstance(event, Message):
                return _control(event)
            pieces[-1] += event.data.encode() if isinstance(event.data, str) else bytes(event.data)
            if event.message_finished:
                return Arrived(type(event), b"".join(pieces), len(pieces))
            if event.frame_finished:
                pieces.append(b"")
        raise ConnectionError("nothing after the end")

    def _events(self) -> Iterator[Event]:
        data: bytes | None = b""
        while data is not None:
            data = self.connection.recv(65536) or None
            self._wire.receive_data(data)
            yield from self._wire.events()


def _control(event: Event) -> Arrived:
    if isinstance(event, CloseConnection):
        return Arrived(CloseConnection, (event.reason or "").encode(), code=event.code)
    assert isinstance(event, Ping | Pong)
    return Arrived(type(event), bytes(event.payload))


@dataclass(frozen=True)
class WebSocket:
    """sent: the request for the upgrade as the client wrote it. received: as it arrived."""

    client: Peer
    server: Peer
    sent: Received
    received: Received

    def up(self, content: bytes, frames: int = 1) -> Arrived:
        self.client.send(content, frames)
        return self.server.receive()

    def down(self, content: bytes, frames: int = 1) -> Arrived:
        self.server.send(content, frames)
        return self.client.receive()

    def relay(self, event: Event, *, is_up: bool) -> Arrived:
        source, target = (self.client, self.server) if is_up else (self.server, self.client)
        source.send_event(event)
        return target.receive()

    def hear(self, events: list[bytes]) -> None:
        """Let the server send events, each of which must arrive as it was sent."""
        assert [self.down(event) for event in events] == [Arrived(TextMessage, event) for event in events]


@contextmanager
def opened(
    connection: socket.socket, upstream: Upstream, *headers: tuple[bytes, bytes], path: bytes = PATH
) -> Iterator[WebSocket]:
    """Upgrade a connection that leads to the upstream, with or without an offer to deflate among the headers."""
    deflates = any(value == DEFLATE for _, value in headers)
    accepted: SimpleQueue[Peer] = SimpleQueue()
    is_over = threading.Event()
    upstream.reply = partial(_accept, deflates, accepted, is_over)
    written = _upgrade(headers, path)
    try:
        connection.sendall(written)
        assert _read_head(connection).startswith(b"HTTP/1.1 101 ")
        server = accepted.get(timeout=PATIENCE)
        client = Peer(connection, ConnectionType.CLIENT, deflates=deflates)
        yield WebSocket(client, server, _read_back(written), upstream.received[-1])
    finally:
        is_over.set()
        connection.close()


def direct(port: int) -> socket.socket:
    """Connect to a proxy that knows where to go."""
    return socket.create_connection(("127.0.0.1", port), PATIENCE)


def _accept(deflates: bool, accepted: SimpleQueue[Peer], is_over: threading.Event, connection: socket.socket) -> None:  # noqa: FBT001  bound by name of its place
    connection.settimeout(PATIENCE)
    extension = b"Sec-WebSocket-Extensions: %b\r\n" % DEFLATE if deflates else b""
    connection.sendall(REPLY + extension + b"Sec-WebSocket-Accept: unchecked\r\n\r\n")
    accepted.put(Peer(connection, ConnectionType.SERVER, deflates=deflates))
    is_over.wait()


def _upgrade(headers: tuple[tuple[bytes, bytes], ...], path: bytes) -> bytes:
    names = {b"Host": b"upstream.test", b"Connection": b"Upgrade", b"Upgrade": b"websocket"}
    handshake: Pairs = [
        *names.items(),
        (b"Sec-WebSocket-Version", b"13"),
        (b"Sec-WebSocket-Key", b"MTIzNDU2Nzg5MDEyMzQ1Ng=="),
    ]
    offered = [(b"Sec-WebSocket-Extensions", value) if value == DEFLATE else (name, value) for name, value in headers]
    return b"\r\n".join([b"GET %b HTTP/1.1" % path, *(b"%b: %b" % pair for pair in [*handshake, *offered]), b"", b""])


def _read_head(connection: socket.socket) -> bytes:
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        byte = connection.recv(1)
        assert byte, head
        head += byte
    return head


def _read_back(written: bytes) -> Received:
    source, target = socket.socketpair()
    with source, target:
        source.sendall(written)
        return read_message(target)


def create(*items: object, **members: object) -> bytes:
    return json.dumps({"type": "response.create", "model": "gpt-test", **members, "input": items}).encode()


def answer(response_id: str, *items: Item, continues: str | None = None, **members: object) -> list[bytes]:
    """Tell an answer as events. Members of the last one: `output=[]` for a server that does not repeat the items."""
    lane = {"stream_id": members.pop("lane")} if "lane" in members else {}
    response = {"object": "response", "id": response_id, "previous_response_id": continues}
    events: list[Item] = [{"type": "response.created", "response": response | {"output": []}}]
    events += [{"type": "response.output_item.done", "item": item} for item in items]
    ended = response | {"status": "completed", "output": items} | members
    return [json.dumps(event | lane).encode() for event in [*events, {"type": "response.completed", "response": ended}]]


def check_is_sent_as_in_full_history(arrived: bytes, sent: bytes, *before: Item) -> None:
    """Compare with what the core makes of all items in one request; it must have something to shorten.

    before: all items that it goes on from; without any they are not known.
    """
    history = json.dumps({"input": before}).encode()
    asked = json.loads(sent)
    goes_on = {key: asked[key] for key in asked.keys() & {"previous_response_id"} if not before}
    full = json.dumps({"input": [*before, *asked["input"]]} | goes_on).encode()
    expected = outputs(compress_request_body(full).body)[len(outputs(history)) :]
    assert outputs(arrived) == expected
    assert without_outputs(arrived) == without_outputs(sent)
    assert arrived != sent

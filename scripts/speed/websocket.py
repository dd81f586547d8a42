"""Speed of a WebSocket through mitmdump: turns that send what is new, and the events of their answers."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from collections.abc import Sequence
from contextlib import closing
from contextlib import contextmanager
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import orjson
from wsproto import ConnectionType
from wsproto import WSConnection
from wsproto.events import AcceptConnection
from wsproto.events import CloseConnection
from wsproto.events import Event
from wsproto.events import Message
from wsproto.events import Request
from wsproto.events import TextMessage

from scripts.savings.recordings import Session
from scripts.speed.answers import DELTAS
from scripts.speed.answers import asking_for
from scripts.speed.answers import events_of
from scripts.speed.answers import is_last
from scripts.speed.bodies import GrowingSession
from scripts.speed.measures import MEGABYTE
from scripts.speed.measures import Effort
from scripts.speed.measures import Row
from scripts.speed.measures import percentile
from scripts.speed.measures import report_progress
from scripts.speed.measures import times_row
from scripts.speed.proxies import RESPONSES
from scripts.speed.proxies import WITH_ADDON
from scripts.speed.proxies import running_proxies
from tests.loopback.certificate import make_server_context
from tests.loopback.proxy import Proxy

_PLAIN = "compared with mitmdump without the addon"


def websocket_turns(sessions: Sequence[Session], effort: Effort) -> Iterator[Row]:
    """The time from a request to the last event of its answer, which the upstream sends at once."""
    plain: list[float] = []
    ours: list[float] = []
    with running_websocket_upstream() as (port, authority), running_proxies(((), WITH_ADDON), authority) as proxies:
        for run in range(effort.runs):
            report_progress(f"WebSocket turns: {run}")
            with closing(WebSocketClient(proxies[0], port)) as one, closing(WebSocketClient(proxies[1], port)) as other:
                for new_items, answer in GrowingSession(sessions, run, effort.session_bytes).increments():
                    plain.append(one.turn(new_items, answer))
                    ours.append(other.turn(new_items, answer))
    what = f"WebSocket, session up to {effort.session_bytes / MEGABYTE:g} MB"
    note = f"{len(ours)} turns with {DELTAS} deltas each; {_PLAIN}"
    yield times_row(f"{what}: median turn", ours, plain, "", note)
    yield times_row(f"{what}: p95", [percentile(ours, 0.95)], [percentile(plain, 0.95)], "", _PLAIN)


class _Wire:
    """One end of a WebSocket."""

    def __init__(self, connection: ssl.SSLSocket, kind: ConnectionType) -> None:
        self._connection = connection
        self._wire = WSConnection(kind)

    def send(self, *events: Event) -> None:
        self._connection.sendall(b"".join(self._wire.send(event) for event in events))

    def events(self) -> Iterator[Event]:
        while data := self._connection.recv(1 << 20):
            self._wire.receive_data(data)
            yield from self._wire.events()

    def messages(self) -> Iterator[bytes]:
        pieces: list[str] = []
        for event in self.events():
            if isinstance(event, CloseConnection):
                return
            if isinstance(event, Message):
                pieces.append(str(event.data))
                if event.message_finished:
                    yield "".join(pieces).encode()
                    pieces.clear()


class WebSocketClient:
    """A client whose requests tell the upstream which items to answer with.

    sent: the latest request. digest: the SHA-256 of what arrived of it.
    """

    def __init__(self, proxy: Proxy, upstream_port: int) -> None:
        self._connection = _tunnel(proxy, upstream_port)
        self._wire = _Wire(self._connection, ConnectionType.CLIENT)
        self._wire.send(Request(host="localhost", target=RESPONSES))
        next(event for event in self._wire.events() if isinstance(event, AcceptConnection))
        self._messages = self._wire.messages()
        self._previous: str | None = None
        self.sent = b""
        self.digest = ""

    def turn(self, new_items: Sequence[bytes], answer: Sequence[bytes]) -> float:
        head = orjson.dumps({"type": "response.create", "model": "m", "previous_response_id": self._previous})
        self.sent = b'%b,"input":[%b],%b}' % (head[:-1], b",".join(new_items), asking_for(answer))
        begin = time.perf_counter()
        self._wire.send(TextMessage(self.sent.decode()))
        last = next(filter(is_last, self._messages))
        seconds = time.perf_counter() - begin
        response = orjson.loads(last)["response"]
        self._previous, self.digest = response["id"], response["metadata"]["sha256"]
        return seconds

    def close(self) -> None:
        self._connection.close()


def _tunnel(proxy: Proxy, port: int) -> ssl.SSLSocket:
    connection = socket.create_connection(("127.0.0.1", proxy.port), timeout=60)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    connection.sendall(b"CONNECT localhost:%d HTTP/1.1\r\n\r\n" % port)
    if not connection.recv(65536).startswith(b"HTTP/1.1 200"):
        raise ConnectionError("no tunnel")
    return ssl.create_default_context(cafile=proxy.authority).wrap_socket(connection, server_hostname="localhost")


@contextmanager
def running_websocket_upstream() -> Iterator[tuple[int, Path]]:
    with TemporaryDirectory(prefix="speed-websocket-") as folder, closing(socket.socket()) as listening:
        context, authority = make_server_context(Path(folder))
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        threading.Thread(target=_accept, args=(listening, context), daemon=True).start()
        yield listening.getsockname()[1], authority


def _accept(listening: socket.socket, context: ssl.SSLContext) -> None:
    while True:
        try:
            connection = context.wrap_socket(listening.accept()[0], server_side=True)
        except OSError:
            return
        threading.Thread(target=_serve, args=(connection,), daemon=True).start()


def _serve(connection: ssl.SSLSocket) -> None:
    with connection, suppress(OSError):  # a proxy that ends may not say so
        _answer(_Wire(connection, ConnectionType.SERVER))


def _answer(wire: _Wire) -> None:
    for event in wire.events():
        if isinstance(event, Request):
            wire.send(AcceptConnection())
            break
    for number, message in enumerate(wire.messages()):
        previous = orjson.loads(message)["previous_response_id"]
        events = events_of(message, f"resp_{id(wire)}_{number}", previous)
        wire.send(*(TextMessage(event.decode()) for event in events))

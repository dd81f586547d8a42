"""The WebSocket of the loopback upstream: `response.create` messages in, the events of their responses out."""

import itertools
import json
import time
from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from http.server import BaseHTTPRequestHandler
from typing import Any
from typing import Protocol
from urllib.parse import urlsplit

from wsproto import ConnectionType
from wsproto import WSConnection
from wsproto.connection import ConnectionState
from wsproto.events import AcceptConnection
from wsproto.events import BytesMessage
from wsproto.events import CloseConnection
from wsproto.events import Event as WireEvent
from wsproto.events import Message
from wsproto.events import Ping
from wsproto.events import Request
from wsproto.events import TextMessage
from wsproto.extensions import PerMessageDeflate

from tests.loopback.context_limit import ContextLengthExceededError
from tests.loopback.history import History
from tests.loopback.history import PreviousResponseNotFoundError
from tests.loopback.replies import Event
from tests.loopback.replies import events_of

READ_SIZE = 65536


@dataclass(frozen=True)
class Manners:
    """What a server may do to its clients."""

    refusal: int | None = None
    """The status that answers the upgrade."""
    fragment_size: int | None = None
    """In characters; None: a message is one frame."""
    creates_per_connection: int | None = None
    """After so many answers the server closes the connection."""
    broken_replies: Mapping[int, int] = field(default_factory=dict)
    """The number of a reply, over all connections and from 1: after how many of its events the connection breaks."""
    forgets_after: frozenset[int] = frozenset()
    """The replies after which the server knows none of its responses any more."""


@dataclass(frozen=True)
class RecordedMessage:
    """frames: how many the client's side cut it into."""

    connection: int
    path: str
    is_text: bool
    content: bytes
    frames: int

    @property
    def parsed(self) -> Any:
        """Return its JSON, None when it holds none."""
        try:
            return json.loads(self.content)
        except ValueError:
            return None

    @property
    def is_create(self) -> bool:
        return self.is_text and isinstance(self.parsed, dict) and self.parsed.get("type") == "response.create"


@dataclass
class WebSockets:
    """All WebSockets of an upstream: how they behave, and what came over them."""

    manners: Manners = Manners()
    messages: list[RecordedMessage] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    numbers_of_replies: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    @property
    def creates(self) -> list[RecordedMessage]:
        return [message for message in self.messages if message.is_create]


class Upstream(Protocol):
    event_delay: float
    history: History
    websockets: WebSockets

    def answer(self, body: bytes, connection: int | None = None) -> tuple[dict[str, Any], dict[str, Any]]: ...


def is_wanted_by(handler: BaseHTTPRequestHandler) -> bool:
    path = urlsplit(handler.path).path.rstrip("/")
    return path.endswith("/responses") and handler.headers.get("Upgrade", "").lower() == "websocket"


def serve(handler: BaseHTTPRequestHandler, upstream: Upstream) -> None:
    """Take the connection over until one of both sides ends it."""
    handler.close_connection = True
    _Session(handler, upstream).run()


class _BrokenReplyError(Exception):
    pass


class _Session:
    def __init__(self, handler: BaseHTTPRequestHandler, upstream: Upstream) -> None:
        self._handler, self._upstream, self._manners = handler, upstream, upstream.websockets.manners
        self._number = next(upstream.websockets.numbers)
        self._answers = 0
        self._wire = WSConnection(ConnectionType.SERVER)
        headers = [(name.encode(), str(value).encode()) for name, value in handler.headers.raw_items()]
        self._wire.initiate_upgrade_connection(headers, handler.path)

    def run(self) -> None:
        try:
            for message in self._messages():
                self._upstream.websockets.messages.append(message)
                self._react(message)
        except _BrokenReplyError:
            pass

    def _messages(self) -> Iterator[RecordedMessage]:
        pieces: list[bytes] = []
        frames = 0
        for event in self._events():
            if isinstance(event, Message):
                pieces.append(event.data.encode() if isinstance(event.data, str) else bytes(event.data))
                frames += event.frame_finished
                if event.message_finished:
                    is_text = isinstance(event, TextMessage)
                    yield RecordedMessage(self._number, self._handler.path, is_text, b"".join(pieces), frames)
                    pieces, frames = [], 0
            else:
                self._keep_alive(event)

    def _events(self) -> Iterator[WireEvent]:
        """End when the connection does, with or without a closing message."""
        yield from self._wire.events()
        while self._wire.state is not ConnectionState.CLOSED:
            received = self._handler.rfile.read1(READ_SIZE)
            if not received:
                return
            self._wire.receive_data(received)
            yield from self._wire.events()

    def _keep_alive(self, event: WireEvent) -> None:
        if isinstance(event, Request):
            self._send(AcceptConnection(extensions=[PerMessageDeflate()]))
        elif isinstance(event, Ping) or (
            isinstance(event, CloseConnection) and self._wire.state is ConnectionState.REMOTE_CLOSING
        ):
            self._send(event.response())

    def _react(self, message: RecordedMessage) -> None:
        if not message.is_text:
            self._send(BytesMessage(data=message.content))
        elif message.is_create:
            self._reply(message)
            self._answers += 1
            if self._answers == self._manners.creates_per_connection:
                self._send(CloseConnection(code=1001))

    def _reply(self, message: RecordedMessage) -> None:
        lane = {name: message.parsed[name] for name in ("stream_id",) if name in message.parsed}
        try:
            _, response = self._upstream.answer(message.content, self._number)
        except (ContextLengthExceededError, PreviousResponseNotFoundError) as error:
            self._send_text({"type": "error", "status": 400, "error": error.error} | lane)
            return
        number = next(self._upstream.websockets.numbers_of_replies)
        events_sent = self._manners.broken_replies.get(number)
        self._send_events(list(events_of(response))[:events_sent], lane)
        if events_sent is not None:
            raise _BrokenReplyError
        if number in self._manners.forgets_after:
            self._upstream.history.forget()

    def _send_events(self, events: list[Event], lane: dict[str, Any]) -> None:
        for number, event in enumerate(events):
            if number:
                time.sleep(self._upstream.event_delay)
            self._send_text(event | {"sequence_number": number} | lane)

    def _send_text(self, event: Event) -> None:
        text = json.dumps(event)
        size = self._manners.fragment_size or len(text)
        for start in range(0, len(text), size):
            self._send(TextMessage(data=text[start : start + size], message_finished=start + size >= len(text)))

    def _send(self, event: WireEvent) -> None:
        self._handler.wfile.write(self._wire.send(event))

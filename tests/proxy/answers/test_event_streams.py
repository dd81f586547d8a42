"""Replies through a real mitmproxy: event streams as they are sent, whole answers read, refusals explained."""

from __future__ import annotations

import gzip
import json
import threading
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies
from mitmproxy.http import Headers
from mitmproxy.test import tutils

from headroom_compression import AnswerEvent
from headroom_compression import Progress
from headroom_proxy import encodings
from headroom_proxy.answers import event_streams
from headroom_proxy.answers.exchanges import Exchange

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

    from headroom_compression import CompressedBody
    from tests.proxy.conftest import Proxy
    from tests.proxy.conftest import Upstream

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\nConnection: close\r\n\r\n"
FIRST = b"data: first\n\n"
LAST = b"data: last\n\n"

BODY = b'{"input": [{"type": "function_call_output", "call_id": "c", "output": "padding padding "}]}'
REQUESTS = {
    "edited": b"POST /responses HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n%b" % (len(BODY), BODY),
    "unedited": b"POST /responses HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}",
    "bypassed": b"POST /responses HTTP/1.1\r\nHost: a\r\nx-headroom-bypass: 1\r\nContent-Length: 2\r\n\r\n{}",
    "signed": b"POST /responses HTTP/1.1\r\nHost: a\r\nSignature: a\r\nContent-Length: 2\r\n\r\n{}",
    "of another path": b"GET /events HTTP/1.1\r\nHost: a\r\n\r\n",
}


class EventStream:
    """Sends its last event only when the client says that it has the first one, or after a while."""

    def __init__(self, patience: float) -> None:
        self.first_has_arrived = threading.Event()
        self.arrived_in_time = False
        self._patience = patience

    def write(self, connection: socket.socket) -> None:
        connection.sendall(HEAD + FIRST)
        self.arrived_in_time = self.first_has_arrived.wait(self._patience)
        connection.sendall(LAST)

    def read(self, connection: socket.socket) -> bytes:
        received = b""
        while data := connection.recv(65536):
            received += data
            if FIRST in received:
                self.first_has_arrived.set()
        return received


def streamed(proxy: Proxy, upstream: Upstream, request: bytes, patience: float) -> bool:
    """Whether the first event arrived before the last was sent. All of them do in the end."""
    events = EventStream(patience)
    upstream.reply = events.write
    with closing(proxy.connect(upstream)) as connection:
        connection.sendall(request)
        received = events.read(connection)
    assert received.endswith(b"\r\n\r\n" + FIRST + LAST)
    return events.arrived_in_time


@pytest.mark.parametrize("request_name", ["edited", "unedited"])
def test_events_that_answer_our_requests_arrive_as_they_are_sent(
    request_name: str, proxy: Proxy, upstream: Upstream
) -> None:
    assert streamed(proxy, upstream, REQUESTS[request_name], patience=10)


def test_events_arrive_as_they_are_sent_also_where_the_work_fails(proxy: Proxy, upstream: Upstream) -> None:
    def fail(*_: object) -> CompressedBody:
        raise MemoryError

    proxy.compress = fail
    assert streamed(proxy, upstream, REQUESTS["edited"], patience=10)


@pytest.mark.parametrize(
    ("request_name", "options"),
    [
        pytest.param("edited", {"compress_passthrough": False}, id="switched off"),
        pytest.param("edited", {"compress_dry_run": True}, id="a dry run"),
        pytest.param("edited", {"compress_only": "~d elsewhere"}, id="left out"),
        pytest.param("bypassed", {}, id="bypassed"),
        pytest.param("signed", {}, id="signed"),
        pytest.param("of another path", {}, id="another path"),
    ],
)
def test_other_event_streams_are_left_to_mitmproxy(
    request_name: str, options: dict[str, object], proxy: Proxy, upstream: Upstream
) -> None:
    proxy.set(**options)
    assert not streamed(proxy, upstream, REQUESTS[request_name], patience=0.3)


@pytest.mark.parametrize(
    ("content_type", "is_streamed"),
    [
        ("text/event-stream", True),
        ("Text/Event-Stream ;charset=utf-8", True),
        ("text/event-streams", False),
        ("application/json", False),
        ("", False),
    ],
)
def test_streams_events_only(content_type: str, is_streamed: bool) -> None:  # noqa: FBT001  a table's column
    response = tutils.tresp(headers=Headers(content_type=content_type))
    assert event_streams.is_held_back(response) is is_streamed


def test_keeps_the_stream_that_someone_else_set() -> None:
    response = tutils.tresp(headers=Headers(content_type="text/event-stream"))
    response.stream = bytes.upper
    assert not event_streams.is_held_back(response)


class Heard(Exchange):
    """Keeps what it is told."""

    def __init__(self) -> None:
        super().__init__(lambda *_: None)
        self.events: list[AnswerEvent] = []

    def received(self, event: AnswerEvent) -> None:
        self.events.append(event)


def not_now(_: Callable[[], object]) -> None:
    pass


CALL = {"type": "function_call", "call_id": "c"}
UNREAD_END = AnswerEvent(Progress.ENDED, is_read=False)
WHOLE = json.dumps({"object": "response", "id": "r1", "status": "completed", "output": [CALL]}).encode()


def heard_of_whole(raw: bytes | None, coding: str = "identity", *, is_streamed: bool = False) -> AnswerEvent | None:
    response = tutils.tresp(headers=Headers(content_encoding=coding))
    response.raw_content = raw
    response.stream = is_streamed
    read = event_streams.whole_answer(response)
    assert response.raw_content is raw
    return read() if read else None


@pytest.mark.parametrize("coding", encodings.CODINGS)
def test_reads_a_whole_answer(coding: str) -> None:
    raw = encodings.CODINGS[coding][0].encode(WHOLE)
    assert heard_of_whole(raw, coding) == AnswerEvent(Progress.ENDED, "r1", items=(CALL,))


@pytest.mark.parametrize(
    ("raw", "coding"),
    [
        pytest.param(None, "identity", id="nothing"),
        pytest.param(WHOLE, "gzip", id="no gzip"),
        pytest.param(gzip.compress(WHOLE)[:-1], "gzip", id="cut gzip"),
        pytest.param(WHOLE, "planted", id="an unknown encoding"),
    ],
)
def test_hears_only_the_end_of_an_answer_that_cannot_be_decoded(raw: bytes | None, coding: str) -> None:
    assert heard_of_whole(raw, coding) == UNREAD_END


def test_hears_only_the_end_of_an_answer_that_somebody_else_streamed() -> None:
    assert heard_of_whole(WHOLE, is_streamed=True) == UNREAD_END


def test_an_answer_whose_events_are_read_is_not_read_again() -> None:
    heard = Heard()
    response = tutils.tresp(headers=Headers(content_type="text/event-stream"))
    event_streams.stream_events(response, heard, not_now)
    assert event_streams.whole_answer(response) is None
    assert heard.events == []


def test_hears_nothing_of_a_refusal() -> None:
    assert event_streams.whole_answer(tutils.tresp(status_code=429, content=WHOLE)) is None


@given(strategies.binary(), strategies.sampled_from([*encodings.CODINGS, "planted", ""]))
def test_reading_any_whole_answer_never_raises(raw: bytes, coding: str) -> None:
    heard_of_whole(raw, coding)


def test_an_answer_over_the_limit_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_streams, "MAX_EVENT", len(WHOLE) - 1)
    assert heard_of_whole(WHOLE) == UNREAD_END
    monkeypatch.setattr(event_streams, "MAX_EVENT", len(WHOLE))
    assert heard_of_whole(WHOLE) == AnswerEvent(Progress.ENDED, "r1", items=(CALL,))
    monkeypatch.setattr(event_streams, "MAX_CODED", 20)
    assert heard_of_whole(gzip.compress(WHOLE), "gzip") == UNREAD_END


@pytest.mark.parametrize("coding", ["gzip", "br", "zstd", "deflate"])
def test_an_answer_that_swells_over_the_limit_is_not_read(coding: str) -> None:
    encode = encodings.CODINGS[coding][0].encode
    padded = WHOLE + b" " * (event_streams.MAX_DECODED - len(WHOLE))
    assert heard_of_whole(encode(padded), coding) == AnswerEvent(Progress.ENDED, "r1", items=(CALL,))
    assert heard_of_whole(encode(padded + b" "), coding) == UNREAD_END


@pytest.mark.parametrize(
    ("coding", "is_read"),
    [("identity", True), ("", False), ("GZIP ", True), ("br", False), ("zstd", False), ("gzip, br", False)],
)
def test_reads_events_in_codings_that_cannot_swell(coding: str, is_read: bool) -> None:  # noqa: FBT001  a table's column
    response = tutils.tresp(headers=Headers(content_type="text/event-stream", content_encoding=coding))
    event_streams.stream_events(response, Heard(), not_now)
    assert isinstance(response.stream, event_streams.EventReader) is is_read
    assert response.stream

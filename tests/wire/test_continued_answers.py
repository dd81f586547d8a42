"""HTTP requests with `previous_response_id`: the conversation is found by the id of an answer that passed by.

The output of a search is shortened only when its call is known, and the call is in the answer only.
"""

from __future__ import annotations

import gzip
import json
import socket
import threading
import zlib
from contextlib import closing
from typing import TYPE_CHECKING

import brotli  # type: ignore[import-untyped]  # ships no types
import pytest

from headroom_proxy import encodings
from headroom_proxy.answers import event_streams
from tests.loopback.raw_bodies import outputs
from tests.proxy.conftest import PATIENCE
from tests.proxy.conftest import Upstream
from tests.wire.bodies import Item
from tests.wire.bodies import call
from tests.wire.bodies import message
from tests.wire.bodies import output
from tests.wire.bodies import reading
from tests.wire.websocket_peers import HITS
from tests.wire.websocket_peers import answer
from tests.wire.websocket_peers import check_is_sent_as_in_full_history
from tests.wire.websocket_peers import create
from tests.wire.websocket_peers import opened

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.proxy.conftest import Proxy

ASKED: Item = message("Read.")
SEARCH, FOUND = call("s", "rg -n compute src"), output(HITS, "s")
READ, SHOWN = reading("r1")
READ_AGAIN, SHOWN_AGAIN = reading("r2")
EVENTS = answer("resp_1", SEARCH)
ENCODERS: dict[str, Callable[[bytes], bytes]] = {
    "identity": bytes,
    "gzip": gzip.compress,
    "br": brotli.compress,
    "zstd": lambda body: bytes(encodings.zstd.compress(body, 3)),
    "deflate": zlib.compress,
}


def request(*items: object, **members: object) -> bytes:
    return json.dumps({"model": "gpt-test", **members, "input": items}).encode()


UNKNOWN = {"previous_response_id": "resp_of_yesterday"}
FIRST = request(ASKED)
SECOND = request(FOUND, previous_response_id="resp_1")


def post(body: bytes, *headers: str, path: str = "/v1/responses") -> bytes:
    head = [f"POST {path} HTTP/1.1", "Host: upstream.test", *headers, f"Content-Length: {len(body)}"]
    return "\r\n".join([*head, "Connection: close", "", ""]).encode() + body


def json_reply(body: bytes, coding: str = "identity", status: str = "200 OK") -> bytes:
    raw = ENCODERS[coding](body)
    head = [f"HTTP/1.1 {status}", "Content-Type: application/json", f"Content-Encoding: {coding}"]
    return "\r\n".join([*head, f"Content-Length: {len(raw)}", "Connection: close", "", ""]).encode() + raw


def event_stream(events: list[bytes], end: bytes = b"\n") -> bytes:
    lines = [(b"event: " + json.loads(event)["type"].encode(), b"data: " + event, b"") for event in events]
    return b"".join(line + end for event in lines for line in event)


def stream_reply(text: bytes, coding: str = "identity") -> bytes:
    head = ["HTTP/1.1 200 OK", "Content-Type: text/event-stream", f"Content-Encoding: {coding}", "Connection: close"]
    return "\r\n".join([*head, "", ""]).encode() + ENCODERS[coding](text)


def in_single_bytes(text: bytes) -> bytes:
    head = (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
    )
    return head + b"".join(b"1\r\n%c\r\n" % byte for byte in text) + b"0\r\n\r\n"


def whole(response_id: str, *items: Item, **members: object) -> bytes:
    return json.dumps(json.loads(answer(response_id, *items)[-1])["response"] | members).encode()


def exchange(proxy: Proxy, upstream: Upstream, sent: bytes, reply: bytes) -> bytes:
    """Send a request, see its reply arrive to the byte, and return the body that the upstream received."""
    upstream.reply = lambda connection: connection.sendall(reply)
    assert proxy.exchange(sent, upstream) == reply
    return upstream.received[-1].body


def sent_on(proxy: Proxy, upstream: Upstream, *headers: str, body: bytes = SECOND) -> bytes:
    return exchange(proxy, upstream, post(body, *headers), json_reply(b"{}"))


STREAM = event_stream(EVENTS)
READABLE = {
    "events": stream_reply(STREAM),
    "events that do not repeat the items": stream_reply(event_stream(answer("resp_1", SEARCH, output=[]))),
    "events with CRLF": stream_reply(event_stream(EVENTS, b"\r\n")),
    "events in single bytes": in_single_bytes(STREAM),
    "events with CRLF in single bytes": in_single_bytes(event_stream(EVENTS, b"\r\n")),
    "events in gzip": stream_reply(STREAM, "gzip"),
    "events with comments": stream_reply(
        b": ping\n\n" + STREAM.replace(b"data: ", b"id: 1\ndata:") + b"data: [DONE]\n\n"
    ),
    **{f"JSON in {coding}": json_reply(whole("resp_1", SEARCH), coding) for coding in ENCODERS},
    "an incomplete answer": json_reply(whole("resp_1", SEARCH, status="incomplete")),
}


@pytest.mark.parametrize("reply", READABLE.values(), ids=READABLE)
def test_an_answer_is_continued(reply: bytes, proxy: Proxy, upstream: Upstream) -> None:
    assert exchange(proxy, upstream, post(FIRST), reply) == FIRST
    check_is_sent_as_in_full_history(sent_on(proxy, upstream), SECOND, ASKED, SEARCH)


def test_a_plain_string_as_input_is_continued(proxy: Proxy, upstream: Upstream) -> None:
    exchange(proxy, upstream, post(b'{"input":"Read."}'), READABLE["events"])
    check_is_sent_as_in_full_history(sent_on(proxy, upstream), SECOND, SEARCH)


def test_rows_of_earlier_requests_are_referred_to(proxy: Proxy, upstream: Upstream) -> None:
    first = request(ASKED, READ, SHOWN)
    arrived = exchange(proxy, upstream, post(first), json_reply(whole("resp_1", READ_AGAIN)))
    check_is_sent_as_in_full_history(arrived, first)
    second = request(SHOWN_AGAIN, previous_response_id="resp_1")
    arrived = exchange(
        proxy, upstream, post(second), stream_reply(event_stream(answer("resp_2", SEARCH, continues="resp_1")))
    )
    check_is_sent_as_in_full_history(arrived, second, ASKED, READ, SHOWN, READ_AGAIN)
    assert "identical to " in outputs(arrived)[0]
    third = request(FOUND, previous_response_id="resp_2")
    history = (ASKED, READ, SHOWN, READ_AGAIN, SHOWN_AGAIN, SEARCH)
    check_is_sent_as_in_full_history(sent_on(proxy, upstream, body=third), third, *history)


@pytest.mark.parametrize("asked", [request(SHOWN, **UNKNOWN), json.dumps({"input": "Go on.", **UNKNOWN}).encode()])
def test_what_an_unknown_answer_goes_on_from_may_have_been_shown_before(
    asked: bytes, proxy: Proxy, upstream: Upstream
) -> None:
    """As after a restart of the proxy: earlier outputs of the same call are known to the server only."""
    reads = [READ_AGAIN, SHOWN_AGAIN, *reading("r3", command="cat -n a.py")]
    arrived = exchange(proxy, upstream, post(asked), json_reply(whole("resp_8", reads[0], **UNKNOWN)))
    assert "identical to " not in arrived.decode()
    second = request(reads[1], previous_response_id="resp_8")
    exchange(proxy, upstream, post(second), json_reply(whole("resp_9", reads[2], previous_response_id="resp_8")))
    third = request(reads[3], previous_response_id="resp_9")
    again = '[ran again, output identical to the latest run of "cat -n a.py" above]'
    assert again in outputs(sent_on(proxy, upstream, body=third))[0]


def test_what_a_websocket_answered_is_continued(proxy: Proxy, upstream: Upstream) -> None:
    with opened(proxy.connect(upstream), upstream) as websocket:
        websocket.up(create(ASKED))
        websocket.hear(EVENTS)
    check_is_sent_as_in_full_history(sent_on(proxy, upstream), SECOND, ASKED, SEARCH)


UNREADABLE = {
    "events in brotli": stream_reply(STREAM, "br"),
    "events in zstd": stream_reply(STREAM, "zstd"),
    "events that are no gzip": stream_reply(STREAM).replace(b"identity", b"gzip"),
    "events that end before the last one": stream_reply(event_stream(EVENTS[:-1])),
    "events that end within the last one": stream_reply(STREAM[:-20]),
    "events that fail": stream_reply(event_stream([*EVENTS[:-1], b'{"type":"response.failed"}'])),
    "events in gzip that break off": stream_reply(STREAM, "gzip")[:-60],
    "an event without an empty line behind it": stream_reply(STREAM[:-1]),
    "JSON that fails": json_reply(whole("resp_1", SEARCH, status="failed")),
    "JSON in the background": json_reply(whole("resp_1", SEARCH, status="queued")),
    "JSON of another object": json_reply(whole("resp_1", SEARCH, object="list")),
    "JSON that is cut": json_reply(whole("resp_1", SEARCH)[:-1]),
    "JSON that is no gzip": json_reply(whole("resp_1", SEARCH)).replace(b"identity", b"gzip"),
    "an error": json_reply(b'{"error":{"message":"no"}}', status="500 No"),
    "no body": b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n",
    "bytes": json_reply(b"\xff\0"),
    "another answer": json_reply(whole("resp_2", SEARCH)),
}


@pytest.mark.parametrize("reply", UNREADABLE.values(), ids=UNREADABLE)
def test_an_answer_that_cannot_be_continued(reply: bytes, proxy: Proxy, upstream: Upstream) -> None:
    exchange(proxy, upstream, post(FIRST), reply)
    assert sent_on(proxy, upstream) == SECOND


def test_a_reply_that_breaks_off(proxy: Proxy, upstream: Upstream) -> None:
    reply = json_reply(whole("resp_1", SEARCH))
    upstream.reply = lambda connection: connection.sendall(reply[:-1])
    proxy.exchange(post(FIRST), upstream)
    assert sent_on(proxy, upstream) == SECOND


@pytest.mark.parametrize("limit", [10, len(STREAM) // 4])
@pytest.mark.parametrize("name", ["events in single bytes", "events with CRLF in single bytes", "JSON in identity"])
def test_a_reply_over_the_limit(
    name: str, limit: int, proxy: Proxy, upstream: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_streams, "MAX_EVENT", limit)
    monkeypatch.setattr(event_streams, "MAX_UNREAD", 1)  # what is whole before it is read takes no room afterwards
    exchange(proxy, upstream, post(FIRST), READABLE[name])
    assert sent_on(proxy, upstream) == SECOND


def test_what_is_not_stored_is_not_read(proxy: Proxy, upstream: Upstream) -> None:
    first = request(ASKED, READ, SHOWN, store=False)
    check_is_sent_as_in_full_history(exchange(proxy, upstream, post(first), READABLE["events"]), first)
    assert sent_on(proxy, upstream) == SECOND


@pytest.mark.parametrize(
    "header",
    ["Authorization: Bearer b", "api-key: b", "X-Api-Key: b", "ChatGPT-Account-ID: b", "Cookie: session=b"],
)
def test_other_credentials_do_not_find_it(header: str, proxy: Proxy, upstream: Upstream) -> None:
    name = header.partition(":")[0]
    exchange(proxy, upstream, post(FIRST, f"{name}: a"), READABLE["events"])
    assert sent_on(proxy, upstream, header) == sent_on(proxy, upstream) == SECOND
    check_is_sent_as_in_full_history(sent_on(proxy, upstream, f"{name}: a", "X-Request-Id: b"), SECOND, ASKED, SEARCH)


def test_an_sdk_keeps_the_cookies_that_come_with_its_first_answer(proxy: Proxy, upstream: Upstream) -> None:
    """Cloudflare sets them before api.openai.com, and others after half an hour."""
    sdk = ("Authorization: Bearer a", "User-Agent: OpenAI/Python 3.57.0", "X-Stainless-Async: false")
    exchange(proxy, upstream, post(FIRST, *sdk, "X-Stainless-Retry-Count: 0"), READABLE["events"])
    later = (*sdk, "X-Stainless-Retry-Count: 1", "Cookie: __cf_bm=a.b-1.0.1.1; _cfuvid=c")
    check_is_sent_as_in_full_history(sent_on(proxy, upstream, *later), SECOND, ASKED, SEARCH)


def test_another_host_does_not_find_it(proxy: Proxy, upstream: Upstream) -> None:
    exchange(proxy, upstream, post(FIRST), READABLE["events"])
    with Upstream().serving() as other:
        assert sent_on(proxy, other) == SECOND
    upstream.reply = lambda connection: connection.sendall(json_reply(b"{}"))
    with closing(socket.create_connection(("127.0.0.1", proxy.port), PATIENCE)) as connection:
        connection.sendall(b"CONNECT 127.0.0.1:%d HTTP/1.1\r\n\r\n" % upstream.port)
        assert connection.recv(65536).startswith(b"HTTP/1.1 200")
        connection.sendall(post(SECOND))
        connection.recv(65536)
    assert upstream.received[-1].body == SECOND
    check_is_sent_as_in_full_history(sent_on(proxy, upstream), SECOND, ASKED, SEARCH)


@pytest.mark.parametrize("header", ["x-headroom-bypass: 1", "Digest: x"])
def test_the_answer_to_what_we_left_alone_is_not_read(header: str, proxy: Proxy, upstream: Upstream) -> None:
    exchange(proxy, upstream, post(FIRST, header), READABLE["events"])
    assert sent_on(proxy, upstream) == SECOND


def test_switching_off_forgets(proxy: Proxy, upstream: Upstream) -> None:
    exchange(proxy, upstream, post(FIRST), READABLE["events"])
    proxy.set(compress_passthrough=False)
    proxy.set(compress_passthrough=True)
    assert sent_on(proxy, upstream) == SECOND


@pytest.mark.parametrize("coding", ["identity", "gzip"])
def test_events_arrive_as_they_come(coding: str, proxy: Proxy, upstream: Upstream) -> None:
    head = stream_reply(b"", coding).partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
    compressor = zlib.compressobj(wbits=encodings.GZIP)
    pieces = [event_stream([event]) for event in EVENTS]
    if coding == "gzip":
        pieces = [compressor.compress(piece) + compressor.flush(zlib.Z_SYNC_FLUSH) for piece in pieces]
    has_arrived = threading.Semaphore(0)
    in_time = []

    def reply(connection: socket.socket) -> None:
        connection.sendall(head)
        for piece in pieces:
            connection.sendall(piece)
            in_time.append(has_arrived.acquire(timeout=PATIENCE))

    upstream.reply = reply
    with closing(proxy.connect(upstream)) as connection:
        connection.sendall(post(FIRST))
        received = b""
        for number in range(len(pieces)):
            while not received.endswith(head + b"".join(pieces[: number + 1])):
                received += connection.recv(65536)
            has_arrived.release()
        assert connection.recv(1) == b"", "the upstream has ended"
    assert in_time == [True] * len(pieces)
    check_is_sent_as_in_full_history(sent_on(proxy, upstream), SECOND, ASKED, SEARCH)

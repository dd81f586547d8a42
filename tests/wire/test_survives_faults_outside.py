"""Faults outside: clients that leave, upstreams that refuse, hang or break off, malformed requests, many at once."""

from __future__ import annotations

import asyncio
import gc
import socket
import struct
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from headroom_compression import compress_request_body
from tests.proxy.conftest import PATIENCE
from tests.proxy.conftest import Received
from tests.wire.bodies import SHORTENED
from tests.wire.bodies import reading
from tests.wire.bodies import request
from tests.wire.bodies import rows
from tests.wire.bodies import turns
from tests.wire.conftest import exchange_http2

if TYPE_CHECKING:
    from collections.abc import Callable

    from headroom_compression import CompressedBody
    from headroom_compression import Memory
    from headroom_compression import Settings
    from tests.proxy.conftest import Proxy
    from tests.proxy.conftest import Upstream
    from tests.wire.conftest import Http1
    from tests.wire.conftest import Http2

EXPECTED = compress_request_body(SHORTENED).body
EVENTS = [b"data: %d\n\n" % number for number in range(5)]
EVENT_STREAM = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"


def post(body: bytes, *lines: bytes) -> bytes:
    head = [b"POST /v1/responses HTTP/1.1", b"Host: upstream.test", *lines, b"Content-Length: %d" % len(body)]
    return b"\r\n".join([*head, b"", b""]) + body


class SlowCore:
    """The real core, which waits first."""

    def __init__(self) -> None:
        self.has_begun = threading.Event()
        self.may_go_on = threading.Event()

    def compress(self, body: bytes, settings: Settings, memory: Memory) -> CompressedBody:
        self.has_begun.set()
        self.may_go_on.wait(PATIENCE)
        return compress_request_body(body, settings, memory)


@pytest.fixture
def slow_core(proxy: Proxy) -> SlowCore:
    core = SlowCore()
    proxy.compress = core.compress
    return core


def reset(connection: socket.socket) -> None:
    """Close without a goodbye."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


@pytest.mark.parametrize("leave", [socket.socket.close, reset], ids=["closes", "resets"])
def test_a_client_that_leaves_while_we_work(
    leave: Callable[[socket.socket], None], proxy: Proxy, http1: Http1, slow_core: SlowCore
) -> None:
    connection = proxy.connect(http1.upstream)
    connection.sendall(post(SHORTENED))
    assert slow_core.has_begun.wait(PATIENCE)
    leave(connection)
    slow_core.may_go_on.set()
    exchange = http1.post(SHORTENED)
    assert exchange.received.body == EXPECTED
    assert all(received.body == EXPECTED for received in http1.upstream.received)


def test_a_client_that_leaves_while_we_work_on_http2(proxy: Proxy, http2: Http2, slow_core: SlowCore) -> None:
    head = [(b":method", b"POST"), (b":scheme", b"https"), (b":path", b"/responses"), (b":authority", b"localhost")]
    connection = proxy.connect_tls(http2.upstream, "h2")

    def leave() -> None:
        slow_core.has_begun.wait(PATIENCE)
        connection.shutdown(socket.SHUT_RDWR)

    leaving = threading.Thread(target=leave)
    leaving.start()
    with suppress(OSError), closing(connection):
        exchange_http2(connection, [Received(b"", SHORTENED, head)])
    leaving.join()
    assert slow_core.has_begun.is_set()
    slow_core.may_go_on.set()
    assert http2.post(SHORTENED).received.body == EXPECTED


def test_a_client_that_leaves_while_its_upstream_is_connected(
    proxy: Proxy, http1: Http1, monkeypatch: pytest.MonkeyPatch
) -> None:
    """mitmproxy leaves that connection to the collector: pyproject.toml's filter of warnings knows it."""
    has_begun, has_ended = threading.Event(), threading.Event()

    async def wait_once(_: object) -> None:
        if not has_begun.is_set():
            has_begun.set()
            try:
                await asyncio.sleep(PATIENCE)
            finally:
                has_ended.set()

    monkeypatch.setattr(proxy, "server_connected", wait_once, raising=False)  # a hook of another addon
    with closing(socket.create_connection(("127.0.0.1", proxy.port), PATIENCE)) as connection:
        connection.sendall(b"CONNECT localhost:%d HTTP/1.1\r\n\r\n" % http1.upstream.port)
        assert has_begun.wait(PATIENCE)
    assert has_ended.wait(PATIENCE / 2)
    assert http1.post(SHORTENED).received.body == EXPECTED
    gc.collect()


def test_an_option_that_changes_while_we_work(proxy: Proxy, http1: Http1, slow_core: SlowCore) -> None:
    """A request is worked on as it was chosen when it came; the next one as it is chosen now."""
    with ThreadPoolExecutor(1) as pool:
        exchange = pool.submit(http1.post, SHORTENED)
        assert slow_core.has_begun.wait(PATIENCE)
        proxy.set(compress_min_tokens=10_000_000)
        slow_core.may_go_on.set()
        assert exchange.result().received.body == EXPECTED
    assert http1.post(SHORTENED).passed_as_sent
    proxy.set(compress_min_tokens=0)
    assert http1.post(SHORTENED).received.body == EXPECTED


def test_switched_off_and_on_while_we_work(proxy: Proxy, http1: Http1, slow_core: SlowCore) -> None:
    with ThreadPoolExecutor(1) as pool:
        exchange = pool.submit(http1.post, SHORTENED)
        assert slow_core.has_begun.wait(PATIENCE)
        proxy.set(compress_passthrough=False)
        assert http1.post(SHORTENED, (b"x-other", b"1")).passed_as_sent
        proxy.set(compress_passthrough=True)
        slow_core.may_go_on.set()
        assert exchange.result().status == 200
    bodies = {received.body for received in http1.upstream.received if not received.header(b"x-other")}
    assert bodies == {EXPECTED}
    assert http1.post(SHORTENED).received.body == EXPECTED


def fixed(reply: bytes) -> Callable[[socket.socket], None]:
    return lambda connection: connection.sendall(reply)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 413, 422, 429, 500, 502, 503, 529])
@pytest.mark.parametrize("body", [SHORTENED, b'{"input":[]}'], ids=["edited", "unedited"])
def test_the_reply_arrives_as_sent(body: bytes, status: int, proxy: Proxy, upstream: Upstream) -> None:
    lines = [
        b"HTTP/1.1 %d Of a kind" % status,
        b"X-Odd:  1",
        b"x-odd: \xff",
        b"Content-Type: application/json",
        b"Retry-After: 3",
        b"Content-Length: 12",
        b"Connection: close",
    ]
    upstream.reply = fixed(b"\r\n".join([*lines, b"", b'{"error": 1}']))
    reply = proxy.exchange(post(body), upstream)
    assert reply == b"\r\n".join([*lines, b"", b'{"error": 1}']).replace(b":  1", b": 1")
    assert upstream.received[0].body == compress_request_body(body).body


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param(b"", id="closes without a word"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Le", id="closes inside the head"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", id="closes inside the body"),
        pytest.param(b"garbage\r\n\r\n", id="speaks no HTTP"),
    ],
)
@pytest.mark.parametrize("end", [lambda _: None, reset], ids=["closed", "reset"])
def test_an_upstream_that_breaks_off(
    reply: bytes, end: Callable[[socket.socket], None], http1: Http1, log: Callable[[], list[str]]
) -> None:
    def break_off(connection: socket.socket) -> None:
        connection.sendall(reply)
        end(connection)

    usual = http1.upstream.reply
    http1.upstream.reply = break_off
    answer = http1.proxy.exchange(post(SHORTENED), http1.upstream)
    assert answer == b"" or answer.startswith(b"HTTP/1.1 502 ")
    assert http1.upstream.received[0].body == EXPECTED
    http1.upstream.reply = usual
    assert http1.post(SHORTENED).received.body == EXPECTED
    assert all(line.startswith("headroom: responses, ") for line in log())


def test_an_upstream_that_hangs_holds_nobody_else_up(proxy: Proxy, http1: Http1) -> None:
    usual, may_end = http1.upstream.reply, threading.Event()

    def hang(_: socket.socket) -> None:
        may_end.wait(PATIENCE)

    http1.upstream.reply = hang
    with closing(proxy.connect(http1.upstream)) as connection:
        connection.sendall(post(SHORTENED))
        while not http1.upstream.received:
            threading.Event().wait(0.01)
        http1.upstream.reply = usual
        assert http1.post(SHORTENED).received.body == EXPECTED
    may_end.set()


def test_nothing_listens(proxy: Proxy, http1: Http1) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with closing(socket.create_connection(("127.0.0.1", proxy.port), PATIENCE)) as connection:
        connection.sendall(post(SHORTENED).replace(b"/v1", b"http://127.0.0.1:%d/v1" % port, 1))
        assert connection.recv(65536).startswith(b"HTTP/1.1 502 ")
    assert http1.post(SHORTENED).received.body == EXPECTED


@pytest.mark.parametrize("framing", ["close", "chunked"])
def test_a_stream_of_events_that_is_reset(framing: str, proxy: Proxy, upstream: Upstream) -> None:
    """Everything up to there arrives, in order. The upstream resets only when the client has it all."""
    has_all = threading.Event()
    pieces = [b"%x\r\n%b\r\n" % (len(event), event) for event in EVENTS] if framing == "chunked" else EVENTS
    line = b"Transfer-Encoding: chunked\r\n" if framing == "chunked" else b""

    def break_off(connection: socket.socket) -> None:
        connection.sendall(EVENT_STREAM + line + b"\r\n")
        for piece in pieces:
            connection.sendall(piece)
        has_all.wait(PATIENCE)
        reset(connection)

    upstream.reply = break_off
    received = b""
    with closing(proxy.connect(upstream)) as connection:
        connection.sendall(post(SHORTENED))
        while data := connection.recv(65536):
            received += data
            if EVENTS[-1] in received:
                has_all.set()
    events = received.partition(b"\r\n\r\n")[2]
    assert events == b"".join(pieces)
    assert upstream.received[0].body == EXPECTED


def test_events_are_passed_on_byte_for_byte(proxy: Proxy, upstream: Upstream) -> None:
    """However they are cut, whatever they hold, encoded or not."""
    noise = bytes(range(256)) * 40
    pieces = [noise[start : start + 37] for start in range(0, len(noise), 37)]

    def write(connection: socket.socket) -> None:
        connection.sendall(EVENT_STREAM + b"Content-Encoding: gzip\r\nConnection: close\r\n\r\n")
        for piece in pieces:
            connection.sendall(piece)

    upstream.reply = write
    reply = proxy.exchange(post(SHORTENED), upstream)
    assert reply == EVENT_STREAM + b"Content-Encoding: gzip\r\nConnection: close\r\n\r\n" + noise


def test_an_early_hint_before_the_reply(proxy: Proxy, upstream: Upstream) -> None:
    upstream.reply = fixed(b"HTTP/1.1 200 OK\r\nContent-Type:\xff\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
    assert proxy.exchange(post(SHORTENED), upstream).startswith(b"HTTP/1.1 200 ")


HEAD = b"POST /v1/responses HTTP/1.1\r\nHost: upstream.test\r\n"


@pytest.mark.parametrize(
    "malformed",
    [
        pytest.param(HEAD + b"Content-Length: 999999\r\n\r\n" + SHORTENED, id="a length that is too long"),
        pytest.param(HEAD + b"Content-Length: 100\r\n\r\n" + SHORTENED, id="a length that is too short"),
        pytest.param(HEAD + b"Content-Length: -1\r\n\r\n" + SHORTENED, id="a negative length"),
        pytest.param(HEAD + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\n" + SHORTENED, id="two lengths"),
        pytest.param(HEAD + b"Content-Length: \xff\r\n\r\n" + SHORTENED, id="a length that is no number"),
        pytest.param(
            HEAD + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", id="a length and chunks"
        ),
        pytest.param(HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n", id="a chunk without a size"),
        pytest.param(HEAD + b"Transfer-Encoding: chunked\r\n\r\nff\r\nhalf", id="half a chunk"),
        pytest.param(HEAD + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", id="another transfer encoding"),
        pytest.param(HEAD + b"\r\n" + SHORTENED, id="no length at all"),
        pytest.param(HEAD + b"X-Bro ken\r\n\r\n", id="a broken header line"),
        pytest.param(HEAD, id="no end of the head"),
        pytest.param(b"POST responses HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}", id="a path without a slash"),
        pytest.param(b"POST /responses\r\n\r\n", id="no version"),
        pytest.param(b"POST /responses HTTP/0.9\r\n\r\n", id="version 0.9"),
        pytest.param(b"POST /responses HTTP/1.0\r\nContent-Length: 2\r\n\r\n{}", id="version 1.0"),
        pytest.param(b"HEAD /v1/responses HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", id="HEAD"),
        pytest.param(b"POST * HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}", id="a star"),
        pytest.param(HEAD + b"Upgrade: websocket\r\nConnection: Upgrade\r\n\r\n", id="an upgrade by POST"),
        pytest.param(
            b"GET /v1/responses HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
            id="a websocket that is refused",
        ),
        pytest.param(b"\x16\x03\x01\x00\x05hello", id="half a TLS greeting"),
        pytest.param(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00", id="a greeting of HTTP/2 and no more"),
        pytest.param(b"\0\xff" * 500, id="noise"),
        pytest.param(b"", id="CONNECT and nothing more"),
    ],
)
def test_a_malformed_request_harms_itself_only(malformed: bytes, http1: Http1, log: Callable[[], list[str]]) -> None:
    with closing(http1.proxy.connect(http1.upstream)) as connection:
        connection.sendall(malformed)
        connection.shutdown(socket.SHUT_WR)
        connection.settimeout(5)  # whether mitmproxy closes it is not our affair
        with suppress(ConnectionResetError, TimeoutError):
            while connection.recv(65536):
                pass
    exchange = http1.post(SHORTENED)
    assert exchange.received.body == EXPECTED
    assert exchange.status == 200
    assert len(log()) == 1, "we have nothing to say about it"


def test_fifty_at_once_on_as_many_connections(http1: Http1) -> None:
    bodies = [request(*reading("c", rows(200, name=f"name_{number}"))) for number in range(50)]
    with ThreadPoolExecutor(50) as pool:
        statuses = list(pool.map(lambda body: http1.proxy.exchange(post(body), http1.upstream)[9:12], bodies))
    assert statuses == [b"200"] * 50
    received = sorted(received.body for received in http1.upstream.received)
    assert received == sorted(compress_request_body(body).body for body in bodies)


def test_fifty_at_once_on_one_connection(http2: Http2) -> None:
    """Two turns of a session among them, side by side, several times."""
    bodies = [request(*reading("c", rows(100, name=f"name_{number}"))) for number in range(38)] + turns(4) * 3
    head = [(b":method", b"POST"), (b":scheme", b"https"), (b":path", b"/responses"), (b":authority", b"localhost")]
    with closing(http2.proxy.connect_tls(http2.upstream, "h2")) as connection:
        statuses = exchange_http2(connection, [Received(b"", body, head) for body in bodies])
    assert statuses == [200] * 50
    received = sorted(received.body for received in http2.upstream.received)
    assert received == sorted(compress_request_body(body).body for body in bodies)

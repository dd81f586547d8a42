"""Requests on both wires through a real mitmproxy with the real core: what was sent beside what arrived."""

from __future__ import annotations

import logging
from contextlib import closing
from dataclasses import dataclass
from dataclasses import replace
from typing import TYPE_CHECKING

import h2.config  # type: ignore[import-untyped,unused-ignore]  # typed since 4.2
import h2.connection  # type: ignore[import-untyped,unused-ignore]  # typed since 4.2
import h2.events  # type: ignore[import-untyped,unused-ignore]  # typed since 4.2
import pytest

from headroom_compression import compress_request_body
from tests.proxy.conftest import SWITCHED_ON
from tests.proxy.conftest import Proxy
from tests.proxy.conftest import Received
from tests.proxy.conftest import Upstream
from tests.proxy.conftest import certificates
from tests.proxy.conftest import confdir
from tests.proxy.conftest import http2_events
from tests.proxy.conftest import impatient
from tests.proxy.conftest import module_proxy
from tests.proxy.conftest import tls_upstream
from tests.proxy.conftest import upstream
from tests.wire.websocket_peers import opened

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable
    from collections.abc import Iterator

    from tests.wire.websocket_peers import WebSocket

__all__ = ["certificates", "confdir", "impatient", "module_proxy", "tls_upstream", "upstream"]  # fixtures

Pairs = list[tuple[bytes, bytes]]


@dataclass(frozen=True)
class Exchange:
    """sent: the request as its receiver would see it without a proxy. status: of the reply."""

    sent: Received
    received: Received
    status: int

    @property
    def passed_as_sent(self) -> bool:
        return self.received == self.sent


@dataclass(frozen=True)
class Http1:
    proxy: Proxy
    upstream: Upstream

    def post(
        self,
        body: bytes,
        *headers: tuple[bytes, bytes],
        path: bytes = b"/v1/responses",
        method: bytes = b"POST",
    ) -> Exchange:
        lines = [b"%b: %b" % header for header in headers]
        head = [b"%b %b HTTP/1.1" % (method, path), b"Host: upstream.test", *lines, b"Content-Length: %d" % len(body)]
        request = b"\r\n".join([*head, b"Connection: close", b"", b""]) + body
        reply = self.proxy.exchange(request, self.upstream)
        return Exchange(read_back(request), self.upstream.received[-1], int(reply.split()[1]))


def read_back(request: bytes) -> Received:
    pairs = [line.split(b": ", 1) for line in request.partition(b"\r\n\r\n")[0].split(b"\r\n")[1:]]
    return Received(request, request.partition(b"\r\n\r\n")[2], [(key, value.strip()) for key, value in pairs])


@dataclass(frozen=True)
class Http2:
    proxy: Proxy
    upstream: Upstream

    def post(
        self,
        body: bytes,
        *headers: tuple[bytes, bytes],
        path: bytes = b"/v1/responses",
        method: bytes = b"POST",
        trailers: Pairs | None = None,
    ) -> Exchange:
        head = [(b":method", method), (b":scheme", b"https"), (b":path", path), (b":authority", b"localhost")]
        head += [(key.lower(), value) for key, value in headers]
        head.append((b"content-length", b"%d" % len(body)))
        sent = Received(b"", body, head, trailers or [])
        with closing(self.proxy.connect_tls(self.upstream, "h2")) as connection:
            status = exchange_http2(connection, [sent])[0]
        self.proxy.settle()
        return Exchange(sent, self.upstream.received[-1], status)


def exchange_http2(connection: socket.socket, requests: list[Received]) -> list[int]:
    """Send all requests at once on one connection; return the status of each reply, 0 for a stream that was reset."""
    http2 = h2.connection.H2Connection(h2.config.H2Configuration(client_side=True, header_encoding=None))
    http2.initiate_connection()
    unsent = {2 * number + 1: request for number, request in enumerate(requests)}
    statuses = dict.fromkeys(unsent, 0)
    running = set(unsent)
    for stream, request in unsent.items():
        http2.send_headers(stream, request.headers)
    upload(http2, unsent)
    connection.sendall(http2.data_to_send())
    for event in http2_events(connection, http2):
        if isinstance(event, h2.events.ResponseReceived):
            statuses[event.stream_id] = int(dict(event.headers or ())[b":status"])
        elif isinstance(event, h2.events.StreamEnded | h2.events.StreamReset):
            running.discard(event.stream_id)
        upload(http2, unsent)
        if not running:
            break
    return list(statuses.values())


def upload(http2: h2.connection.H2Connection, unsent: dict[int, Received]) -> None:
    """Send as much as the windows allow; what is sent wholly is taken out."""
    for stream, request in list(unsent.items()):
        body = request.body
        while body and (room := min(http2.local_flow_control_window(stream), http2.max_outbound_frame_size)):
            http2.send_data(stream, body[:room])
            body = body[room:]
        unsent[stream] = replace(request, body=body)
        if not body:
            del unsent[stream]
            if request.trailers:
                http2.send_headers(stream, request.trailers, end_stream=True)
            else:
                http2.end_stream(stream)


@pytest.fixture
def proxy(module_proxy: Proxy, caplog: pytest.LogCaptureFixture) -> Proxy:
    """The proxy with the real core, switched on, with every option as it is by default."""
    for logger in ("headroom_proxy", "headroom_compression"):
        caplog.set_level(logging.DEBUG, logger)
    module_proxy.compress = compress_request_body
    module_proxy.set(compress_passthrough=False)  # which forgets all sessions
    module_proxy.set(**SWITCHED_ON)
    caplog.clear()
    return module_proxy


@pytest.fixture
def http1(proxy: Proxy, upstream: Upstream) -> Http1:
    return Http1(proxy, upstream)


@pytest.fixture
def http2(proxy: Proxy, tls_upstream: Upstream) -> Http2:
    return Http2(proxy, tls_upstream)


@pytest.fixture(params=["http1", "http2"])
def wire(request: pytest.FixtureRequest) -> Http1 | Http2:
    """Each in turn."""
    chosen: Http1 | Http2 = request.getfixturevalue(request.param)
    return chosen


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> Callable[[], list[str]]:
    """What we logged from INFO on."""
    return lambda: [
        record.getMessage()
        for record in caplog.records
        if record.name.startswith("headroom") and record.levelno >= logging.INFO
    ]


@pytest.fixture
def websocket(proxy: Proxy, upstream: Upstream) -> Iterator[WebSocket]:
    with opened(proxy.connect(upstream), upstream) as websocket:
        yield websocket


@pytest.fixture
def no_hook_raises(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Fails a test in which a hook raises: mitmproxy logs that as an error."""
    yield
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []

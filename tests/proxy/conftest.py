"""A real mitmproxy in this process, between a raw client and an upstream that keeps every byte it receives."""

from __future__ import annotations

import asyncio
import logging
import socket
import socketserver
import ssl
import threading
from contextlib import closing
from contextlib import contextmanager
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from itertools import takewhile
from typing import TYPE_CHECKING
from typing import Any

import h2.config  # type: ignore[import-untyped,unused-ignore]  # typed since 4.2
import h2.connection  # type: ignore[import-untyped,unused-ignore]  # typed since 4.2
import h2.events  # type: ignore[import-untyped,unused-ignore]  # typed since 4.2
import pytest
from cryptography.x509 import DNSName
from mitmproxy.certs import CertStore
from mitmproxy.options import Options
from mitmproxy.test import taddons
from mitmproxy.tools.dump import DumpMaster

from headroom_compression import CompressedBody
from headroom_compression import Memory
from headroom_compression import Settings
from headroom_compression import compress_request_body
from headroom_compression import tokens
from headroom_proxy.addon import HeadroomAddon

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterable
    from collections.abc import Iterator
    from pathlib import Path

PATIENCE = 10.0
SWITCHED_ON: dict[str, object] = {
    "compress_passthrough": True,
    "compress_level": "lossless",
    "compress_recall_dir": "",
    "compress_recall_limit": 512,
    "compress_budget": 0,
    "compress_references": "careful",
    "compress_exclude_tools": (),
    "compress_min_tokens": Settings().min_tokens,
    "compress_memory": 384,
    "compress_only": "",
    "compress_dry_run": False,
}


def drop_padding(body: bytes, settings: Settings, memory: Memory) -> CompressedBody:
    """Stand in for the core."""
    del settings, memory
    untouched = compress_request_body(b"no request")
    return replace(untouched, body=body.replace(b"padding ", b""), changed=b"padding " in body)


@dataclass(frozen=True)
class Received:
    raw: bytes
    body: bytes
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    trailers: list[tuple[bytes, bytes]] = field(default_factory=list)

    def header(self, name: bytes) -> list[bytes]:
        return [value for key, value in self.headers if key.lower() == name]


def read_message(connection: socket.socket) -> Received:
    with connection.makefile("rb") as stream:
        lines = list(takewhile(lambda line: line not in (b"\r\n", b""), iter(stream.readline, None)))  # or the end
        pairs = [(key, value.strip()) for key, _, value in (line.partition(b":") for line in lines[1:])]
        head = Received(b"".join([*lines, b"\r\n"]), b"", pairs)
        if head.header(b"transfer-encoding") == [b"chunked"]:
            raw, body = read_chunks(iter(stream.readline, b""), stream.read)
        else:
            raw = body = stream.read(int((head.header(b"content-length") or [b"0"])[0]))
    return replace(head, raw=head.raw + raw, body=body)


def read_chunks(lines: Iterator[bytes], read: Callable[[int], bytes]) -> tuple[bytes, bytes]:
    raw = body = b""
    for line in lines:
        chunk = read(int(line, 16) + 2)
        raw += line + chunk
        body += chunk[:-2]
        if chunk == b"\r\n":
            break
    return raw, body


class Upstream(socketserver.ThreadingTCPServer):
    """Answers with what `reply` writes. Speaks HTTP/2 when TLS negotiated it."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        super().__init__(("127.0.0.1", 0), socketserver.BaseRequestHandler)
        self.port: int = self.server_address[1]
        self.tls = tls
        self.received: list[Received] = []
        self.reply: Callable[[socket.socket], None] = reply_ok
        self.messages_per_connection = 1

    def finish_request(self, request: Any, client_address: Any) -> None:
        del client_address
        connection: socket.socket = self.tls.wrap_socket(request, server_side=True) if self.tls else request
        with connection:
            if isinstance(connection, ssl.SSLSocket) and connection.selected_alpn_protocol() == "h2":
                serve_http2(connection, self.received)
            else:
                self.answer(connection)

    def answer(self, connection: socket.socket) -> None:
        for _ in range(self.messages_per_connection):
            message = read_message(connection)
            if message.headers:  # mitmproxy opens connections early, and may have no use for them
                self.received.append(message)
                self.reply(connection)

    @contextmanager
    def serving(self) -> Iterator[Upstream]:
        thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield self
        finally:
            self.shutdown()
            thread.join()
            self.server_close()


def reply_ok(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}")


def http2_events(connection: socket.socket, http2: h2.connection.H2Connection) -> Iterator[h2.events.Event]:
    while data := connection.recv(65536):
        yield from http2.receive_data(data)
        connection.sendall(http2.data_to_send())


def serve_http2(connection: socket.socket, kept: list[Received]) -> None:
    http2 = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False, header_encoding=None))
    http2.initiate_connection()
    connection.sendall(http2.data_to_send())
    streams: dict[int, Received] = {}
    for event in http2_events(connection, http2):
        if isinstance(event, h2.events.RequestReceived):
            streams[event.stream_id] = Received(b"", b"", header_pairs(event.headers))
        elif isinstance(event, h2.events.TrailersReceived):
            streams[event.stream_id] = replace(streams[event.stream_id], trailers=header_pairs(event.headers))
        elif isinstance(event, h2.events.DataReceived):
            stream = streams[event.stream_id]
            streams[event.stream_id] = replace(stream, body=stream.body + (event.data or b""))
            http2.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
        elif isinstance(event, h2.events.StreamEnded):
            kept.append(streams.pop(event.stream_id))
            http2.send_headers(event.stream_id, [(":status", "200")], end_stream=True)


def header_pairs(headers: Iterable[Any] | None) -> list[tuple[bytes, bytes]]:
    return [(bytes(key), bytes(value)) for key, value in headers or ()]


class Proxy:
    """mitmproxy in a thread. `compress` is what the addon calls in the place of the core."""

    def __init__(self, confdir: Path, watchdog_seconds: float) -> None:
        self.compress: Callable[..., CompressedBody] = drop_padding
        self.addon = HeadroomAddon(self._compress, watchdog_seconds=watchdog_seconds)
        self.port = 0
        self._confdir = confdir
        self._is_ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()))

    def set(self, **values: object) -> None:
        self._run(lambda: self._master.options.update(**values))

    def settle(self) -> None:
        """Have done at once what comes after an answer, when the thread has read what it has to."""
        done = self.addon._afterwards.through()  # noqa: SLF001
        asyncio.run_coroutine_threadsafe(done, self._master.event_loop).result(PATIENCE)

    @contextmanager
    def beside(self, other: object) -> Iterator[None]:
        """With another addon behind this one."""
        self._run(lambda: self._master.addons.add(other))
        try:
            yield
        finally:
            self._run(lambda: self._master.addons.remove(other))

    def _run(self, work: Callable[[], object]) -> None:
        async def run() -> None:
            work()

        asyncio.run_coroutine_threadsafe(run(), self._master.event_loop).result(PATIENCE)

    def exchange(self, sent: bytes, upstream: Upstream) -> bytes:
        """Send one request and return all that comes back."""
        with closing(self.connect(upstream)) as connection:
            connection.sendall(sent)
            reply = b"".join(iter(lambda: connection.recv(65536), b""))
        self.settle()
        return reply

    def connect(self, upstream: Upstream) -> socket.socket:
        """Open a tunnel, so that the request arrives as it was written."""
        connection = socket.create_connection(("127.0.0.1", self.port), PATIENCE)
        connection.sendall(b"CONNECT localhost:%d HTTP/1.1\r\n\r\n" % upstream.port)
        assert connection.recv(65536).startswith(b"HTTP/1.1 200")
        return connection

    def connect_tls(self, upstream: Upstream, protocol: str) -> socket.socket:
        trust = ssl.create_default_context(cafile=str(self._confdir / "mitmproxy-ca-cert.pem"))
        trust.set_alpn_protocols([protocol])
        return trust.wrap_socket(self.connect(upstream), server_hostname="localhost")

    @contextmanager
    def serving(self) -> Iterator[Proxy]:
        self._thread.start()
        assert self._is_ready.wait(PATIENCE)
        try:
            yield self
        finally:
            self._master.shutdown()
            self._thread.join()

    def running(self) -> None:
        """Hear from mitmproxy that it listens: this is an addon too."""
        self.port = self._master.addons.get("proxyserver").listen_addrs()[0][1]
        self._is_ready.set()

    def _compress(self, body: bytes, *others: Any) -> CompressedBody:
        return self.compress(body, *others)

    async def _serve(self) -> None:
        options = Options(listen_host="127.0.0.1", listen_port=0, confdir=str(self._confdir))
        self._master = DumpMaster(options, with_termlog=False, with_dumper=False)
        trusted = str(self._confdir / "mitmproxy-ca-cert.pem")
        options.update(ssl_verify_upstream_trusted_ca=trusted)
        self._master.addons.add(self.addon, self)
        await self._master.run()
        await self._master.addons.get("proxyserver").servers.update([])  # mitmproxy leaves them to the process's end


@pytest.fixture
def context() -> Iterator[taddons.context]:
    """Hooks without a proxy. Not beside the `proxy`: a process has one mitmproxy at a time."""
    with taddons.context() as context:
        yield context
    context.master.event_loop.close()  # mitmproxy 11 leaves it open


@pytest.fixture(scope="module")
def confdir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("confdir")


@pytest.fixture(scope="module")
def certificates(confdir: Path) -> CertStore:
    return CertStore.from_store(confdir, "mitmproxy", 2048)


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    with Upstream().serving() as upstream:
        yield upstream


@pytest.fixture
def tls_upstream(certificates: CertStore, confdir: Path) -> Iterator[Upstream]:
    """An upstream for `localhost` that prefers HTTP/2; the CA's key is that of all its certificates."""
    chain = confdir / "upstream.pem"
    chain.write_bytes(certificates.get_cert("localhost", [DNSName("localhost")]).cert.to_pem())
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(chain, confdir / "mitmproxy-ca.pem")
    tls.set_alpn_protocols(["h2", "http/1.1"])
    with Upstream(tls).serving() as upstream:
        yield upstream


@pytest.fixture
def proxy(module_proxy: Proxy, caplog: pytest.LogCaptureFixture) -> Proxy:
    """Switched on, with every option as it is by default."""
    caplog.set_level(logging.INFO)
    module_proxy.compress = drop_padding
    module_proxy.set(**SWITCHED_ON)
    caplog.clear()
    return module_proxy


@pytest.fixture(scope="module")
def module_proxy(confdir: Path, certificates: CertStore) -> Iterator[Proxy]:
    del certificates  # they must lie there before mitmproxy reads them
    tokens.load()  # once for all modules, so that no watchdog counts it
    with Proxy(confdir, watchdog_seconds=PATIENCE).serving() as proxy:
        yield proxy


@pytest.fixture
def impatient(proxy: Proxy, monkeypatch: pytest.MonkeyPatch) -> None:
    """For tests in which the work hangs: the watchdog ends it after two seconds."""
    monkeypatch.setattr(proxy.addon.compressor, "watchdog_seconds", 2)

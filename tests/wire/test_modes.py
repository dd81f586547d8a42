"""The real mitmdump in each mode that can be had on one machine: what a client posts or says over a WebSocket.

`--mode local` needs root and hooks every program of the machine; it is not run.
"""

from __future__ import annotations

import socket
from contextlib import ExitStack
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from headroom_compression import compress_request_body
from tests.loopback.proxy import SECONDS_TO_START
from tests.loopback.proxy import running_proxy
from tests.proxy.conftest import Upstream
from tests.proxy.conftest import reply_ok
from tests.wire.bodies import SHORTENED
from tests.wire.bodies import message
from tests.wire.bodies import reading
from tests.wire.test_survives_restarts import ADDON
from tests.wire.websocket_peers import check_is_sent_as_in_full_history
from tests.wire.websocket_peers import create
from tests.wire.websocket_peers import opened

if TYPE_CHECKING:
    from collections.abc import Iterator

MODES = ("regular", "upstream", "reverse")


@pytest.fixture(scope="module")
def upstream() -> Iterator[Upstream]:
    """One for all: in reverse mode a proxy has one upstream."""
    with Upstream().serving() as upstream:
        yield upstream


@pytest.fixture(scope="module", params=MODES)
def proxy(
    request: pytest.FixtureRequest, upstream: Upstream, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, int]]:
    """The mode, and the port of a proxy with the addon. It serves all tests of its mode: to start it takes longest."""
    mode: str = request.param
    with ExitStack() as stack:
        modes = []
        if mode == "upstream":
            other = stack.enter_context(running_proxy([], tmp_path_factory.mktemp("other")))
            modes = [f"upstream:http://127.0.0.1:{other.port}"]
        elif mode == "reverse":
            modes = [f"reverse:http://127.0.0.1:{upstream.port}"]
        arguments = ["-s", ADDON, "--set=compress_passthrough=true", *(f"--mode={name}" for name in modes)]
        folder = tmp_path_factory.mktemp(mode)
        yield mode, stack.enter_context(running_proxy([str(word) for word in arguments], folder)).port


@pytest.fixture
def connection(proxy: tuple[str, int], upstream: Upstream) -> Iterator[socket.socket]:
    """Return a connection that leads to the upstream through the addon. The first answer waits for the tokenizer."""
    mode, port = proxy
    upstream.reply = reply_ok
    with closing(socket.create_connection(("127.0.0.1", port), SECONDS_TO_START)) as connected:
        if mode != "reverse":
            connected.sendall(b"CONNECT localhost:%d HTTP/1.1\r\n\r\n" % upstream.port)
            assert connected.recv(65536).startswith(b"HTTP/1.1 200")
        yield connected


def test_a_post_is_shortened(connection: socket.socket, upstream: Upstream) -> None:
    head = b"POST /v1/responses HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
    connection.sendall(head % len(SHORTENED) + SHORTENED)
    assert b"".join(iter(lambda: connection.recv(65536), b"")).endswith(b"{}")
    assert upstream.received[-1].body == compress_request_body(SHORTENED).body != SHORTENED


def test_a_message_is_shortened(connection: socket.socket, upstream: Upstream) -> None:
    sent = create(message("Read."), *reading())
    with opened(connection, upstream) as websocket:
        check_is_sent_as_in_full_history(websocket.up(sent).content, sent)

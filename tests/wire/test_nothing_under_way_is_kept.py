"""What is under way is forgotten when it ends, however it ends."""

from __future__ import annotations

import threading
import time
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING

import pytest

from headroom_proxy.answers import event_streams
from tests.proxy.conftest import PATIENCE
from tests.wire.test_continued_answers import ASKED
from tests.wire.test_continued_answers import FIRST
from tests.wire.test_continued_answers import READABLE
from tests.wire.test_continued_answers import UNREADABLE
from tests.wire.test_continued_answers import exchange
from tests.wire.test_continued_answers import post
from tests.wire.websocket_peers import create
from tests.wire.websocket_peers import opened

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

    from tests.proxy.conftest import Proxy
    from tests.proxy.conftest import Upstream


@pytest.mark.parametrize("reply", [*READABLE.values(), *UNREADABLE.values()], ids=[*READABLE, *UNREADABLE])
def test_nothing_is_kept_of_what_has_ended(reply: bytes, proxy: Proxy, upstream: Upstream) -> None:
    exchange(proxy, upstream, post(FIRST), reply)
    assert has_nothing_under_way(proxy)


@pytest.mark.parametrize("error", [ValueError, MemoryError, SystemExit, KeyboardInterrupt, BaseException])
@pytest.mark.parametrize("reader", ["whole_answer", "EventReader"])
def test_an_answer_that_we_fail_to_read_goes_on(
    reader: str, error: type[BaseException], proxy: Proxy, upstream: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(event_streams, reader, fail)
    for reply in READABLE.values():
        exchange(proxy, upstream, post(FIRST), reply)
    assert has_nothing_under_way(proxy)


def test_nothing_is_kept_of_a_client_that_left(proxy: Proxy, upstream: Upstream) -> None:
    is_over = threading.Event()

    def wait(connection: socket.socket) -> None:
        del connection
        is_over.wait(PATIENCE)

    upstream.reply = wait
    with closing(proxy.connect(upstream)) as connection:
        connection.sendall(post(FIRST))
        assert within_patience(lambda: bool(upstream.received))
    is_over.set()
    assert within_patience(partial(has_nothing_under_way, proxy))


def test_nothing_is_kept_of_a_websocket_that_has_ended(proxy: Proxy, upstream: Upstream) -> None:
    with opened(proxy.connect(upstream), upstream) as websocket:
        websocket.up(create(ASKED))
        assert not has_nothing_under_way(proxy)
    assert within_patience(partial(has_nothing_under_way, proxy))


SWITCHES = {
    "another protocol": (b"Sec-WebSocket-Version: 13", b"Upgrade: other"),
    "no version": (b"X: y", b"Upgrade: websocket"),
    "another version": (b"Sec-WebSocket-Version: 8", b"Upgrade: websocket"),
    "no protocol": (b"Sec-WebSocket-Version: 13", b"X: y"),
}


@pytest.mark.parametrize(("asked", "answered"), SWITCHES.values(), ids=SWITCHES)
def test_nothing_is_kept_of_a_tunnel(asked: bytes, answered: bytes, proxy: Proxy, upstream: Upstream) -> None:
    """What follows on 101 is no WebSocket for mitmproxy, and no hook tells of its end."""
    head = b"GET /responses HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: websocket\r\n%b\r\n\r\n"
    reply = b"HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\n%b\r\n\r\nfirst" % answered
    upstream.reply = lambda connection: connection.sendall(reply)
    assert proxy.exchange(head % asked, upstream) == reply
    assert has_nothing_under_way(proxy)


@pytest.mark.parametrize("status", [b"200 OK", b"413 Too Large"])
def test_nothing_is_kept_of_an_upload_that_was_answered_before_its_end(
    status: bytes, proxy: Proxy, upstream: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    """mitmproxy streams it, and its `request` hook comes after that of its answer."""
    reply = b"HTTP/1.1 %b\r\nContent-Length: 0\r\n\r\n" % status
    is_over = threading.Event()

    def answer_early(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(reply)
        is_over.wait(PATIENCE)

    monkeypatch.setattr(upstream, "answer", answer_early)
    sent = post(FIRST)
    proxy.set(stream_large_bodies="10")
    left_alone = proxy.addon.reporter.totals.passed["streamed"]
    try:
        with closing(proxy.connect(upstream)) as connection:
            connection.sendall(sent[:-1])
            assert connection.recv(65536) == reply
            connection.sendall(sent[-1:])
            assert within_patience(lambda: proxy.addon.reporter.totals.passed["streamed"] > left_alone)
    finally:
        is_over.set()
        proxy.set(stream_large_bodies=None)
    assert has_nothing_under_way(proxy)


def has_nothing_under_way(proxy: Proxy) -> bool:
    under_way = proxy.addon._exchanges  # noqa: SLF001  there is no public way to it
    return not under_way and not under_way._others and not under_way._scopes  # noqa: SLF001


def within_patience(is_so: Callable[[], bool]) -> bool:
    end = time.monotonic() + PATIENCE
    while not is_so() and time.monotonic() < end:
        time.sleep(0.01)
    return is_so()

"""Work that raises, hangs or is cancelled: the original goes on, and so does the proxy."""

from __future__ import annotations

import asyncio
import logging
import threading
from typing import TYPE_CHECKING

import pytest

from headroom_compression import CompressedBody
from headroom_compression import Memory
from headroom_compression import Settings

if TYPE_CHECKING:
    from tests.proxy.conftest import Proxy
    from tests.proxy.conftest import Upstream

OUTPUT = b'{"model": "m", "input": [{"type": "function_call_output", "call_id": "c", "output": "%s"}]}'
LONG_BODY = OUTPUT % (b"padding " * 20)
SHORT_BODY = OUTPUT % b""


def post(body: bytes, *headers: str, path: str = "/v1/responses", method: str = "POST") -> bytes:
    """Write a request with the header lines given, a length, and a wish to close the connection."""
    head = [f"{method} {path} HTTP/1.1", "Host: upstream.test", *headers, f"Content-Length: {len(body)}"]
    return "\r\n".join([*head, "Connection: close", "", ""]).encode() + body


def warnings_in(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [
        record.getMessage()
        for record in caplog.records
        if record.levelno >= logging.WARNING and record.name.startswith("headroom")
    ]


class PanicError(BaseException):
    """Like pyo3's PanicException."""


@pytest.mark.parametrize(
    "error",
    [
        ValueError,
        MemoryError,
        RecursionError,
        StopIteration,
        SystemExit,
        KeyboardInterrupt,
        GeneratorExit,
        asyncio.CancelledError,
        PanicError,
    ],
)
def test_sends_the_original_when_the_core_raises(
    error: type[BaseException], proxy: Proxy, upstream: Upstream, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(body: bytes, settings: Settings, memory: Memory) -> CompressedBody:
        del settings, memory
        raise error(body.decode())

    proxy.compress = fail
    proxy.exchange(post(LONG_BODY), upstream)
    assert upstream.received[0].raw == post(LONG_BODY)
    assert warnings_in(caplog) == [f"headroom: a request passed through unchanged: {error.__name__}"]


def test_sends_the_original_when_the_core_hangs_and_serves_the_next(
    proxy: Proxy, upstream: Upstream, caplog: pytest.LogCaptureFixture
) -> None:
    is_over = threading.Event()
    memories = []
    short = proxy.compress

    def hang_once(body: bytes, settings: Settings, memory: Memory) -> CompressedBody:
        memories.append(memory)
        if len(memories) == 1:
            is_over.wait()
        return short(body, settings, memory)

    proxy.compress = hang_once
    proxy.exchange(post(LONG_BODY), upstream)
    proxy.exchange(post(LONG_BODY), upstream)
    is_over.set()
    assert [received.raw for received in upstream.received] == [post(LONG_BODY), post(SHORT_BODY)]
    assert warnings_in(caplog) == ["headroom: a request passed through unchanged: TimeoutError"]
    assert memories[0] is not memories[1], "the stuck thread keeps the other one"

"""What is said of an answer that refuses an edited request."""

from __future__ import annotations

import socket
from collections.abc import Callable

import pytest

from tests.proxy.answers.test_event_streams import REQUESTS
from tests.proxy.conftest import Proxy
from tests.proxy.conftest import Upstream


@pytest.mark.parametrize(
    ("status", "times"),
    [
        pytest.param(400, 1, id="bad request"),
        pytest.param(403, 1, id="forbidden"),
        pytest.param(413, 1, id="too large"),
        pytest.param(422, 1, id="not processable"),
        pytest.param(401, 0, id="the key is wrong, not the body"),
        pytest.param(429, 0, id="too many requests"),
    ],
)
def test_explains_a_refusal_once(
    status: int, times: int, proxy: Proxy, upstream: Upstream, caplog: pytest.LogCaptureFixture
) -> None:
    proxy.set(compress_passthrough=False)
    proxy.set(compress_passthrough=True)  # which forgets whom it has warned of
    upstream.reply = refusal(status)
    for _ in range(2):
        assert proxy.exchange(REQUESTS["edited"], upstream).startswith(b"HTTP/1.1 %d" % status)
    explanations = [message for message in caplog.messages if "compress_only" in message]
    assert len(explanations) == times
    assert all("x-headroom-bypass" in message and "localhost" in message for message in explanations)


def test_says_nothing_of_a_refused_original(proxy: Proxy, upstream: Upstream, caplog: pytest.LogCaptureFixture) -> None:
    upstream.reply = refusal(400)
    proxy.exchange(REQUESTS["unedited"], upstream)
    assert "compress_only" not in caplog.text


def refusal(status: int) -> Callable[[socket.socket], None]:
    reply = b"HTTP/1.1 %d No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n" % status
    return lambda connection: connection.sendall(reply)

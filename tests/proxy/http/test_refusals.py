"""What is said of an answer that refuses an edited request."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable

import pytest
from mitmproxy.http import HTTPFlow
from mitmproxy.test import tflow
from mitmproxy.test import tutils

from headroom_compression.wire.paths import EDITED_MARK
from headroom_proxy.http import refusals
from headroom_proxy.http.refusals import Refusals
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


def test_no_more_hosts_are_remembered_than_the_limit(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(refusals, "MAX_ROUTES", 2)
    explaining = Refusals()
    for number in range(4):
        flow = refused(request(), host=f"{number}.example")
        flow.metadata[EDITED_MARK] = {}
        assert flow.response
        explaining.explain(flow, flow.response)
    assert [line.split()[1] for line in caplog.messages] == ["0.example", "1.example"]


def test_a_host_is_named_on_one_line(caplog: pytest.LogCaptureFixture) -> None:
    flow = refused(request(), host="user:password@host\n\x1b[2J")
    flow.metadata[EDITED_MARK] = {}
    assert flow.response
    explaining = Refusals()
    explaining.explain(flow, flow.response)
    explaining.name_limit(flow, read_at_once)
    assert [line.startswith("headroom: host \\x1b[2J answered 400") for line in caplog.messages] == [True, True]


@pytest.mark.parametrize(
    ("limit", "advice"),
    [
        pytest.param(36_000, "To stay below it: compress_level=recall and compress_budget=21000.", id="a budget"),
        pytest.param(33_334, "To stay below it: compress_level=recall and compress_budget=20000.", id="the lowest"),
        pytest.param(33_333, "", id="one that would be too low"),
        pytest.param(32_768, "", id="a usual limit of a local server"),
    ],
)
def test_advises_no_budget_that_is_not_allowed(limit: int, advice: str, caplog: pytest.LogCaptureFixture) -> None:
    Refusals().name_limit(refused(request(), limit), read_at_once)
    told = f"a.example answered 400: gpt-test has a context limit of {limit:,} tokens; 300,000 tokens were sent."
    assert caplog.messages == [f"headroom: {told} {advice}".rstrip()]


@pytest.mark.parametrize(
    ("sent", "name"),
    [
        pytest.param(b'{"model":"gpt\\n\\u001b-test"}', "gpt \\x1b-test", id="on one line"),
        pytest.param(b'{"model":"%b"}' % (b"g" * 100), "g" * 59 + "…", id="shortened"),
        pytest.param(b"{}", "its model", id="not named"),
        pytest.param(b'{"model":""}', "its model", id="empty"),
        pytest.param(b"no JSON", "its model", id="not to be read"),
    ],
)
def test_names_the_model_as_the_client_does(sent: bytes, name: str, caplog: pytest.LogCaptureFixture) -> None:
    Refusals().name_limit(refused(sent), read_at_once)
    assert f" answered 400: {name} has a context limit of " in caplog.text


def test_a_request_over_the_limit_is_not_read_at_all(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    read: list[bytes] = []

    def top_level_strings(body: bytes) -> dict[str, str]:
        read.append(body)
        return {}

    monkeypatch.setattr(refusals, "top_level_strings", top_level_strings)
    monkeypatch.setattr(refusals, "MAX_REQUEST", len(request()) - 1)
    Refusals().name_limit(refused(request()), read_at_once)
    assert b"".join(read) == b""
    assert ": its model has a context limit of " in caplog.text


def test_what_was_told_is_neither_read_nor_told_again(caplog: pytest.LogCaptureFixture) -> None:
    naming = Refusals()
    naming.name_limit(refused(request()), read_at_once)
    naming.name_limit(refused(request()), must_not_read)
    naming.name_limit(refused(json.dumps({"input": "x" * 5000, "model": "gpt-test"}).encode()), must_not_read)
    assert len(caplog.messages) == 1
    naming.name_limit(refused(request("other")), read_at_once)
    naming.name_limit(refused(request(), host="b.example"), read_at_once)
    assert len(caplog.messages) == 3


def test_the_event_loop_does_not_read_the_request(
    proxy: Proxy, upstream: Upstream, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    readers: list[str] = []

    def top_level_strings(body: bytes) -> dict[str, str]:
        readers.append(threading.current_thread().name)
        return {"model": f"of {len(body)} bytes"}

    monkeypatch.setattr(refusals, "top_level_strings", top_level_strings)
    proxy.set(compress_passthrough=False)
    proxy.set(compress_passthrough=True)  # which forgets what it has told
    answer = limit_answer(36_000)
    head = b"HTTP/1.1 400 No\r\nContent-Length: %d\r\nConnection: close\r\n\r\n" % len(answer)
    upstream.reply = lambda connection: connection.sendall(head + answer)
    assert proxy.exchange(REQUESTS["unedited"], upstream).endswith(answer)
    assert readers == ["headroom"]
    assert "of 2 bytes has a context limit of 36,000 tokens" in caplog.text


def request(model: str = "gpt-test") -> bytes:
    return json.dumps({"model": model, "input": "Read."}).encode()


def limit_answer(limit: int) -> bytes:
    return b"This model's maximum context length is %d tokens. However, you requested 300000 tokens." % limit


def refused(sent: bytes, limit: int = 200_000, host: str = "a.example") -> HTTPFlow:
    answer = tutils.tresp(status_code=400, content=limit_answer(limit))
    return tflow.tflow(req=tutils.treq(host=host, content=sent), resp=answer)


def read_at_once(read: Callable[[], str], unread: str, take: Callable[[str], object]) -> None:
    del unread
    take(read())


def must_not_read(*_: object) -> None:
    raise AssertionError("it was told before")


def refusal(status: int) -> Callable[[socket.socket], None]:
    reply = b"HTTP/1.1 %d No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n" % status
    return lambda connection: connection.sendall(reply)

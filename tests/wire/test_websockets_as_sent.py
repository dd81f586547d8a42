"""WebSocket messages that are not ours to compress arrive as they were sent, in both directions."""

from __future__ import annotations

import json
import logging
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from mitmproxy.http import HTTPFlow
from mitmproxy.io import FlowReader
from wsproto.events import BytesMessage
from wsproto.events import CloseConnection
from wsproto.events import Ping
from wsproto.events import Pong
from wsproto.events import TextMessage

from headroom_proxy.signatures import BODY_BOUND_HEADERS
from tests.proxy.test_mitmdump import ON
from tests.proxy.test_mitmdump import mitmdump
from tests.wire.bodies import call
from tests.wire.bodies import message
from tests.wire.bodies import output
from tests.wire.bodies import reading
from tests.wire.bodies import rows
from tests.wire.websocket_peers import DEFLATE
from tests.wire.websocket_peers import Arrived
from tests.wire.websocket_peers import answer
from tests.wire.websocket_peers import create
from tests.wire.websocket_peers import direct
from tests.wire.websocket_peers import opened

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.proxy.conftest import Proxy
    from tests.proxy.conftest import Upstream
    from tests.wire.conftest import Http1

SHORTENED = create(*reading())
MESSAGES = 5_000
BATCH = 20  # messages that are sent before any is received
PLANTED = "planted"


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b" \r\n", id="white space"),
        pytest.param(b"response.create", id="a word"),
        pytest.param(SHORTENED[:-1], id="cut JSON"),
        pytest.param(SHORTENED + b"{}", id="two values"),
        pytest.param(b"[" + SHORTENED + b"]", id="a list around it"),
        pytest.param(SHORTENED.replace(b"response.create", b"response.steer"), id="steering"),
        pytest.param(SHORTENED.replace(b"response.create", b"response.created"), id="what a server says"),
        pytest.param(SHORTENED.replace(b"response.create", b"session.update", 1), id="an unknown type"),
        pytest.param(SHORTENED.replace(b'"type"', b'"kind"', 1), id="no type"),
        pytest.param(SHORTENED.replace(b'"input"', b'"inputs"', 1), id="no input"),
        pytest.param(SHORTENED[:-1] + b',"input":[]}', id="a second input"),
        pytest.param(create(), id="nothing to answer"),
        pytest.param(create(message("padding " * 9_000)), id="no tool output"),
        pytest.param(create(output("short")), id="a short tool output"),
        pytest.param(json.dumps({"type": "response.cancel"}).encode(), id="cancelling"),
        pytest.param("\N{GRINNING FACE}".encode() * 3_000, id="many faces"),
        *(pytest.param(event, id=f"event {number}") for number, event in enumerate(answer("resp_1", call()))),
    ],
)
@pytest.mark.parametrize(
    ("frames", "headers"),
    [(1, []), (3, []), (3, [(b"-", DEFLATE)])],
    ids=["whole", "in fragments", "deflated in fragments"],
)
def test_a_message(
    content: bytes, frames: int, headers: list[tuple[bytes, bytes]], proxy: Proxy, upstream: Upstream
) -> None:
    with opened(proxy.connect(upstream), upstream, *headers) as websocket:
        expected = Arrived(TextMessage, content, min(frames, len(content.decode()) or 1))
        assert websocket.up(content, frames) == websocket.down(content, frames) == expected
        assert len(websocket.up(SHORTENED).content) < len(SHORTENED)


def test_what_the_server_sends_is_never_shortened(proxy: Proxy, upstream: Upstream) -> None:
    with opened(proxy.connect(upstream), upstream) as websocket:
        assert websocket.down(SHORTENED, 4) == Arrived(TextMessage, SHORTENED, 4)


@pytest.mark.parametrize("is_up", [True, False], ids=["from the client", "from the server"])
@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (BytesMessage(data=SHORTENED), Arrived(BytesMessage, SHORTENED)),
        (BytesMessage(data=b"\xff\0"), Arrived(BytesMessage, b"\xff\0")),
        (BytesMessage(data=b""), Arrived(BytesMessage, b"")),
        (Ping(payload=b"p"), Arrived(Ping, b"p")),
        (Pong(payload=b""), Arrived(Pong, b"")),
    ],
    ids=["a request as bytes", "no text", "no bytes", "a ping", "a pong"],
)
def test_an_event(
    event: BytesMessage | Ping | Pong,
    expected: Arrived,
    is_up: bool,  # noqa: FBT001  a table's column
    proxy: Proxy,
    upstream: Upstream,
) -> None:
    with opened(proxy.connect(upstream), upstream) as websocket:
        assert websocket.relay(event, is_up=is_up) == expected
        assert len(websocket.up(SHORTENED).content) < len(SHORTENED)


@pytest.mark.parametrize("is_up", [True, False], ids=["from the client", "from the server"])
@pytest.mark.parametrize(("code", "reason"), [(1000, "done"), (1001, ""), (1008, "no"), (1011, "x"), (4000, "\u00e9")])
def test_a_close(code: int, reason: str, is_up: bool, proxy: Proxy, upstream: Upstream) -> None:  # noqa: FBT001  a table's column
    with opened(proxy.connect(upstream), upstream) as websocket:
        websocket.up(SHORTENED)
        arrived = websocket.relay(CloseConnection(code=code, reason=reason), is_up=is_up)
        assert arrived == Arrived(CloseConnection, reason.encode(), code=code)


def test_a_ping_between_the_pieces_of_a_message(proxy: Proxy, upstream: Upstream) -> None:
    text = SHORTENED.decode()
    with opened(proxy.connect(upstream), upstream) as websocket:
        websocket.client.send_event(TextMessage(data=text[:99], message_finished=False))
        assert websocket.relay(Ping(payload=b"alive?"), is_up=True) == Arrived(Ping, b"alive?")
        assert websocket.relay(Pong(payload=b"alive?"), is_up=False) == Arrived(Pong, b"alive?")
        websocket.client.send_event(TextMessage(data=text[99:]))
        assert len(websocket.server.receive().content) < len(SHORTENED)


def test_a_message_that_is_cut_within_a_letter(proxy: Proxy, upstream: Upstream) -> None:
    raw = "\N{GRINNING FACE}".encode()
    with opened(proxy.connect(upstream), upstream) as websocket:
        websocket.client.connection.sendall(b"\x01\x82\0\0\0\0%b\x80\x82\0\0\0\0%b" % (raw[:2], raw[2:]))
        assert websocket.server.receive().content == raw


@pytest.mark.parametrize(
    "header",
    [
        *((name.encode(), b"x") for name in BODY_BOUND_HEADERS),
        (b"Authorization", b"AWS4-HMAC-SHA256 Credential=x"),
        (b"Authorization", b'Signature keyId="x"'),
    ],
    ids=lambda header: header[0].decode(),
)
def test_a_connection_that_is_signed(header: tuple[bytes, bytes], proxy: Proxy, upstream: Upstream) -> None:
    with opened(proxy.connect(upstream), upstream, header, (b"x-headroom-bypass", b"1")) as websocket:
        assert websocket.received == websocket.sent
        assert websocket.up(SHORTENED, 2) == Arrived(TextMessage, SHORTENED, 2)


@pytest.mark.parametrize("value", [b"1", b"0", b""])
def test_the_bypass_takes_nothing_but_its_header(value: bytes, proxy: Proxy, upstream: Upstream) -> None:
    others = [(b"X-One", b"1"), (b"x-one", b"2")]
    bypass = (b"X-Headroom-Bypass", value)
    with opened(proxy.connect(upstream), upstream, others[0], bypass, others[1]) as websocket:
        assert websocket.received.headers == [pair for pair in websocket.sent.headers if pair[0] != bypass[0]]
        assert websocket.up(SHORTENED) == Arrived(TextMessage, SHORTENED)


@pytest.mark.parametrize(
    "path",
    [b"/v1/realtime", b"/v1/responses/resp_1", b"/v1/myresponses", b"/v1?to=/responses", b"/"],
    ids=bytes.decode,
)
def test_another_path(path: bytes, proxy: Proxy, upstream: Upstream) -> None:
    with opened(proxy.connect(upstream), upstream, (b"x-headroom-bypass", b"1"), path=path) as websocket:
        assert websocket.received == websocket.sent
        assert websocket.up(SHORTENED) == Arrived(TextMessage, SHORTENED)


@pytest.mark.parametrize("path", [b"/responses", b"/v1/responses/", b"/a/responses?api-version=1"], ids=bytes.decode)
def test_any_path_that_ends_in_responses_is_ours(path: bytes, proxy: Proxy, upstream: Upstream) -> None:
    with opened(proxy.connect(upstream), upstream, path=path) as websocket:
        assert websocket.received == websocket.sent
        assert len(websocket.up(SHORTENED).content) < len(SHORTENED)


def test_compress_only_names_the_connections(proxy: Proxy, upstream: Upstream) -> None:
    proxy.set(compress_only="~hq X-Agent")
    with opened(proxy.connect(upstream), upstream, (b"x-headroom-bypass", b"1")) as websocket:
        assert websocket.received == websocket.sent
        assert websocket.up(SHORTENED) == Arrived(TextMessage, SHORTENED)
    with opened(proxy.connect(upstream), upstream, (b"X-Agent", b"1")) as websocket:
        assert len(websocket.up(SHORTENED).content) < len(SHORTENED)


def test_switched_off_everything_passes(proxy: Proxy, upstream: Upstream) -> None:
    proxy.set(compress_passthrough=False)
    with opened(proxy.connect(upstream), upstream, (b"x-headroom-bypass", b"1")) as websocket:
        assert websocket.received == websocket.sent
        assert websocket.up(SHORTENED) == Arrived(TextMessage, SHORTENED)


@pytest.mark.parametrize("headers", [[], [(b"Upgrade", b"TLS/1.0"), (b"Connection", b"Upgrade")]], ids=["plain", "TLS"])
def test_a_get_that_asks_for_no_websocket(headers: list[tuple[bytes, bytes]], http1: Http1) -> None:
    exchange = http1.post(SHORTENED, *headers, (b"x-headroom-bypass", b"1"), method=b"GET")
    assert exchange.passed_as_sent


def test_an_upgrade_that_is_refused(http1: Http1) -> None:
    http1.upstream.reply = lambda connection: connection.sendall(
        b"HTTP/1.1 426 Upgrade Required\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"
    )
    exchange = http1.post(b"", (b"Upgrade", b"websocket"), method=b"GET")
    assert exchange.passed_as_sent
    assert exchange.status == 426


def test_no_secret_is_logged(proxy: Proxy, upstream: Upstream, caplog: pytest.LogCaptureFixture) -> None:
    """mitmproxy itself logs what pings hold; here it is what we log."""
    secret = (b"Authorization", PLANTED.encode())
    with opened(proxy.connect(upstream), upstream, secret, path=b"/planted/responses?planted") as websocket:
        asked, shown = reading(PLANTED, rows(name=PLANTED), f"cat -n {PLANTED}")
        websocket.up(create(message(PLANTED)))
        websocket.hear([*answer(PLANTED, asked), b'{"type":"response.completed","planted"'])
        for content in (create(shown, previous_response_id=PLANTED), b'{"type":"response.create","planted"'):
            websocket.up(content)
            websocket.hear(answer(f"{PLANTED}-2", usage={"input_tokens": 9, "output_tokens": 1, PLANTED: PLANTED}))
    proxy.settle()
    records = [record for record in caplog.records if record.name.startswith("headroom")]
    assert records
    shown_lines = [logging.Formatter().format(record) + repr(vars(record)) for record in records]
    assert not [line for line in shown_lines if PLANTED in line]


def test_a_recording_holds_what_the_last_answer_told(confdir: Path, upstream: Upstream, tmp_path: Path) -> None:
    """It is read after the message has gone on, and before mitmproxy writes the flow."""
    flows = tmp_path / "flows"
    mode = f"--mode=reverse:http://127.0.0.1:{upstream.port}"
    with mitmdump(confdir, ON, mode, f"--save-stream-file={flows}") as proxy:
        with opened(direct(proxy.port), upstream) as websocket:
            websocket.up(SHORTENED)
            websocket.hear(answer("resp_1", usage={"input_tokens": 900, "output_tokens": 1}))
            websocket.relay(CloseConnection(code=1000), is_up=True)
        assert proxy.stop() == 0
    with flows.open("rb") as file:
        (flow,) = FlowReader(file).stream()
    counts = flow.metadata["headroom"]
    assert (counts["input_tokens"], counts["saved_new"]) == (900, counts["saved"])


def test_a_recorded_message_is_compressed_once(confdir: Path, upstream: Upstream, tmp_path: Path) -> None:
    flows, again = tmp_path / "flows", tmp_path / "again"
    mode = f"--mode=reverse:http://127.0.0.1:{upstream.port}"
    with mitmdump(confdir, ON, mode, f"--save-stream-file={flows}") as proxy:
        with opened(direct(proxy.port), upstream) as websocket:
            arrived = websocket.up(SHORTENED).content
            websocket.relay(CloseConnection(code=1000), is_up=True)
        assert proxy.stop() == 0
    with mitmdump(confdir, ON, f"--rfile={flows}", "--no-server", f"--save-stream-file={again}") as proxy:
        assert proxy.exit_code() == 0
        assert "headroom: responses" not in proxy.log
    assert len(arrived) < len(SHORTENED)
    assert recorded_messages(again) == recorded_messages(flows) == [arrived]


def recorded_messages(recording: Path) -> list[bytes]:
    with recording.open("rb") as stream:
        flows = [flow for flow in FlowReader(stream).stream() if isinstance(flow, HTTPFlow) and flow.websocket]
        return [message.content for flow in flows if flow.websocket for message in flow.websocket.messages]


def test_memory_stays_flat(proxy: Proxy, upstream: Upstream, monkeypatch: pytest.MonkeyPatch) -> None:
    """mitmproxy keeps the messages of a connection for as long as that lasts: these would be 30 MB."""
    kept: list[int] = []
    monkeypatch.setattr(
        proxy, "websocket_message", lambda flow: kept.append(len(flow.websocket.messages)), raising=False
    )
    delta = json.dumps({"type": "response.output_text.delta", "delta": "x" * 6_000}).encode()
    with opened(proxy.connect(upstream), upstream) as websocket:
        send_many(websocket.server.send, websocket.client.receive, delta, MESSAGES // 5)
        before = resident_bytes()
        send_many(websocket.server.send, websocket.client.receive, delta, MESSAGES)
        assert resident_bytes() - before < 8 * 2**20
        assert len(websocket.up(SHORTENED).content) < len(SHORTENED)
    assert len(kept) > MESSAGES
    assert set(kept) == {1}


def send_many(send: Callable[[bytes], None], receive: Callable[[], Arrived], content: bytes, count: int) -> None:
    for _ in range(count // BATCH):
        for _ in range(BATCH):
            send(content)
        for _ in range(BATCH):
            assert receive().content == content


def resident_bytes() -> int:
    pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")

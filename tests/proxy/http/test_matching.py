"""Requests through a real mitmproxy: what arrives upstream, to the byte."""

from __future__ import annotations

import gzip
import json
import sys
import zlib
from contextlib import closing
from typing import TYPE_CHECKING

import brotli  # type: ignore[import-untyped]  # ships no types
import h2.config  # type: ignore[import-untyped,unused-ignore]  # typed since 4.2
import h2.connection  # type: ignore[import-untyped,unused-ignore]  # typed since 4.2
import h2.events  # type: ignore[import-untyped,unused-ignore]  # typed since 4.2
import pytest
from mitmproxy.exceptions import OptionsError
from mitmproxy.http import Headers
from mitmproxy.net import encoding
from mitmproxy.test import tflow
from mitmproxy.test import tutils

from headroom_compression import CompressedBody
from headroom_compression import CompressionReport
from headroom_compression import RequestIds
from headroom_compression import compress_request_body
from headroom_proxy import encodings
from headroom_proxy.answers.lanes import SentRequest
from headroom_proxy.http import matching
from headroom_proxy.signatures import BODY_BOUND_HEADERS
from headroom_proxy.work.compressor import SWITCH_INTERVAL
from tests.proxy.exchanged import LONG_BODY
from tests.proxy.exchanged import SHORT_BODY
from tests.proxy.exchanged import post

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

    from tests.proxy.conftest import Proxy
    from tests.proxy.conftest import Upstream


def test_edits_the_body_and_its_length_and_nothing_else(
    proxy: Proxy, upstream: Upstream, caplog: pytest.LogCaptureFixture
) -> None:
    reply = proxy.exchange(post(LONG_BODY, "X-Odd:  1", "x-odd: 2"), upstream)
    assert upstream.received[0].raw == post(SHORT_BODY, "X-Odd: 1", "x-odd: 2")
    assert reply.endswith(b"{}")
    (line,) = (record.getMessage() for record in caplog.records if record.name.startswith("headroom"))
    assert line.startswith("headroom: responses, 0 tokens saved in 0 outputs, 0 new outputs, ")


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param(post(LONG_BODY, method="PUT"), id="another method"),
        pytest.param(post(b"", method="GET"), id="polling"),
        pytest.param(post(LONG_BODY, path="/v1/responses/resp_1/cancel"), id="another path"),
        pytest.param(post(LONG_BODY, path="/v1/chat?next=/responses"), id="only the query ends so"),
        *(pytest.param(post(LONG_BODY, f"{name}: x"), id=name) for name in BODY_BOUND_HEADERS),
        pytest.param(post(LONG_BODY, "Authorization: AWS4-HMAC-SHA256 Credential=x"), id="signed by AWS"),
        pytest.param(post(LONG_BODY, 'Authorization: Signature keyId="x"'), id="signed by OCI"),
        pytest.param(
            post(LONG_BODY, "Digest: x", "x-headroom-bypass: 1"), id="signed, and the bypass may be signed too"
        ),
        pytest.param(post(LONG_BODY, "Content-Encoding: gzip"), id="not gzip although it says so"),
        pytest.param(post(LONG_BODY, "Content-Encoding: gzip, zstd"), id="stacked encodings"),
        pytest.param(post(LONG_BODY, "Content-Encoding: identity", "Content-Encoding: identity"), id="two encodings"),
        pytest.param(post(b'{"store": false, "input": "padding padding"}'), id="without a tool output"),
        pytest.param(post(b""), id="without a body"),
        pytest.param(post(b"\xff_output"), id="no text"),
    ],
)
def test_leaves_alone(sent: bytes, proxy: Proxy, upstream: Upstream) -> None:
    proxy.exchange(sent, upstream)
    assert upstream.received[0].raw == sent


@pytest.mark.parametrize(
    "headers",
    [pytest.param([], id="a plain request"), pytest.param(["X-Headroom-Bypass: 1"], id="the bypass header stays")],
)
def test_does_nothing_when_switched_off(headers: list[str], proxy: Proxy, upstream: Upstream) -> None:
    proxy.set(compress_passthrough=False)
    assert sys.getswitchinterval() != pytest.approx(SWITCH_INTERVAL)
    proxy.exchange(post(LONG_BODY, *headers), upstream)
    assert upstream.received[0].raw == post(LONG_BODY, *headers)


ENCODERS: dict[str, Callable[[bytes], bytes]] = {
    "zstd": lambda body: encodings.zstd.compress(body, 3),
    "gzip": gzip.compress,
    "br": brotli.compress,
    "deflate": zlib.compress,
}


@pytest.mark.parametrize("name", ENCODERS)
def test_edits_an_encoded_body_and_encodes_it_again(name: str, proxy: Proxy, upstream: Upstream) -> None:
    proxy.exchange(post(ENCODERS[name](LONG_BODY), f"Content-Encoding: {name}"), upstream)
    received = upstream.received[0]
    assert received.raw == post(received.body, f"Content-Encoding: {name}")
    assert encoding.decode(received.body, name) == SHORT_BODY


@pytest.mark.parametrize("name", ENCODERS)
@pytest.mark.parametrize(
    "body",
    [
        pytest.param(lambda encode: encode(SHORT_BODY), id="unchanged by the core"),
        pytest.param(lambda encode: encode(LONG_BODY)[:-1], id="truncated"),
        pytest.param(lambda encode: encode(LONG_BODY) + b"x", id="trailing bytes"),
        pytest.param(lambda encode: encode(LONG_BODY) * 2, id="two members"),
    ],
)
def test_sends_the_encoded_bytes_as_they_came(
    name: str, body: Callable[[Callable[[bytes], bytes]], bytes], proxy: Proxy, upstream: Upstream
) -> None:
    sent = post(body(ENCODERS[name]), f"Content-Encoding: {name}")
    proxy.exchange(sent, upstream)
    assert upstream.received[0].raw == sent


def test_a_bearer_token_is_no_signature(proxy: Proxy, upstream: Upstream) -> None:
    headers = "Authorization: Bearer signature", "X-Scheme: Signature"
    proxy.exchange(post(LONG_BODY, *headers), upstream)
    assert upstream.received[0].raw == post(SHORT_BODY, *headers)


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        pytest.param(b"Content-Digest", b"sha-256=:x:", "signed", id="a digest"),
        pytest.param(b"SIGNATURE", b"sig1=:x:", "signed", id="a signature"),
        pytest.param(b"Authorization", b"AWS4-HMAC-SHA256 Credential=x", "signed", id="signed by AWS"),
        pytest.param(b"Authorization", b"Bearer signature", None, id="a token"),
        pytest.param(b"X-Checked", b"Digest", None, id="another"),
    ],
)
def test_trailers_are_asked_for_signatures(name: bytes, value: bytes, reason: str | None) -> None:
    flow = tflow.tflow()
    assert matching.reason_to_pass(flow, None) is None
    flow.request.trailers = Headers([(name, value)])
    assert matching.reason_to_pass(flow, None) == reason


def test_a_length_beside_chunks_stays_what_it_was() -> None:
    request = tutils.treq(headers=Headers(content_length="7", transfer_encoding="chunked"))
    matching.replace_body(request, b"four")
    assert request.raw_content == b"four"
    assert request.headers["content-length"] == "7"


def test_leaves_streamed_requests_alone(proxy: Proxy, upstream: Upstream) -> None:
    proxy.set(stream_large_bodies="10")
    proxy.exchange(post(LONG_BODY, "x-headroom-bypass: 1"), upstream)
    proxy.set(stream_large_bodies=None)
    assert upstream.received[0].raw == post(LONG_BODY, "x-headroom-bypass: 1")


@pytest.mark.parametrize("path", ["/responses", "/v1/responses/", "/openai/responses?api-version=1", "/a/b/responses"])
def test_edits_any_path_that_ends_in_responses(path: str, proxy: Proxy, upstream: Upstream) -> None:
    proxy.exchange(post(LONG_BODY, path=path), upstream)
    assert upstream.received[0].raw == post(SHORT_BODY, path=path)


@pytest.mark.parametrize("value", ["1", "0", "", "please"])
def test_takes_the_bypass_header_off_whatever_its_value(value: str, proxy: Proxy, upstream: Upstream) -> None:
    proxy.exchange(post(LONG_BODY, f"X-Headroom-Bypass: {value}", "X-Other: 1"), upstream)
    assert upstream.received[0].raw == post(LONG_BODY, "X-Other: 1")


@pytest.mark.parametrize(("body", "expected"), [(LONG_BODY, SHORT_BODY), (SHORT_BODY, SHORT_BODY)])
def test_keeps_chunked_framing(body: bytes, expected: bytes, proxy: Proxy, upstream: Upstream) -> None:
    head = b"POST /v1/responses HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
    proxy.exchange(head + b"4\r\n%b\r\n%x\r\n%b\r\n0\r\n\r\n" % (body[:4], len(body) - 4, body[4:]), upstream)
    assert upstream.received[0].raw.startswith(head)
    assert upstream.received[0].body == expected


def test_edits_over_tls(proxy: Proxy, tls_upstream: Upstream) -> None:
    with closing(proxy.connect_tls(tls_upstream, "http/1.1")) as connection:
        connection.sendall(post(LONG_BODY))
        assert connection.recv(65536).startswith(b"HTTP/1.1 200")
    assert tls_upstream.received[0].raw == post(SHORT_BODY)


@pytest.mark.parametrize(
    ("length", "expected"),
    [
        pytest.param([("content-length", str(len(LONG_BODY)))], [b"%d" % len(SHORT_BODY)], id="corrects the length"),
        pytest.param([], [], id="adds no length where none was"),
    ],
)
def test_edits_http2(
    length: list[tuple[str, str]], expected: list[bytes], proxy: Proxy, tls_upstream: Upstream
) -> None:
    head = [(":method", "POST"), (":path", "/v1/responses"), (":scheme", "https"), (":authority", "localhost")]
    with closing(proxy.connect_tls(tls_upstream, "h2")) as connection:
        exchange_http2(connection, [*head, *length])
    assert tls_upstream.received[0].body == SHORT_BODY
    assert tls_upstream.received[0].header(b"content-length") == expected
    assert tls_upstream.received[0].raw == b"", "spoken as HTTP/2"


def exchange_http2(connection: socket.socket, head: list[tuple[str, str]]) -> None:
    http2 = h2.connection.H2Connection(h2.config.H2Configuration(client_side=True))
    http2.initiate_connection()
    http2.send_headers(1, head)
    http2.send_data(1, LONG_BODY, end_stream=True)
    connection.sendall(http2.data_to_send())
    while data := connection.recv(65536):
        if any(isinstance(event, h2.events.StreamEnded) for event in http2.receive_data(data)):
            return
        connection.sendall(http2.data_to_send())


def test_a_dry_run_reports_and_changes_nothing(
    proxy: Proxy, upstream: Upstream, caplog: pytest.LogCaptureFixture
) -> None:
    proxy.set(compress_dry_run=True)
    proxy.exchange(post(LONG_BODY), upstream)
    assert upstream.received[0].raw == post(LONG_BODY)
    assert "headroom: dry run, responses, 0 tokens saved in 0 outputs, 0 new outputs, " in caplog.text


def test_compress_only_names_the_flows(proxy: Proxy, upstream: Upstream) -> None:
    proxy.set(compress_only="~hq X-Agent")
    proxy.exchange(post(LONG_BODY), upstream)
    proxy.exchange(post(LONG_BODY, "X-Agent: 1"), upstream)
    assert [received.raw for received in upstream.received] == [post(LONG_BODY), post(SHORT_BODY, "X-Agent: 1")]


def test_a_wrong_value_later_keeps_the_former_one(proxy: Proxy, upstream: Upstream) -> None:
    with pytest.raises(OptionsError):
        proxy.set(compress_only="~~")
    proxy.exchange(post(LONG_BODY), upstream)
    assert upstream.received[0].raw == post(SHORT_BODY)


def numbered_rows(first: int) -> str:
    return "".join(
        f"{number:6}\tvalue_{number % 7} = compute(value, {number})\n" for number in range(first, first + 200)
    )


def test_the_real_core_shortens_numbered_rows(proxy: Proxy, upstream: Upstream) -> None:
    proxy.compress = compress_request_body
    call = {
        "type": "function_call",
        "call_id": "c",
        "name": "shell",
        "arguments": json.dumps({"command": "cat -n a.py"}),
    }
    output = {"type": "function_call_output", "call_id": "c", "output": numbered_rows(1)}
    again = [{**item, "call_id": "d"} for item in (call, output)]
    body = json.dumps({"model": "m", "input": [call, output, *again]}).encode()
    proxy.exchange(post(body), upstream)
    assert len(upstream.received[0].body) < len(body) * 0.7
    assert json.loads(upstream.received[0].body)["input"][0] == call


@pytest.mark.parametrize(
    ("method", "path", "upgrade", "expected"),
    [
        pytest.param("GET", "/v1/responses", ["websocket"], True, id="an upgrade"),
        pytest.param("GET", "/responses/?api-version=1", ["WebSocket"], True, id="a slash, a query, other letters"),
        pytest.param("GET", "/v1/responses", [], False, id="no upgrade"),
        pytest.param("GET", "/v1/responses", ["h2c"], False, id="to another protocol"),
        pytest.param("GET", "/v1/responses", [""], False, id="to nothing"),
        pytest.param("POST", "/v1/responses", ["websocket"], False, id="another method"),
        pytest.param("GET", "/v1/realtime", ["websocket"], False, id="another path"),
        pytest.param("GET", "/v1/responses/resp_1", ["websocket"], False, id="one answer"),
        pytest.param("GET", "/v1?to=/responses", ["websocket"], False, id="only the query ends so"),
    ],
)
def test_is_upgrade(method: str, path: str, upgrade: list[str], expected: bool) -> None:  # noqa: FBT001  a table's column
    headers = Headers([(b"Upgrade", value.encode()) for value in upgrade])
    request = tutils.treq(method=method.encode(), path=path.encode(), headers=headers)
    assert matching.is_upgrade(request) is expected


LONG_TEXT = b'"%b"' % (b"x" * matching.MAX_READ_AT_ONCE)


@pytest.mark.parametrize(
    ("body", "ids"),
    [
        (b'{"previous_response_id":"r1"}', RequestIds("r1")),
        (b'{"input":%b}' % LONG_TEXT, RequestIds()),
        (b'{"input":%b,"previous_response_id":"r1"}' % LONG_TEXT, None),
        (b'{"input":%b,"stream_id":"a","tools":%b}' % (LONG_TEXT, LONG_TEXT), None),
    ],
    ids=["short", "long", "long with an id", "long with a lane"],
)
def test_ids_are_read_at_once_where_that_takes_little(body: bytes, ids: RequestIds | None) -> None:
    assert matching.ids_at_once(body) == ids


@pytest.mark.parametrize(
    ("items", "is_read"),
    [(b"[" * 600 + b"]" * 600, True), (b"[" * 5_000 + b"]" * 5_000, False)],
    ids=["shallow", "deep"],
)
def test_what_takes_long_to_parse_is_not_read_at_once(items: bytes, *, is_read: bool) -> None:
    body = b'{"input":%b,"previous_response_id":"r1"}' % items
    assert matching.ids_at_once(body) == (RequestIds("r1") if is_read else None)


@pytest.mark.parametrize(("size", "is_worked_on"), [(10, False), (matching.MAX_READ_AT_ONCE, True)])
def test_a_long_request_that_is_not_stored_and_names_an_answer_is_read_in_the_thread(
    size: int, *, is_worked_on: bool
) -> None:
    body = b'{"input":"%b","previous_response_id":"r1","store":false}' % (b"x" * size)
    worked_on: list[bytes] = []

    def compress(given: bytes) -> tuple[CompressedBody, SentRequest]:
        worked_on.append(given)
        return CompressedBody(given, changed=False, report=CompressionReport(), conversation=None), SentRequest(
            RequestIds("r1"), None
        )

    edited = matching.edit_body(body, [], compress)
    assert edited is not None
    assert edited.sent.ids == RequestIds("r1")
    assert bool(worked_on) == is_worked_on

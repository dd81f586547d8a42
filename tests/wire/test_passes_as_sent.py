"""What is not ours to compress arrives as it was sent, to the byte, on HTTP/1.1 and HTTP/2.

Every body here but those that say otherwise is one that would be shortened: see the first test.
"""

from __future__ import annotations

import gzip
import json
import zlib
from typing import TYPE_CHECKING

import brotli  # type: ignore[import-untyped]  # ships no types
import pytest

from headroom_proxy import encodings
from headroom_proxy.signatures import BODY_BOUND_HEADERS
from tests.wire.bodies import CALL
from tests.wire.bodies import LITERAL
from tests.wire.bodies import SHORTENED
from tests.wire.bodies import TEMPLATE
from tests.wire.bodies import around
from tests.wire.bodies import call
from tests.wire.bodies import message
from tests.wire.bodies import output
from tests.wire.bodies import request
from tests.wire.bodies import rows

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.proxy.conftest import Proxy
    from tests.wire.conftest import Http1
    from tests.wire.conftest import Http2

ENCODERS: dict[bytes, Callable[[bytes], bytes]] = {
    b"zstd": lambda body: bytes(encodings.zstd.compress(body, 3)),
    b"gzip": gzip.compress,
    b"br": brotli.compress,
    b"deflate": zlib.compress,
}


def test_the_body_of_these_tests_would_be_shortened(wire: Http1 | Http2) -> None:
    exchange = wire.post(SHORTENED)
    assert len(exchange.received.body) < len(SHORTENED)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"_output", id="no JSON"),
        pytest.param(SHORTENED[:-1], id="cut JSON"),
        pytest.param(SHORTENED + b"{}", id="two values"),
        pytest.param(SHORTENED + b"\0", id="a zero behind"),
        pytest.param(SHORTENED.replace(b'"model"', b"'model'"), id="quotes of another kind"),
        pytest.param(SHORTENED.replace(b"]}", b"],}"), id="a comma too much"),
        pytest.param(b"// request\n" + SHORTENED, id="a comment"),
        pytest.param(b"[" + SHORTENED + b"]", id="a list around it"),
        pytest.param(json.dumps(SHORTENED.decode()).encode(), id="JSON in a string"),
        pytest.param(SHORTENED.replace(b'"input"', b'"inputs"'), id="no input"),
        pytest.param(b'{"input": "function_call_output"}', id="a plain string as input"),
        pytest.param(b'{"input": %b}' % around(b'{"type":"function_call_output","output":@output@}'), id="one item"),
        pytest.param(b'{"input": null, "tool": "function_call_output"}', id="null as input"),
        pytest.param(request(call(), message(rows())), id="no tool output"),
        pytest.param(request(), id="no items"),
        pytest.param(SHORTENED.replace(b"gpt-test", b"gpt-\xff"), id="invalid UTF-8 beside it"),
        pytest.param(SHORTENED.replace(b"value_1", b"value_\xc3", 1), id="invalid UTF-8 in it"),
        pytest.param(SHORTENED.replace(b"gpt-test", b"gpt-\xed\xa0\x80"), id="a surrogate in UTF-8"),
        pytest.param(b"\xef\xbb\xbf" + SHORTENED, id="a byte order mark"),
        pytest.param(SHORTENED.decode().encode("utf-16"), id="UTF-16"),
        pytest.param(SHORTENED.replace(b'"gpt-test"', b"NaN"), id="NaN"),
        pytest.param(SHORTENED.replace(b'"gpt-test"', b"-Infinity"), id="infinity"),
        pytest.param(SHORTENED.replace(b'"gpt-test"', b"01"), id="a leading zero"),
        pytest.param(SHORTENED.replace(b"gpt-test", b"gpt\ntest"), id="a raw newline in a string"),
        pytest.param(SHORTENED[:-1] + b',"input":[]}', id="a second input"),
        pytest.param(b'{"input":"",' + SHORTENED[1:], id="an input before it"),
        pytest.param(b'{"inp\\u0075t":[],' + SHORTENED[1:], id="a second input that is escaped"),
        pytest.param(SHORTENED.replace(b'"output":', b'"output":"","output":'), id="an output twice in an item"),
        pytest.param(SHORTENED.replace(b'_call_output"', b'_call_output_delta"'), id="an unknown kind of item"),
        pytest.param(SHORTENED.replace(b'"function_call_output"', b'["function_call_output"]'), id="a list as type"),
        pytest.param(request(call(), output({"text": rows()})), id="an object as output"),
        pytest.param(request(call(), output(7), output(None), output([None, 1, rows()])), id="odd outputs"),
        pytest.param(request(None, 1, "function_call_output", [call(), output(rows())]), id="odd items"),
        pytest.param(request(call(), output("")), id="an empty text"),
        pytest.param(around(b'{"input":[' * 3000 + b"@output@" + b"]}" * 3000), id="depth 6000"),
        pytest.param(b'{"input":[' * 30_000 + b"_output", id="depth 60000 and cut"),
    ],
)
def test_a_body_that_is_no_request_with_tool_text(
    body: bytes, wire: Http1 | Http2, log: Callable[[], list[str]]
) -> None:
    exchange = wire.post(body)
    assert exchange.passed_as_sent
    assert exchange.status == 200
    assert [line for line in log() if "first Responses request" not in line] == []


@pytest.mark.parametrize(
    "header",
    [
        *((name.encode(), b"x") for name in BODY_BOUND_HEADERS),
        (b"Authorization", b"AWS4-HMAC-SHA256 Credential=x"),
        (b"Authorization", b"aws4-ecdsa-p256-sha256 Credential=x"),
        (b"Authorization", b'Signature keyId="x"'),
        (b"Authorization", b'signature keyId="x"'),
        (b"Content-Encoding", b"gzip"),
        (b"Content-Encoding", b"zstd"),
        (b"Content-Encoding", b"br"),
        (b"Content-Encoding", b"deflate"),
        (b"Content-Encoding", b"gzip, zstd"),
        (b"Content-Encoding", b"compress"),
        (b"Content-Encoding", b"identity, identity"),
        (b"Content-Encoding", b""),
        (b"Content-Encoding", b"g\xffzip"),
    ],
    ids=lambda header: header.decode("latin-1") if isinstance(header, bytes) else b": ".join(header).decode("latin-1"),
)
def test_a_request_that_is_signed_or_says_another_encoding(header: tuple[bytes, bytes], wire: Http1 | Http2) -> None:
    assert wire.post(SHORTENED, header).passed_as_sent


@pytest.mark.parametrize("name", [b"content-digest", b"Signature"])
def test_a_request_that_is_signed_behind_its_body(name: bytes, http2: Http2) -> None:
    exchange = http2.post(SHORTENED, trailers=[(name.lower(), b"x")])
    assert exchange.received.trailers == [(name.lower(), b"x")]
    assert exchange.passed_as_sent


def test_two_headers_of_a_kind_keep_their_places(wire: Http1 | Http2) -> None:
    headers = [(b"X-One", b"1"), (b"Digest", b"a"), (b"x-one", b"2"), (b"Digest", b"b")]
    assert wire.post(SHORTENED, *headers).passed_as_sent


@pytest.mark.parametrize(
    ("method", "path"),
    [
        (b"GET", b"/v1/responses"),
        (b"PUT", b"/v1/responses"),
        (b"PATCH", b"/v1/responses"),
        (b"DELETE", b"/v1/responses"),
        (b"OPTIONS", b"/v1/responses"),
        (b"QUERY", b"/v1/responses"),
        (b"POST", b"/v1/messages"),
        (b"POST", b"/v1/chat/completions"),
        (b"GET", b"/v1/responses/compact"),
        (b"PUT", b"/v1/responses/input_tokens"),
        (b"POST", b"/v1/responses/compact/resp_1"),
        (b"POST", b"/v1/responses/resp_1/compact"),
        (b"POST", b"/v1/input_tokens"),
        (b"POST", b"/v1/responses/resp_1"),
        (b"POST", b"/v1/responses/resp_1/cancel"),
        (b"POST", b"/v1/responses//"),
        (b"POST", b"/v1/Responses"),
        (b"POST", b"/v1/myresponses"),
        (b"POST", b"/v1/%72esponses"),
        (b"POST", b"/v1?to=/responses"),
        (b"POST", b"/v1/responses;x=1"),
        (b"POST", b"/v1/responses\xff"),
        (b"POST", b"/"),
    ],
    ids=lambda part: part.decode("latin-1"),
)
def test_another_method_or_path(method: bytes, path: bytes, wire: Http1 | Http2) -> None:
    bypass = (b"x-headroom-bypass", b"1")
    assert wire.post(SHORTENED, bypass, method=method, path=path).passed_as_sent


@pytest.mark.parametrize("value", [b"1", b"", b"\xff"])
def test_the_bypass_takes_nothing_but_its_header(value: bytes, wire: Http1 | Http2) -> None:
    others = [(b"X-One", b"1"), (b"x-one", b"2")]
    exchange = wire.post(SHORTENED, others[0], (b"X-Headroom-Bypass", value), others[1], (b"x-headroom-bypass", b"0"))
    assert exchange.received == wire.post(SHORTENED, *others, (b"x-headroom-bypass", b"0")).received
    assert exchange.received.body == SHORTENED
    assert exchange.received.header(b"x-headroom-bypass") == []


def test_switched_off_everything_passes(wire: Http1 | Http2) -> None:
    wire.proxy.set(compress_passthrough=False)
    assert wire.post(SHORTENED, (b"x-headroom-bypass", b"1")).passed_as_sent


@pytest.mark.parametrize("name", ENCODERS, ids=bytes.decode)
@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda raw: raw[:-1], id="truncated by a byte"),
        pytest.param(lambda raw: raw[: len(raw) // 2], id="truncated by half"),
        pytest.param(lambda raw: b"", id="nothing"),  # noqa: ARG005  one of several
        pytest.param(lambda raw: raw + b"\0", id="followed by a zero"),
        pytest.param(lambda raw: raw + raw, id="two members"),
        pytest.param(lambda raw: raw[:20] + b"\xff" + raw[21:], id="damaged inside"),
    ],
)
def test_a_damaged_encoding(name: bytes, damage: Callable[[bytes], bytes], wire: Http1 | Http2) -> None:
    exchange = wire.post(damage(ENCODERS[name](SHORTENED)), (b"Content-Encoding", name))
    assert exchange.passed_as_sent
    assert exchange.status == 200


@pytest.mark.parametrize("name", ENCODERS, ids=bytes.decode)
def test_an_encoding_twice(name: bytes, wire: Http1 | Http2) -> None:
    twice = ENCODERS[name](ENCODERS[name](SHORTENED))
    assert wire.post(twice, (b"Content-Encoding", name)).passed_as_sent
    assert wire.post(twice, (b"Content-Encoding", name), (b"Content-Encoding", name)).passed_as_sent


@pytest.mark.parametrize("name", [b"zstd", b"gzip", b"br"], ids=bytes.decode)
def test_an_encoded_body_that_nothing_changes_keeps_its_bytes(name: bytes, wire: Http1 | Http2) -> None:
    """Also where our own encoder would write others: the level is not ours."""
    body = request(message("padding " * 1000))
    raw = {
        b"zstd": bytes(encodings.zstd.compress(body, 1)),
        b"gzip": gzip.compress(body, 1),
        b"br": bytes(brotli.compress(body, quality=0)),
    }[name]
    assert wire.post(raw, (b"Content-Encoding", name)).passed_as_sent


def test_a_streamed_request(wire: Http1 | Http2) -> None:
    wire.proxy.set(stream_large_bodies="10")
    try:
        exchange = wire.post(SHORTENED, (b"x-headroom-bypass", b"1"))
    finally:
        wire.proxy.set(stream_large_bodies=None)
    assert exchange.passed_as_sent


def test_a_body_over_mitmproxys_limit_is_mitmproxys_affair(proxy: Proxy, http1: Http1) -> None:
    proxy.set(body_size_limit="1k")
    try:
        head = b"POST /v1/responses HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % len(SHORTENED)
        assert proxy.exchange(head, http1.upstream).startswith(b"HTTP/1.1 413 ")
    finally:
        proxy.set(body_size_limit=None)
    assert http1.upstream.received == []
    assert len(http1.post(SHORTENED).received.body) < len(SHORTENED)


def test_a_literal_that_needs_no_change_keeps_its_spelling(wire: Http1 | Http2) -> None:
    """Escapes that no writer of JSON needs, in a tool output that is not shortened."""
    body = around(TEMPLATE, b'"\\u0041\\/\\u00e9 \xc3\xa9"')
    assert wire.post(body).passed_as_sent


def test_only_white_space(wire: Http1 | Http2) -> None:
    assert wire.post(b" \r\n\t").passed_as_sent


def test_a_call_without_its_output_is_no_tool_text(wire: Http1 | Http2) -> None:
    assert wire.post(b'{"input":[%b],"note":"function_call_output %b"}' % (CALL, LITERAL[1:-1])).passed_as_sent

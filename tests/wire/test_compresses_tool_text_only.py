"""A tool output is shortened, and every other byte of the request arrives as it was sent."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from headroom_compression import compress_request_body
from headroom_compression import tokens
from headroom_proxy import encodings
from tests.loopback.raw_bodies import outputs
from tests.loopback.raw_bodies import up_to_last_item
from tests.loopback.raw_bodies import without_outputs
from tests.wire.bodies import CALL
from tests.wire.bodies import ITEM
from tests.wire.bodies import PLACE
from tests.wire.bodies import SHORTENED
from tests.wire.bodies import TEMPLATE
from tests.wire.bodies import around
from tests.wire.bodies import request
from tests.wire.bodies import turns

if TYPE_CHECKING:
    from tests.proxy.conftest import Proxy
    from tests.proxy.conftest import Received
    from tests.proxy.conftest import Upstream
    from tests.wire.conftest import Http1
    from tests.wire.conftest import Http2

BESIDE = b"[%b,%b]" % (CALL, ITEM)
FACE = "\N{GRINNING FACE}".encode()


def check_shortened(sent: bytes, received: bytes) -> None:
    """By an independent reader: only tool outputs differ, and they cost fewer tokens."""
    assert without_outputs(received) == without_outputs(sent)
    before, after = (sum(map(tokens.count, outputs(body))) for body in (sent, received))
    assert after < before


@pytest.mark.parametrize(
    "template",
    [
        pytest.param(b'{"input":%b}' % BESIDE, id="no model"),
        pytest.param(b'{"input":%b,"n":123456789012345678901234567890}' % BESIDE, id="an integer beyond 64 bit"),
        pytest.param(b'{"input":%b,"n":[1e2,1E+2,1.0,-0.0,-0,1e400,0.10]}' % BESIDE, id="numbers in other spellings"),
        pytest.param(b'{"n":[1e2,1E+2,1.0,-0.0,-0,1e400,0.10],"input":%b}' % BESIDE, id="numbers before it"),
        pytest.param(b'{"input":%b,"url":"https:\\/\\/a\\/"}' % BESIDE, id="escaped slashes"),
        pytest.param(b'{"\\u0061":"\\u00e9\\u00E9\\u000a \xc3\xa9","input":%b}' % BESIDE, id="escapes nobody needs"),
        pytest.param(b'{"a":"\\ud83d\\ude00 %b","input":%b}' % (FACE, BESIDE), id="a pair of escapes"),
        pytest.param(b'{"a":"\\ud800 \\udc00\\ud800","input":%b}' % BESIDE, id="lone surrogates in another field"),
        pytest.param(b'{"a":"\\u0000\\u2028","input":%b}' % BESIDE, id="a zero and a line separator"),
        pytest.param(b' \r\n{ "input"\t:%b ,\n "a" : [ ] } \n' % BESIDE, id="white space around"),
        pytest.param(
            b'{"input":[ %b\n,\t%b ]}' % (CALL, ITEM.replace(b":", b" : ").replace(b",", b"\n,  ")),
            id="white space inside the item",
        ),
        pytest.param(
            b'{"input":[%b,{"output":@output@,"call_id":"c","type":"function_call_output"}]}' % CALL,
            id="the keys of the item in another order",
        ),
        pytest.param(b'{"z":1,"input":%b,"a":2,"B":3}' % BESIDE, id="the top-level keys in any order"),
        pytest.param(
            b'{"input":[%b,%b]}' % (CALL, ITEM.replace(b"{", b'{"new":{"a":[1.0,{}]},"id":null,', 1)),
            id="unknown keys in the item",
        ),
        pytest.param(
            b'{"input":[{"type":"new_kind","output":"  1\\ta"},%b,{"type":"item_reference","id":"i"},%b]}'
            % (CALL, ITEM),
            id="unknown items around",
        ),
        pytest.param(
            b'{"input":%b,"deep":%b1%b}' % (BESIDE, b'{"a":[' * 450, b"]}" * 450), id="depth 900 in another field"
        ),
        pytest.param(b'{"tools":[{"a":1,"a":2}],"input":%b}' % BESIDE, id="a key twice elsewhere"),
        pytest.param(b'{"input":%b,"key":"\xed\x9f\xbf\xee\x80\x80"}' % BESIDE, id="the neighbours of surrogates"),
        pytest.param(b'{"inp\\u0075t":%b}' % BESIDE, id="an input that is escaped"),
        pytest.param(
            b'{"input":[%b,%b]}' % (CALL, ITEM.replace(b"_output", b"\\u005foutput")), id="a type that is escaped"
        ),
        pytest.param(
            b'{"input":[%b,%b]}' % (CALL, ITEM.replace(PLACE, b'[{"type":"input_text","text":@output@}]')),
            id="parts",
        ),
    ],
)
def test_other_bytes_arrive_as_sent(template: bytes, wire: Http1 | Http2) -> None:
    sent = around(template)
    exchange = wire.post(sent)
    head, _, tail = template.partition(PLACE)
    assert exchange.received.body.startswith(head)
    assert exchange.received.body.endswith(tail)
    assert len(exchange.received.body) < len(sent)
    check_shortened(sent, exchange.received.body)


@pytest.mark.parametrize(
    "path",
    [
        b"/responses",
        b"/v1/responses",
        b"/v1/responses/",
        b"/v1/responses?",
        b"/v1/responses/?a=1&b=%2F",
        b"/openai/v1/responses?api-version=preview",
        b"/a%20b/\xff/responses",
        b"//responses",
    ],
    ids=lambda path: path.decode("latin-1"),
)
def test_paths_with_prefix_slash_and_query(path: bytes, wire: Http1 | Http2) -> None:
    exchange = wire.post(SHORTENED, path=path)
    check_shortened(SHORTENED, exchange.received.body)
    assert all(path in part for part in [exchange.received.raw or path])


def test_headers_arrive_as_sent_but_the_length(wire: Http1 | Http2) -> None:
    headers = [
        (b"Authorization", b"Bearer aws4-signature"),
        (b"X-Odd", b"\xff\xfe"),
        (b"x-odd", b""),
        (b"Content-Type", b"text/plain; charset=latin-1"),
        (b"Accept-Encoding", b"zstd"),
    ]
    exchange = wire.post(SHORTENED, *headers)
    assert without_length(exchange.received) == without_length(exchange.sent)
    assert exchange.received.header(b"content-length") == [b"%d" % len(exchange.received.body)]
    check_shortened(SHORTENED, exchange.received.body)


def without_length(message: Received) -> list[tuple[bytes, bytes]]:
    return [(key, value) for key, value in message.headers if key.lower() != b"content-length"]


def test_trailers_stay(http2: Http2) -> None:
    exchange = http2.post(SHORTENED, trailers=[(b"x-end", b"1")])
    assert exchange.received.trailers == [(b"x-end", b"1")]
    check_shortened(SHORTENED, exchange.received.body)


def test_zstd_without_a_size_in_its_frame(wire: Http1 | Http2) -> None:
    compressor = encodings.zstd.ZstdCompressor()
    if hasattr(compressor, "compressobj"):
        compressor = compressor.compressobj()
    raw = compressor.compress(SHORTENED) + compressor.flush()
    exchange = wire.post(raw, (b"Content-Encoding", b"zstd"))
    check_shortened(SHORTENED, encodings.decode(exchange.received.body, ["zstd"])[0])


def test_a_body_of_many_frames(wire: Http1 | Http2) -> None:
    """Over the windows of HTTP/2 and any buffer on the way."""
    sent = b'{"note":"%b",%b' % (b"x" * 300_000, SHORTENED[1:])
    check_shortened(sent, wire.post(sent).received.body)


@pytest.mark.parametrize("size", [1, 7, 4096], ids="chunks of {}".format)
def test_chunked(size: int, proxy: Proxy, upstream: Upstream) -> None:
    head = b"POST /v1/responses HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
    chunks = [SHORTENED[start : start + size] for start in range(0, len(SHORTENED), size)]
    request = head + b"".join(b"%x\r\n%b\r\n" % (len(chunk), chunk) for chunk in chunks) + b"0\r\n\r\n"
    assert proxy.exchange(request, upstream).startswith(b"HTTP/1.1 200 ")
    assert upstream.received[0].raw.startswith(head)
    check_shortened(SHORTENED, upstream.received[0].body)


def test_expect_100_continue(proxy: Proxy, upstream: Upstream) -> None:
    head = b"POST /v1/responses HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: %d\r\n\r\n"
    with closing(proxy.connect(upstream)) as connection:
        connection.sendall(head % len(SHORTENED))
        assert connection.recv(65536).startswith(b"HTTP/1.1 100 ")
        connection.sendall(SHORTENED)
        assert connection.recv(65536).startswith(b"HTTP/1.1 200 ")
    check_shortened(SHORTENED, upstream.received[0].body)


def test_a_body_that_arrives_in_drops(proxy: Proxy, upstream: Upstream) -> None:
    head = b"POST /v1/responses HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % len(SHORTENED)
    with closing(proxy.connect(upstream)) as connection:
        for start in range(0, len(SHORTENED), 500):
            connection.sendall((head if start == 0 else b"") + SHORTENED[start : start + 500])
            time.sleep(0.002)
        assert connection.recv(65536).startswith(b"HTTP/1.1 200 ")
    check_shortened(SHORTENED, upstream.received[0].body)


def test_two_requests_in_one_go_on_one_connection(proxy: Proxy, upstream: Upstream) -> None:
    """The second is signed: which was which must not get lost."""
    head = b"POST /v1/responses HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n" % len(SHORTENED)
    signed = head + b"Digest: x\r\nConnection: close\r\n\r\n" + SHORTENED
    upstream.messages_per_connection = 2
    upstream.reply = lambda connection: connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    reply = proxy.exchange(head + b"\r\n" + SHORTENED + signed, upstream)
    assert reply.count(b"HTTP/1.1 200 ") == 2
    check_shortened(SHORTENED, upstream.received[0].body)
    assert upstream.received[1].raw == signed


@pytest.fixture
def deep_json() -> Iterator[None]:
    """Python 3.11's json counts depth against the recursion limit; these tests read what arrives with it."""
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(10_000)
    yield
    sys.setrecursionlimit(limit)


@pytest.mark.usefixtures("deep_json")
@pytest.mark.parametrize(
    "odd",
    [
        pytest.param(b'"cut emoji \\ud83d"', id="a lone surrogate"),
        pytest.param(b'"\\udc00"', id="a low one"),
        pytest.param(b'"a","n":1e400', id="a number that no double holds"),
        pytest.param(b'"a","n":%b%b' % (b"[" * 1200, b"]" * 1200), id="deeper than orjson goes"),
    ],
)
def test_an_odd_item_stays_and_the_others_are_shortened(odd: bytes, wire: Http1 | Http2) -> None:
    """Also when it arrives late: what went before is sent as it was."""
    first, second = (
        ITEM.replace(b'"c"', b'"%b"' % name).replace(PLACE, json.dumps(text).encode())
        for name, text in ((b"c", outputs(SHORTENED)[0]), (b"d", outputs(turns(2)[1])[2]))
    )
    other_call = CALL.replace(b'"c"', b'"d"').replace(b"a.py", b"b.py")
    odd_item = ITEM.replace(b'"c"', b'"e"').replace(PLACE, odd)
    sent = [
        b'{"model":"m","input":[%b]}' % b",".join(items)
        for items in (
            [CALL, first],
            [CALL, first, odd_item],
            [CALL, first, odd_item, other_call, second],
            [odd_item, CALL, first, other_call, second],
        )
    ]
    received = [wire.post(body).received.body for body in sent]
    assert all(odd_item in body for body in received[1:])
    for before, after in zip(sent, received, strict=True):
        assert len(after) < len(before)
        assert after == compress_request_body(before).body, "the same without the memory of a session"
    assert received[1].startswith(received[0].removesuffix(b"]}"))
    assert received[2].startswith(received[1].removesuffix(b"]}"))
    assert without_outputs(received[2]) == without_outputs(sent[2])
    assert len(received[2]) - len(received[1]) < len(sent[2]) - len(sent[1]), "the one after it is shortened too"


def test_every_turn_begins_with_what_was_sent_before(wire: Http1 | Http2) -> None:
    sent = turns(4)
    received = [wire.post(body).received.body for body in sent]
    assert received == [compress_request_body(body).body for body in sent]
    assert all(later.startswith(up_to_last_item(earlier)) for earlier, later in pairwise(received))
    for before, after in zip(sent, received, strict=True):
        check_shortened(before, after)


def test_a_tool_text_that_comes_after_a_turn_without_one(wire: Http1 | Http2) -> None:
    """The first request holds no plain `_output`; what stands in it is sent the same way later."""
    escaped = ITEM.replace(b"_output", b"\\u005foutput").replace(PLACE, json.dumps(outputs(SHORTENED)[0]).encode())
    first = b'{"input":[%b,%b]}' % (CALL, escaped)
    second = first.removesuffix(b"]}") + b",%b]}" % around(ITEM, b'"done"')
    received = [wire.post(body).received.body for body in (first, second)]
    assert received[1].startswith(received[0].removesuffix(b"]}"))


def test_a_fork_of_a_session_sees_its_own_past(wire: Http1 | Http2) -> None:
    sent = turns(3)
    fork = request(*json.loads(sent[1])["input"][:-2], *json.loads(sent[2])["input"][-2:])
    for body in (*sent, fork, sent[1], fork):
        assert wire.post(body).received.body == compress_request_body(body).body


def test_the_template_is_what_the_others_build_on() -> None:
    assert around(TEMPLATE) == SHORTENED

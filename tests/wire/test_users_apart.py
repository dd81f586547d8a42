"""Two users whose servers number answers alike: nothing that only one of them has seen is sent for the other.

Each time the first one has read a file that the second one reads for the first time, in a conversation of his own whose
answer has the same id.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from headroom_compression import compress_request_body
from tests.loopback.raw_bodies import outputs
from tests.wire.bodies import message
from tests.wire.bodies import reading
from tests.wire.test_continued_answers import EVENTS
from tests.wire.test_continued_answers import event_stream
from tests.wire.test_continued_answers import exchange
from tests.wire.test_continued_answers import json_reply
from tests.wire.test_continued_answers import post
from tests.wire.test_continued_answers import request
from tests.wire.test_continued_answers import stream_reply
from tests.wire.test_continued_answers import whole
from tests.wire.websocket_peers import answer
from tests.wire.websocket_peers import create
from tests.wire.websocket_peers import opened

if TYPE_CHECKING:
    from mitmproxy.http import HTTPFlow

    from tests.proxy.conftest import Proxy
    from tests.proxy.conftest import Upstream
    from tests.wire.websocket_peers import WebSocket

ASKED = message("Read.")
ITS_READ, ITS_SHOWN = reading("r1")
READ, SHOWN = reading("r2")
# One user has read the file; what goes on from there may point to it.
HAS_READ = request(ASKED, ITS_READ, ITS_SHOWN)
HAS_NOT = request(ASKED)
GOES_ON = request(READ, SHOWN, previous_response_id="resp_1")
ALONE = outputs(compress_request_body(request(READ, SHOWN)).body)
FIRST_ANSWER = json_reply(whole("resp_1"))

USERS = {
    "Authorization": "Authorization: Bearer {}",
    "two Authorizations": "Authorization: Bearer same\r\nAuthorization: Bearer {}",
    "x-goog-api-key": "x-goog-api-key: {}",
    "Proxy-Authorization": "Proxy-Authorization: Basic {}",
    "a header that nobody knows": "X-Of-This-House: {}",
    "X-Forwarded-Host": "X-Forwarded-Host: {}.test",
    "Cookie": "Cookie: session={}",
    "OpenAI-Project": "OpenAI-Project: proj_{}",
    "Sec-WebSocket-Protocol": "Sec-WebSocket-Protocol: openai-insecure-api-key.{}",
}
PATHS = {
    "the path": "/api/codex-proxy/{}/v1/responses",
    "the query": "/v1/responses?api-key={}",
    "another query": "/v1/responses?api-version=1&key={}",
    "a query in place of a path": "/v1/responses?{}",
}


def check_apart(proxy: Proxy, upstream: Upstream, one: tuple[str, str], other: tuple[str, str]) -> None:
    """Users: a path and a header of each."""
    exchange(proxy, upstream, post(HAS_NOT, other[1], path=other[0]), FIRST_ANSWER)
    exchange(proxy, upstream, post(HAS_READ, one[1], path=one[0]), FIRST_ANSWER)
    assert goes_on(proxy, upstream, other) == ALONE
    assert goes_on(proxy, upstream, one) != ALONE, "his own"


def goes_on(proxy: Proxy, upstream: Upstream, user: tuple[str, str]) -> list[str]:
    return outputs(exchange(proxy, upstream, post(GOES_ON, user[1], path=user[0]), json_reply(b"{}")))


@pytest.mark.parametrize("header", USERS.values(), ids=USERS)
def test_users_that_differ_in_a_header(header: str, proxy: Proxy, upstream: Upstream) -> None:
    check_apart(proxy, upstream, ("/v1/responses", header.format("a")), ("/v1/responses", header.format("b")))


@pytest.mark.parametrize("path", PATHS.values(), ids=PATHS)
def test_users_that_differ_in_the_address(path: str, proxy: Proxy, upstream: Upstream) -> None:
    check_apart(proxy, upstream, (path.format("a"), "X: y"), (path.format("b"), "X: y"))


def test_of_two_users_one_has_no_key_at_all(proxy: Proxy, upstream: Upstream) -> None:
    check_apart(proxy, upstream, ("/v1/responses", "X-Key: a"), ("/v1/responses", "X-Request-Id: 1"))


@pytest.mark.parametrize("path", ["/a/v1/responses/compact", "/a/v1/responses/input_tokens"])
def test_what_else_is_asked_of_a_conversation_is_asked_by_its_user(path: str, proxy: Proxy, upstream: Upstream) -> None:
    exchange(proxy, upstream, post(HAS_READ, path="/a/v1/responses"), FIRST_ANSWER)
    for reply in (json_reply(b'{"object":"response.input_tokens","input_tokens":9}'), json_reply(b"{}")):
        asked = exchange(proxy, upstream, post(GOES_ON, path=path), reply)
        assert outputs(asked) == goes_on(proxy, upstream, ("/a/v1/responses", "X-Request-Id: 2")) != ALONE
        other = exchange(proxy, upstream, post(GOES_ON, path=path.replace("/a/", "/b/")), reply)
        assert outputs(other) == ALONE


def says_and_hears(websocket: WebSocket, first: bytes) -> None:
    websocket.up(create(*json.loads(first)["input"]))
    websocket.hear(answer("resp_1"))


@pytest.mark.parametrize("header", USERS.values(), ids=USERS)
def test_users_of_websockets_that_differ_in_a_header(header: str, proxy: Proxy, upstream: Upstream) -> None:
    one, other = (
        [(name.encode(), value.encode()) for name, _, value in (line.partition(": ") for line in lines.split("\r\n"))]
        for lines in (header.format("a"), header.format("b"))
    )
    with opened(proxy.connect(upstream), upstream, *one) as websocket:
        says_and_hears(websocket, HAS_READ)
    with opened(proxy.connect(upstream), upstream, *other) as websocket:
        sent = websocket.up(create(READ, SHOWN, previous_response_id="resp_1")).content
    assert outputs(sent) == ALONE
    with opened(proxy.connect(upstream), upstream, *one) as websocket:
        sent = websocket.up(create(READ, SHOWN, previous_response_id="resp_1")).content
    assert outputs(sent) != ALONE, "his own"


@pytest.mark.parametrize("path", PATHS.values(), ids=PATHS)
def test_users_of_websockets_that_differ_in_the_address(path: str, proxy: Proxy, upstream: Upstream) -> None:
    with opened(proxy.connect(upstream), upstream, path=path.format("a").encode()) as websocket:
        says_and_hears(websocket, HAS_READ)
    with opened(proxy.connect(upstream), upstream, path=path.format("b").encode()) as websocket:
        sent = websocket.up(create(READ, SHOWN, previous_response_id="resp_1")).content
    assert outputs(sent) == ALONE
    with opened(proxy.connect(upstream), upstream, path=path.format("a").encode()) as websocket:
        sent = websocket.up(create(READ, SHOWN, previous_response_id="resp_1")).content
    assert outputs(sent) != ALONE, "his own"


# A server that numbers from 1 again, and a first answer there that is not read, or only in part.
ENDS_UNREAD = {
    "in no known coding": json_reply(whole("resp_1")).replace(b"Encoding: identity", b"Encoding: other"),
    "in no gzip": json_reply(whole("resp_1")).replace(b"Encoding: identity", b"Encoding: gzip"),
    "cut JSON": json_reply(whole("resp_1")[:-1]),
    "failed": json_reply(whole("resp_1", status="failed")),
    "in the background": json_reply(whole("resp_1", status="queued")),
    "of another object": json_reply(whole("resp_1", object="other")),
    "events in brotli": stream_reply(event_stream(EVENTS), "br"),
    "events in no gzip": stream_reply(event_stream(EVENTS)).replace(b"Encoding: identity", b"Encoding: gzip"),
    "events that break off": stream_reply(event_stream(EVENTS[:1])),
    "events that fail": stream_reply(event_stream([EVENTS[0], b'{"type":"response.failed","response":{}}'])),
}


@pytest.mark.parametrize("reply", ENDS_UNREAD.values(), ids=ENDS_UNREAD)
def test_an_answer_that_is_not_read_ends_what_its_id_meant(reply: bytes, proxy: Proxy, upstream: Upstream) -> None:
    exchange(proxy, upstream, post(HAS_READ), FIRST_ANSWER)
    exchange(proxy, upstream, post(HAS_NOT), reply)
    assert goes_on(proxy, upstream, ("/v1/responses", "X-Request-Id: 1")) == ALONE


LEFT_ALONE = {
    "the bypass header": (HAS_NOT, "x-headroom-bypass: 1"),
    "a signature": (HAS_NOT, "Digest: x"),
    "not stored": (request(ASKED, store=False), "X-Request-Id: 1"),
    "no coding": (HAS_NOT, "Content-Encoding: other"),
    "no JSON": (b"[", "X-Request-Id: 1"),
}


@pytest.mark.parametrize("stream", [False, True], ids=["JSON", "events"])
@pytest.mark.parametrize(("body", "header"), LEFT_ALONE.values(), ids=LEFT_ALONE)
def test_the_answer_to_what_was_left_alone_ends_what_its_id_meant(
    body: bytes, header: str, proxy: Proxy, upstream: Upstream, *, stream: bool
) -> None:
    exchange(proxy, upstream, post(HAS_READ), FIRST_ANSWER)
    exchange(proxy, upstream, post(body, header), stream_reply(event_stream(EVENTS)) if stream else FIRST_ANSWER)
    assert goes_on(proxy, upstream, ("/v1/responses", "X-Request-Id: 1")) == ALONE


def test_the_answer_to_what_compress_only_leaves_out_ends_what_its_id_meant(proxy: Proxy, upstream: Upstream) -> None:
    proxy.set(compress_only="! ~hq traceparent:.none")
    exchange(proxy, upstream, post(HAS_READ), FIRST_ANSWER)
    exchange(proxy, upstream, post(HAS_NOT, "traceparent: none"), FIRST_ANSWER)
    assert goes_on(proxy, upstream, ("/v1/responses", "X-Request-Id: 1")) == ALONE


def test_an_answer_of_another_number_ends_nothing(proxy: Proxy, upstream: Upstream) -> None:
    exchange(proxy, upstream, post(HAS_READ), FIRST_ANSWER)
    exchange(proxy, upstream, post(HAS_NOT, "x-headroom-bypass: 1"), json_reply(whole("resp_2")))
    exchange(proxy, upstream, post(HAS_NOT), json_reply(b'{"error":{}}', status="500 No"))
    exchange(proxy, upstream, post(HAS_NOT), json_reply(b'{"error":{}}'))
    assert goes_on(proxy, upstream, ("/v1/responses", "X-Request-Id: 1")) != ALONE


@pytest.mark.parametrize("events", [1, 2], ids=["begun", "ended"])
def test_an_answer_on_a_websocket_that_is_left_alone_ends_what_its_id_meant(
    events: int, proxy: Proxy, upstream: Upstream
) -> None:
    exchange(proxy, upstream, post(HAS_READ), FIRST_ANSWER)
    with opened(proxy.connect(upstream), upstream, (b"x-headroom-bypass", b"1")) as websocket:
        websocket.up(create(ASKED))
        websocket.hear(answer("resp_1")[:events])
        assert goes_on(proxy, upstream, ("/v1/responses", "X-Request-Id: 1")) == ALONE


def test_an_answer_on_a_websocket_that_was_there_before_us_ends_what_its_id_meant(
    proxy: Proxy, upstream: Upstream
) -> None:
    proxy.set(compress_passthrough=False)
    with opened(proxy.connect(upstream), upstream) as websocket:
        proxy.set(compress_passthrough=True)
        exchange(proxy, upstream, post(HAS_READ), FIRST_ANSWER)
        websocket.up(create(ASKED))
        websocket.hear(answer("resp_1"))
        assert goes_on(proxy, upstream, ("/v1/responses", "X-Request-Id: 1")) == ALONE


def test_a_tunnel_ends_what_all_ids_meant(proxy: Proxy, upstream: Upstream) -> None:
    """What follows on 101 is no WebSocket for mitmproxy, and no hook tells of it."""
    exchange(proxy, upstream, post(HAS_READ), FIRST_ANSWER)
    head = b"GET /v1/responses HTTP/1.1\r\nHost: upstream.test\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n"
    reply = b"HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\nfirst"
    upstream.reply = lambda connection: connection.sendall(reply)
    assert proxy.exchange(head, upstream) == reply
    assert goes_on(proxy, upstream, ("/v1/responses", "X-Request-Id: 1")) == ALONE


class LaterAddon:
    """Like `modify_headers`, whose hook comes after those of scripts."""

    def request(self, flow: HTTPFlow) -> None:
        flow.request.headers["authorization"] = f"Bearer {flow.id}"


def test_what_another_addon_does_to_a_request_afterwards_tells_nothing_of_its_user(
    proxy: Proxy, upstream: Upstream
) -> None:
    later, addons = LaterAddon(), proxy._master.addons  # noqa: SLF001  there is no public way to it
    proxy._run(lambda: addons.add(later))  # noqa: SLF001
    try:
        with opened(proxy.connect(upstream), upstream) as websocket:
            says_and_hears(websocket, HAS_READ)
            sent = websocket.up(create(READ, SHOWN, previous_response_id="resp_1")).content
        assert outputs(sent) == goes_on(proxy, upstream, ("/v1/responses", "X-Request-Id: 1")) != ALONE
        assert proxy.addon.reporter.totals.conversations[-1].requests == 3, "it is counted as one, too"
    finally:
        proxy._run(lambda: addons.remove(later))  # noqa: SLF001

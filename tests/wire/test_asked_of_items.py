"""What else is asked of the items of a conversation, a compaction or a count, is asked of what the model is sent."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.loopback.raw_bodies import outputs
from tests.wire.test_continued_answers import ASKED
from tests.wire.test_continued_answers import ENCODERS
from tests.wire.test_continued_answers import FOUND
from tests.wire.test_continued_answers import READ
from tests.wire.test_continued_answers import READ_AGAIN
from tests.wire.test_continued_answers import SEARCH
from tests.wire.test_continued_answers import SHOWN
from tests.wire.test_continued_answers import SHOWN_AGAIN
from tests.wire.test_continued_answers import event_stream
from tests.wire.test_continued_answers import exchange
from tests.wire.test_continued_answers import json_reply
from tests.wire.test_continued_answers import post
from tests.wire.test_continued_answers import request
from tests.wire.test_continued_answers import sent_on
from tests.wire.test_continued_answers import stream_reply
from tests.wire.test_continued_answers import whole
from tests.wire.websocket_peers import answer
from tests.wire.websocket_peers import check_is_sent_as_in_full_history

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.proxy.conftest import Proxy
    from tests.proxy.conftest import Upstream
    from tests.wire.conftest import Http1
    from tests.wire.conftest import Http2

PATHS = ["/v1/responses/compact", "/v1/responses/compact/?api-version=1", "/v1/responses/input_tokens"]
COMPACTED = {
    "object": "response.compaction",
    "id": "resp_1",
    "output": [{"type": "compaction", "encrypted_content": "gAAA"}],
    "usage": {"input_tokens": 900, "output_tokens": 7},
}
COUNTED = {"object": "response.input_tokens", "input_tokens": 900}
BODY = request(ASKED, READ, SHOWN, READ_AGAIN, SHOWN_AGAIN)


@pytest.mark.parametrize("path", PATHS)
def test_the_same_items_go_on_the_same_way(path: str, wire: Http1 | Http2) -> None:
    there, here = wire.post(BODY), wire.post(BODY, path=path.encode())
    assert here.received.body == there.received.body != BODY
    assert "identical to " in outputs(here.received.body)[1]
    in_other_order = json.dumps({"input": json.loads(BODY)["input"], "instructions": "Be brief."}).encode()
    assert outputs(wire.post(in_other_order, path=path.encode()).received.body) == outputs(there.received.body)


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
@pytest.mark.parametrize("path", PATHS)
def test_an_encoded_body_too(path: str, coding: str, wire: Http1 | Http2) -> None:
    received = wire.post(ENCODERS[coding](BODY), (b"Content-Encoding", coding.encode()), path=path.encode()).received
    assert received.body != ENCODERS[coding](BODY)
    assert received.body == wire.post(ENCODERS[coding](BODY), (b"Content-Encoding", coding.encode())).received.body


REPLIES = {
    "a compaction": json_reply(json.dumps(COMPACTED).encode()),
    "a count": json_reply(json.dumps(COUNTED).encode()),
    "what looks like an answer": json_reply(whole("resp_1", SEARCH)),
    "events": stream_reply(event_stream(answer("resp_1", SEARCH))),
    "an error": json_reply(b'{"error":{}}', status="400 No"),
}


@pytest.mark.parametrize("reply", REPLIES.values(), ids=REPLIES)
@pytest.mark.parametrize("path", PATHS[::2])
def test_what_comes_back_arrives_as_it_was_sent_and_is_no_answer(
    path: str, reply: bytes, proxy: Proxy, upstream: Upstream
) -> None:
    exchange(proxy, upstream, post(request(ASKED), path=path), reply)
    second = request(FOUND, previous_response_id="resp_1")
    assert sent_on(proxy, upstream, body=second) == second
    assert not proxy.addon._exchanges._others  # noqa: SLF001  there is no public way to it


@pytest.mark.parametrize("path", PATHS[::2])
def test_it_may_continue_an_answer_and_changes_nothing_for_who_continues_it_too(
    path: str, proxy: Proxy, upstream: Upstream
) -> None:
    exchange(proxy, upstream, post(request(ASKED)), json_reply(whole("resp_1", SEARCH)))
    sent = request(FOUND, previous_response_id="resp_1")
    for asked_at in (path, "/v1/responses", path):
        arrived = exchange(proxy, upstream, post(sent, path=asked_at), json_reply(json.dumps(COUNTED).encode()))
        check_is_sent_as_in_full_history(arrived, sent, ASKED, SEARCH)


@pytest.mark.parametrize("path", PATHS[::2])
def test_it_counts_in_no_figures(path: str, proxy: Proxy, upstream: Upstream, log: Callable[[], list[str]]) -> None:
    totals = proxy.addon.reporter.totals
    before = totals.requests, totals.all.requests, totals.all.outputs
    exchange(proxy, upstream, post(BODY, path=path), json_reply(json.dumps(COMPACTED).encode()))
    proxy.addon._afterwards.finish()  # noqa: SLF001  there is no public way to it
    assert (totals.requests, totals.all.requests, totals.all.outputs) == before
    assert not [line for line in log() if "saved" in line]


@pytest.mark.parametrize("path", PATHS[::2])
def test_in_a_dry_run_it_goes_on_as_it_came(path: str, proxy: Proxy, upstream: Upstream) -> None:
    proxy.set(compress_dry_run=True)
    assert exchange(proxy, upstream, post(BODY, path=path), json_reply(json.dumps(COUNTED).encode())) == BODY

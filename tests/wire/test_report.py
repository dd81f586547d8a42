"""What is told of requests that pass through a real mitmproxy, however their answers come."""

from __future__ import annotations

import json
import logging
import re
from typing import TYPE_CHECKING

import pytest

from headroom_compression import Settings
from headroom_compression import compress_request_body
from headroom_proxy.figures import log_lines
from headroom_proxy.figures.live_savings import savings_report
from headroom_report.writing.page import as_page
from tests.proxy.reported import body
from tests.proxy.reported import saved_in
from tests.wire.bodies import Item
from tests.wire.bodies import call
from tests.wire.bodies import message
from tests.wire.bodies import output
from tests.wire.bodies import reading
from tests.wire.bodies import rows
from tests.wire.test_continued_answers import event_stream
from tests.wire.test_continued_answers import exchange
from tests.wire.test_continued_answers import in_single_bytes
from tests.wire.test_continued_answers import json_reply
from tests.wire.test_continued_answers import post
from tests.wire.test_continued_answers import stream_reply
from tests.wire.test_continued_answers import whole
from tests.wire.websocket_peers import answer
from tests.wire.websocket_peers import create
from tests.wire.websocket_peers import opened

if TYPE_CHECKING:
    from collections.abc import Callable

    from mitmproxy.http import HTTPFlow

    from tests.proxy.conftest import Proxy
    from tests.proxy.conftest import Upstream

    Log = Callable[[], list[str]]

INPUT = 1500


def usage(cached: int = 0, given: int = INPUT) -> Item:
    return {"input_tokens": given, "input_tokens_details": {"cached_tokens": cached}, "output_tokens": 7}


STREAM = event_stream(answer("resp_1", usage=usage()))
NOT_STORED = body(1).replace(b'"model"', b'"store":false,"model"')
ANSWERS = {
    "events": stream_reply(STREAM),
    "events in single bytes": in_single_bytes(STREAM),
    "events in gzip": stream_reply(STREAM, "gzip"),
    "JSON": json_reply(whole("resp_1", usage=usage())),
    "JSON in zstd": json_reply(whole("resp_1", usage=usage()), "zstd"),
    "JSON of an incomplete answer": json_reply(whole("resp_1", usage=usage(), status="incomplete")),
}
NO_USAGE, NO_ANSWER = "no usage was read", "no finished answer was read"
WITHOUT_USAGE = {
    "events without it": (stream_reply(event_stream(answer("resp_1"))), NO_USAGE),
    "JSON without it": (json_reply(whole("resp_1")), NO_USAGE),
    "events that break off": (stream_reply(STREAM[:-20]), NO_ANSWER),
    "events in brotli": (stream_reply(STREAM, "br"), NO_USAGE),
    "another status": (json_reply(b'{"error":{}}', status="429 Wait"), NO_ANSWER),
    "no body": (b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n", NO_ANSWER),
}


@pytest.fixture(autouse=True)
def counted_from_nothing(proxy: Proxy, caplog: pytest.LogCaptureFixture) -> None:
    proxy.addon.reporter.start(is_dry_run=False)
    caplog.clear()


@pytest.mark.parametrize("sent", [body(1), NOT_STORED], ids=["stored", "not stored"])
@pytest.mark.parametrize("reply", ANSWERS.values(), ids=ANSWERS)
def test_a_line_with_the_upstreams_count(reply: bytes, sent: bytes, proxy: Proxy, upstream: Upstream, log: Log) -> None:
    assert exchange(proxy, upstream, post(sent), reply) == compress_request_body(sent).body
    (line,) = log()
    change = f"{INPUT + saved_in(sent):,} -> {INPUT:,} tokens (-{saved_in(sent) / (INPUT + saved_in(sent)):.1%})"
    assert re.fullmatch(rf"headroom: responses {re.escape(change)}, 1 new output, [0-9.]+ ms", line)


@pytest.mark.parametrize(("reply", "reason"), WITHOUT_USAGE.values(), ids=WITHOUT_USAGE)
def test_a_line_without_shares(reply: bytes, reason: str, proxy: Proxy, upstream: Upstream, log: Log) -> None:
    exchange(proxy, upstream, post(body(1)), reply)
    (line,) = log()
    saved = f"{saved_in(body(1))} tokens saved in 1 output"
    assert re.fullmatch(rf"headroom: responses, {saved}, 1 new output, [0-9.]+ ms; {reason}", line)
    new = proxy.addon.reporter.totals.all.new
    assert new.saved == (saved_in(body(1)) if reason == NO_USAGE else 0), "what no model has read has saved nothing"


def test_an_answer_that_is_cut_off(proxy: Proxy, upstream: Upstream, log: Log) -> None:
    reply = json_reply(whole("resp_1", usage=usage()))
    upstream.reply = lambda connection: connection.sendall(reply[:-1])
    proxy.exchange(post(body(1)), upstream)
    assert [line.rpartition("; ")[2] for line in log()] == [NO_ANSWER]


def test_what_was_sent_before_counts_in_a_websockets_requests(proxy: Proxy, upstream: Upstream, log: Log) -> None:
    first, second = reading("r1", rows(name="one")), reading("r2", rows(name="two"))
    with opened(proxy.connect(upstream), upstream) as websocket:
        websocket.up(create(message("Read."), *first))
        websocket.hear(answer("resp_1", second[0], usage=usage()))
        websocket.up(create(second[1], previous_response_id="resp_1"))
        websocket.hear(answer("resp_2", continues="resp_1", usage=usage(1024, 3000)))
        websocket.up(create(message("Thanks."), previous_response_id="resp_2"))
        websocket.hear(answer("resp_3", continues="resp_2", usage=usage(2048, 3100)))
        proxy.settle()
    one, both = (saved_in(create(*items)) for items in (first, (*first, *second)))
    assert [line.split(" (")[0] for line in log()] == [
        f"headroom: responses {INPUT + one:,} -> {INPUT:,} tokens",
        f"headroom: responses {3000 + both:,} -> 3,000 tokens",
    ]
    (conversation,) = proxy.addon.reporter.totals.conversations
    assert (conversation.requests, conversation.edited) == (3, 2)
    assert (conversation.new.saved, conversation.saved_again) == (both, one + both)
    assert conversation.whole.saved == one + both + both
    assert [turn.new.after for turn in conversation.turns] == [1500, 1500, 100]


@pytest.mark.parametrize(
    ("cached", "warnings"),
    [([0, 1408, 2432, 3456], 0), ([0, 1408, 1024, 1024], 1)],
    ids=["the cache holds", "it does not"],
)
def test_the_cache(
    cached: list[int], warnings: int, proxy: Proxy, upstream: Upstream, caplog: pytest.LogCaptureFixture
) -> None:
    for number, tokens in enumerate(cached):
        sent = body(*range(number + 1))
        reply = stream_reply(event_stream(answer("r", usage=usage(tokens, 1500 + 1024 * number))))
        exchange(proxy, upstream, post(sent), reply)
    told = [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]
    assert len([line for line in told if "tokens in its cache" in line]) == warnings


WITHHELD: Item = {"id": "rs_1", "type": "reasoning", "action": "removed", "reason": "prefix_mismatch"}


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param(lambda told: stream_reply(event_stream(answer("r", usage=usage(), **told))), id="events"),
        pytest.param(lambda told: stream_reply(event_stream(answer("r", usage=usage(), **told)), "gzip"), id="in gzip"),
        pytest.param(lambda told: json_reply(whole("r", usage=usage(), **told)), id="JSON"),
    ],
)
def test_reasoning_that_was_withheld(
    reply: Callable[[Item], bytes], proxy: Proxy, upstream: Upstream, caplog: pytest.LogCaptureFixture
) -> None:
    exchange(proxy, upstream, post(body(1)), reply({"input_transformations": []}))
    exchange(proxy, upstream, post(body(1, 2)), reply({"input_transformations": [WITHHELD] * 900}))
    proxy.settle()
    assert "1 reasoning item withheld from the model, as 1 answer told: what stands before had changed" in (
        proxy.addon.reporter.stats()
    )
    assert len([line for line in caplog.messages if "has withheld 1 reasoning item" in line]) == 1


def test_reasoning_that_was_withheld_over_a_websocket(
    proxy: Proxy, upstream: Upstream, caplog: pytest.LogCaptureFixture
) -> None:
    with opened(proxy.connect(upstream), upstream) as websocket:
        for number in range(2):
            continues = {"previous_response_id": f"resp_{number - 1}"} if number else {}
            websocket.up(create(*reading(f"r{number}", rows(name=f"file{number}")), **continues))
            told = {"input_transformations": [WITHHELD][:number], "usage": usage()}
            websocket.hear(answer(f"resp_{number}", continues=f"resp_{number - 1}" if number else "", **told))
        proxy.settle()
    assert proxy.addon.reporter.totals.all.reasoning.withheld == 1
    assert len([line for line in caplog.messages if "has withheld 1 reasoning item" in line]) == 1


def test_a_dry_run_tells_the_same_and_changes_nothing(proxy: Proxy, upstream: Upstream, log: Log) -> None:
    proxy.set(compress_dry_run=True)
    before = len(log())
    assert exchange(proxy, upstream, post(body(1)), ANSWERS["events"]) == body(1)
    (line,) = log()[before:]
    assert line.startswith(f"headroom: dry run, responses {INPUT:,} -> {INPUT - saved_in(body(1)):,} tokens (-")
    assert proxy.addon.reporter.totals.all.new.saved == saved_in(body(1))


def test_after_a_dry_run_nothing_counts_as_sent(proxy: Proxy, upstream: Upstream) -> None:
    proxy.set(compress_dry_run=True)
    with opened(proxy.connect(upstream), upstream) as websocket:
        websocket.up(create(message("Read."), *reading("r1")))
        websocket.hear(answer("resp_1", usage=usage()))
        proxy.set(compress_dry_run=False)
        sent = create(*reading("r2", rows(name="two")), previous_response_id="resp_1")
        websocket.up(sent)
        websocket.hear(answer("resp_2", continues="resp_1", usage=usage()))
        proxy.settle()
    assert proxy.addon.reporter.totals.all.whole.saved == saved_in(sent)


SHORT = b'{"input":[{"type":"function_call_output","call_id":"c","output":"ok"}]}'
REASONS = [
    pytest.param(post(body(1), "x-headroom-bypass: 1"), "asked to be left alone", id="asked"),
    pytest.param(post(body(1), "Digest: x"), "signed", id="signed"),
    pytest.param(post(body(1), "Content-Encoding: planted"), "of unknown coding", id="a coding"),
    pytest.param(post(b"planted"), "no JSON", id="no JSON"),
    pytest.param(post(b'{"store":false,"input":"planted"}'), "without tool outputs", id="nothing there"),
    pytest.param(post(body()), "without tool outputs", id="a prompt alone"),
    pytest.param(post(SHORT), "nothing to shorten", id="nothing to shorten"),
]


@pytest.mark.parametrize(("sent", "reason"), REASONS)
def test_what_goes_on_as_it_came_is_counted(sent: bytes, reason: str, proxy: Proxy, upstream: Upstream) -> None:
    exchange(proxy, upstream, sent, json_reply(b"{}"))
    assert proxy.addon.reporter.totals.passed == {reason: 1}


def test_what_fails_is_counted(proxy: Proxy, upstream: Upstream) -> None:
    def fail(*_: object) -> None:
        raise ValueError("planted")

    proxy.compress = fail  # type: ignore[assignment]  # that is the fault
    assert exchange(proxy, upstream, post(body(1)), json_reply(b"{}")) == body(1)
    assert proxy.addon.reporter.totals.passed == {"failed": 1}


def test_an_answer_goes_on_when_it_cannot_be_told(
    proxy: Proxy, upstream: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> str:
        raise BaseException("planted")  # noqa: TRY002  the worst that may come

    monkeypatch.setattr(log_lines, "request_line", fail)
    for reply in ANSWERS.values():
        exchange(proxy, upstream, post(body(1)), reply)


def test_no_secret_is_told(proxy: Proxy, upstream: Upstream, log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a client's words nothing but the names of its tools, and those by command only."""
    flows: list[HTTPFlow] = []
    monkeypatch.setattr(type(proxy), "response", lambda _, flow: flows.append(flow), raising=False)
    asked, shown = call("planted-id", "cat -n planted.py", "its_tool"), output(rows(name="planted"), "planted-id")
    sent = json.dumps({"model": "planted", "input": [message("planted"), asked, shown]}).encode()
    told = answer("resp_planted", call("planted-2", "planted"), usage=usage() | {"planted": "planted"})
    exchange(proxy, upstream, post(sent, "Authorization: Bearer planted"), stream_reply(event_stream(told)))
    reporter = proxy.addon.reporter
    page = as_page(savings_report(reporter.totals, Settings()))
    assert "its_tool" in page
    assert "its_tool" not in "".join(log())
    assert flows[-1].metadata["headroom"]["input_tokens"] == INPUT
    shown_anywhere = [
        *log(),
        *reporter.stats(),
        *log_lines.summary_lines(reporter.totals),
        page,
        repr(flows[-1].metadata),
    ]
    assert not [text for text in shown_anywhere if "planted" in text]

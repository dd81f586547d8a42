"""Messages to `…/responses` through a real mitmproxy with the real core: shortened as in a full history."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from mitmproxy.proxy.layers.websocket import Fragmentizer
from wsproto.events import TextMessage

from headroom_compression import compress_request_body
from headroom_compression import tokens
from headroom_proxy.http.websockets import MITMPROXYS_FRAGMENTS
from tests.loopback.raw_bodies import outputs
from tests.wire.bodies import Item
from tests.wire.bodies import call
from tests.wire.bodies import message
from tests.wire.bodies import output
from tests.wire.bodies import reading
from tests.wire.bodies import rows
from tests.wire.websocket_peers import DEFLATE
from tests.wire.websocket_peers import HITS
from tests.wire.websocket_peers import Arrived
from tests.wire.websocket_peers import answer
from tests.wire.websocket_peers import check_is_sent_as_in_full_history
from tests.wire.websocket_peers import create
from tests.wire.websocket_peers import opened

if TYPE_CHECKING:
    from collections.abc import Callable

    from mitmproxy.http import HTTPFlow

    from tests.proxy.conftest import Proxy
    from tests.proxy.conftest import Upstream
    from tests.wire.websocket_peers import WebSocket

TEXT = rows()
ASKED: Item = message("Read.")
SEARCH, FOUND = call("s", "rg -n compute src"), output(HITS, "s")
READ, SHOWN = reading("r1")
READ_AGAIN, SHOWN_AGAIN = reading("r2")
COMPACTION: Item = {"type": "compaction", "id": "cmp_1", "encrypted_content": "gAAA"}


@pytest.mark.parametrize("headers", [[], [(b"-", DEFLATE)]], ids=["plain", "deflated"])
@pytest.mark.parametrize("frames", [1, 2, 7])
def test_a_request_is_shortened_and_the_rest_is_as_it_was_sent(
    frames: int, headers: list[tuple[bytes, bytes]], proxy: Proxy, upstream: Upstream
) -> None:
    sent = create(ASKED, *reading(), tools=[{"name": "shell\u00e9", "strict": None}], n=1.50)
    with opened(proxy.connect(upstream), upstream, *headers) as websocket:
        arrived = websocket.up(sent, frames)
        check_is_sent_as_in_full_history(arrived.content, sent)
        assert (arrived.kind, arrived.frames) == (TextMessage, 1)
        assert websocket.received == websocket.sent


@pytest.mark.parametrize("members", [{}, {"output": []}], ids=["repeated at the end", "not repeated"])
def test_what_came_back_before_names_the_producer(members: Item, websocket: WebSocket) -> None:
    """Without the call this output is not known to be one of a search, and left alone."""
    websocket.up(create(ASKED))
    websocket.hear(answer("resp_1", SEARCH, **members))
    sent = create(FOUND, previous_response_id="resp_1")
    check_is_sent_as_in_full_history(websocket.up(sent).content, sent, ASKED, SEARCH)


@pytest.mark.parametrize("members", [{}, {"output": []}], ids=["repeated at the end", "not repeated"])
def test_rows_of_an_earlier_increment_are_referred_to(members: Item, websocket: WebSocket) -> None:
    websocket.up(create(ASKED))
    websocket.hear(answer("resp_1", READ, **members))
    first = create(SHOWN, previous_response_id="resp_1")
    check_is_sent_as_in_full_history(websocket.up(first).content, first, ASKED, READ)
    websocket.hear(answer("resp_2", READ_AGAIN, continues="resp_1", **members))
    second = create(SHOWN_AGAIN, previous_response_id="resp_2")
    arrived = websocket.up(second).content
    check_is_sent_as_in_full_history(arrived, second, ASKED, READ, SHOWN, READ_AGAIN)
    assert "identical to " in outputs(arrived)[0]


def test_many_turns_and_a_reconnect(proxy: Proxy, upstream: Upstream) -> None:
    history: list[Item] = [ASKED]
    last = ""
    with opened(proxy.connect(upstream), upstream) as websocket:
        websocket.up(create(ASKED))
        for turn in range(5):
            asked, shown = reading(f"c{turn}", rows(first=turn * 20 + 1), f"cat -n {turn % 3}.py")
            websocket.hear(answer(f"resp_{turn}", asked, continues=last or None))
            last = f"resp_{turn}"
            history.append(asked)
            sent = create(shown, previous_response_id=last)
            check_is_sent_as_in_full_history(websocket.up(sent).content, sent, *history)
            history.append(shown)
    whole = create(*history)
    with opened(proxy.connect(upstream), upstream) as websocket:
        check_is_sent_as_in_full_history(websocket.up(whole).content, whole)


def test_an_answer_is_continued_on_another_connection(proxy: Proxy, upstream: Upstream) -> None:
    with opened(proxy.connect(upstream), upstream) as websocket:
        websocket.up(create(ASKED))
        websocket.hear(answer("resp_1", SEARCH))
    sent = create(FOUND, previous_response_id="resp_1")
    with opened(proxy.connect(upstream), upstream) as websocket:
        check_is_sent_as_in_full_history(websocket.up(sent).content, sent, ASKED, SEARCH)
    with opened(proxy.connect(upstream), upstream, (b"Authorization", b"Bearer other")) as websocket:
        assert websocket.up(sent).content == sent, "the id counts for other credentials only"


def test_prewarming_is_continued(websocket: WebSocket) -> None:
    prewarm = create(ASKED, *reading("r1"), generate=False)
    check_is_sent_as_in_full_history(websocket.up(prewarm).content, prewarm)
    websocket.hear(answer("resp_warm"))
    sent = create(*reading("r2"), previous_response_id="resp_warm")
    arrived = websocket.up(sent).content
    check_is_sent_as_in_full_history(arrived, sent, ASKED, READ, SHOWN)
    assert "identical to " in outputs(arrived)[0]


def test_after_an_unknown_answer_only_the_message_counts(websocket: WebSocket) -> None:
    websocket.up(create(ASKED, READ, SHOWN))
    sent = create(READ_AGAIN, SHOWN_AGAIN, *reading("r3"), FOUND, previous_response_id="resp_of_yesterday")
    arrived = websocket.up(sent).content
    check_is_sent_as_in_full_history(arrived, sent)
    first, second, found = outputs(arrived)
    assert ("identical to " in first, "identical to " in second) == (False, True)
    assert found == HITS


def test_branches_do_not_see_each_other(websocket: WebSocket) -> None:
    websocket.up(create(ASKED))
    websocket.hear(answer("resp_1", SEARCH))
    websocket.up(create(FOUND, READ, SHOWN, previous_response_id="resp_1"))
    websocket.hear(answer("resp_2", continues="resp_1"))
    sent = create(FOUND, READ_AGAIN, SHOWN_AGAIN, previous_response_id="resp_1")
    arrived = websocket.up(sent).content
    check_is_sent_as_in_full_history(arrived, sent, ASKED, SEARCH)
    assert "identical to " not in outputs(arrived)[1]


@pytest.mark.parametrize("ending", ["response.failed", "error", "nothing"])
def test_an_answer_that_was_aborted_is_not_continued(ending: str, websocket: WebSocket) -> None:
    websocket.up(create(ASKED))
    broken_off = answer("resp_1", SEARCH)[:-1]
    websocket.hear(broken_off if ending == "nothing" else [*broken_off, json.dumps({"type": ending}).encode()])
    websocket.up(create(ASKED, READ))
    websocket.hear(answer("resp_2"))
    assert websocket.up(aborted := create(FOUND, previous_response_id="resp_1")).content == aborted
    sent = create(SHOWN, previous_response_id="resp_2")
    check_is_sent_as_in_full_history(websocket.up(sent).content, sent, ASKED, READ)


def test_a_request_that_was_refused_has_no_answer(websocket: WebSocket) -> None:
    websocket.up(create(ASKED, READ, SHOWN))
    websocket.hear([b'{"type":"error","status":400}'])
    websocket.up(create(ASKED))
    websocket.hear(answer("resp_1", READ_AGAIN))
    sent = create(SHOWN_AGAIN, previous_response_id="resp_1")
    check_is_sent_as_in_full_history(websocket.up(sent).content, sent, ASKED, READ_AGAIN)


class Dropper:
    """Another addon, which drops messages with a word in them."""

    def websocket_message(self, flow: HTTPFlow) -> None:
        assert flow.websocket is not None
        message = flow.websocket.messages[-1]
        if b"DROP" in message.content:
            message.drop()


def test_what_another_addon_drops_waits_for_no_answer(websocket: WebSocket, proxy: Proxy) -> None:
    with proxy.beside(Dropper()):
        websocket.client.send(create(ASKED, READ, SHOWN, message("DROP")))
        websocket.up(create(ASKED))
        websocket.hear(answer("resp_1", READ_AGAIN))
        sent = create(SHOWN_AGAIN, previous_response_id="resp_1")
        check_is_sent_as_in_full_history(websocket.up(sent).content, sent, ASKED, READ_AGAIN)


STEER = {"type": "response.steer", "previous_response_id": "resp_1", "input": "Read it again."}


def steered(event: str, **members: object) -> bytes:
    return json.dumps(
        {"type": f"response.steer.{event}", "steer": {"id": "steer_1", "previous_response_id": "resp_1"}} | members
    ).encode()


@pytest.mark.parametrize("lane", [{}, {"stream_id": "a"}], ids=["alone", "in a lane"])
def test_an_answer_that_the_server_adds_since_it_was_steered_is_continued(lane: Item, websocket: WebSocket) -> None:
    """Nobody has asked for it: what a user says meanwhile has the server go on from what it has answered so far."""
    websocket.up(create(ASKED, READ, SHOWN, **lane))
    of_lane = {"lane": "a"} if lane else {}
    *begun, _ = answer("resp_1", SEARCH, **of_lane)
    websocket.hear(begun)
    assert websocket.up(steer := json.dumps(STEER).encode()).content == steer
    websocket.hear([steered("accepted", **lane)])
    websocket.hear([answer("resp_1", SEARCH, **of_lane)[-1].replace(b".completed", b".incomplete")])
    websocket.hear(answer("resp_2", READ_AGAIN, continues="resp_1", **of_lane))
    sent = create(FOUND, SHOWN_AGAIN, previous_response_id="resp_2", **lane)
    arrived = websocket.up(sent).content
    check_is_sent_as_in_full_history(arrived, sent, ASKED, READ, SHOWN, SEARCH, READ_AGAIN)
    assert "identical to " in outputs(arrived)[1]


def test_an_answer_that_was_steered_may_wait_for_its_tools(websocket: WebSocket) -> None:
    """Then a request goes on from it, and what the user said stands before that."""
    websocket.up(create(ASKED, READ, SHOWN))
    websocket.hear([*answer("resp_1", READ_AGAIN)[:-1], steered("accepted"), answer("resp_1", READ_AGAIN)[-1]])
    websocket.hear([steered("pending", reason="waiting_for_required_input", required_input=[])])
    sent = create(SHOWN_AGAIN, previous_response_id="resp_1")
    check_is_sent_as_in_full_history(websocket.up(sent).content, sent, ASKED, READ, SHOWN, READ_AGAIN)
    websocket.hear(answer("resp_2", SEARCH, continues="resp_1"))
    sent = create(FOUND, previous_response_id="resp_2")
    check_is_sent_as_in_full_history(
        websocket.up(sent).content, sent, ASKED, READ, SHOWN, READ_AGAIN, SHOWN_AGAIN, SEARCH
    )


def inject(*items: Item, into: str = "resp_1") -> bytes:
    return json.dumps({"type": "response.inject", "response_id": into, "input": items}).encode()


def injected(event: str) -> bytes:
    return json.dumps({"type": f"response.inject.{event}", "response_id": "resp_1", "sequence_number": 1}).encode()


@pytest.mark.parametrize("members", [{}, {"output": []}], ids=["repeated at the end", "not repeated"])
def test_what_is_added_to_an_answer_under_way_is_shortened_and_known_afterwards(
    members: Item, websocket: WebSocket
) -> None:
    websocket.up(create(ASKED))
    events = answer("resp_1", READ, SEARCH, READ_AGAIN, **members)
    websocket.hear(events[:2])
    first = inject(SHOWN)
    check_is_sent_as_in_full_history(websocket.up(first).content, first, ASKED, READ)
    websocket.hear([injected("created"), *events[2:4]])
    second = inject(FOUND, SHOWN_AGAIN)
    arrived = websocket.up(second).content
    check_is_sent_as_in_full_history(arrived, second, ASKED, READ, SHOWN, SEARCH, READ_AGAIN)
    assert "identical to " in outputs(arrived)[1]
    websocket.hear([injected("created"), events[4]])
    sent = create(*reading("r3"), previous_response_id="resp_1")
    arrived = websocket.up(sent).content
    before = (ASKED, READ, SHOWN, SEARCH, READ_AGAIN, FOUND, SHOWN_AGAIN)
    check_is_sent_as_in_full_history(arrived, sent, *before)
    assert "identical to " in outputs(arrived)[0]


def test_what_was_not_added_to_an_answer_is_not_known_afterwards(websocket: WebSocket) -> None:
    websocket.up(create(ASKED))
    events = answer("resp_1", READ, SEARCH)
    websocket.hear(events[:2])
    websocket.up(inject(SHOWN))
    websocket.hear([*events[2:], injected("failed")])
    sent = create(SHOWN, FOUND, previous_response_id="resp_1")
    check_is_sent_as_in_full_history(websocket.up(sent).content, sent, ASKED, READ, SEARCH)


def test_what_is_added_to_an_answer_that_is_not_known_stays(websocket: WebSocket) -> None:
    websocket.up(create(ASKED))
    websocket.hear(answer("resp_1", READ)[:2])
    for sent in (inject(*reading(), into="resp_2"), inject(*reading(), into=""), inject(SHOWN)[:-1]):
        assert websocket.up(sent).content == sent
    websocket.hear(answer("resp_1", READ)[2:])
    for sent in (inject(*reading()), create(*reading(), previous_response_id="resp_2", type="response.inject")):
        assert websocket.up(sent).content == sent


def test_lanes_answer_at_the_same_time(websocket: WebSocket) -> None:
    for lane in ("a", "b"):
        websocket.up(create(ASKED, message(lane), stream_id=lane))
    searched = answer("resp_a", SEARCH, lane="a")
    read = answer("resp_b", READ, lane="b", output=[])
    websocket.hear([event for pair in zip(read, searched, strict=True) for event in pair])
    in_a = create(FOUND, previous_response_id="resp_a", stream_id="a")
    in_b = create(SHOWN, previous_response_id="resp_b", stream_id="b")
    check_is_sent_as_in_full_history(websocket.up(in_b).content, in_b, ASKED, message("b"), READ)
    check_is_sent_as_in_full_history(websocket.up(in_a).content, in_a, ASKED, message("a"), SEARCH)


@pytest.mark.parametrize("by", ["the server", "the client"])
def test_nothing_before_a_compaction_is_referred_to(by: str, websocket: WebSocket) -> None:
    websocket.up(create(ASKED, READ, SHOWN))
    made = (COMPACTION, READ_AGAIN) if by == "the server" else (READ_AGAIN,)
    websocket.hear(answer("resp_1", *made))
    given = (SHOWN_AGAIN,) if by == "the server" else (COMPACTION, SHOWN_AGAIN)
    sent = create(*given, previous_response_id="resp_1")
    arrived = websocket.up(sent).content
    check_is_sent_as_in_full_history(arrived, sent, ASKED, READ, SHOWN, *made)
    assert "identical to " not in outputs(arrived)[0]


def test_a_compaction_trigger_goes_on_as_it_is(websocket: WebSocket) -> None:
    websocket.up(create(ASKED, READ))
    websocket.hear(answer("resp_1"))
    sent = create(SHOWN, {"type": "compaction_trigger"}, previous_response_id="resp_1")
    check_is_sent_as_in_full_history(websocket.up(sent).content, sent, ASKED, READ)


def test_a_long_message_of_other_letters_arrives_whole_in_one_frame(websocket: WebSocket) -> None:
    """mitmproxy alone would cut it every 4,000 bytes, through the letters."""
    text = rows(400, name="x" + "\u20ac\N{GRINNING FACE}\u00e9" * 9)
    sent = json.dumps({"type": "response.create", "input": reading("c", text)}, ensure_ascii=False).encode()
    arrived = websocket.up(sent)
    check_is_sent_as_in_full_history(arrived.content, sent)
    assert len(arrived.content) > 2 * MITMPROXYS_FRAGMENTS
    assert arrived.frames == 1


def test_switched_off_mitmproxy_cuts_as_it_likes(proxy: Proxy) -> None:
    assert Fragmentizer.FRAGMENT_SIZE > 2**31
    proxy.set(compress_passthrough=False)
    assert Fragmentizer.FRAGMENT_SIZE == MITMPROXYS_FRAGMENTS


def test_each_message_that_is_edited_is_one_line_of_the_log(
    websocket: WebSocket, proxy: Proxy, log: Callable[[], list[str]]
) -> None:
    websocket.up(create(ASKED))
    websocket.hear(answer("resp_1", READ))
    arrived = websocket.up(create(SHOWN, previous_response_id="resp_1")).content
    saved = tokens.count(TEXT) - tokens.count(outputs(arrived)[0])

    def told() -> list[str]:
        return [line for line in log() if "first Responses request" not in line]  # that is told once for all tests

    assert told() == []
    websocket.hear(answer("resp_2", continues="resp_1", usage={"input_tokens": 1000, "output_tokens": 5}))
    proxy.settle()
    (line,) = told()
    share = f"{saved / (1000 + saved):.0%}"
    assert line.startswith(f"headroom: responses {1000 + saved:,} -> 1,000 tokens (-{share}), 1 new output, ")


def test_a_dry_run_reports_and_changes_nothing(
    websocket: WebSocket, proxy: Proxy, log: Callable[[], list[str]]
) -> None:
    proxy.set(compress_dry_run=True)
    sent = create(ASKED, READ, SHOWN)
    assert websocket.up(sent) == Arrived(TextMessage, sent)
    websocket.hear(answer("resp_1"))
    proxy.settle()
    assert re.match(r"headroom: dry run, responses, \d+ tokens saved in 1 output, 1 new output, ", log()[-1])
    assert log()[-1].endswith(" ms; no usage was read")


def test_switched_off_in_mid_connection_everything_passes(websocket: WebSocket, proxy: Proxy) -> None:
    sent = create(ASKED, READ, SHOWN)
    assert len(websocket.up(sent).content) < len(sent)
    proxy.set(compress_passthrough=False)
    assert [websocket.up(sent, 3) for _ in range(2)] == [Arrived(TextMessage, sent, 3)] * 2
    websocket.hear(answer("resp_1", SEARCH))


def test_switched_on_again_an_open_connection_passes(websocket: WebSocket, proxy: Proxy) -> None:
    """What was said meanwhile is not known."""
    sent = create(ASKED, READ, SHOWN)
    websocket.up(sent)
    proxy.set(compress_passthrough=False)
    proxy.set(compress_passthrough=True)
    assert websocket.up(sent, 3) == Arrived(TextMessage, sent, 3)


def test_answers_that_nobody_asked_for(websocket: WebSocket, proxy: Proxy, log: Callable[[], list[str]]) -> None:
    websocket.hear([*answer("resp_1", SEARCH), *answer("resp_2", SEARCH, lane="of nobody")])
    proxy.settle()
    assert log() == []
    for answer_of_nobody in ("resp_1", "resp_2"):
        sent = create(FOUND, previous_response_id=answer_of_nobody)
        assert websocket.up(sent).content == sent


def test_an_answer_that_continues_another_one_is_not_that_to_the_request(websocket: WebSocket) -> None:
    websocket.up(create(ASKED, READ, SHOWN))
    websocket.hear(answer("resp_1", READ_AGAIN, continues="resp_of_yesterday"))
    sent = create(SHOWN_AGAIN, previous_response_id="resp_1")
    check_is_sent_as_in_full_history(websocket.up(sent).content, sent)


def test_the_body_of_an_http_request_gives_the_same(websocket: WebSocket) -> None:
    sent = create(ASKED, READ, SHOWN)
    assert websocket.up(sent).content == compress_request_body(sent).body

"""Long messages and answers are read by a thread, in the order in which they came."""

from __future__ import annotations

import asyncio
import json
import threading
from functools import partial
from typing import TYPE_CHECKING

import pytest
from mitmproxy.http import Headers
from mitmproxy.test import tutils

from headroom_compression import AnswerEvent
from headroom_compression import RequestIds
from headroom_proxy.answers.exchanges import Exchange
from headroom_proxy.answers.lanes import SentRequest
from headroom_proxy.http.matching import TOOL_OUTPUT
from headroom_proxy.work import long_reading
from headroom_proxy.work.afterwards import Afterwards
from headroom_proxy.work.compressor import MAX_BODY_AT_ONCE
from headroom_proxy.work.long_reading import MAX_SEARCHED_AT_ONCE
from headroom_proxy.work.worker import Worker

if TYPE_CHECKING:
    from collections.abc import Callable

LONG = "a" * long_reading.MAX_PARSED_AT_ONCE
CREATE = json.dumps({"model": "m", "type": "response.create"}).encode()
LONG_CREATE = json.dumps({"input": LONG, "type": "response.create"}).encode()
LONG_OTHER = json.dumps({"text": LONG, "type": "other", "about": "response.create"}).encode()


def ended(number: int, padding: str = "") -> bytes:
    response = {"id": f"resp_{number}", "output": [], "padding": padding}
    return json.dumps({"type": "response.completed", "response": response}).encode()


class Told(Exchange):
    """Notes what it is told, and in which thread it was."""

    def __init__(self) -> None:
        super().__init__(lambda *_: None)
        self.ids: list[str | None] = []
        self.requests: list[SentRequest] = []
        self.is_over = False

    def received(self, event: AnswerEvent) -> None:
        assert threading.current_thread() is threading.main_thread()
        self.ids.append(event.response_id)

    def sent(self, request: SentRequest) -> None:
        self.requests.append(request)

    def doubt(self) -> None:
        self.is_over = True


def told(tell: Callable[[Told, Afterwards], object], *, has_thread: bool = True) -> Told:
    """What an exchange has been told when all is through."""

    async def run() -> Told:
        worker, exchange = Worker(), Told()
        afterwards = Afterwards(worker.start) if has_thread else Afterwards()
        tell(exchange, afterwards)
        await afterwards.through()
        worker.stop()
        return exchange

    return asyncio.run(run())


def test_events_are_told_in_their_order() -> None:
    def tell(exchange: Told, afterwards: Afterwards) -> None:
        for number, padding in enumerate(["", LONG, "", LONG, ""]):
            long_reading.hear(ended(number, padding), exchange, afterwards)

    assert told(tell).ids == [f"resp_{number}" for number in range(5)]


def test_without_a_thread_a_long_event_may_be_any() -> None:
    def tell(exchange: Told, afterwards: Afterwards) -> None:
        for number, padding in enumerate(["", LONG, ""]):
            long_reading.hear(ended(number, padding), exchange, afterwards)

    assert told(tell, has_thread=False).ids == ["resp_0", None, "resp_2"]


STREAM = Headers(content_type="text/event-stream")
WHOLE = json.dumps({"object": "response", "id": "resp_1", "status": "completed", "padding": LONG}).encode()
ANSWERS = {
    "short": (Headers(), WHOLE.replace(LONG.encode(), b"")),
    "long": (Headers(), WHOLE),
    "events that were held back": (STREAM, b"data: %b\n\n" % ended(1)),
    "a long event that was held back": (STREAM, b"data: %b\n\n" % ended(1, 9 * LONG)),
}


@pytest.mark.parametrize("answer", ANSWERS)
def test_an_answer_is_read_before_its_exchange_ends(answer: str) -> None:
    headers, content = ANSWERS[answer]
    response = tutils.tresp(headers=headers, content=content)
    exchange = told(lambda exchange, afterwards: long_reading.end(exchange, response, afterwards))
    assert exchange.ids == ["resp_1"]
    assert exchange.is_over


@pytest.mark.parametrize(
    ("message", "may_be", "is_worked_on"),
    [
        pytest.param(CREATE, True, True, id="short"),
        pytest.param(LONG_CREATE, True, True, id="long"),
        pytest.param(LONG_OTHER, True, False, id="long, of another type"),
        pytest.param(LONG_OTHER.replace(LONG.encode(), b""), False, True, id="short, of another type"),
        pytest.param(LONG.encode() * 2, True, False, id="no JSON"),
    ],
)
def test_whether_a_message_is_a_request(message: bytes, may_be: bool, is_worked_on: bool) -> None:  # noqa: FBT001  columns
    assert long_reading.may_be_request(message) is may_be
    assert (long_reading.compress_request(message, lambda body: (body, None)) is not None) is is_worked_on  # type: ignore[arg-type, return-value]  # a stand-in


def test_of_a_long_request_that_fails_nothing_is_known() -> None:
    exchange = Told()
    named = json.dumps({"type": "response.create", "previous_response_id": "resp_1"}).encode()
    long_reading.sent_as_it_was(named, exchange)()
    assert exchange.requests == [SentRequest(RequestIds("resp_1"), None)]
    assert not exchange.is_over
    long_reading.sent_as_it_was(LONG_CREATE, exchange)()
    assert len(exchange.requests) == 1
    assert exchange.is_over


def test_what_is_not_read_in_time_is_unread() -> None:
    async def run() -> list[str | None]:
        worker, exchange = Worker(), Told()
        afterwards = Afterwards(worker.start)
        may_go_on = threading.Event()
        worker.start(may_go_on.wait)
        long_reading.hear(ended(1, LONG), exchange, afterwards)
        afterwards.add(partial(exchange.ids.append, "after it"))
        afterwards.finish()
        may_go_on.set()
        worker.stop()
        return exchange.ids

    assert asyncio.run(run()) == [None, "after it"]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"x" * MAX_SEARCHED_AT_ONCE, False),
        (b"x" * (MAX_SEARCHED_AT_ONCE + 1), True),
        (TOOL_OUTPUT + b"x" * MAX_SEARCHED_AT_ONCE, False),
        (b"x" * MAX_SEARCHED_AT_ONCE + TOOL_OUTPUT, True),
        (TOOL_OUTPUT + b"x" * MAX_BODY_AT_ONCE, True),
    ],
    ids=["short", "no output", "an output early", "an output late", "long"],
)
def test_what_takes_long_to_look_through_is_for_the_thread(body: bytes, expected: bool) -> None:  # noqa: FBT001  a column
    assert long_reading.is_for_thread(body) is expected

"""Hooks that follow at once on each other: what one depends on is done, though nobody has waited for it."""

from __future__ import annotations

import asyncio
import gzip
import json
import threading
from typing import TYPE_CHECKING

import pytest
from mitmproxy.http import Headers
from mitmproxy.test import taddons
from mitmproxy.test import tflow
from mitmproxy.test import tutils
from mitmproxy.websocket import WebSocketMessage
from wsproto.frame_protocol import Opcode

from headroom_proxy import encodings
from headroom_proxy.addon import HeadroomAddon
from tests.wire.bodies import turns
from tests.wire.test_continued_answers import ASKED
from tests.wire.test_continued_answers import ENCODERS
from tests.wire.test_continued_answers import FIRST
from tests.wire.test_continued_answers import FOUND
from tests.wire.test_continued_answers import SEARCH
from tests.wire.test_continued_answers import SECOND
from tests.wire.test_continued_answers import STREAM
from tests.wire.test_continued_answers import whole
from tests.wire.websocket_peers import check_is_sent_as_in_full_history
from tests.wire.websocket_peers import create

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from mitmproxy.http import HTTPFlow

JSON = Headers(content_type="application/json")
EVENTS = Headers(content_type="text/event-stream")
(SHORTENED,) = turns(1)


@pytest.fixture
def context(caplog: pytest.LogCaptureFixture) -> Iterator[taddons.context]:
    caplog.set_level("INFO", "headroom_proxy")
    with taddons.context() as context:
        yield context
    context.master.event_loop.close()  # mitmproxy 11 leaves it open


@pytest.fixture
def addon(context: taddons.context) -> Iterator[HeadroomAddon]:
    addon = HeadroomAddon()
    context.master.addons.add(addon)
    context.configure(addon, compress_passthrough=True)
    yield addon
    addon.done()


def asked(body: bytes) -> HTTPFlow:
    return tflow.tflow(req=tutils.treq(method=b"POST", path=b"/v1/responses", content=body))


def answered(addon: HeadroomAddon, flow: HTTPFlow, body: bytes) -> None:
    flow.response = tutils.tresp(headers=JSON, content=body)
    addon.responseheaders(flow)
    addon.response(flow)


@pytest.mark.parametrize("coding", ["zstd", "gzip"])
def test_what_is_encoded_is_decoded_by_the_thread(
    coding: str, addon: HeadroomAddon, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[str] = []
    decode = encodings.decode

    def note(raw: bytes, encoding: list[str]) -> tuple[bytes, encodings.Coding]:
        threads.append(threading.current_thread().name)
        return decode(raw, encoding)

    monkeypatch.setattr(encodings, "decode", note)
    flow = asked(ENCODERS[coding](SHORTENED))
    flow.request.headers["Content-Encoding"] = coding
    asyncio.run(addon.request(flow))
    assert threads == ["headroom"]


def test_an_answer_is_continued_at_once(addon: HeadroomAddon) -> None:
    async def send() -> HTTPFlow:
        first, second = asked(FIRST), asked(SECOND)
        await addon.request(first)
        answered(addon, first, whole("resp_1", SEARCH))
        await addon.request(second)
        return second

    arrived = asyncio.run(send()).request.raw_content
    assert arrived
    check_is_sent_as_in_full_history(arrived, SECOND, ASKED, SEARCH)


def test_an_answer_is_continued_at_once_on_a_websocket(addon: HeadroomAddon) -> None:
    upgrade = tflow.twebsocketflow(messages=False)
    upgrade.request = asked(b"").request
    upgrade.request.method = "GET"
    upgrade.request.headers["upgrade"] = "websocket"
    upgrade.response = None
    assert upgrade.websocket

    async def send(messages: list[WebSocketMessage]) -> bytes:
        first = asked(FIRST)
        await addon.request(upgrade)
        await addon.request(first)
        answered(addon, first, whole("resp_1", SEARCH))
        messages.append(WebSocketMessage(Opcode.TEXT, True, create(FOUND, previous_response_id="resp_1")))  # noqa: FBT003
        await addon.websocket_message(upgrade)
        return bytes(messages[-1].content)

    arrived = asyncio.run(send(upgrade.websocket.messages))
    check_is_sent_as_in_full_history(arrived, create(FOUND, previous_response_id="resp_1"), ASKED, SEARCH)


@pytest.mark.parametrize("has_ended", [True, False], ids=["ended", "still open"])
def test_events_are_told_to_the_request_before_them(has_ended: bool, addon: HeadroomAddon) -> None:  # noqa: FBT001  a table's column
    """Also when the client goes on at the last event and does not wait for the end of the stream."""

    async def send() -> HTTPFlow:
        first, second = asked(FIRST), asked(SECOND)
        await addon.request(first)
        first.response = tutils.tresp(headers=EVENTS)
        first.response.raw_content = None
        addon.responseheaders(first)
        assert callable(first.response.stream)
        assert first.response.stream(STREAM) == STREAM
        if has_ended:
            addon.response(first)
        await addon.request(second)
        return second

    arrived = asyncio.run(send()).request.raw_content
    assert arrived
    check_is_sent_as_in_full_history(arrived, SECOND, ASKED, SEARCH)


@pytest.mark.parametrize("meanwhile", ["a flow breaks off", "a connection ends", "headroom.stats"])
def test_an_answer_that_the_thread_has_still_to_read_is_read_whatever_others_do(
    meanwhile: str, addon: HeadroomAddon, context: taddons.context
) -> None:
    async def send() -> HTTPFlow:
        first, second, other = asked(FIRST), asked(SECOND), asked(SHORTENED)
        await addon.request(first)
        await addon.request(other)
        is_free = threading.Event()
        addon.compressor._threads.first.start(is_free.wait)  # noqa: SLF001  the thread is at somebody's work
        headers = Headers(content_type="application/json", content_encoding="gzip")
        first.response = tutils.tresp(headers=headers, content=gzip.compress(whole("resp_1", SEARCH)))
        addon.responseheaders(first)
        addon.response(first)
        if meanwhile == "headroom.stats":
            context.master.commands.call_strings(meanwhile, [])
        else:
            (addon.error if meanwhile == "a flow breaks off" else addon.websocket_end)(other)
        is_free.set()
        await addon.request(second)
        return second

    arrived = asyncio.run(send()).request.raw_content
    assert arrived
    check_is_sent_as_in_full_history(arrived, SECOND, ASKED, SEARCH)


@pytest.mark.parametrize("command", ["headroom.stats", "headroom.report"])
def test_what_just_came_counts(command: str, addon: HeadroomAddon, context: taddons.context, tmp_path: Path) -> None:
    async def send() -> None:
        flow = asked(SHORTENED)
        await addon.request(flow)
        answered(addon, flow, whole("resp_1"))
        context.master.commands.call_strings(command, [str(tmp_path / "page.html")][: command == "headroom.report"])
        assert addon.reporter.stats()[0].startswith("1 request, 1 compressed; ")

    asyncio.run(send())


def test_requests_that_are_counted_together_count_as_one_after_the_other(addon: HeadroomAddon) -> None:
    """Savings once for each new output, though the first request is not counted yet when the next one comes."""

    async def send(*, is_counted_in_between: bool) -> list[str]:
        addon.reporter.start(is_dry_run=False)
        addon.compressor.forget()
        for number, body in enumerate(turns(4)):
            flow = asked(body)
            await addon.request(flow)
            answered(addon, flow, whole(f"resp_{number}"))
            if is_counted_in_between or number == 0:  # the first one is for the thread
                addon._afterwards.finish()  # noqa: SLF001
                await asyncio.sleep(0.05)
        left = len(addon._afterwards._work)  # noqa: SLF001
        assert left == (0 if is_counted_in_between else 2 * 3), "a request and an answer each"
        addon._afterwards.finish()  # noqa: SLF001
        return addon.reporter.stats()

    together = asyncio.run(send(is_counted_in_between=False))
    assert together[0].startswith("4 requests, 4 compressed; ")
    assert together == asyncio.run(send(is_counted_in_between=True))


@pytest.mark.parametrize("end", ["done", "switched off", "dry run"])
def test_what_just_came_counts_before_all_ends(
    end: str, addon: HeadroomAddon, context: taddons.context, caplog: pytest.LogCaptureFixture
) -> None:
    async def send() -> None:
        flow = asked(SHORTENED)
        await addon.request(flow)
        answered(addon, flow, whole("resp_1"))
        if end == "done":
            addon.done()
        else:
            context.configure(
                addon, **{"dry run": {"compress_dry_run": True}}.get(end, {"compress_passthrough": False})
            )
            addon.reporter.log_totals()

    asyncio.run(send())
    assert [line for line in caplog.messages if line.startswith("headroom: 1 request, 1 compressed; ")]
    assert [line for line in caplog.messages if line.endswith("no usage was read")]


def test_a_request_whose_client_leaves_at_once_is_told_of(
    addon: HeadroomAddon, caplog: pytest.LogCaptureFixture
) -> None:
    async def send() -> None:
        flow = asked(SHORTENED)
        await addon.request(flow)
        addon.error(flow)
        await addon._afterwards.through()  # noqa: SLF001

    asyncio.run(send())
    assert [line.rpartition("; ")[2] for line in caplog.messages if "responses" in line] == [
        "no finished answer was read"
    ]


def test_the_metadata_of_a_request_is_there_at_once(addon: HeadroomAddon) -> None:
    async def send() -> None:
        flow = asked(SHORTENED)
        await addon.request(flow)
        assert set(json.loads(json.dumps(flow.metadata))["headroom"]) == {
            "requests",
            "new_outputs",
            "saved",
            "milliseconds",
        }

    asyncio.run(send())

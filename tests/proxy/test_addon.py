"""The life of the addon: switched on, off and on again, and what it says about it."""

from __future__ import annotations

import asyncio
import logging
import sys
import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from mitmproxy.exceptions import OptionsError
from mitmproxy.test import tflow
from mitmproxy.test import tutils
from mitmproxy.websocket import WebSocketMessage
from wsproto.frame_protocol import Opcode

from headroom_compression import CompressedBody
from headroom_compression import Memory
from headroom_compression import Settings
from headroom_compression import compress_request_body
from headroom_compression.wire.paths import EDITED_MARK
from headroom_proxy.addon import HeadroomAddon
from headroom_proxy.work.compressor import SWITCH_INTERVAL
from tests.proxy.exchanged import warnings_in

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterator

    from mitmproxy.http import HTTPFlow
    from mitmproxy.test import taddons

BODY = b'{"input": [{"type": "function_call_output", "call_id": "c", "output": ""}]}'


class Core:
    """Stands in for the core: doubles a body, unless it has to wait first."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        self.may_go_on = threading.Event()
        self.may_go_on.set()

    def compress(self, body: bytes, settings: Settings, memory: Memory) -> CompressedBody:
        self.bodies.append(body)
        self.may_go_on.wait()
        return replace(compress_request_body(b"no request", settings, memory), body=body + body, changed=True)


@pytest.fixture
def core() -> Core:
    return Core()


@pytest.fixture
def make_addon(context: taddons.context, core: Core) -> Iterator[Callable[..., HeadroomAddon]]:
    made = []

    def make(
        load_tokenizer: Callable[[], object] = lambda: None, check_tokenizer: Callable[[], object] = lambda: None
    ) -> HeadroomAddon:
        made.append(HeadroomAddon(core.compress, check_tokenizer, load_tokenizer))
        context.master.addons.add(made[0])
        return made[0]

    yield make
    made[0].done()
    assert sys.getswitchinterval() != pytest.approx(SWITCH_INTERVAL)


@pytest.fixture
def flow() -> HTTPFlow:
    return tflow.tflow(req=tutils.treq(method=b"POST", path=b"/responses", content=BODY))


def errors_in(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]


@pytest.mark.parametrize("is_serving", [False, True])
def test_loads_the_tokenizer_beside_the_event_loop_once_switched_on(
    context: taddons.context,
    make_addon: Callable[..., HeadroomAddon],
    is_serving: bool,  # noqa: FBT001  a parameter of the test
) -> None:
    threads = []
    is_idle, is_loaded = threading.Event(), threading.Event()

    def load() -> None:
        threads.append(threading.current_thread())
        is_loaded.set()

    addon = make_addon(load)
    if is_serving:
        addon.running()
    assert threads == []
    context.configure(addon, compress_passthrough=True)
    if not is_serving:
        assert addon.compressor.in_thread(is_idle.set)
        assert is_idle.wait(10)
        assert threads == [], "mitmproxy does not listen yet"
        addon.running()
    assert is_loaded.wait(10)
    addon.compressor.begin_loading()
    (loading,) = threads
    assert loading is not threading.current_thread()
    assert sys.getswitchinterval() == pytest.approx(SWITCH_INTERVAL)


def damaged() -> None:
    raise RuntimeError("not the expected file")


def test_a_damaged_rank_file_stops_the_start(
    context: taddons.context, make_addon: Callable[..., HeadroomAddon], caplog: pytest.LogCaptureFixture
) -> None:
    context.configure(make_addon(damaged, damaged), compress_passthrough=True)
    assert errors_in(caplog) == ["headroom-addon: the tokenizer cannot be loaded: not the expected file"]


def test_a_damaged_rank_file_does_not_stop_a_proxy_that_serves(
    context: taddons.context, make_addon: Callable[..., HeadroomAddon], flow: HTTPFlow, caplog: pytest.LogCaptureFixture
) -> None:
    addon = make_addon(damaged, damaged)
    addon.running()
    context.configure(addon, compress_passthrough=True)
    asyncio.run(addon.request(flow))  # the worker has come past the tokenizer
    assert warnings_in(caplog) == ["headroom-addon cannot load its tokenizer: not the expected file"]


WRONG = {
    "compress_only": "~",
    "compress_level": "lossy",
    "compress_references": "",
    "compress_min_tokens": -1,
    "compress_recall_dir": "here",
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_value_is_logged_at_the_start_and_refused_later(
    name: str, context: taddons.context, make_addon: Callable[..., HeadroomAddon], caplog: pytest.LogCaptureFixture
) -> None:
    addon = make_addon()
    before = getattr(context.options, name)
    context.configure(addon, **{name: WRONG[name]})
    assert [f"headroom-addon: {name} is {WRONG[name]!r}, allowed are" in line for line in errors_in(caplog)] == [True]
    assert [record.exc_info for record in caplog.records if record.levelno == logging.ERROR] == [None]
    context.configure(addon, **{name: before})
    addon.running()
    with pytest.raises(OptionsError, match=f"{name} is"):
        context.options.update(**{name: WRONG[name]})
    assert getattr(context.options, name) == before
    assert len(errors_in(caplog)) == 1


def test_an_edited_flow_is_not_edited_again(
    context: taddons.context, make_addon: Callable[..., HeadroomAddon], core: Core, flow: HTTPFlow
) -> None:
    async def send_and_replay() -> None:
        await addon.request(flow)
        replayed = flow.copy()
        replayed.live = True
        await addon.request(replayed)
        assert replayed.request.raw_content == flow.request.raw_content == BODY + BODY

    addon = make_addon()
    context.configure(addon, compress_passthrough=True)
    asyncio.run(send_and_replay())
    assert core.bodies == [BODY]


def test_what_another_addon_changed_meanwhile_is_kept(
    context: taddons.context, make_addon: Callable[..., HeadroomAddon], core: Core, flow: HTTPFlow
) -> None:
    async def change_meanwhile() -> None:
        task = asyncio.create_task(addon.request(flow))
        await asyncio.sleep(0)
        flow.request.raw_content = b"changed"
        core.may_go_on.set()
        await task

    addon = make_addon()
    context.configure(addon, compress_passthrough=True)
    core.may_go_on.clear()
    asyncio.run(change_meanwhile())
    assert flow.request.raw_content == b"changed"


def recorded(kind: str) -> HTTPFlow:
    """A flow as a file holds it: of a request, with an answer or without, or of a WebSocket."""
    if kind == "a WebSocket":
        flow = tflow.twebsocketflow()
        flow.request.path = "/responses"
        create = b'{"type": "response.create", ' + BODY[1:]
        assert flow.websocket
        flow.websocket.messages = [WebSocketMessage(Opcode.TEXT, from_client=True, content=create) for _ in range(3)]
    else:
        answer = tutils.tresp(status_code=400) if kind == "refused" else False
        flow = tflow.tflow(req=tutils.treq(method=b"POST", path=b"/responses", content=BODY), resp=answer)
        flow.metadata = {EDITED_MARK: {"requests": 1}} if kind == "refused" else {}
    flow.live = False
    return flow


@pytest.mark.parametrize("kind", ["not answered", "refused", "a WebSocket"])
def test_what_is_read_from_a_file_is_neither_edited_nor_counted(
    kind: str,
    context: taddons.context,
    make_addon: Callable[..., HeadroomAddon],
    core: Core,
    caplog: pytest.LogCaptureFixture,
) -> None:
    addon = make_addon()
    context.configure(addon, compress_passthrough=True)
    flow = recorded(kind)
    before = flow.get_state()
    asyncio.run(context.cycle(addon, flow))
    assert flow.get_state() == before
    assert core.bodies == []
    assert addon.reporter.totals.requests == 0
    assert not warnings_in(caplog)
    assert not addon._exchanges._scopes  # noqa: SLF001  there is no public way to it


@pytest.mark.parametrize("end", ["killed", "answered"])
def test_what_another_addon_has_killed_or_answered_goes_to_no_server(
    end: str, context: taddons.context, make_addon: Callable[..., HeadroomAddon], core: Core, flow: HTTPFlow
) -> None:
    addon = make_addon()
    context.configure(addon, compress_passthrough=True)
    if end == "killed":
        flow.kill()
    else:
        flow.response = tutils.tresp()
    asyncio.run(addon.request(flow))
    assert flow.request.raw_content == BODY
    assert core.bodies == []
    assert addon.reporter.totals.passed == ({} if end == "killed" else {"answered by another addon": 1})


def test_nothing_is_kept_where_another_addon_takes_the_answer_away(
    context: taddons.context, make_addon: Callable[..., HeadroomAddon], flow: HTTPFlow
) -> None:
    async def ask() -> None:
        await addon.request(flow)
        flow.response = None
        assert addon.response(flow) is None

    addon = make_addon()
    context.configure(addon, compress_passthrough=True)
    asyncio.run(ask())
    under_way = addon._exchanges  # noqa: SLF001  there is no public way to it
    assert not under_way
    assert not under_way._scopes  # noqa: SLF001


def test_a_cancelled_task_stays_cancelled(
    context: taddons.context, make_addon: Callable[..., HeadroomAddon], core: Core, flow: HTTPFlow
) -> None:
    async def cancel() -> None:
        task = asyncio.create_task(addon.request(flow))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    addon = make_addon()
    context.configure(addon, compress_passthrough=True)
    core.may_go_on.clear()
    asyncio.run(cancel())
    core.may_go_on.set()
    assert flow.request.raw_content == BODY


def test_names_misspelt_options(
    context: taddons.context, make_addon: Callable[..., HeadroomAddon], caplog: pytest.LogCaptureFixture
) -> None:
    context.options.set("compress_refrences=off", "unrelated=1", defer=True)
    make_addon().running()
    assert warnings_in(caplog) == [
        "headroom-addon: there is no option compress_refrences, so it has no effect. Did you mean compress_references?"
    ]

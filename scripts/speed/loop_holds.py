"""How long the hooks hold the event loop, over inputs of every kind and size: its longest step, in processor time.

The work of the threads is not part of it, nor is mitmproxy's own: the hooks are called directly.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import random
import time
from collections.abc import Awaitable
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from contextlib import contextmanager
from itertools import product
from statistics import median

from mitmproxy.http import Headers
from mitmproxy.http import HTTPFlow
from mitmproxy.test import taddons
from mitmproxy.test import tflow
from mitmproxy.test import tutils
from mitmproxy.websocket import WebSocketMessage
from wsproto.frame_protocol import Opcode

from headroom_proxy.addon import HeadroomAddon
from scripts.savings.recordings import Session
from scripts.speed.measures import Effort
from scripts.speed.measures import Row
from scripts.speed.measures import report_progress
from scripts.speed.measures import times_row
from scripts.speed.texts import hostile
from scripts.speed.texts import ordinary

_COMMANDS = ("npm test", "gh api x", "find . -type f", "rg -n x", "cat a.py", "docker logs a")
# Shares of effort.hostile_bytes: of 1 MB for the texts of a turn, and for messages, answers and bodies.
_TURNS = (0.0005, 0.001, 0.002, 0.003, 0.004, 0.006, 0.008, 0.012, 0.016, 0.06)
_MESSAGES = (0.001, 0.01, 0.03, 0.06, 0.25, 1, 4, 16)
# So long a session may get before the next one begins.
_MAX_SESSION_BYTES = 1_500_000
_AIM = 0.005
_BEGINNING = "".join(f"    area_{number} = width * height + offset\n" for number in range(5_000))

Input = tuple[str, Callable[["_Hooks"], Awaitable[None]]]


def loop_holds(_: Sequence[Session], effort: Effort) -> Iterator[Row]:
    with taddons.context() as context:
        addon = HeadroomAddon()
        context.master.addons.add(addon)
        context.configure(addon, compress_passthrough=True)
        longest = asyncio.run(_measured(addon, effort))
        addon.done()
        context.master.event_loop.close()
    worst = max(longest, key=lambda number: longest[number][0])
    times = [seconds for seconds, _ in longest.values()]
    over = sum(seconds > _AIM for seconds in times)
    note = f"the worst: {longest[worst][1]}; {over} over the aim; compared with the median"
    what = f"longest hold of the event loop, {len(longest):,} inputs"
    yield times_row(what, [times[worst]], [median(times)], "5 ms", note)


async def _measured(addon: HeadroomAddon, effort: Effort) -> Mapping[int, tuple[float, str]]:
    """The longest step of each input, in seconds, and the name of the input, by its number.

    A long step is measured once more, in another session, where the input is as new: the machine may have been busy.
    """
    hooks = _Hooks(addon)
    await hooks.turn("cat b.py", "")  # the tokenizer is loaded
    longest = {}
    for number, (name, send) in enumerate(_inputs(effort)):
        report_progress(f"holds of the event loop: {number} {name}")
        seconds = await _longest_step(send, hooks)
        if seconds > _AIM:
            hooks.end_session()
            seconds = min(seconds, await _longest_step(send, hooks))
        longest[number] = (seconds, name)
    return longest


async def _longest_step(send: Callable[[_Hooks], Awaitable[None]], hooks: _Hooks) -> float:
    with _steps_timed() as steps:
        await asyncio.create_task(_all_of(send(hooks)))  # in a task of its own every step is a handle
        await asyncio.sleep(0)
    return max(steps)


async def _all_of(sending: Awaitable[None]) -> None:
    await sending


@contextmanager
def _steps_timed() -> Iterator[list[float]]:
    """The processor time of each callback that an event loop calls."""
    steps: list[float] = []
    run = asyncio.Handle._run  # noqa: SLF001  there is no other way to see them

    def run_timed(handle: asyncio.Handle) -> None:
        begin = time.thread_time()
        run(handle)
        steps.append(time.thread_time() - begin)

    asyncio.Handle._run = run_timed  # type: ignore[method-assign, assignment]  # noqa: SLF001
    try:
        yield steps
    finally:
        asyncio.Handle._run = run  # type: ignore[method-assign]  # noqa: SLF001


class _Hooks:
    """Calls the hooks as mitmproxy does: for a session that grows turn by turn, and for a WebSocket."""

    def __init__(self, addon: HeadroomAddon) -> None:
        self._addon = addon
        self._items: list[bytes] = []
        self._count = 0
        self._socket: HTTPFlow | None = None

    async def turn(self, command: str, text: str, rest: bytes = b"") -> None:
        """A request of a session with one more output."""
        if sum(map(len, self._items)) > _MAX_SESSION_BYTES:
            self.end_session()
        if not self._items:
            self._add("cat big.py", _BEGINNING)
            await self._request(self._body(b""))
        self._add(command, text)
        await self._request(await asyncio.to_thread(self._body, rest))  # joining it is not the addon's work

    def end_session(self) -> None:
        """Let the next turn begin another session, with other ids of calls."""
        self._items.clear()

    async def body(self, body: bytes) -> None:
        await self._request(body)

    async def answer(self, headers: Headers, content: bytes, *, is_streamed: bool = False) -> None:
        """An answer to a small request, as mitmproxy passes it to the hooks."""
        flow = _asked(b'{"input":"Read."}')
        await self._addon.request(flow)
        flow.response = tutils.tresp(headers=headers)
        flow.response.raw_content = None if is_streamed else content
        self._addon.responseheaders(flow)
        if callable(flow.response.stream):
            for start in range(0, len(content), 2**16):
                await asyncio.sleep(0)
                flow.response.stream(content[start : start + 2**16])
            await asyncio.sleep(0)
        self._addon.response(flow)
        await self._settled()

    async def message(self, content: bytes, *, from_client: bool) -> None:
        if self._socket is None:
            self._socket = tflow.twebsocketflow(messages=False)
            self._socket.request = _asked(b"").request
            self._socket.request.method = "GET"
            self._socket.request.headers["upgrade"] = "websocket"
            await self._addon.request(self._socket)
        assert self._socket.websocket  # noqa: S101  made with one
        self._socket.websocket.messages.append(WebSocketMessage(Opcode.TEXT, from_client, content))
        await self._addon.websocket_message(self._socket)
        await self._settled()

    async def _request(self, body: bytes) -> None:
        flow = _asked(body)
        await asyncio.sleep(0)  # making the flow is not the addon's work
        await self._addon.request(flow)
        await self._settled()

    async def _settled(self) -> None:
        await self._addon._afterwards.through()  # noqa: SLF001  at once, not a tenth of a second later

    def _add(self, command: str, text: str) -> None:
        self._count += 1
        call = {"type": "function_call", "name": "shell", "arguments": json.dumps({"command": command})}
        output = {"type": "function_call_output", "output": text}
        self._items += [json.dumps({**item, "call_id": f"call_{self._count}"}).encode() for item in (call, output)]

    def _body(self, rest: bytes) -> bytes:
        return b'{"model":"m","input":[%b]%b}' % (b",".join(self._items), rest)


def _asked(body: bytes) -> HTTPFlow:
    return tflow.tflow(req=tutils.treq(method=b"POST", path=b"/v1/responses", content=body))


def _inputs(effort: Effort) -> Iterator[Input]:
    """effort.long_turns inputs, three of four of them turns."""
    kinds = [
        list(_turns(effort.hostile_bytes)),
        list(_bodies(effort.hostile_bytes)),
        list(_others(effort.hostile_bytes)),
    ]
    chance = random.Random(1)  # noqa: S311  the same inputs in each run
    for number in range(effort.long_turns):
        kind = kinds[0] if number % 4 else kinds[1 + number // 4 % 2]
        yield chance.choice(kind)


def _texts(size: int) -> Mapping[str, str]:
    """The hostile and the ordinary texts, and others that have taken long."""
    numbers = ", ".join(map(str, range(size // 5)))
    return {
        **hostile(size),
        **{name: text for name, (_, text) in ordinary(size).items()},
        "numbers": f"[{numbers}]",
        "ones": "[" + ", ".join(["1"] * (size // 3)) + "]",
        "rows of numbers": "[0, 1, 2]\n" * (size // 10),
        "strings": json.dumps(["a"] * (size // 5)),
        "tiny objects": "[" + ",".join(["{}"] * (size // 3)) + "]",
        "short paths": "".join(f"./a/{number}\n" for number in range(size // 8)),
        "short matches": "".join(f"a:{number}:b\n" for number in range(size // 8)),
        "two lines": "one line here\nother line there\n" * (size // 32),
        "Chinese": "\N{CJK UNIFIED IDEOGRAPH-4E2D}\N{CJK UNIFIED IDEOGRAPH-6587}" * (size // 6),
        "words": "ab " * (size // 3),
        "commas": "," * size,
        "quotes": '"' * (size // 2),
    }


def _turns(largest: int) -> Iterator[Input]:
    texts = [(share, _texts(max(int(share * largest), 40))) for share in _TURNS]
    pairs = [(f"{name} of {share * largest:,.0f}", text) for share, group in texts for name, text in group.items()]
    for (name, text), command in product(pairs, _COMMANDS):
        yield f"{name} from {command}", lambda hooks, command=command, text=text: hooks.turn(command, text)  # type: ignore[misc]
    for name, text in pairs:  # mypy cannot tell the types of a lambda's defaults
        yield f"a command: {name}", lambda hooks, text=text: hooks.turn(f"bash -lc {text!r}", "")  # type: ignore[misc]


def _bodies(largest: int) -> Iterator[Input]:
    """What stands behind the items of a turn, and bodies without tool outputs."""
    for share in _MESSAGES:
        size = int(share * largest)
        for name, content in _json_of(size).items():
            title = f"{name} of {size:,}"
            rest = b',"tools":' + content
            yield f"behind the items: {title}", lambda hooks, rest=rest: hooks.turn("cat a.py", "a", rest)  # type: ignore[misc]
            body = b'{"store":false,"input":"Read.","x":%b,"previous_response_id":null}' % content
            yield f"a body: {title}", lambda hooks, body=body: hooks.body(body)  # type: ignore[misc]
        members = b"".join(b',"%d":1' % number for number in range(size // 8))
        yield f"members: {size:,}", lambda hooks, rest=members: hooks.turn("cat a.py", "a", rest)  # type: ignore[misc]


def _json_of(size: int) -> Mapping[str, bytes]:
    return {
        "a string": b'"%b"' % (b"a" * size),
        "escapes": b'"%b"' % (b"\\n" * (size // 2)),
        "ones": b"[%b1]" % (b"1," * (size // 2)),
        "objects": b"[%b1]" % (b"{}," * (size // 3)),
        "records": json.dumps([{"id": number, "name": "item"} for number in range(size // 28)]).encode(),
        "a lone surrogate": b'["\\ud800",%b1]' % (b'{"a":1},' * (size // 9)),
        "depth": b"[" * (size // 2) + b"]" * (size // 2),
        "no JSON": b"[1 1" + b"{}," * (size // 3),
    }


def _others(largest: int) -> Iterator[Input]:
    """Messages of both sides of a WebSocket, answers, and streams of events."""
    plain, events = Headers(content_type="application/json"), Headers(content_type="text/event-stream")
    for share in _MESSAGES:
        size = int(share * largest)
        for name, content in _json_of(size).items():
            title = f"{name} of {size:,}"
            create = b'{"x":%b,"type":"response.create","previous_response_id":null}' % content
            yield f"a message: {title}", lambda hooks, it=create: hooks.message(it, from_client=True)  # type: ignore[misc]
            told = b'{"response":{"id":"r","output":%b},"type":"response.completed"}' % content
            yield f"an event: {title}", lambda hooks, it=told: hooks.message(it, from_client=False)  # type: ignore[misc]
            answer = b'{"object":"response","id":"r","status":"completed","output":%b}' % content
            yield f"an answer: {title}", lambda hooks, it=answer: hooks.answer(plain, it)  # type: ignore[misc]
            coded = Headers(content_type="application/json", content_encoding="gzip")
            packed = gzip.compress(answer, 1)
            yield f"gzip: {title}", lambda hooks, it=packed, coded=coded: hooks.answer(coded, it)  # type: ignore[misc]
            stream = b"data: %b\n\n" % told + b'data: {"type":"response.output_text.delta"}\n\n' * min(
                size // 50, 9_000
            )
            yield (
                f"a stream: {title}",
                lambda hooks, it=stream: hooks.answer(events, it, is_streamed=True),  # type: ignore[misc]
            )
            zipped = Headers(content_type="text/event-stream", content_encoding="gzip")
            pressed = gzip.compress(stream, 1)
            yield (
                f"a stream in gzip: {title}",
                lambda hooks, it=pressed, zipped=zipped: hooks.answer(zipped, it, is_streamed=True),  # type: ignore[misc]
            )

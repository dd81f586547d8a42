"""Pieces of work that go on at the same time do not meet in a session, and wait for nothing else."""

from __future__ import annotations

import asyncio
import json
import threading
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import pytest

from headroom_compression import CompressedBody
from headroom_compression import Memory
from headroom_compression import Settings
from headroom_compression import compress_request_body
from headroom_compression import tokens
from headroom_proxy.answers.continuations import Scope
from headroom_proxy.work.compressor import Compressor
from headroom_proxy.work.lending import Lending
from headroom_proxy.work.lending import MetError
from headroom_proxy.work.two_threads import MAX_NEW_BESIDE_OTHERS
from headroom_proxy.work.worker import LongWorkError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from headroom_compression import Conversation

MINE, OTHERS = Scope("upstream.test", 443, b"mine"), Scope("upstream.test", 443, b"other")
SOURCE = "".join(f"value_{number} = compute({number})\n" for number in range(99))


def body_of(*texts: str, continues: str = "") -> bytes:
    """A request of turns, in each of which a file is read. After "slow" comes much that is new."""
    items: list[dict[str, str]] = []
    for text in texts:
        call = {"type": "function_call", "call_id": text, "name": "shell", "arguments": '{"command": "cat a.py"}'}
        output = {"type": "function_call_output", "call_id": text, "output": f"{SOURCE}# {text}\n"}
        long = {"role": "user", "content": "x" * MAX_NEW_BESIDE_OTHERS}
        items += [call, output, long] if text == "slow" else [call, output]
    body: dict[str, object] = {"input": items}
    return json.dumps({"previous_response_id": continues, **body} if continues else body).encode()


class Core:
    """The real one, which stops in the middle of bodies that hold `slow`, when it is at their session."""

    def __init__(self) -> None:
        self.is_at_it, self.may_go_on = threading.Event(), threading.Event()

    def compress(self, body: bytes, settings: Settings, memory: Memory, *others: Conversation) -> CompressedBody:
        if b"slow" in body and not self.may_go_on.is_set():
            memory.longest_prefix(body)
            self.is_at_it.set()
            self.may_go_on.wait(10)
        return compress_request_body(body, settings, memory, *others)


@pytest.fixture
def core() -> Iterator[Core]:
    core = Core()
    yield core
    core.may_go_on.set()


@pytest.fixture
def compressor(core: Core) -> Iterator[Compressor]:
    compressor = Compressor(core.compress, tokens.check, tokens.load, watchdog_seconds=20)
    compressor.limit_memory(2**24)
    compressor.start(is_serving=True)
    yield compressor
    compressor.stop()


@dataclass(eq=False)
class At:
    """A piece of work at one point of a conversation."""

    point: Conversation
    has_ended: bool = False

    def reaches(self, conversation: Conversation) -> bool:
        return conversation is self.point


def test_notes_wait_until_their_session_is_free_and_those_of_a_user_keep_their_order() -> None:
    busy, free = (compress_request_body(body_of(text)).conversation for text in "ab")
    assert busy
    assert free
    lending, borrower, done = Lending(), At(busy), list[int]()
    lending.enter(borrower)
    for number, (user, point) in enumerate([("a", busy), ("a", free), ("b", free)]):
        lending.note(user, point, partial(done.append, number))
    assert (done, lending.is_in_use) == ([2], True)
    with pytest.raises(MetError):
        lending.require_noted(At(free), "a")
    lending.require_noted(At(free), "b")
    lending.leave(borrower)
    assert (done, lending.is_in_use) == ([2, 0, 1], False)


def test_nobody_waits_for_work_that_has_ended_in_another_way() -> None:
    point = compress_request_body(body_of("a")).conversation
    assert point
    lending, given_up, other = Lending(), At(point), At(point)
    lending.enter(given_up)
    assert lending.met(point, other) is given_up
    given_up.has_ended = True
    assert (lending.met(point, other), lending.is_in_use) == (None, False)


async def sent(compressor: Compressor, body: bytes, scope: Scope = MINE) -> CompressedBody:
    return (await compressor.run(lambda compress: compress(body), Settings(), scope, body))[0]


async def begun(core: Core) -> None:
    await asyncio.to_thread(core.is_at_it.wait, 10)


def test_who_sends_little_waits_for_nobody_who_sends_much(compressor: Compressor, core: Core) -> None:
    async def run() -> None:
        first = await sent(compressor, body_of("a", "b"))
        assert first.conversation
        much = asyncio.create_task(sent(compressor, body_of("slow"), OTHERS))
        await begun(core)
        compressor.keep(MINE, "resp_1", first.conversation, ())
        at_once = compressor.run_at_once(lambda: compressor.compress_at_once(body_of("a", "b", "c"), Settings()))[0]
        assert at_once.body == compress_request_body(body_of("a", "b", "c")).body
        assert (await sent(compressor, body_of("x", "y"))).body == compress_request_body(body_of("x", "y")).body
        continued = await sent(compressor, body_of("d", continues="resp_1"))
        assert continued.changed, "it points to the lines that the answer before had seen"
        assert not much.done()
        core.may_go_on.set()
        assert (await much).body == compress_request_body(body_of("slow")).body

    asyncio.run(run())


def test_who_comes_to_a_session_that_others_are_at_waits_for_them(compressor: Compressor, core: Core) -> None:
    async def run() -> None:
        first = await sent(compressor, body_of("a"))
        assert first.conversation
        much = asyncio.create_task(sent(compressor, body_of("a", "slow")))
        await begun(core)
        compressor.keep(MINE, "resp_1", first.conversation, ())
        with pytest.raises(LongWorkError):
            compressor.run_at_once(lambda: compressor.compress_at_once(body_of("a", "c"), Settings()))
        fork = asyncio.create_task(sent(compressor, body_of("a", "c")))
        continued = asyncio.create_task(sent(compressor, body_of("d", continues="resp_1")))
        with suppress(TimeoutError):
            await asyncio.wait_for(asyncio.shield(asyncio.gather(fork, continued)), 0.1)
        assert [task.done() for task in (much, fork, continued)] == [False] * 3
        core.may_go_on.set()
        assert (await much).body == compress_request_body(body_of("a", "slow")).body
        assert (await fork).body == compress_request_body(body_of("a", "c")).body
        assert (await continued).changed

    asyncio.run(run())

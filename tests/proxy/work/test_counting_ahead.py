"""What the next turn may have to count is counted while nobody waits, and changes nothing that is sent."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING
from weakref import ref

import pytest

from headroom_compression import CompressedBody
from headroom_compression import Memory
from headroom_compression import compress_request_body
from headroom_compression import tokens
from headroom_proxy.answers.continuations import Scope
from headroom_proxy.work import counting_ahead
from headroom_proxy.work.compressor import Compressor
from headroom_proxy.work.counting_ahead import CountingAhead
from tests.compression.support.bodies import message
from tests.compression.support.bodies import request_body
from tests.compression.support.budget_sessions import BUDGET
from tests.compression.support.budget_sessions import WITH_BUDGET
from tests.compression.support.budget_sessions import long_session
from tests.proxy.work.patience import until

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Sequence

    from headroom_compression import Conversation
    from headroom_compression import Settings
    from headroom_proxy.work.compressor import Compress

SCOPE = Scope("upstream.test", 443, b"")
# Above half of the budget by its bytes only.
BODY = request_body(*(message(f"Question {number}? " + "Some words. " * 99) for number in range(6)))
NEVER = threading.Event()


@pytest.fixture(autouse=True)
def no_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    tokens.load()
    monkeypatch.setattr(counting_ahead, "SECONDS_BEFORE", 0.0)


@pytest.fixture
def noted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that are counted."""
    asked: list[str] = []
    count = tokens.count

    def count_noted(text: str) -> int:
        asked.append(text)
        return count(text)

    monkeypatch.setattr(tokens, "count", count_noted)
    return asked


def remembered(settings: Settings = WITH_BUDGET) -> Conversation:
    found = compress_request_body(BODY, settings).conversation
    assert found is not None
    assert left(found)
    return found


def left(conversation: Conversation) -> bool:
    """Whether there is something to count."""
    uncounted = conversation.tally.uncounted if conversation.tally else None
    return uncounted is not None and uncounted.known is None


def is_counted(conversation: Conversation) -> bool:
    return not left(conversation)


def ended(conversation: Conversation, *, is_busy: Callable[[], bool] = NEVER.is_set) -> CountingAhead:
    """One that was asked to count, once its thread has done what it will do."""
    counting = CountingAhead(is_busy)

    async def count() -> None:
        is_through = threading.Event()
        counting.begin_soon(conversation)
        asyncio.get_running_loop().call_later(0.01, counting._worker.start, is_through.set)  # noqa: SLF001
        await until(is_through.is_set)

    asyncio.run(count())
    return counting


def test_what_may_matter_soon_is_counted() -> None:
    conversation = remembered()
    ended(conversation).stop()
    assert not left(conversation)
    assert not conversation.tally or conversation.tally.steps_ahead() == ()


def test_far_below_the_budget_nothing_is_counted() -> None:
    conversation = remembered(replace(WITH_BUDGET, budget=10 * BUDGET))
    ended(conversation).stop()
    assert left(conversation)


def test_who_has_no_budget_has_nothing_to_count() -> None:
    found = compress_request_body(BODY, replace(WITH_BUDGET, budget=0)).conversation
    assert found is not None
    ended(found).stop()


def test_while_others_are_at_work_it_waits_for_the_next_request_to_go_on() -> None:
    is_busy = threading.Event()
    is_busy.set()
    first, second = remembered(), remembered()
    counting = ended(first, is_busy=is_busy.is_set)
    assert left(first)
    is_busy.clear()

    async def go_on() -> None:
        counting.begin_soon(second)
        await until(lambda: not left(first) and not left(second))

    asyncio.run(go_on())
    counting.stop()


def test_it_stops_between_two_texts_when_somebody_comes(noted: list[str]) -> None:
    conversation = remembered()
    assert not noted
    ended(conversation, is_busy=lambda: len(noted) > 2).stop()
    assert len(noted) == 3
    assert left(conversation)


@pytest.mark.parametrize("texts", [0, 2])
def test_it_keeps_nothing_alive(texts: int, noted: list[str]) -> None:
    """texts: so many are counted before somebody comes."""
    is_over = threading.Event()
    conversation = remembered()
    watched = ref(conversation)
    counting = ended(conversation, is_busy=lambda: not is_over.is_set() and len(noted) >= texts)
    assert len(noted) == texts
    assert left(conversation)
    del conversation
    assert watched() is None
    is_over.set()
    counting._go_on()  # noqa: SLF001
    assert len(noted) == texts
    counting.stop()


def test_once_it_is_stopped_nothing_is_counted_until_it_is_opened() -> None:
    counting, conversation = CountingAhead(NEVER.is_set), remembered()

    async def count() -> None:
        counting.stop()
        counting.begin_soon(conversation)
        await asyncio.sleep(0.05)
        assert left(conversation)
        counting.open()
        counting.begin_soon(conversation)
        await until(partial(is_counted, conversation))

    asyncio.run(count())
    counting.stop()


def compressed(body: bytes, compress: Compress) -> CompressedBody:
    return compress(body)[0]


async def sent(bodies: Sequence[bytes], counted: int) -> list[CompressedBody]:
    """What becomes of requests. counted: after so many of them it waits until all is counted."""
    compressor = Compressor(compress_request_body, lambda: None, lambda: None, watchdog_seconds=60)
    compressor.limit_memory(2**28)
    compressor.start(is_serving=True)
    results: list[CompressedBody] = []
    try:
        for number, body in enumerate(bodies, 1):
            results.append(await compressor.run(partial(compressed, body), WITH_BUDGET, SCOPE))
            point = results[-1].conversation
            if number == counted and point:
                await until(partial(is_counted, point))
    finally:
        compressor.stop()
    return results


def test_it_begins_when_a_request_has_gone_on() -> None:
    (result,) = asyncio.run(sent([BODY], 1))
    assert result.conversation is not None
    assert not left(result.conversation)


@pytest.mark.parametrize("seed", range(3))
def test_turns_are_sent_as_without_it_while_it_counts(seed: int) -> None:
    """The thread counts what the turns continue, and forks of it, at the same time as these ask for it."""
    items = long_session(seed, 40)
    bodies = [request_body(*items[:count]) for count in [*range(1, len(items), 7), len(items) // 2, len(items)]]
    memory = Memory()
    alone = [compress_request_body(body, WITH_BUDGET, memory) for body in bodies]
    results = asyncio.run(sent(bodies, len(bodies) - 1))
    assert [result.body for result in results] == [result.body for result in alone]
    assert [result.report for result in results] == [result.report for result in alone]
    assert results[-1].report.checkpoints

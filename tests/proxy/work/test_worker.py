"""Work that raises, hangs or is cancelled: the original goes on, and so does the proxy."""

from __future__ import annotations

import asyncio
import threading
from functools import partial
from itertools import chain
from itertools import repeat
from time import monotonic
from typing import TYPE_CHECKING

import pytest

from headroom_compression import CompressedBody
from headroom_compression import Memory
from headroom_compression import Settings
from headroom_proxy.guards import WorkFailedError
from headroom_proxy.work import awake
from headroom_proxy.work import worker as worker_module
from headroom_proxy.work.worker import MAX_STUCK
from headroom_proxy.work.worker import LongWorkError
from headroom_proxy.work.worker import Worker
from tests.compression.support.panics import PanicError
from tests.proxy.exchanged import LONG_BODY
from tests.proxy.exchanged import SHORT_BODY
from tests.proxy.exchanged import post
from tests.proxy.exchanged import warnings_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.proxy.conftest import Proxy
    from tests.proxy.conftest import Upstream


@pytest.mark.parametrize(
    "error",
    [
        ValueError,
        MemoryError,
        RecursionError,
        StopIteration,
        SystemExit,
        KeyboardInterrupt,
        GeneratorExit,
        asyncio.CancelledError,
        PanicError,
    ],
)
def test_sends_the_original_when_the_core_raises(
    error: type[BaseException], proxy: Proxy, upstream: Upstream, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(body: bytes, settings: Settings, memory: Memory) -> CompressedBody:
        del settings, memory
        raise error(body.decode())

    proxy.compress = fail
    proxy.exchange(post(LONG_BODY), upstream)
    assert upstream.received[0].raw == post(LONG_BODY)
    assert warnings_in(caplog) == [f"headroom: a request passed through unchanged: {error.__name__}"]


@pytest.mark.usefixtures("impatient")
def test_sends_the_original_when_the_core_hangs_and_serves_the_next(
    proxy: Proxy, upstream: Upstream, caplog: pytest.LogCaptureFixture
) -> None:
    is_over = threading.Event()
    bodies = []
    short = proxy.compress

    def hang_once(body: bytes, settings: Settings, memory: Memory) -> CompressedBody:
        bodies.append(body)
        if len(bodies) == 1:
            is_over.wait()
        return short(body, settings, memory)

    proxy.compress = hang_once
    proxy.exchange(post(LONG_BODY), upstream)
    proxy.exchange(post(LONG_BODY + b" "), upstream)
    is_over.set()
    assert [received.raw for received in upstream.received] == [post(LONG_BODY), post(LONG_BODY + b" ")]
    assert bodies == [LONG_BODY], "what begins with it is not tried again"
    proxy.exchange(post(LONG_BODY.replace(b'"m"', b'"n"')), upstream)
    assert upstream.received[2].raw == post(SHORT_BODY.replace(b'"m"', b'"n"'))
    assert warnings_in(caplog) == ["headroom: a request passed through unchanged: TimeoutError"]


def test_work_is_done_at_once_while_the_thread_is_at_other_work_and_who_waits_waits() -> None:
    async def run() -> None:
        worker = Worker()
        may_end = threading.Event()
        worker.start(may_end.wait)
        waiting = asyncio.create_task(worker.run(lambda: 1, 10))
        await asyncio.sleep(0)
        assert worker.run_at_once(threading.current_thread) is threading.current_thread()
        may_end.set()
        assert await waiting == 1
        worker.stop()
        with pytest.raises(LongWorkError):
            worker.run_at_once(pytest.fail)

    asyncio.run(run())


class Held:
    """Work that goes on until it may end."""

    def __init__(self) -> None:
        self.began, self.may_end = threading.Event(), threading.Event()

    def __call__(self) -> bool:
        self.began.set()
        return self.may_end.wait()


async def at_it(worker: Worker, work: Held) -> asyncio.Task[bool]:
    task = asyncio.create_task(worker.run(work, 60))
    await asyncio.sleep(0)
    work.began.wait()
    return task


async def gives_up(worker: Worker, work: Callable[[], object]) -> bool:
    try:
        await worker.run(work, 0.1)
    except TimeoutError:
        return True
    return False


def test_work_that_begins_before_a_pause_is_noticed_has_no_longer_than_other_work(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    passed = chain([0.0], repeat(3600.0))  # the first to ask is who begins to watch, the next the thread
    monkeypatch.setattr(awake, "monotonic", lambda: monotonic() + next(passed))
    is_over = threading.Event()

    async def hang() -> None:
        with pytest.raises(TimeoutError, match=r"^$"):
            await asyncio.wait_for(Worker(is_kept=False).run(is_over.wait, 0.1), 20)
        is_over.set()

    started = monotonic()
    asyncio.run(hang())
    assert monotonic() - started < 10


def test_who_waits_behind_work_that_is_given_up_has_its_turn() -> None:
    async def run() -> None:
        worker = Worker()
        may_end = threading.Event()
        stuck = asyncio.create_task(gives_up(worker, may_end.wait))
        waiting = [asyncio.create_task(worker.run(partial(int, number), 10)) for number in range(3)]
        assert await stuck
        assert [await one for one in waiting] == [0, 1, 2]
        may_end.set()
        worker.stop()

    asyncio.run(run())


def test_threads_that_are_left_behind_are_not_many() -> None:
    async def run() -> None:
        worker = Worker()
        may_end = threading.Event()
        assert [await gives_up(worker, may_end.wait) for _ in range(MAX_STUCK)] == [True] * MAX_STUCK
        with pytest.raises(WorkFailedError, match="the threads are stuck"):
            await worker.run(pytest.fail, 10)
        assert worker.run_at_once(lambda: 1) == 1
        left = worker._stuck  # noqa: SLF001
        may_end.set()
        for thread in left:
            thread.join(10)
        assert await worker.run(lambda: 2, 10) == 2
        worker.stop()

    asyncio.run(run())


@pytest.mark.parametrize("is_kept", [True, False])
def test_the_thread_ends_with_its_work_where_it_is_not_kept(is_kept: bool) -> None:  # noqa: FBT001  a table's column
    async def run() -> list[threading.Thread]:
        worker = Worker(is_kept=is_kept)
        return [await worker.run(threading.current_thread, 60) for _ in range(2)]

    first, second = asyncio.run(run())
    for thread in (first, second) if not is_kept else ():
        thread.join(60)
    assert [thread.is_alive() for thread in (first, second)] == [is_kept] * 2
    assert (first is second) is is_kept


@pytest.mark.parametrize("is_awaited", [True, False])
def test_what_waits_behind_work_that_is_given_up_is_done_by_another_thread(
    is_awaited: bool,  # noqa: FBT001  a table's column
) -> None:
    async def run() -> None:
        worker = Worker()
        work = Held()
        done: list[str] = []
        given_up = asyncio.create_task(gives_up(worker, work)) if is_awaited else None
        await asyncio.sleep(0)
        if not is_awaited:
            worker.start(work)
        work.began.wait()
        waiting = asyncio.create_task(worker.run(partial(done.append, "waited for"), 0.1))
        await asyncio.sleep(0)
        worker.start(partial(done.append, "noted"))
        await waiting
        assert done == ["noted", "waited for"]
        assert given_up is None or await given_up
        work.may_end.set()
        for thread in worker._stuck:  # noqa: SLF001
            thread.join(10)
        assert done == ["noted", "waited for"], "the thread that was left takes nothing more"
        worker.stop()

    asyncio.run(run())


def test_the_thread_goes_on_by_itself_while_the_event_loop_is_busy() -> None:
    async def run() -> None:
        worker = Worker()
        done = [threading.Event() for _ in range(3)]
        waiting = [asyncio.create_task(worker.run(one.set, 60)) for one in done]
        await asyncio.sleep(0)
        assert all(one.wait(60) for one in done)
        await asyncio.gather(*waiting)
        worker.stop()

    asyncio.run(run())


def test_what_comes_later_goes_first_as_long_as_another_piece_is_patient() -> None:
    async def run() -> None:
        worker = Worker()
        may_begin = threading.Event()
        done: list[str] = []
        worker.start(may_begin.wait)
        pieces = [("after a minute", 60), ("after an hour", 3600), ("first", 0), ("second", 0), ("at once, later", 10)]
        waiting = [
            asyncio.create_task(worker.run(partial(done.append, name), 60, monotonic() + patience))
            for name, patience in pieces
        ]
        await asyncio.sleep(0)
        worker.start(partial(done.append, "nobody's"))
        may_begin.set()
        await asyncio.gather(*waiting)
        assert done == ["nobody's", "first", "second", "at once, later", "after a minute", "after an hour"]
        worker.stop()

    asyncio.run(run())


def test_what_is_not_begun_in_time_is_not_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_module, "MAX_QUEUE_LENGTH", 0.1)

    async def run() -> None:
        worker = Worker()
        work = Held()
        first = await at_it(worker, work)
        with pytest.raises(WorkFailedError, match="others took too long"):
            await worker.run(pytest.fail, 60)
        work.may_end.set()
        assert await first
        assert await worker.run(lambda: 1, 60) == 1
        worker.stop()

    asyncio.run(run())


def test_who_leaves_while_he_waits_holds_nobody_up() -> None:
    async def run() -> None:
        worker = Worker()
        work = Held()
        first = await at_it(worker, work)
        leaving = asyncio.create_task(worker.run(pytest.fail, 60))
        await asyncio.sleep(0)
        leaving.cancel()
        await asyncio.wait({leaving})
        assert leaving.cancelled()
        work.may_end.set()
        assert await first
        assert await worker.run(lambda: 1, 60) == 1
        assert worker._stuck == []  # noqa: SLF001
        worker.stop()

    asyncio.run(run())


@pytest.mark.parametrize("is_kept", [True, False])
def test_who_leaves_while_his_work_is_done_costs_others_no_more_than_who_stays(
    is_kept: bool,  # noqa: FBT001  a table's column
) -> None:
    async def run() -> None:
        worker = Worker(is_kept=is_kept)
        threads = set(threading.enumerate())
        begun = []
        for _ in range(MAX_STUCK + 1):
            begun.append(Held())
            leaving = asyncio.create_task(worker.run(begun[-1], 60))
            await asyncio.sleep(0)
            begun[0].began.wait()
            leaving.cancel()
            await asyncio.wait({leaving})
        assert len(set(threading.enumerate()) - threads) == 1
        waiting = asyncio.create_task(worker.run(lambda: 1, 60))
        await asyncio.sleep(0)
        begun[0].may_end.set()
        assert await waiting == 1
        assert not any(work.began.is_set() for work in begun[1:])
        worker.stop()

    asyncio.run(run())


def test_who_waits_behind_work_that_hangs_and_was_left_has_its_turn() -> None:
    async def run() -> None:
        worker, work = Worker(), Held()
        leaving = await at_it(worker, work)
        leaving.cancel()
        await asyncio.wait({leaving})
        assert await worker.run(lambda: 1, 0.1) == 1
        work.may_end.set()
        worker.stop()

    asyncio.run(run())


def test_what_nobody_waits_for_is_done_when_there_is_a_thread_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_module, "_SECONDS_TO_NEXT_TRY", 0.01)

    async def run() -> None:
        worker, work, done = Worker(), Held(), threading.Event()
        worker.start(work)
        work.began.wait()
        worker.start(done.set)
        with monkeypatch.context() as patch:
            patch.setattr(threading.Thread, "start", fail_to_start)
            with pytest.raises(WorkFailedError, match="RuntimeError"):
                await worker.run(pytest.fail, 0.05)
        while not done.is_set():  # noqa: ASYNC110  a thread sets it
            await asyncio.sleep(0.01)
        work.may_end.set()
        worker.stop()

    def fail_to_start(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    asyncio.run(asyncio.wait_for(run(), 10))


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, PanicError])
def test_of_work_that_is_done_at_once_only_the_type_of_error_is_told(error: type[BaseException]) -> None:
    async def run() -> None:
        with pytest.raises(WorkFailedError, match=f"^{error.__name__}$"):
            Worker().run_at_once(fail)

    def fail() -> None:
        raise error("private")

    asyncio.run(run())


def test_what_waits_when_it_is_stopped_fails_and_starts_no_thread() -> None:
    async def run() -> None:
        worker = Worker()
        work = Held()
        first = await at_it(worker, work)
        waiting = asyncio.create_task(worker.run(lambda: 1, 10))
        await asyncio.sleep(0)
        worker.stop()
        work.may_end.set()
        assert await first
        with pytest.raises(WorkFailedError, match="switched off"):
            await waiting
        worker.start(pytest.fail)
        worker.open()
        assert await worker.run(lambda: 2, 10) == 2
        worker.stop()

    asyncio.run(run())


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"compress_dry_run": True}, {"compress_dry_run": False}),
        ({"compress_dry_run": False}, {"compress_passthrough": False}),
    ],
    ids=["a dry run ends", "switched off"],
)
def test_what_is_under_way_when_it_is_switched_goes_on_as_it_came(
    before: dict[str, object], after: dict[str, object], proxy: Proxy, upstream: Upstream
) -> None:
    short = proxy.compress
    proxy.set(**before)

    def change_options(body: bytes, settings: Settings, memory: Memory) -> CompressedBody:
        proxy.set(**after)
        return short(body, settings, memory)

    proxy.compress = change_options
    proxy.exchange(post(LONG_BODY), upstream)
    assert upstream.received[0].raw == post(LONG_BODY)


def test_what_nobody_waits_for_is_done_when_it_is_stopped() -> None:
    async def run() -> None:
        worker, work, done = Worker(), Held(), threading.Event()
        first = await at_it(worker, work)
        worker.start(done.set)
        worker.stop()
        work.may_end.set()
        assert await first
        assert done.wait(10)

    asyncio.run(run())

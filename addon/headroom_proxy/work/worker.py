"""One thread for the work on requests, so that the event loop stays free, and a watchdog over it."""

from __future__ import annotations

import asyncio
import threading
from contextlib import suppress
from dataclasses import dataclass
from queue import SimpleQueue
from typing import TYPE_CHECKING
from typing import Final
from typing import Generic
from typing import TypeVar

from headroom_proxy.guards import WorkFailedError

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterator

# Seconds. First sights of 1 MB take a quarter of one: so many of them may come at once.
MAX_QUEUE_LENGTH: Final = 60.0
# Threads at work that was given up: with one more that works each has a third of a core, and what they hold is memory
# outside of every limit.
MAX_STUCK: Final = 2

Result = TypeVar("Result")
Inbox = SimpleQueue["Callable[[], object] | None"]


class LongWorkError(Exception):
    """The work is not for the event loop: it takes longer than the way to a thread and back, or that is not free."""


@dataclass(frozen=True, slots=True)
class _Outcome(Generic[Result]):
    """A value, not an exception: asyncio lets SystemExit through and cannot hold StopIteration."""

    result: Result | None = None
    error: str | None = None


class Worker:
    """Runs one piece of work at a time. A thread that is stuck or gone is replaced."""

    def __init__(self, stuck: list[threading.Thread] | None = None, *, is_kept: bool = True) -> None:
        """stuck: the threads at work that was given up, where several workers share the limit of them.

        is_kept: whether the thread stays when it has done its work. To begin one takes a tenth of a millisecond.
        """
        self._is_kept = is_kept
        self._turn = asyncio.Lock()
        self._thread: _Thread | None = None
        self._stuck: list[threading.Thread] = [] if stuck is None else stuck
        self._is_open = True

    async def run(self, work: Callable[[], Result], seconds: float) -> Result:
        """Raise TimeoutError when the work takes longer than that, WorkFailedError for whatever it raised.

        Where MAX_STUCK threads are at work that was given up, that is all there is: they take the time of a new one.
        """
        try:
            async with asyncio.timeout(MAX_QUEUE_LENGTH):
                await self._turn.acquire()
        except TimeoutError:
            raise WorkFailedError("others took too long") from None
        try:
            self._stuck[:] = [thread for thread in self._stuck if thread.is_alive()]
            if len(self._stuck) >= MAX_STUCK:
                raise WorkFailedError("the threads are stuck")
            outcome = await self._outcome_of(work, seconds)
        finally:
            if not self._is_kept:
                self._end_thread()
            self._turn.release()
        if outcome.error is not None:
            raise WorkFailedError(outcome.error)
        return outcome.result  # type: ignore[return-value]  # without an error it is the result

    def run_at_once(self, work: Callable[[], Result]) -> Result:
        """Do the work here and now, in the event loop. It must meet nothing that the thread may be at.

        The way to the thread and back takes 0.3 ms, and there the body is in no cache of the processor: work on a few
        kB takes less. Raise LongWorkError when the work does, or when this is closed, WorkFailedError for whatever else
        it raised.
        """
        if not self._is_open:
            raise LongWorkError
        try:
            return work()
        except LongWorkError:
            raise
        except BaseException as error:  # noqa: BLE001  tiktoken panics with one
            raise WorkFailedError(type(error).__name__) from None

    def start(self, work: Callable[[], object]) -> bool:
        """Do the work next, without anyone waiting for it; False when no thread can be had."""
        try:
            self._put(lambda: _outcome(work))
        except (RuntimeError, WorkFailedError):
            return False
        return True

    def open(self) -> None:
        self._is_open = True

    def stop(self) -> None:
        """Let the thread end after what it was given. What still waits for its turn fails, until it is opened again."""
        self._is_open = False
        self._end_thread()

    def _end_thread(self) -> None:
        if self._thread is not None:
            self._thread.inbox.put(None)
            self._thread = None

    async def _outcome_of(self, work: Callable[[], Result], seconds: float) -> _Outcome[Result]:
        loop = asyncio.get_running_loop()
        done: asyncio.Future[_Outcome[Result]] = loop.create_future()

        def work_and_tell() -> None:
            if done.cancelled():  # given up before it was begun
                return
            outcome = _outcome(work)
            with suppress(RuntimeError):  # the loop is closed: mitmproxy is gone
                loop.call_soon_threadsafe(_settle, done, outcome)

        thread, is_through = self._put(work_and_tell)
        try:
            await asyncio.wait({done}, timeout=seconds)
        finally:
            is_stuck = not done.done() and thread.leave(is_through)
            if is_stuck:
                done.cancel()
                self._replace(thread)
        if is_stuck:
            raise TimeoutError
        return await done

    def _replace(self, stuck: _Thread) -> None:
        """Give what it has not begun to another one."""
        self._stuck.append(stuck)
        if self._thread is stuck:
            self._thread = None
        for piece in stuck.not_begun():
            self.start(piece)

    def _put(self, work: Callable[[], object]) -> tuple[_Thread, threading.Event]:
        """The thread that does it, and what is set when it has done it."""
        if not self._is_open:
            raise WorkFailedError("switched off")
        if self._thread is None or not self._thread.is_alive():
            self._thread = _Thread()
            self._thread.start()
        done = threading.Event()

        def work_and_note() -> None:
            try:
                work()
            finally:
                done.set()

        self._thread.inbox.put(work_and_note)
        return self._thread, done


class _Thread(threading.Thread):
    """A daemon: when it is stuck it must not keep mitmproxy from exiting."""

    def __init__(self) -> None:
        super().__init__(name="headroom", daemon=True)
        self.inbox: Inbox = SimpleQueue()
        self._is_left = False
        self._between = threading.Lock()  # held from the end of a piece of work until the next may be taken

    def run(self) -> None:
        while (work := self.inbox.get()) is not None:
            work()
            del work  # while it waits for the next it keeps no body
            with self._between:
                if self._is_left:
                    return

    def leave(self, is_through: threading.Event) -> bool:
        """Have it take no other work, unless it is through with this one; whether it was not."""
        with self._between:
            self._is_left = not is_through.is_set()
            return self._is_left

    def not_begun(self) -> Iterator[Callable[[], object]]:
        """What was put in before it was left."""
        while not self.inbox.empty():
            work = self.inbox.get_nowait()
            if work is not None:
                yield work


def _outcome(work: Callable[[], Result]) -> _Outcome[Result]:
    try:
        return _Outcome(result=work())
    except BaseException as error:  # noqa: BLE001  tiktoken panics with one
        return _Outcome(error=type(error).__name__)


def _settle(done: asyncio.Future[Result], value: Result) -> None:
    if not done.done():
        done.set_result(value)

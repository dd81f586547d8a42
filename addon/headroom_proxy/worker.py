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

if TYPE_CHECKING:
    from collections.abc import Callable

# Seconds. First sights of 1 MB take a quarter of one: so many of them may come at once.
LONGEST_QUEUE: Final = 60.0

Result = TypeVar("Result")
Inbox = SimpleQueue["Callable[[], object] | None"]


class LongWorkError(Exception):
    """The work is not for the event loop: it takes longer than the way to a thread and back, or that is not free."""


class WorkFailedError(Exception):
    """Names the type of what the work raised, never its text: that may hold content."""


@dataclass(frozen=True, slots=True)
class _Outcome(Generic[Result]):
    """A value, not an exception: asyncio lets SystemExit through and cannot hold StopIteration."""

    result: Result | None = None
    error: str | None = None


class Worker:
    """Runs one piece of work at a time. A thread that is stuck or gone is replaced."""

    def __init__(self) -> None:
        self._turn = asyncio.Lock()
        self._inbox: Inbox | None = None
        self._thread: threading.Thread | None = None
        self._is_open = True
        self._stuck_until = 0.0
        self._latest = threading.Event()  # set: the thread has done all that it was given
        self._latest.set()

    async def run(self, work: Callable[[], Result], seconds: float) -> Result:
        """Raise TimeoutError when the work takes longer than that, WorkFailedError for whatever it raised.

        Who waits behind work that is stuck is given up with it: they must not each wait for the next one's turn.
        """
        since = asyncio.get_running_loop().time()
        try:
            async with asyncio.timeout(LONGEST_QUEUE):
                await self._turn.acquire()
        except TimeoutError:
            raise WorkFailedError("others took too long") from None
        try:
            if since < self._stuck_until:
                raise WorkFailedError("others took too long")
            outcome = await self._outcome_of(work, seconds)
        finally:
            self._turn.release()
        if outcome.error is not None:
            raise WorkFailedError(outcome.error)
        return outcome.result  # type: ignore[return-value]  # without an error it is the result

    def run_at_once(self, work: Callable[[], Result]) -> Result:
        """Do the work here and now, in the event loop, as long as the thread has nothing to do that it could meet.

        The way to the thread and back takes 0.3 ms, and there the body is in no cache of the processor: work on a few
        kB takes less. Raise LongWorkError when the work does, or when this is closed, WorkFailedError for whatever else
        it raised.
        """
        if not self._is_open or self._turn.locked() or not self._latest.is_set():
            raise LongWorkError
        try:
            return work()
        except LongWorkError:
            raise
        except BaseException as error:  # noqa: BLE001  tiktoken panics with one
            raise WorkFailedError(type(error).__name__) from None

    def start(self, work: Callable[[], object]) -> None:
        """Do the work next, without anyone waiting for it; or not at all when no thread can be had."""
        with suppress(RuntimeError, WorkFailedError):
            self._put(lambda: _outcome(work))

    def open(self) -> None:
        self._is_open = True

    def stop(self) -> None:
        """Let the thread end after its current work. What still waits for its turn fails, until it is opened again."""
        self._is_open = False
        self._leave_thread()

    def _leave_thread(self) -> None:
        """Let it end after its current work; the next work starts another one."""
        if self._inbox is not None:
            self._inbox.put(None)
            self._inbox = None

    async def _outcome_of(self, work: Callable[[], Result], seconds: float) -> _Outcome[Result]:
        loop = asyncio.get_running_loop()
        done: asyncio.Future[_Outcome[Result]] = loop.create_future()

        def work_and_tell() -> None:
            outcome = _outcome(work)
            with suppress(RuntimeError):  # the loop is closed: mitmproxy is gone
                loop.call_soon_threadsafe(_settle, done, outcome)

        self._put(work_and_tell)
        try:
            await asyncio.wait({done}, timeout=seconds)
        finally:
            if not done.done():
                self._leave_thread()
        if not done.done():
            self._stuck_until = loop.time()
            raise TimeoutError
        return done.result()

    def _put(self, work: Callable[[], object]) -> None:
        if not self._is_open:
            raise WorkFailedError("switched off")
        if self._inbox is None or self._thread is None or not self._thread.is_alive():
            inbox: Inbox = SimpleQueue()
            # a daemon: a stuck thread must not keep mitmproxy from exiting
            self._thread = threading.Thread(target=_work_through, args=(inbox,), name="headroom", daemon=True)
            self._thread.start()
            self._inbox = inbox
        self._latest = done = threading.Event()

        def work_and_note() -> None:
            try:
                work()
            finally:
                done.set()

        self._inbox.put(work_and_note)


def _work_through(inbox: Inbox) -> None:
    while (work := inbox.get()) is not None:
        work()
        del work  # while it waits for the next it keeps no body


def _outcome(work: Callable[[], Result]) -> _Outcome[Result]:
    try:
        return _Outcome(result=work())
    except BaseException as error:  # noqa: BLE001  tiktoken panics with one
        return _Outcome(error=type(error).__name__)


def _settle(done: asyncio.Future[Result], value: Result) -> None:
    if not done.done():
        done.set_result(value)

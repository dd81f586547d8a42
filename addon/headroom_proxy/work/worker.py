"""One thread for the work on requests, so that the event loop stays free, and a watchdog over it."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING
from typing import Final
from typing import Generic
from typing import TypeVar

from headroom_proxy.guards import WorkFailedError
from headroom_proxy.work.awake import LOOK_SECONDS
from headroom_proxy.work.awake import AwakeClock
from headroom_proxy.work.pieces import Piece
from headroom_proxy.work.pieces import PieceThread

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable

# Seconds that work may wait: as long as 240 sessions of 1 MB take that are seen for the first time, all at once.
MAX_QUEUE_LENGTH: Final = 60.0
# Threads that still run work that was given up. Each takes processor time from the one that replaced it (they share one
# interpreter), and what they hold is memory beyond every limit.
MAX_STUCK: Final = 2
_NEXT: Final = 0.0  # when is due what nobody waits for
_SECONDS_TO_NEXT_TRY: Final = 0.5  # where the system has no thread left

Result = TypeVar("Result")


class LongWorkError(Exception):
    """The work is not for the event loop: it takes longer than handing it to a thread, or is not allowed there now."""


@dataclass(frozen=True, slots=True)
class _Outcome(Generic[Result]):
    """A value, not an exception: asyncio lets SystemExit through and cannot hold StopIteration."""

    result: Result | None = None
    error: str | None = None


class Worker:
    """Runs one piece of work at a time. A thread that is stuck or gone is replaced."""

    def __init__(self, stuck: list[threading.Thread] | None = None, *, is_kept: bool = True) -> None:
        """stuck: the list of threads whose work was given up, for workers that share the limit on them.

        is_kept: whether the thread lives on without work. Starting one takes a tenth of a millisecond.
        """
        self._is_kept = is_kept
        self._awaited = 0
        self._clock = AwakeClock()
        self._thread: PieceThread | None = None
        self._stuck: list[threading.Thread] = [] if stuck is None else stuck
        self._is_open = True

    async def run(self, work: Callable[[], Result], seconds: float, due: float | None = None) -> Result:
        """Run the work in the thread and return its result.

        Raise TimeoutError when the work takes longer than `seconds`, not counting pauses of the whole process,
        WorkFailedError for whatever it raised, RuntimeError when no thread can be started. While MAX_STUCK threads are
        busy with work that was given up, no further one is started: they would slow it down.
        When the caller is cancelled, work that has begun runs to its end, and others wait for it as before.
        due: by the monotonic clock, now by default; the earliest goes first.
        """
        if self._are_too_many_stuck:
            raise WorkFailedError("the threads are stuck")
        loop = asyncio.get_running_loop()
        done: asyncio.Future[_Outcome[Result]] = loop.create_future()

        def work_and_tell() -> None:
            outcome = _outcome(work)
            with suppress(RuntimeError):  # the loop is closed: mitmproxy is gone
                loop.call_soon_threadsafe(_settle, done, outcome)

        def fail(reason: str) -> None:
            _settle(done, _Outcome(error=reason))

        piece = Piece(monotonic() if due is None else due, work_and_tell, fail)
        self._awaited += 1
        try:
            with self._clock.watched():
                self._put(piece)
                await self._watch(piece, done, seconds)
        finally:
            self._awaited -= 1
            if not self._is_kept and not self._awaited and piece.fail:  # else it may run what was cancelled
                self._end_thread()
        outcome = await done
        if outcome.error is not None:
            raise WorkFailedError(outcome.error)
        return outcome.result  # type: ignore[return-value]  # without an error it is the result

    def run_at_once(self, work: Callable[[], Result]) -> Result:
        """Do the work here and now, in the event loop. It must not touch what the thread may be working on.

        The way to a thread and back takes 0.3 ms, and the body is not in that core's cache: work on a few kB takes
        less. Raise LongWorkError when the work does, or when this is closed; WorkFailedError for whatever else it
        raised.
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
        """Have the thread do the work next, without anyone waiting for it; False if no thread can be started."""
        try:
            self._put(Piece(_NEXT, partial(_outcome, work)))
        except (RuntimeError, WorkFailedError):
            return False
        return True

    def open(self) -> None:
        self._is_open = True

    def stop(self) -> None:
        """End the thread once it has done what nobody waits for; what others wait for fails, until `open`."""
        self._is_open = False
        for piece in [*self._thread.not_begun()] if self._thread else ():
            if piece.fail:
                piece.fail("switched off")
            elif self._thread:
                self._thread.put(piece)
        self._end_thread()

    def _end_thread(self) -> None:
        if self._thread is not None:
            self._thread.end()
            self._thread = None

    async def _watch(self, piece: Piece, done: asyncio.Future[_Outcome[Result]], seconds: float) -> None:
        """Wait until it is done. Raise TimeoutError when it takes too long, WorkFailedError when it is never begun."""
        overdue = self._clock.now() + MAX_QUEUE_LENGTH
        try:
            while not done.done() and (left := self._seconds_left(piece, seconds, overdue)) > 0:
                await asyncio.wait({done}, timeout=min(left, LOOK_SECONDS))
                self._clock.look()
        except asyncio.CancelledError:
            piece.fail = None
            if piece.thread:
                piece.thread.withdraw(piece)
            raise
        thread = piece.thread
        if thread and not done.done() and thread.leave(piece):
            done.cancel()
            # Later, so that what was given up is known before the work behind it begins.
            asyncio.get_running_loop().call_soon(self._replace, thread)
            raise TimeoutError
        if piece.is_withdrawn and not piece.is_through:
            raise WorkFailedError("others took too long")

    def _seconds_left(self, piece: Piece, seconds: float, overdue: float) -> float:
        """How long to wait before looking at it again; zero or less when it is to be given up."""
        thread, now = piece.thread, self._clock.now()
        at = thread.at if thread else None
        if at:
            at.begun_at = min(at.begun_at, now)  # it may have begun behind a pause that was noticed later
        if at is piece:
            return at.begun_at + seconds - now
        if thread and at and not at.fail and at.begun_at + seconds <= now and thread.leave(at):
            self._replace(thread)
        return min(seconds, overdue - now)

    def _replace(self, stuck: PieceThread) -> None:
        """Hand what a stuck thread has not begun to a new thread."""
        self._stuck.append(stuck)
        if self._thread is stuck:
            self._thread = None
        for piece in stuck.not_begun():
            self._put_again(piece)

    def _put_again(self, piece: Piece) -> None:
        if piece.fail and self._are_too_many_stuck:
            piece.fail("the threads are stuck")
            return
        try:
            self._put(piece)
        except (RuntimeError, WorkFailedError) as error:
            if piece.fail:
                piece.fail(type(error).__name__)
            elif self._is_open:  # no caller is left to try again
                asyncio.get_running_loop().call_later(_SECONDS_TO_NEXT_TRY, self._put_again, piece)

    @property
    def _are_too_many_stuck(self) -> bool:
        self._stuck[:] = [thread for thread in self._stuck if thread.is_alive()]
        return len(self._stuck) >= MAX_STUCK

    def _put(self, piece: Piece) -> None:
        if not self._is_open:
            raise WorkFailedError("switched off")
        if self._thread is None or not self._thread.is_alive():
            self._thread = PieceThread(self._clock.now)
            self._thread.start()
        self._thread.put(piece)


def _outcome(work: Callable[[], Result]) -> _Outcome[Result]:
    try:
        return _Outcome(result=work())
    except BaseException as error:  # noqa: BLE001  tiktoken panics with one
        return _Outcome(error=type(error).__name__)


def _settle(done: asyncio.Future[Result], value: Result) -> None:
    if not done.done():
        done.set_result(value)

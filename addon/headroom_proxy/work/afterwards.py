"""Work that no request and no answer waits for: counting them, reading answers, log lines."""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic
from typing import Final
from typing import TypeVar

from headroom_proxy.guards import answer_goes_on

# When an agent asks again, it has run a tool meanwhile. With many agents several pieces are done in a row, while the
# code for them is in the processor's cache: then each takes a third of the time.
LATEST_SECONDS: Final = 0.1
MAX_PIECES: Final = 20  # each holds a flow, with its bodies
# How long the event loop does nothing else. Most pieces take a tenth of that; one may be an answer of megabytes. With
# two hundred clients there are 300 pieces to be done a second, in twenty goes.
SECONDS_AT_ONCE: Final = 0.002
# How long a request waits until earlier answers are read. The thread may be busy with other requests.
MAX_WAIT_SECONDS: Final = 10.0

Value = TypeVar("Value")


@dataclass(slots=True, eq=False)
class _Piece:
    """is_ready: set once the thread has read what the work needs; None if it needs nothing."""

    work: Callable[[], object]
    is_ready: threading.Event | None = None

    @property
    def waits(self) -> bool:
        return self.is_ready is not None and not self.is_ready.is_set()


class Afterwards:
    """Pieces of work for the event loop, done one after the other in the order in which they came.

    in_thread: has a thread do something next; returns whether it will be done.
    """

    def __init__(self, in_thread: Callable[[Callable[[], object]], bool] = lambda _: False) -> None:
        self._in_thread = in_thread
        self._work: deque[_Piece] = deque()
        self._is_at_work = False

    def add(self, work: Callable[[], object]) -> None:
        """Do it soon, at the latest when `finish` is called."""
        self._append(_Piece(work))

    def read(self, read: Callable[[], Value], unread: Value, take: Callable[[Value], object]) -> None:
        """Have the thread read something long, then `take` it in its turn: all that was added later waits for that.

        Called by a piece of work, it takes over that piece's turn. unread: is taken if it could not be read, or not in
        time.
        """
        loop, values, is_read = asyncio.get_running_loop(), [unread], threading.Event()

        def read_and_tell() -> None:
            try:
                with answer_goes_on():
                    values.append(read())
            finally:
                is_read.set()
                with suppress(RuntimeError):  # the loop is closed: mitmproxy is gone
                    loop.call_soon_threadsafe(self._go_on)

        if not self._in_thread(read_and_tell):
            is_read.set()
        piece = _Piece(lambda: take(values[-1]), is_read)
        if self._is_at_work:
            self._work.appendleft(piece)
        else:
            self._append(piece)

    def do_ready(self) -> None:
        """Do all up to the first piece that waits for the thread; what comes after that keeps its turn."""
        while self._work and not self._work[0].waits:
            self._do_one()

    def finish(self) -> None:
        """Do all that is left, before everything is forgotten. A piece that raises does not stop the others.

        What the thread has not read by now stays unread.
        """
        while self._work:
            self._do_one()

    async def through(self) -> None:
        """Do all that is left, and let the event loop do other things in between."""
        if not self._work:
            return
        end = _Piece(lambda: None)
        self._append(end)
        overdue = asyncio.get_running_loop().time() + MAX_WAIT_SECONDS
        while end in self._work:
            if self._work[0].waits and asyncio.get_running_loop().time() > overdue:
                self._do_one()
            self._do_some()
            if end in self._work:
                await asyncio.sleep(0.001 if self._work[0].waits else 0)

    def _append(self, piece: _Piece) -> None:
        self._work.append(piece)
        if len(self._work) == 1:
            asyncio.get_running_loop().call_later(LATEST_SECONDS, self._go_on)
        elif len(self._work) == MAX_PIECES:
            asyncio.get_running_loop().call_soon(self._go_on)

    def _go_on(self) -> None:
        self._do_some()
        if self._work and not self._work[0].waits:
            asyncio.get_running_loop().call_soon(self._go_on)

    def _do_some(self) -> None:
        """Do what is ready, for SECONDS_AT_ONCE at most; then the event loop can do other things."""
        until = monotonic() + SECONDS_AT_ONCE
        while self._work and not self._work[0].waits:
            self._do_one()
            if monotonic() > until:
                return

    def _do_one(self) -> None:
        self._is_at_work = True
        with answer_goes_on():
            self._work.popleft().work()
        self._is_at_work = False

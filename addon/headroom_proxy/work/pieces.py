"""Pieces of work, and a thread that runs them one at a time, the one that is due earliest first."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from dataclasses import field
from itertools import count
from math import inf
from queue import Empty
from queue import PriorityQueue
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterator

_numbers = count()


@dataclass(order=True, slots=True)
class Piece:
    """A piece of work. due: by the monotonic clock; begun_at: by that of its thread. work: None ends the thread. fail:
    tells the caller that waits for it that there is no result; None when nobody waits, or the caller has left. thread:
    which has to run it. is_withdrawn: it must not be begun any more. is_through: the thread has run it.
    """

    due: float
    work: Callable[[], object] | None = field(compare=False)
    fail: Callable[[str], None] | None = field(default=None, compare=False)
    number: int = field(default_factory=lambda: next(_numbers))  # first come, first served among equally due ones
    thread: PieceThread | None = field(default=None, compare=False)
    begun_at: float = field(default=inf, compare=False)
    is_withdrawn: bool = field(default=False, compare=False)
    is_through: bool = field(default=False, compare=False)


class PieceThread(threading.Thread):
    """A daemon, so that mitmproxy can exit while it is stuck. at: the piece that it is running.

    It takes the next piece by itself: while the event loop serves many clients in turn, each message between it and a
    thread may take a tenth of a second. now: the clock by which it notes when it begins a piece.
    """

    def __init__(self, now: Callable[[], float] = monotonic) -> None:
        super().__init__(name="headroom", daemon=True)
        self._now = now
        self.at: Piece | None = None
        self._inbox: PriorityQueue[Piece] = PriorityQueue()
        self._is_left = False
        self._between = threading.Lock()  # held while a piece is started or finished

    def put(self, piece: Piece) -> None:
        piece.thread = self
        self._inbox.put(piece)

    def end(self) -> None:
        """Let the thread end once it has run all that is queued."""
        self._inbox.put(Piece(inf, None))

    def run(self) -> None:
        while (work := self._begun(self._inbox.get())) is not None:
            work()
            del work  # holds a request body, which must not live on while the thread waits for the next piece
            if self._is_over():
                return

    def _begun(self, piece: Piece) -> Callable[[], object] | None:
        with self._between:
            if piece.is_withdrawn:
                return _nothing
            piece.begun_at, self.at = self._now(), piece
            return piece.work

    def _is_over(self) -> bool:
        with self._between:
            if self.at is not None:
                self.at.is_through = True
            self.at = None
            return self._is_left

    def withdraw(self, piece: Piece) -> None:
        """Keep the thread from beginning the piece."""
        with self._between:
            piece.is_withdrawn = True
            if self.at is not piece:
                piece.work = _nothing  # it stays in the queue until it is due, without its body

    def leave(self, piece: Piece) -> bool:
        """Withdraw a piece; if it is running, let the thread end after it. Return whether it is running."""
        self.withdraw(piece)
        with self._between:
            self._is_left = self._is_left or self.at is piece
            return self.at is piece

    def not_begun(self) -> Iterator[Piece]:
        """Remove and yield the queued pieces that have not been withdrawn."""
        while True:
            try:
                piece = self._inbox.get_nowait()
            except Empty:
                return
            if piece.work is not None and not piece.is_withdrawn:
                yield piece


def _nothing() -> None:
    pass

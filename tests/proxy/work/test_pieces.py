"""A thread does one piece after the other: what is due first, first."""

from __future__ import annotations

import threading
from functools import partial
from typing import TYPE_CHECKING

from headroom_proxy.work.pieces import Piece
from headroom_proxy.work.pieces import PieceThread

if TYPE_CHECKING:
    from collections.abc import Callable

PATIENCE = 60


def thread_with(*pieces: Piece) -> PieceThread:
    thread = PieceThread()
    for piece in pieces:
        thread.put(piece)
    return thread


def test_what_is_due_first_is_done_first_and_at_the_same_time_what_came_first() -> None:
    done: list[str] = []
    dues = [("d", 2.0), ("b", 1.0), ("a", 0.0), ("c", 1.0)]
    thread = thread_with(*(Piece(due, partial(done.append, name)) for name, due in dues))
    thread.end()
    thread.start()
    thread.join(PATIENCE)
    assert done == ["a", "b", "c", "d"]


def held(thread: PieceThread, until: Callable[[], object]) -> Piece:
    """A piece that the thread is at, until that comes back."""
    began = threading.Event()

    def work() -> None:
        began.set()
        until()

    piece = Piece(0, work)
    thread.put(piece)
    thread.start()
    assert began.wait(PATIENCE)
    return piece


def test_a_thread_that_is_left_at_its_work_ends_with_it_whoever_else_leaves() -> None:
    done: list[str] = []
    waiting, leaving = Piece(1, partial(done.append, "waiting")), Piece(1, partial(done.append, "leaving"))
    thread, may_end = thread_with(waiting, leaving), threading.Event()
    piece = held(thread, may_end.wait)
    assert thread.leave(piece)
    assert not thread.leave(leaving)
    may_end.set()
    thread.join(PATIENCE)
    assert not thread.is_alive()
    assert [*thread.not_begun()] == [waiting]
    assert done == []


def test_a_piece_that_is_withdrawn_before_it_is_begun_is_not_done() -> None:
    done: list[str] = []
    leaving, waiting = Piece(1, partial(done.append, "leaving")), Piece(2, partial(done.append, "waiting"))
    thread, may_end = thread_with(leaving, waiting), threading.Event()
    piece = held(thread, may_end.wait)
    assert not thread.leave(leaving)
    thread.end()
    may_end.set()
    thread.join(PATIENCE)
    assert done == ["waiting"]
    assert [one.is_through for one in (piece, leaving, waiting)] == [True, False, True]
    assert not thread.leave(waiting), "it was through with it"

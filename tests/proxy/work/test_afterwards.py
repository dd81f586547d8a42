"""What nobody waits for is done in its order, at the latest when something depends on it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from headroom_proxy.work import afterwards
from headroom_proxy.work.afterwards import MAX_PIECES
from headroom_proxy.work.afterwards import Afterwards
from tests.proxy.work.patience import until

if TYPE_CHECKING:
    from collections.abc import Callable


def noting(done: list[int], number: int) -> Callable[[], None]:
    return lambda: done.append(number)


def test_work_is_done_later_and_in_its_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(afterwards, "LATEST_SECONDS", 0.01)
    done: list[int] = []

    async def add() -> list[int]:
        work = Afterwards()
        work.add(noting(done, 1))
        work.add(noting(done, 2))
        await asyncio.sleep(0)
        at_once = done.copy()
        await until(lambda: done == [1, 2])
        work.add(noting(done, 3))
        await until(lambda: done == [1, 2, 3])
        return at_once

    assert asyncio.run(add()) == []


def test_much_work_does_not_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(afterwards, "LATEST_SECONDS", 60)
    done: list[int] = []

    async def add() -> None:
        work = Afterwards()
        for number in range(MAX_PIECES - 1):
            work.add(noting(done, number))
        await asyncio.sleep(0)
        assert done == []
        work.add(noting(done, MAX_PIECES - 1))
        assert done == []
        await until(lambda: done == [*range(MAX_PIECES)])

    asyncio.run(add())


@pytest.mark.parametrize(("seconds", "order"), [(-1, [1, 2]), (60, [2, 1])], ids=["long pieces", "short ones"])
def test_others_have_their_turn_after_a_moment(
    seconds: float, order: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(afterwards, "LATEST_SECONDS", 0.01)
    monkeypatch.setattr(afterwards, "SECONDS_AT_ONCE", seconds)
    done: list[int] = []

    async def add() -> None:
        work = Afterwards()
        work.add(lambda: asyncio.get_running_loop().call_soon(noting(done, 1)))
        work.add(noting(done, 2))
        await until(lambda: len(done) == 2)

    asyncio.run(add())
    assert done == order


def test_what_depends_on_work_has_it_done_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(afterwards, "LATEST_SECONDS", 0.01)
    done: list[int] = []

    async def add() -> None:
        work = Afterwards()
        work.add(noting(done, 1))
        work.finish()
        assert done == [1]
        await asyncio.sleep(0.1)

    asyncio.run(add())
    assert done == [1]


@pytest.mark.parametrize("error", [ValueError, SystemExit, BaseException])
def test_work_that_fails_keeps_no_other_from_being_done(
    error: type[BaseException], caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(afterwards, "LATEST_SECONDS", 0.01)
    done: list[int] = []

    def fail() -> None:
        raise error("planted")

    async def add() -> None:
        work = Afterwards()
        work.add(fail)
        work.add(noting(done, 1))
        await until(lambda: done == [1])

    asyncio.run(add())
    assert caplog.messages == [f"headroom: an answer could not be read: {error.__name__}"]


class Thread:
    """Does what it is given when it is told to."""

    def __init__(self) -> None:
        self.work: list[Callable[[], object]] = []

    def take(self, work: Callable[[], object]) -> bool:
        self.work.append(work)
        return True

    def do_all(self) -> None:
        while self.work:
            self.work.pop(0)()


@pytest.mark.parametrize("is_within", [False, True], ids=["added like other work", "by a piece of work"])
def test_what_a_thread_reads_is_taken_in_its_turn(is_within: bool) -> None:  # noqa: FBT001  a column
    thread, done = Thread(), list[int]()

    async def read() -> None:
        work = Afterwards(thread.take)
        work.add(noting(done, 1))
        if is_within:
            work.add(lambda: work.read(lambda: 2, 0, done.append))
        else:
            work.read(lambda: 2, 0, done.append)
        work.add(noting(done, 3))
        work.do_ready()
        assert done == [1]
        thread.do_all()
        work.do_ready()

    asyncio.run(read())
    assert done == [1, 2, 3]


def test_what_cannot_be_read_counts_as_unread() -> None:
    thread, done = Thread(), list[int]()

    def fail() -> int:
        raise ValueError

    async def read() -> None:
        without_thread = Afterwards(lambda _: False)
        without_thread.read(lambda: 1, 10, done.append)
        without_thread.do_ready()
        work = Afterwards(thread.take)
        work.read(fail, 20, done.append)
        thread.do_all()
        work.do_ready()
        work.read(lambda: 3, 30, done.append)  # not in time
        work.finish()

    asyncio.run(read())
    assert done == [10, 20, 30]

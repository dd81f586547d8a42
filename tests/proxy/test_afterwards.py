"""What nobody waits for is done in its order, at the latest when something depends on it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from headroom_proxy.afterwards import Afterwards

if TYPE_CHECKING:
    from collections.abc import Callable


def noting(done: list[int], number: int) -> Callable[[], None]:
    return lambda: done.append(number)


def test_work_is_done_later_and_in_its_order() -> None:
    done: list[int] = []

    async def add() -> list[int]:
        afterwards = Afterwards()
        afterwards.add(noting(done, 1), 60)
        afterwards.add(noting(done, 2), 0)
        at_once = done.copy()
        await asyncio.sleep(0.01)
        return at_once

    assert asyncio.run(add()) == []
    assert done == [1, 2]


def test_what_depends_on_work_has_it_done_once() -> None:
    done: list[int] = []

    async def add() -> None:
        afterwards = Afterwards()
        afterwards.add(noting(done, 1), 0)
        afterwards.finish()
        assert done == [1]
        await asyncio.sleep(0.01)

    asyncio.run(add())
    assert done == [1]


@pytest.mark.parametrize("error", [ValueError, SystemExit, BaseException])
def test_work_that_fails_keeps_no_other_from_being_done(
    error: type[BaseException], caplog: pytest.LogCaptureFixture
) -> None:
    done: list[int] = []

    def fail() -> None:
        raise error("planted")

    async def add() -> None:
        afterwards = Afterwards()
        afterwards.add(fail, 0)
        afterwards.add(noting(done, 1), 0)
        await asyncio.sleep(0.01)

    asyncio.run(add())
    assert done == [1]
    assert caplog.messages == [f"headroom: an answer could not be read: {error.__name__}"]

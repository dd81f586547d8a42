"""What sends little goes before what sends much, and what sends very much has a thread of its own."""

from __future__ import annotations

import asyncio
import threading
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING

from headroom_proxy.work import two_threads
from headroom_proxy.work.two_threads import MAX_NEW_BESIDE_OTHERS
from headroom_proxy.work.two_threads import NEW_A_SECOND
from headroom_proxy.work.two_threads import Size
from headroom_proxy.work.two_threads import TwoThreads

if TYPE_CHECKING:
    import pytest


def test_what_is_much_has_a_thread_of_its_own() -> None:
    async def run() -> list[threading.Thread]:
        threads = TwoThreads()
        return [
            await threads.run(threading.current_thread, 60, Size(new, new), monotonic())
            for new in (0, MAX_NEW_BESIDE_OTHERS, 2**20, 2**30)
        ]

    little, more, much, very_much = asyncio.run(run())
    assert little is more
    assert len({little, much, very_much}) == 3


def order_of(sizes: list[int], came: list[float] | None = None) -> list[int]:
    """In which order work of these sizes is done that comes while the first thread is at other work.

    came: so many seconds ago.
    """
    done: list[int] = []

    async def run() -> None:
        threads, may_begin = TwoThreads(), threading.Event()
        threads.first.start(may_begin.wait)
        waiting = [
            asyncio.create_task(threads.run(partial(done.append, size), 60, Size(size, size), monotonic() - ago))
            for size, ago in zip(sizes, came or [0.0] * len(sizes), strict=True)
        ]
        await asyncio.sleep(0)
        may_begin.set()
        await asyncio.gather(*waiting)
        threads.stop()

    asyncio.run(run())
    return done


def test_what_sends_little_goes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    assert order_of([200_000, 1_000, 100_000, 30_000]) == [1_000, 30_000, 100_000, 200_000]
    monkeypatch.setattr(two_threads, "MAX_SECONDS_LATER", 0)
    assert order_of([200_000, 1_000, 100_000]) == [200_000, 1_000, 100_000], "what is due is done"


def test_what_came_long_ago_goes_before_what_is_little() -> None:
    assert order_of([1_000, 200_000], [0, 20]) == [200_000, 1_000]


def test_what_is_encoded_is_put_off_for_a_second_at_most() -> None:
    assert Size.of(b"{" + b"x" * 10**6, 100) == (10**6 - 99, 10**6 - 99)
    assert Size.of(b"\x28\xb5\x2f\xfd" + b"x" * 10**6, 0) == (10**6 + 4, NEW_A_SECOND)
    assert Size.of(b"\x28\xb5\x2f\xfd", 0) == (4, 4)

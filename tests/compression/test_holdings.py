"""What several hold counts once, as long as one of them holds it."""

from __future__ import annotations

from headroom_compression.holdings import Holding
from headroom_compression.holdings import Holdings
from headroom_compression.holdings import size_of

TRUNK, ONE, OTHER = Holding(1, 1_000), Holding(2, 10), Holding(3, 20)


def test_what_is_shared_counts_once() -> None:
    holdings = Holdings()
    holdings.add([TRUNK, ONE])
    holdings.add([TRUNK, OTHER])
    assert holdings.size == 1_030


def test_what_is_shared_counts_until_the_last_is_gone() -> None:
    holdings = Holdings()
    first, second = holdings.add([TRUNK, ONE]), holdings.add([TRUNK, OTHER])
    holdings.remove(first)
    assert holdings.size == 1_020
    holdings.remove(second)
    assert holdings.size == 0
    holdings.remove(holdings.add([TRUNK]))
    assert holdings.size == 0


def test_what_has_grown_counts_as_it_is_now() -> None:
    holdings = Holdings()
    first = holdings.add([TRUNK, ONE])
    second = holdings.add([Holding(TRUNK.identity, 5_000)])
    assert holdings.size == 5_010
    holdings.remove(second)
    assert holdings.size == 5_010
    holdings.remove(first)
    assert holdings.size == 0


def test_what_one_holds_twice_counts_once() -> None:
    holdings = Holdings()
    held = holdings.add([ONE, ONE])
    assert holdings.size == size_of([ONE, ONE]) == 10
    holdings.remove(held)
    assert holdings.size == 0

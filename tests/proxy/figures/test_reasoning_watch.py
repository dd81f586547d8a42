"""Reasoning that the provider withholds: what is counted, and when it is worth a warning."""

from __future__ import annotations

import pytest

from headroom_proxy.figures.reasoning_watch import MAX_KNOWN
from headroom_proxy.figures.reasoning_watch import ReasoningWatch


def test_an_item_counts_once_however_often_it_is_told() -> None:
    watch = ReasoningWatch()
    assert [watch.note(told) for told in [("a", "b"), ("a", "b"), (), ("b", "c")]] == [2, 0, 0, 1]
    assert (watch.withheld, watch.answers) == (3, 3)


def test_what_is_known_has_a_limit() -> None:
    watch = ReasoningWatch()
    assert watch.note(tuple(map(str, range(MAX_KNOWN + 1)))) == MAX_KNOWN
    assert watch.note(("another",)) == 0


def test_sums_are_put_together() -> None:
    one, other = ReasoningWatch(), ReasoningWatch()
    one.note(("a",))
    other.note(("a", "b"))
    one.add(other)
    one.note(("a", "c"))
    assert (one.withheld, one.answers) == (4, 3)


@pytest.mark.parametrize(
    ("given", "warned_at"),
    [
        pytest.param([(0, True), (1, True), (1, True)], [1], id="once"),
        pytest.param([(1, False), (0, True)], [], id="none that is new where it was promised"),
        pytest.param([(1, False), (2, True)], [1], id="after another cause"),
    ],
)
def test_warns(given: list[tuple[int, bool]], warned_at: list[int]) -> None:
    watch = ReasoningWatch()
    answers = enumerate(given)
    found = [place for place, (new, promised) in answers if watch.is_worth_a_warning(new, is_promised=promised)]
    assert found == warned_at

"""Counts that are made when they matter."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies

from headroom_compression import Holdings
from headroom_compression import tokens
from headroom_compression.holdings import size_of
from headroom_compression.session import token_counts
from headroom_compression.session.token_counts import TokenCount
from headroom_compression.session.token_counts import Uncounted
from headroom_compression.session.token_counts import count_known
from headroom_compression.session.token_counts import count_safely

WORDS = "Repair the shop, please. " * 20
ANY_TEXT = strategies.text(strategies.characters(exclude_categories=())) | strategies.text("\ud83d\ude00 aä\n0")


@given(strategies.lists(ANY_TEXT, max_size=3), strategies.integers(0, 99))
def test_there_are_never_more_than_were_said_at_first(texts: list[str], known: int) -> None:
    count = TokenCount(known, *texts)
    most = count.most
    assert count.tokens == known + sum(map(tokens.count, texts)) <= most
    assert count.tokens == count.most
    assert count.is_counted


def test_texts_are_counted_once_and_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    text = WORDS + "once"
    held = sys.getrefcount(text)
    count = TokenCount(3, text)
    assert not count.is_counted
    found = count.tokens
    monkeypatch.setattr(tokens, "count", None)
    assert count.tokens == found
    assert sys.getrefcount(text) == held


def test_a_failing_tokenizer_is_no_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    def panic(_: str) -> int:
        raise KeyboardInterrupt  # a BaseException, as a panic is

    monkeypatch.setattr(tokens, "count", panic)
    assert count_safely(WORDS) == len(WORDS)
    assert TokenCount(1, WORDS).tokens == len(WORDS) + 1


def test_what_comes_again_is_counted_the_same() -> None:
    assert count_known(WORDS) == count_known(WORDS) == tokens.count(WORDS)


def test_what_comes_often_is_counted_once_and_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "of instructions " * 3 + str(id(monkeypatch))
    held = sys.getrefcount(text)
    count = count_known(text)
    assert sys.getrefcount(text) == held
    monkeypatch.setattr(tokens, "count", None)
    assert count_known(text) == count


def test_few_counts_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(token_counts, "_KNOWN", {})
    monkeypatch.setattr(token_counts, "_MAX_KNOWN", 2)
    for text in ("one", "two", "three"):
        count_known(text)
    assert len(token_counts._KNOWN) == 2  # noqa: SLF001  what is kept is seen nowhere else


def test_what_is_left_to_count_is_the_sum_of_all() -> None:
    point: Uncounted | None = None
    for number in range(3):
        point = Uncounted(TokenCount(number, WORDS), point)
    assert point is not None
    assert point.most == 3 * len(WORDS) + 3
    assert point.tokens == 3 * tokens.count(WORDS) + 3


def test_it_holds_its_texts_until_they_are_counted() -> None:
    count = TokenCount(1, WORDS + "\U0001f600")
    assert count.size > 4 * len(WORDS), "one such character makes each take four bytes"
    assert count.tokens
    assert count.size < 400


def chain(count: int, point: Uncounted | None = None) -> Uncounted:
    for number in range(count):
        point = Uncounted(TokenCount(number, WORDS), point)
    assert point is not None
    return point


def test_what_many_hold_is_told_in_few_numbers() -> None:
    point = chain(1_000)
    assert size_of(point.holdings) == 1_000 * TokenCount(0, WORDS).size
    for _ in range(20):
        later = chain(50, point)
        assert len([*later.holdings]) == len([*point.holdings]) == 1
        point = later
    assert size_of(point.holdings) == 2_000 * TokenCount(0, WORDS).size


def test_what_is_counted_holds_no_text_nor_does_what_goes_on_from_it() -> None:
    point = chain(9)
    assert point.tokens
    assert not [*point.holdings]
    assert size_of(chain(2, point).holdings) == 2 * TokenCount(0, WORDS).size
    assert chain(2, point).tokens == point.tokens + chain(2).tokens


@given(strategies.lists(strategies.tuples(strategies.integers(0, 99), strategies.integers(1, 3)), max_size=14))
def test_what_branches_share_is_held_once(branches: list[tuple[int, int]]) -> None:
    """branches: from which point each goes on, and how far."""
    points = [chain(3)]
    held = Holdings()
    held.add(points[0].holdings)
    for place, count in branches:
        points.append(chain(count, points[place % len(points)]))
        held.add(points[-1].holdings)
    assert held.size == (3 + sum(count for _, count in branches)) * TokenCount(0, WORDS).size


def test_a_branch_of_very_many_branches_holds_all_of_its_texts() -> None:
    point = chain(1)
    told = [*point.holdings]
    for number in range(2, 100):
        size_of(chain(1, point).holdings)  # another one goes on from there before it
        point = chain(1, point)
        told = [*point.holdings]
        assert sum(holding.size for holding in told) == number * TokenCount(0, WORDS).size
    assert len(told) < 20


def test_what_is_counted_ahead_is_counted_a_text_a_step(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def noted(text: str) -> int:
        asked.append(text)
        return 7

    monkeypatch.setattr(tokens, "count", noted)
    point = chain(4)
    for number, step in enumerate(point.steps(), 1):
        step()
        assert len(asked) == min(number, 4)
    assert point.known == point.most == point.tokens == 4 * 7 + 6
    for step in point.steps():
        step()
    assert len(asked) == 4


def test_what_nobody_holds_any_more_is_not_counted_ahead(monkeypatch: pytest.MonkeyPatch) -> None:
    text = WORDS + "ahead"
    held = sys.getrefcount(text)
    point = Uncounted(TokenCount(0, text))
    steps = point.steps()
    del point
    assert sys.getrefcount(text) == held
    monkeypatch.setattr(tokens, "count", None)
    for step in steps:
        step()


def test_a_long_session_is_let_go_of() -> None:
    point: Uncounted | None = None
    for _ in range(200_000):
        point = Uncounted(TokenCount(0, "a"), point)
    del point

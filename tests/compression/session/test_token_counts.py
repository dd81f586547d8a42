"""Counts that are made when they matter."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies

from headroom_compression import tokens
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


def test_what_is_left_to_count_is_the_sum_of_all() -> None:
    point: Uncounted | None = None
    for number in range(3):
        point = Uncounted.after(point, TokenCount(number, WORDS))
    assert point is not None
    assert point.most == 3 * len(WORDS) + 3
    assert point.tokens == 3 * tokens.count(WORDS) + 3


def test_it_holds_its_texts_until_they_are_counted() -> None:
    count = TokenCount(1, WORDS + "\U0001f600")
    assert count.holding.size > 4 * len(WORDS), "one such character makes each take four bytes"
    assert count.tokens
    assert count.holding.size < 400


def test_a_long_session_is_let_go_of() -> None:
    point: Uncounted | None = None
    for _ in range(200_000):
        point = Uncounted.after(point, TokenCount(0, "a"))
    del point

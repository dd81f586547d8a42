"""A request is found again by the very state or answer that it left, and keeps nothing alive."""

from __future__ import annotations

import gc
from dataclasses import replace

import pytest

from headroom_compression import Conversation
from headroom_compression import Settings
from headroom_proxy import lineage as lineage_module
from headroom_proxy.continuations import Scope
from headroom_proxy.lineage import Lineage
from headroom_proxy.lineage import Point

HERE, THERE = Scope("a", 443, b"key"), Scope("a", 443, b"other key")


def test_a_state_is_found_by_identity() -> None:
    lineage = Lineage()
    state = Conversation.start(Settings())
    equal, point = replace(state), Point(1, 0.0)
    assert equal == state
    lineage.note(state, point)
    assert lineage.after(state) is point
    assert lineage.after(equal) is None
    assert lineage.after(None) is None


def test_a_state_that_is_gone_is_forgotten() -> None:
    lineage = Lineage()
    for number in range(50):
        lineage.note(Conversation.start(Settings()), Point(number, 0.0))
    gc.collect()
    assert not lineage._by_state  # noqa: SLF001  there is no public way to it
    assert lineage.after(Conversation.start(Settings())) is None


def test_a_state_is_not_taken_for_a_gone_one_of_the_same_id(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lineage_module, "id", lambda _: 7, raising=False)  # a new object may be where another was
    lineage, state = Lineage(), Conversation.start(Settings())
    lineage.note(state, Point(1, 0.0))
    assert lineage.after(state)
    assert lineage.after(Conversation.start(Settings())) is None


def test_the_latest_request_of_a_state_counts() -> None:
    lineage, state = Lineage(), Conversation.start(Settings())
    lineage.note(state, Point(1, 0.0))
    lineage.note(state, point := Point(2, 1.0))
    gc.collect()
    assert lineage.after(state) is point


def test_an_answer_counts_for_its_scope() -> None:
    lineage, point = Lineage(), Point(1, 0.0)
    lineage.note_answer(HERE, "resp_1", point)
    assert lineage.after_answer(HERE, "resp_1") is point
    assert lineage.after_answer(THERE, "resp_1") is None
    assert lineage.after_answer(HERE, "resp_2") is None


def test_answers_are_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lineage_module, "MOST_ANSWERS", 2)
    lineage = Lineage()
    for answer in ("resp_1", "resp_2", "resp_1", "resp_3"):
        lineage.note_answer(HERE, answer, Point(1, 0.0))
    found = [lineage.after_answer(HERE, answer) is not None for answer in ("resp_1", "resp_2", "resp_3")]
    assert found == [True, False, True]

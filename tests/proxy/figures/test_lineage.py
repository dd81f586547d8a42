"""A request is found again by the very state or answer that it left, and keeps nothing alive."""

from __future__ import annotations

import gc
import threading
from dataclasses import replace
from typing import Any

import pytest

from headroom_compression import Conversation
from headroom_compression import Settings
from headroom_proxy.answers.continuations import Scope
from headroom_proxy.figures import lineage as lineage_module
from headroom_proxy.figures.lineage import Lineage
from headroom_proxy.figures.lineage import Point
from headroom_proxy.figures.lineage import _forget

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
    monkeypatch.setattr(lineage_module, "MAX_ANSWERS", 2)
    lineage = Lineage()
    for answer in ("resp_1", "resp_2", "resp_1", "resp_3"):
        lineage.note_answer(HERE, answer, Point(1, 0.0))
    found = [lineage.after_answer(HERE, answer) is not None for answer in ("resp_1", "resp_2", "resp_3")]
    assert found == [True, False, True]


def test_an_id_that_is_given_again_is_forgotten() -> None:
    lineage, point = Lineage(), Point(1, 0.0)
    for scope in (HERE, THERE):
        for answer in ("resp_1", "resp_2"):
            lineage.note_answer(scope, answer, point)
    lineage.forget_answer(HERE, "resp_1")
    lineage.forget_answer(HERE, "resp_9")
    assert lineage.after_answer(HERE, "resp_1") is None
    assert lineage.after_answer(HERE, "resp_2") is point
    lineage.forget_answer(HERE, None)
    assert lineage.after_answer(HERE, "resp_2") is None
    assert lineage.after_answer(THERE, "resp_1") is point


def test_a_state_that_goes_while_another_gets_its_identity_takes_nothing_along() -> None:
    """The callback of the one has looked, and not yet taken out, when the other is noted in another thread."""
    lineage, states = Lineage(), [Conversation.start(Settings())]
    lineage.note(states[0], Point(1, 0.0))
    has_looked, noted = threading.Event(), threading.Event()
    late: list[Conversation] = []

    class Slow(dict[int, Any]):
        def get(self, key: int, default: object = None) -> Any:
            found = super().get(key, default)
            if threading.current_thread() is not threading.main_thread():
                has_looked.set()
                noted.wait(0.2)  # as long as the lock is held the other waits in vain
            return found

    by_state = lineage._by_state = Slow(lineage._by_state)  # noqa: SLF001  there is no public way to it
    identity = id(states[0])
    reference = by_state[identity][0]
    thread = threading.Thread(target=_forget, args=(by_state, lineage._noting, identity, reference))  # noqa: SLF001
    thread.start()
    assert has_looked.wait(10)
    late.append(states[0])
    lineage.note(late[0], point := Point(2, 0.0))
    noted.set()
    thread.join()
    assert lineage.after(late[0]) is point

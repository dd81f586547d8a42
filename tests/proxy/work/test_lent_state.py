"""What is lent to work can be taken back. That nobody else loses what is known is shown in test_compressor.py."""

from __future__ import annotations

import json

import pytest

from headroom_compression import Memory
from headroom_compression import compress_request_body
from headroom_proxy.answers.continuations import Continuations
from headroom_proxy.work.lending import Lending
from headroom_proxy.work.lent_state import LentState
from headroom_proxy.work.lent_state import TakenBackError
from tests.proxy.work.test_compressor import SCOPE


def said(text: str) -> bytes:
    return json.dumps({"input": [{"role": "user", "content": text}]}).encode()


def test_what_is_lent_can_be_used_until_it_is_taken_back() -> None:
    memory, continuations, body = Memory(), Continuations(2**20), said("a")
    lent = LentState()
    lent.begin(body, memory, continuations)
    assert lent.known_part(body) is None
    state = compress_request_body(body, memory=lent).conversation
    assert state is not None
    assert lent.known_part(body) is memory.longest_prefix(body) is not None
    continuations.keep(SCOPE, "resp_1", state)
    assert lent.continue_answer(SCOPE, "resp_1") is state
    assert lent.take_back()
    for use in (
        lambda: lent.longest_prefix(body),
        lambda: lent.known_part(body),
        lambda: lent.continue_answer(SCOPE, "resp_1"),
        lambda: lent.begin_item(1),
        lambda: lent.begin(body, memory, continuations),
        lambda: compress_request_body(said("b"), memory=lent),
    ):
        with pytest.raises(TakenBackError):
            use()
    assert memory.longest_prefix(said("b")) is None


def test_others_meet_it_from_its_beginning_to_its_end() -> None:
    lending, noted = Lending(), list[bool]()
    lent = LentState(lending)
    in_use = [lending.is_in_use]
    lent.begin(said("a"), Memory(), Continuations(2**20))
    in_use.append(lending.is_in_use)
    point = compress_request_body(said("a"), memory=lent).conversation
    lending.note(SCOPE, point, lambda: noted.append(lent.has_ended))
    lent.end()
    assert ([*in_use, lending.is_in_use], noted) == ([False, True, False], [True])


def test_work_that_begins_again_has_come_as_far_as_before() -> None:
    lent = LentState()
    for end in (10, 900, 20):
        lent.begin_item(end)
    assert lent.position == 900, "what is noted when it is given up begins like no other session"


def test_work_reaches_what_it_continues_and_its_branches() -> None:
    memory = Memory()
    points = {}
    for name, body in {"a": said("a"), "b": said("b"), "branch": said("a").replace(b"]", b",{}]")}.items():
        points[name] = compress_request_body(body, memory=memory).conversation
    lent = LentState()
    lent.begin(said("a"), memory, Continuations(2**20))
    compress_request_body(said("a"), memory=lent)
    assert [name for name, point in points.items() if point and lent.reaches(point)] == ["a", "branch"]

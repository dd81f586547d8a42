"""Which part of a body is new, and by which settings it is folded."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from headroom_compression import Conversation
from headroom_compression import Memory
from headroom_compression import Settings
from headroom_compression import compress_request_body
from headroom_compression import tokens
from headroom_compression.request_work import whole_work
from headroom_compression.request_work import work_from_memory
from tests.compression.support.bodies import Item
from tests.compression.support.bodies import function_output
from tests.compression.support.bodies import message
from tests.compression.support.bodies import request_body
from tests.compression.support.recall_sessions import RECALL

ITEMS = [message("Go."), function_output("one"), function_output("two")]
WITH_BUDGET = replace(RECALL, budget=50_000)


def test_only_what_is_new_is_worked_on() -> None:
    memory = Memory()
    compress_request_body(request_body(*ITEMS[:2]), Settings(), memory)
    work = work_from_memory(request_body(*ITEMS), Settings(), memory)
    assert work is not None
    assert [work.item(position)[1].members for position in range(work.first, 2)] == ITEMS[2:]
    assert work.texts_of(1) == (ITEMS[2], ["two"])
    assert work_from_memory(request_body(*ITEMS), replace(Settings(), references="off"), memory) is None


def test_other_instructions_are_another_beginning_with_a_budget_only() -> None:
    for settings, is_known in ((RECALL, True), (WITH_BUDGET, False)):
        memory = Memory()
        compress_request_body(request_body(*ITEMS, instructions="Short."), settings, memory)
        longer = request_body(*ITEMS, instructions="Quite a bit longer than that.")
        assert (work_from_memory(longer, settings, memory) is not None) is is_known


def test_the_overhead_is_counted_where_there_is_a_budget() -> None:
    body = request_body(*ITEMS, instructions="Äußerst kurz.")
    assert whole_work(body, WITH_BUDGET).overhead == tokens.count('"Äußerst kurz."')
    assert whole_work(body, RECALL).overhead == 0


OFF = replace(WITH_BUDGET, references="off", budget=0)
WITHIN = replace(WITH_BUDGET, truncates=True)


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({"truncation": "auto"}, WITHIN),
        ({"truncation": "auto", "context_management": [], "prompt": None}, WITHIN),
        ({"truncation": "auto", "prompt": {"id": "pmpt_1"}}, OFF),
        ({"truncation": "auto", "context_management": [{"type": "compaction"}]}, OFF),
        ({"truncation": "auto", "previous_response_id": "resp_1"}, replace(OFF, goes_on=True)),
        ({"truncation": "sometimes"}, OFF),
        ({"truncation": "disabled"}, WITH_BUDGET),
        ({"truncation": None, "prompt": {"id": "pmpt_1"}}, WITH_BUDGET),
    ],
)
def test_where_the_server_truncates_references_need_a_budget_and_a_known_length(
    members: Item, expected: Settings
) -> None:
    assert whole_work(request_body(*ITEMS, **members), WITH_BUDGET).settings == expected
    before = json.dumps({**members, "input": ITEMS}).encode()
    assert whole_work(before, WITH_BUDGET).settings == expected
    memory = Memory()
    compress_request_body(before, WITH_BUDGET, memory)
    known = work_from_memory(before, WITH_BUDGET, memory)
    assert known is not None
    assert known.settings == expected


def test_at_level_lossless_there_is_a_budget_only_where_the_server_truncates() -> None:
    lossless = replace(WITH_BUDGET, level="lossless")
    assert whole_work(request_body(*ITEMS), lossless).settings == replace(lossless, budget=0)
    assert whole_work(request_body(*ITEMS, truncation="auto"), lossless).settings == replace(lossless, truncates=True)


def test_where_the_server_truncates_there_are_no_references_without_a_budget() -> None:
    body = request_body(*ITEMS, truncation="auto")
    assert whole_work(body, RECALL).settings == replace(RECALL, references="off")
    assert whole_work(body, WITH_BUDGET, Conversation.start(WITH_BUDGET)).settings == OFF


@pytest.mark.parametrize(
    ("chosen", "members", "lacks"),
    [
        (Settings(), {"truncation": "auto"}, True),
        (RECALL, {"truncation": "auto"}, True),
        (WITH_BUDGET, {"truncation": "auto"}, False),
        (Settings(references="off"), {"truncation": "auto"}, False),
        (Settings(), {}, False),
        (Settings(), {"truncation": "sometimes"}, False),
        (Settings(), {"truncation": "auto", "previous_response_id": "resp_1"}, False),
        (Settings(), {"context_management": [{"type": "compaction"}]}, False),
    ],
)
def test_a_budget_is_lacking_only_where_it_would_allow_references(
    chosen: Settings,
    members: Item,
    lacks: bool,  # noqa: FBT001
) -> None:
    body, memory = request_body(*ITEMS, **members), Memory()
    assert compress_request_body(body, chosen, memory).report.lacks_budget is lacks
    again = request_body(*ITEMS, *ITEMS, **members)
    assert compress_request_body(again, chosen, memory).report.lacks_budget is lacks
    assert not compress_request_body(request_body(message("Hello."), **members), chosen).report.lacks_budget


@pytest.mark.parametrize(
    ("members", "goes_on"),
    [
        ({"previous_response_id": "resp_1"}, True),
        ({"conversation": "conv_1"}, True),
        ({"conversation": {"id": "conv_1"}}, True),
        ({"previous_response_id": None, "conversation": None}, False),
        ({"stream_id": "lane_1"}, False),
        ({}, False),
    ],
)
def test_items_go_on_where_the_request_says_so(members: Item, goes_on: bool) -> None:  # noqa: FBT001
    expected = replace(Settings(), goes_on=goes_on)
    before, after = (json.dumps(body).encode() for body in ({**members, "input": ITEMS}, {"input": ITEMS, **members}))
    memory = Memory()
    for body in (before, after):
        assert whole_work(body, Settings()).settings == expected
        compress_request_body(body, Settings(), memory)
        known = work_from_memory(body, Settings(), memory)
        assert known is not None
        assert known.settings == expected
    alone = json.dumps({"input": ITEMS}).encode()  # begins as `after`
    assert (work_from_memory(alone, Settings(), memory) is None) is goes_on


def test_what_is_known_of_the_items_before_counts() -> None:
    body = request_body(*ITEMS, previous_response_id="resp_2")
    for goes_on in (False, True):
        chosen = replace(Settings(), goes_on=goes_on)
        assert whole_work(body, Settings(), Conversation.start(chosen)).settings == chosen


def test_a_prompt_that_goes_on_is_continued_as_such() -> None:
    prompt = json.dumps({"input": "Go on.", "previous_response_id": "resp_1"}).encode()
    after_prompt = compress_request_body(prompt).conversation
    assert after_prompt is not None
    assert whole_work(request_body(*ITEMS), Settings(), after_prompt).settings == replace(Settings(), goes_on=True)

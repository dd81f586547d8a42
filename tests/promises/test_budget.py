"""The promises with a budget, by random long sessions: `README.md` says them, DESIGN calls them the promise."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from queue import LifoQueue
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any

import pytest
from hypothesis import HealthCheck
from hypothesis import example
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies

from headroom_compression import Conversation
from headroom_compression import Memory
from headroom_compression import compress_request_body
from headroom_compression import tokens
from headroom_compression.formats.gap_markers import read_put_away_marker
from headroom_compression.session import checkpoints
from headroom_compression.session.checkpoints import Plan
from headroom_compression.session.item_tokens import item_tokens
from headroom_compression.session.token_counts import TokenCount
from headroom_compression.session.token_counts import Uncounted
from tests.compression.support.bodies import Item
from tests.compression.support.bodies import request_body
from tests.compression.support.bodies import sent_items
from tests.compression.support.budget_sessions import BUDGET
from tests.compression.support.budget_sessions import LATEST_KEPT
from tests.compression.support.budget_sessions import WITH_BUDGET
from tests.compression.support.budget_sessions import long_session

ROOT = Path(__file__).parents[2]
MANY = settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
seeds = strategies.integers(0, 2**32)
turns = strategies.integers(1, 40)
OUTPUT = "function_call_output"
IN_ANOTHER_PROCESS = "from tests.promises.test_budget import digest; print(digest())"


def sent(items: list[Item]) -> list[Item]:
    return sent_items(compress_request_body(request_body(*items), WITH_BUDGET).body)


def state(items: list[Item]) -> Conversation:
    found = compress_request_body(request_body(*items), WITH_BUDGET).conversation
    assert found is not None
    return found


def plan(items: list[Item]) -> Plan:
    found = state(items).plan
    assert found is not None
    return found


def texts(item: Item) -> list[str]:
    output = item["output"]
    return [output] if isinstance(output, str) else [part["text"] for part in output if "text" in part]


def marker_paths(item: Item) -> list[str]:
    markers = [read_put_away_marker(line) for text in texts(item) for line in text.split("\n")]
    return [marker.path for marker in markers if marker]


def digest() -> str:
    total = hashlib.sha256()
    for seed in range(3):
        total.update(compress_request_body(request_body(*long_session(seed, 40)), WITH_BUDGET).body)
    return total.hexdigest()


@MANY
@given(seeds, turns)
@example(1, 60)
def test_each_beginning_stays_unless_there_is_a_checkpoint(seed: int, turns: int) -> None:
    items = long_session(seed, turns)
    memory = Memory()
    before: list[Item] = []
    known = 0
    for count in range(1, len(items) + 1):
        result = compress_request_body(request_body(*items[:count]), WITH_BUDGET, memory)
        assert result.conversation is not None
        assert result.conversation.plan is not None
        now, checkpoints = sent_items(result.body), result.conversation.plan.checkpoints
        assert checkpoints - known in ({0, 1} if is_from_others(items[count - 1]) else {0})
        assert checkpoints > known or now[: count - 1] == before
        before, known = now, checkpoints


@MANY
@given(seeds, turns)
@example(8, 60)
def test_each_output_and_each_checkpoint_is_counted_once(seed: int, turns: int) -> None:
    items = long_session(seed, turns)
    memory = Memory()
    bodies = [request_body(*items[:count]) for count in range(1, len(items) + 1)]
    reports = [compress_request_body(body, WITH_BUDGET, memory).report for body in bodies]
    assert sum(report.tool_texts for report in reports) == sum(
        len(texts(item)) for item in items if item.get("type") == OUTPUT
    )
    assert sum(report.put_away for report in reports) == reports[-1].put_away_in_all
    assert sum(report.new_checkpoints for report in reports) == reports[-1].checkpoints


@MANY
@given(seeds, turns)
@example(2, 60)
def test_checkpoints_are_few_and_none_below_the_budget(seed: int, turns: int) -> None:
    items = long_session(seed, turns)
    of_outputs = sum(tokens.count(text) for item in items if item.get("type") == OUTPUT for text in texts(item))
    found = plan(items)
    assert found.checkpoints <= of_outputs / (BUDGET / 10)
    if tokens.count(json.dumps(items)) <= BUDGET:
        assert not found.checkpoints


def is_from_others(item: Item) -> bool:
    return item.get("role") == "user" or item.get("type") == OUTPUT


def may_go(items: list[Item], sent_as: list[Item], position: int) -> bool:
    """Whether the output there may be put away at the end of the items; small is what is sent of it."""
    outputs = [place for place, item in enumerate(items) if item.get("type") == OUTPUT]
    item = items[position]
    later = items[position + 1 :]
    is_answered = any("call" in other.get("type", "") and "output" not in other["type"] for other in later)
    is_old = position in outputs[:-LATEST_KEPT]
    is_text = isinstance(item["output"], str) or all(part["type"] == "input_text" for part in item["output"])
    has_failed = any("code 1\n" in text[:200] for text in texts(item))
    is_large = any(tokens.count(text) >= 150 for text in texts(sent_as[position]))
    return is_answered and is_old and is_text and not has_failed and is_large


@MANY
@given(seeds, turns)
@example(3, 60)
def test_after_a_checkpoint_there_is_room_or_nothing_more_may_go(seed: int, turns: int) -> None:
    items = long_session(seed, turns, opens=False, compacts=False)
    memory = Memory()
    for count in range(1, len(items) + 1):
        beginning = items[:count]
        result = compress_request_body(request_body(*beginning), WITH_BUDGET, memory)
        found = result.conversation
        assert found is not None
        if found.tally and found.plan and found.plan.stop == count and found.tally.tokens * 5 > BUDGET * 3:
            left = [place for place, item in enumerate(beginning) if item.get("type") == OUTPUT]
            now = sent_items(result.body)
            left = [place for place in left if place not in found.plan.put_away]
            assert [place for place in left if may_go(beginning, now, place)] == []


@MANY
@given(seeds, turns, strategies.data())
@example(4, 60, None)
def test_memory_forks_and_order_change_no_byte(seed: int, turns: int, data: strategies.DataObject | None) -> None:
    items = long_session(seed, turns)
    memory = Memory(data.draw(strategies.sampled_from([0, 60_000, 2**28])) if data else 2**28)
    counts: Any = strategies.lists(strategies.integers(1, len(items)), min_size=1, max_size=4)
    for count in data.draw(counts) if data else (len(items) // 2, len(items) - 1, len(items), 9, len(items) - 3):
        body = request_body(*items[:count], instructions="Be careful.")
        assert compress_request_body(body, WITH_BUDGET, memory).body == compress_request_body(body, WITH_BUDGET).body


@MANY
@given(seeds, turns, strategies.lists(strategies.integers(0, 2**32), min_size=1, max_size=3))
@example(10, 60, [11, 12, 13])
def test_branches_are_sent_as_if_they_were_alone(seed: int, turns: int, others: list[int]) -> None:
    items = long_session(seed, turns)
    memory = Memory()
    compress_request_body(request_body(*items), WITH_BUDGET, memory)
    for number, other in enumerate(others, 1):
        branch = items[: len(items) * number // 4] + long_session(other, 12)[1:]
        body = request_body(*branch)
        assert compress_request_body(body, WITH_BUDGET, memory).body == compress_request_body(body, WITH_BUDGET).body


@MANY
@given(seeds, turns)
@example(14, 60)
def test_what_is_counted_is_what_is_sent_and_a_checkpoint_comes_above_the_budget_only(seed: int, turns: int) -> None:
    items = long_session(seed, turns, compacts=False)
    memory = Memory()
    before = 0
    for count in range(1, len(items) + 1):
        result = compress_request_body(request_body(*items[:count]), WITH_BUDGET, memory)
        assert result.conversation is not None
        assert result.conversation.tally is not None
        if result.report.new_checkpoints:
            assert before + item_tokens(items[count - 1]).tokens > BUDGET
        before = result.conversation.tally.tokens
        if result.report.new_checkpoints or count % 20 == 0 or count == len(items):
            assert before == sum(item_tokens(item).tokens for item in sent_items(result.body))


@MANY
@given(seeds, turns)
@example(15, 30)
def test_a_budget_that_is_not_reached_changes_no_byte(seed: int, turns: int) -> None:
    body = request_body(*long_session(seed, turns))
    far, off = (compress_request_body(body, replace(WITH_BUDGET, budget=budget)) for budget in (10**9, 0))
    assert far.body == off.body
    assert far.report == off.report


@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seeds, turns, strategies.data())
@example(9, 50, None)
def test_when_texts_are_counted_changes_no_byte(seed: int, turns: int, data: strategies.DataObject | None) -> None:
    """At once, where it matters only, or when somebody asks, who may do so of any point at any time."""
    items = long_session(seed, turns)
    memories = Memory(), Memory(), Memory()
    points: list[Conversation] = []
    for count in range(1, len(items) + 1, 9):
        body = request_body(*items[:count], instructions="Be careful.")
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(checkpoints, "Uncounted", counted_at_once)
            at_once = compress_request_body(body, WITH_BUDGET, memories[0])
        late = compress_request_body(body, WITH_BUDGET, memories[1])
        asked = compress_request_body(body, WITH_BUDGET, memories[2])
        for result in (late, asked):
            assert result.body == at_once.body
            assert result.report == at_once.report
        assert asked.conversation is not None
        points.append(asked.conversation)
        for point in data.draw(strategies.lists(strategies.sampled_from(points), max_size=2)) if data else points[::7]:
            assert point.tally is not None
            assert point.tally.tokens <= point.tally.most
        assert late.conversation is not None
        assert late.conversation.plan == asked.conversation.plan
        assert late.conversation.tally is not None
        assert at_once.conversation is not None
        assert at_once.conversation.tally is not None
        if count % 4 == 0:
            assert late.conversation.tally.tokens == at_once.conversation.tally.tokens


def counted_at_once(count: TokenCount, before: Uncounted | None) -> Uncounted:
    return Uncounted(TokenCount(count.tokens), before)


@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seeds, turns)
@example(16, 60)
def test_counting_ahead_at_the_same_time_changes_no_byte(seed: int, turns: int) -> None:
    """A thread counts what turns and forks go on from, the latest first, while these ask for it."""
    items = long_session(seed, turns)
    ends = [*range(1, len(items), 5), len(items) * 2 // 3, len(items) - 1, len(items)]
    bodies = [request_body(*items[:count]) for count in ends]
    memory, at_once = Memory(), Memory()
    waiting: LifoQueue[Conversation | None] = LifoQueue()
    ahead = Thread(target=count_ahead, args=(waiting,))
    ahead.start()
    try:
        for body in bodies:
            result, alone = (compress_request_body(body, WITH_BUDGET, known) for known in (memory, at_once))
            assert result.conversation is not None
            waiting.put(result.conversation)
            assert result.body == alone.body
            assert result.report == alone.report
    finally:
        waiting.put(None)
        ahead.join()


def count_ahead(waiting: LifoQueue[Conversation | None]) -> None:
    while (point := waiting.get()) is not None:
        for step in point.tally.steps_ahead() if point.tally else ():
            step()


@MANY
@given(seeds, turns)
@example(5, 60)
def test_nothing_points_at_what_was_put_away(seed: int, turns: int) -> None:
    """All others are sent as if the calls of what was put away had printed its markers."""
    items = long_session(seed, turns, opens=False, compacts=False)
    away = plan(items).put_away
    found = sent(items)
    unseen = [found[place] if place in away else item for place, item in enumerate(items)]
    without = sent_items(compress_request_body(request_body(*unseen), replace(WITH_BUDGET, budget=0)).body)
    for place, (one, other) in enumerate(zip(found, without, strict=True)):
        assert place in away or one == other


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seeds, turns)
@example(6, 60)
def test_every_original_can_be_read_byte_for_byte(seed: int, turns: int) -> None:
    items = long_session(seed, turns)
    with TemporaryDirectory() as name:
        written = replace(WITH_BUDGET, recall_dir=f"{name}/store", recall_stores=True)
        result = compress_request_body(request_body(*items), written)
        assert result.conversation is not None
        assert result.conversation.plan is not None
        for place in result.conversation.plan.put_away:
            stored = [Path(path).read_bytes().decode() for path in marker_paths(sent_items(result.body)[place])]
            assert stored == [text for text in texts(items[place]) if tokens.count(text) >= 150]
        assert result.body == compress_request_body(request_body(*items), replace(written, recall_stores=False)).body


@MANY
@given(seeds, turns)
@example(7, 60)
def test_what_is_no_tool_output_stays_and_nothing_grows(seed: int, turns: int) -> None:
    items = long_session(seed, turns)
    for before, after in zip(items, sent(items), strict=True):
        if before.get("type") != OUTPUT:
            assert after == before
        else:
            assert after.keys() == before.keys()
            counts = [tokens.count(text) for text in texts(before)]
            assert all(tokens.count(text) <= count for text, count in zip(texts(after), counts, strict=True))


def test_another_process_gives_the_same_bytes() -> None:
    path = os.pathsep.join([str(ROOT), *filter(None, sys.path)])
    finished = subprocess.run(
        [sys.executable, "-c", IN_ANOTHER_PROCESS],
        env={**os.environ, "PYTHONHASHSEED": "4321", "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    assert finished.stdout.strip() == digest()


def test_sessions_reach_what_they_are_there_for() -> None:
    plans = [plan(long_session(seed, 60)) for seed in range(4)]
    assert sum(found.checkpoints for found in plans) >= 4
    assert max(found.checkpoints for found in plans) >= 2
    bodies = "".join(json.dumps(sent(long_session(seed, 60))) for seed in range(4))
    assert "read the file again, or as it was then: " in bodies
    assert "; they are lines " in bodies
    assert " lines identical to lines " in bodies
    assert re.search(r"Output:\\n\[[0-9,]+ lines?, ", bodies)

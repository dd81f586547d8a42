"""The promises with a budget, by random long sessions: `README.md` says them, DESIGN calls them the promise."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shlex
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

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
from headroom_compression.session.checkpoints import Plan
from tests.compression.support.bodies import Item
from tests.compression.support.bodies import request_body
from tests.compression.support.bodies import sent_items
from tests.compression.support.budget_sessions import BUDGET
from tests.compression.support.budget_sessions import LATEST_KEPT
from tests.compression.support.budget_sessions import WITH_BUDGET
from tests.compression.support.budget_sessions import long_session

ROOT = Path(__file__).parents[2]
MANY = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
seeds = strategies.integers(0, 2**32)
sessions = strategies.builds(long_session, seeds, strategies.integers(1, 60))
closed_sessions = strategies.builds(
    lambda seed, turns: long_session(seed, turns, opens=False, compacts=False), seeds, strategies.integers(1, 60)
)
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
    for seed in range(6):
        total.update(compress_request_body(request_body(*long_session(seed, 50)), WITH_BUDGET).body)
    return total.hexdigest()


@MANY
@given(sessions)
@example(long_session(1, 60))
def test_each_beginning_stays_unless_there_is_a_checkpoint(items: list[Item]) -> None:
    before = sent(items[:1])
    for count in range(2, len(items) + 1):
        now = sent(items[:count])
        changes = plan(items[:count]).checkpoints - plan(items[: count - 1]).checkpoints
        assert changes in ({0, 1} if items[count - 1].get("role") or items[count - 1]["type"] == OUTPUT else {0})
        assert changes or now[: count - 1] == before
        before = now


@MANY
@given(sessions)
@example(long_session(2, 60))
def test_checkpoints_are_few_and_none_below_the_budget(items: list[Item]) -> None:
    of_outputs = sum(tokens.count(text) for item in items if item.get("type") == OUTPUT for text in texts(item))
    found = plan(items)
    assert found.checkpoints <= of_outputs / (BUDGET / 10)
    if tokens.count(json.dumps(items)) <= BUDGET:
        assert not found.checkpoints


def may_go(items: list[Item], position: int) -> bool:
    """Whether the output there may be put away at the end of the items."""
    outputs = [place for place, item in enumerate(items) if item.get("type") == OUTPUT]
    item = items[position]
    later = items[position + 1 :]
    is_answered = any("call" in other.get("type", "") and "output" not in other["type"] for other in later)
    is_old = position in outputs[:-LATEST_KEPT]
    is_text = isinstance(item["output"], str) or all(part["type"] == "input_text" for part in item["output"])
    has_failed = any("code 1\n" in text[:200] for text in texts(item))
    is_large = any(tokens.count(text) >= 150 for text in texts(item))
    return is_answered and is_old and is_text and not has_failed and is_large


@MANY
@given(closed_sessions)
@example(long_session(3, 60, opens=False, compacts=False))
def test_after_a_checkpoint_there_is_room_or_nothing_more_may_go(items: list[Item]) -> None:
    for count in range(1, len(items) + 1):
        beginning = items[:count]
        found = state(beginning)
        if found.tally and found.plan and found.plan.stop == count and found.tally.tokens > BUDGET:
            left = [place for place, item in enumerate(beginning) if item.get("type") == OUTPUT]
            assert [place for place in left if may_go(beginning, place) and place not in found.plan.put_away] == []


@MANY
@given(sessions, strategies.data())
@example(long_session(4, 60), None)
def test_memory_forks_and_order_change_no_byte(items: list[Item], data: strategies.DataObject | None) -> None:
    memory = Memory(data.draw(strategies.sampled_from([0, 60_000, 2**28])) if data else 2**28)
    counts: Any = strategies.lists(strategies.integers(1, len(items)), min_size=1, max_size=12)
    for count in data.draw(counts) if data else range(1, len(items) + 1):
        body = request_body(*items[:count], instructions="Be careful.")
        assert compress_request_body(body, WITH_BUDGET, memory).body == compress_request_body(body, WITH_BUDGET).body


@MANY
@given(closed_sessions)
@example(long_session(5, 60, opens=False, compacts=False))
def test_nothing_points_at_what_was_put_away(items: list[Item]) -> None:
    """All others are sent as they are where the model never saw what was put away."""
    away = plan(items).put_away
    unseen = [{**item, "output": "gone"} if place in away else item for place, item in enumerate(items)]
    without = sent_items(compress_request_body(request_body(*unseen), replace(WITH_BUDGET, budget=0)).body)
    for place, (one, other) in enumerate(zip(sent(items), without, strict=True)):
        assert place in away or one == other


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(sessions)
@example(long_session(6, 60))
def test_every_original_can_be_read_byte_for_byte(items: list[Item]) -> None:
    with TemporaryDirectory() as name:
        written = replace(WITH_BUDGET, recall_dir=f"{name}/store", recall_stores=True)
        result = compress_request_body(request_body(*items), written)
        assert result.conversation is not None
        assert result.conversation.plan is not None
        for place in result.conversation.plan.put_away:
            stored = [Path(path).read_bytes().decode() for path in marker_paths(sent_items(result.body)[place])]
            assert stored == [text for text in texts(items[place]) if tokens.count(text) >= 150]
        assert (
            result.body.replace(f"{name}/store".encode(), b"/recall")
            == compress_request_body(request_body(*items), WITH_BUDGET).body
            or f"{name}/store" != "/recall"
        )


@MANY
@given(sessions)
@example(long_session(7, 60))
def test_what_is_no_tool_output_stays_and_nothing_grows(items: list[Item]) -> None:
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
    plans = [plan(long_session(seed, 60)) for seed in range(8)]
    assert sum(found.checkpoints for found in plans) >= 8
    assert max(found.checkpoints for found in plans) >= 2
    bodies = "".join(json.dumps(sent(long_session(seed, 60))) for seed in range(8))
    assert "read the file again, or as it was then: " in bodies
    assert "; they are lines " in bodies
    assert " lines identical to lines " in bodies
    assert shlex.quote("/recall") in bodies
    assert re.search(r"Output:\\n\[[0-9,]+ lines?, ", bodies)

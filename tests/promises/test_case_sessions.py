"""The promises of sessions of all kinds of outputs, which `compression/support/case_sessions.py` makes of the cases."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies

from headroom_compression import Conversation
from headroom_compression import Memory
from headroom_compression import Settings
from headroom_compression import compress_request_body
from headroom_compression import tokens
from headroom_compression.document import Stage
from tests.compression.support.bodies import Item
from tests.compression.support.bodies import request_body
from tests.compression.support.bodies import sent_items
from tests.compression.support.case_sessions import session_of_cases
from tests.compression.support.recall_sessions import RECALL

END = b'],"stream":true}'
SOME = settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])
chosen_settings = strategies.sampled_from([Settings(), Settings(references="eager", min_tokens=1), RECALL, RECALL])
sessions = strategies.builds(
    lambda seed, longest: session_of_cases(random.Random(seed), longest),  # noqa: S311  test data
    strategies.integers(0, 2**32),
    strategies.integers(1, 10),
)


def sent(items: list[Item], chosen: Settings, memory: Memory | None = None) -> bytes:
    return compress_request_body(request_body(*items), chosen, memory).body


@SOME
@given(sessions, chosen_settings)
def test_each_turn_is_sent_as_the_beginning_of_the_next(items: list[Item], chosen: Settings) -> None:
    memory = Memory()
    before = b""
    for count in range(1, len(items) + 1):
        now = sent(items[:count], chosen, memory)
        assert now.startswith(before)
        before = now.removesuffix(END)
    assert sent(items, chosen).removesuffix(END) == before


@SOME
@given(sessions, sessions, chosen_settings, strategies.data())
def test_no_fork_and_no_memory_changes_a_byte(
    items: list[Item], others: list[Item], chosen: Settings, data: strategies.DataObject
) -> None:
    memory = Memory(data.draw(strategies.sampled_from([0, 20_000, 2**28])))
    for _ in range(3):
        count = data.draw(strategies.integers(0, len(items)))
        fork = [*items[:count], *others[data.draw(strategies.integers(0, len(others))) :]]
        assert sent(fork, chosen, memory) == sent(fork, chosen)


@SOME
@given(sessions, chosen_settings, strategies.integers(0, 20))
def test_increments_become_what_the_whole_becomes(items: list[Item], chosen: Settings, cut: int) -> None:
    first = compress_request_body(request_body(*items[:cut]), chosen)
    state = first.conversation or Conversation.start(chosen)
    rest = compress_request_body(request_body(*items[cut:]), chosen, None, state)
    assert sent_items(first.body) + sent_items(rest.body) == sent_items(sent(items, chosen))


@SOME
@given(sessions, strategies.sampled_from([2_000, 8_000, 100_000]))
def test_each_turn_below_a_budget_is_sent_as_the_beginning_of_the_next(items: list[Item], budget: int) -> None:
    chosen = replace(Settings(), budget=budget)
    memory = Memory()
    before: list[Item] = []
    turns = 0
    for count in range(1, len(items) + 1):
        body = request_body(*items[:count], truncation="auto")
        result = compress_request_body(body, chosen, memory)
        assert result.body == compress_request_body(body, chosen).body
        now, checkpoints = sent_items(result.body), result.report.checkpoints
        assert checkpoints > turns or now[: count - 1] == before
        before, turns = now, checkpoints


@SOME
@given(sessions, chosen_settings)
def test_only_outputs_change_and_none_gets_longer(items: list[Item], chosen: Settings) -> None:
    now = sent_items(sent(items, chosen))
    assert [without_texts(item) for item in now] == [without_texts(item) for item in items]
    for one, other in zip(texts_of(items), texts_of(now), strict=True):
        assert one == other or tokens.count(other) < tokens.count(one)


def without_texts(item: Item) -> Item:
    output = item.get("output")
    if isinstance(output, str):
        return item | {"output": ""}
    if isinstance(output, list):
        return item | {"output": [part | dict.fromkeys(TEXTS & part.keys(), "") for part in output]}
    return item


TEXTS = frozenset({"text", "stdout", "stderr"})


def texts_of(items: list[Item]) -> Iterator[str]:
    for output in (item["output"] for item in items if "output" in item):
        parts: list[dict[str, Any]] = [{"text": output}] if isinstance(output, str) else output
        yield from (part[key] for part in parts for key in sorted(TEXTS & part.keys()))


def test_the_sessions_reach_the_stages() -> None:
    found = [session_of_cases(random.Random(seed), 8) for seed in range(60)]  # noqa: S311  test data
    reports = [compress_request_body(request_body(*items), RECALL).report for items in found]
    fired = [stage for report in reports for text in report.shortened for stage in text.stages]
    others = {*Stage} - {Stage.STATE}  # a state has to come twice in one session: test_states_of_shells.py
    assert {stage for stage in Stage if fired.count(stage) >= 3} >= others

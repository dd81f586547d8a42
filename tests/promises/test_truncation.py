"""Where the server drops the oldest items of what is too long, and a budget says what it takes: no pointer dangles."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from itertools import accumulate
from typing import Any

from hypothesis import HealthCheck
from hypothesis import example
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies

from headroom_compression import CompressedBody
from headroom_compression import Memory
from headroom_compression import compress_request_body
from headroom_compression import tokens
from headroom_compression.session.item_tokens import item_tokens
from tests.compression.support.bodies import Item
from tests.compression.support.bodies import message
from tests.compression.support.bodies import request_body
from tests.compression.support.bodies import sent_items
from tests.compression.support.budget_sessions import WITH_BUDGET
from tests.compression.support.budget_sessions import long_session

MANY = settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.too_slow])
seeds = strategies.integers(0, 2**32)
turns = strategies.integers(1, 30)
budgets = strategies.sampled_from([3_000, 12_000, 24_000, 48_000])
levels = strategies.sampled_from(["lossless", "recall"])
OUTPUT = "function_call_output"
POINTERS = (" lines identical to lines ", "[1 line identical to line ", "[ran again, output identical to ")
INSTRUCTIONS = "Be careful."


def text_session(seed: int, turns: int) -> list[Item]:
    """Without what nobody can count, and with long texts of the model, which may be the last of a request."""
    numbers = random.Random(seed)  # noqa: S311  test data
    items: list[Item] = []
    for item in long_session(seed, turns, opens=False, compacts=False):
        texts = item["output"] if isinstance(item.get("output"), list) else []
        words = [part.get("text", "A picture.") for part in texts]
        items.append({**item, "output": "".join(words)} if words else item)
        if item.get("type") == OUTPUT and numbers.random() < 0.2:
            items.append({**message("word " * numbers.choice((10, 900, 9_000))), "role": "assistant"})
    return items


def compressed(
    items: list[Item], budget: int, memory: Memory | None = None, level: str = "recall", **members: object
) -> CompressedBody:
    body = request_body(*items, instructions=INSTRUCTIONS, **{"truncation": "auto", **members})
    return compress_request_body(body, replace(WITH_BUDGET, budget=budget, level=level), memory)


def pointers(result: CompressedBody) -> int:
    texts = [text for item in sent_items(result.body) if item.get("type") == OUTPUT for text in texts_of(item)]
    return sum(text.count(words) for text in texts for words in POINTERS)


def texts_of(item: Item) -> list[str]:
    output = item["output"]
    return [output] if isinstance(output, str) else [part.get("text", "") for part in output]


def tokens_of(items: list[Item]) -> int:
    return tokens.count(json.dumps(INSTRUCTIONS)) + sum(tokens_of_item(json.dumps(item)) for item in items)


@lru_cache(maxsize=2_000)  # each comes again with each longer request
def tokens_of_item(written: str) -> int:
    return item_tokens(json.loads(written)).tokens


def growing(items: list[Item], budget: int, level: str = "recall") -> Iterator[tuple[int, CompressedBody]]:
    memory = Memory()
    for count in range(1, len(items) + 1):
        yield count, compressed(items[:count], budget, memory, level)


@MANY
@given(seeds, turns, budgets, levels)
@example(1, 60, 24_000, "recall")
@example(2, 60, 24_000, "lossless")
@example(3, 60, 48_000, "recall")
def test_there_are_pointers_only_in_what_the_server_takes_as_a_whole(
    seed: int, turns: int, budget: int, level: str
) -> None:
    for _, result in growing(text_session(seed, turns), budget, level):
        assert tokens_of(sent_items(result.body)) <= budget or not pointers(result)


@MANY
@given(seeds, turns, strategies.sampled_from([1_500, 3_000]), levels)
@example(2, 30, 3_000, "recall")
@example(2, 30, 3_000, "lossless")
def test_above_the_budget_each_item_reads_alone_whatever_the_server_keeps(
    seed: int, turns: int, budget: int, level: str
) -> None:
    """What is sent of an item is what is sent without references, though other outputs may be put away."""
    session = text_session(seed, turns)
    for count, result in growing(session, budget, level):
        found = sent_items(result.body)
        if tokens_of(found) > budget:
            assert result.conversation is not None
            assert result.conversation.plan is not None
            away = result.conversation.plan.put_away
            assert not (away and level == "lossless")
            off = replace(WITH_BUDGET, references="off", budget=0, level=level)
            alone = [found[place] if place in away else item for place, item in enumerate(session[:count])]
            assert found == sent_items(compress_request_body(request_body(*alone), off).body)


@MANY
@given(seeds, turns, budgets, levels)
@example(3, 40, 24_000, "recall")
@example(3, 40, 24_000, "lossless")
def test_each_beginning_stays_unless_there_is_a_checkpoint(seed: int, turns: int, budget: int, level: str) -> None:
    before: list[Item] = []
    known = 0
    for count, result in growing(text_session(seed, turns), budget, level):
        now, checkpoints = sent_items(result.body), result.report.checkpoints
        assert checkpoints - known in {0, 1}
        assert checkpoints == known + result.report.new_checkpoints
        assert checkpoints > known or now[: count - 1] == before
        before, known = now, checkpoints


@MANY
@given(seeds, turns, budgets, levels)
@example(4, 60, 24_000, "recall")
def test_checkpoints_are_few_and_none_below_the_budget(seed: int, turns: int, budget: int, level: str) -> None:
    """One more than without truncation: when the pointers go. At level lossless there is no other."""
    items = text_session(seed, turns)
    found = compressed(items, budget, level=level).report.checkpoints
    assert found <= 1 or level == "recall"
    of_outputs = sum(tokens.count(text) for item in items if item.get("type") == OUTPUT for text in texts_of(item))
    assert found <= 1 + of_outputs / (budget / 10)
    totals = accumulate((item_tokens(item).tokens for item in items), initial=tokens_of([]))
    if max(totals) <= budget:
        assert not found


@MANY
@given(seeds, turns, levels, strategies.data())
@example(5, 60, "recall", None)
@example(5, 60, "lossless", None)
def test_memory_forks_and_order_change_no_byte(
    seed: int, turns: int, level: str, data: strategies.DataObject | None
) -> None:
    items = text_session(seed, turns)
    memory = Memory()
    counts: Any = strategies.lists(strategies.integers(1, len(items)), min_size=1, max_size=4)
    members: Any = strategies.sampled_from([{}, {"truncation": None}, {"prompt": {"id": "pmpt_1"}}])
    for count in data.draw(counts) if data else (len(items) // 2, len(items) - 1, len(items), 9, len(items) - 3):
        chosen = data.draw(members) if data else {}
        remembered = compressed(items[:count], 6_000, memory, level, **chosen)
        assert remembered.body == compressed(items[:count], 6_000, level=level, **chosen).body


@MANY
@given(seeds, turns, levels)
@example(6, 30, "recall")
@example(6, 30, "lossless")
def test_a_budget_that_is_not_reached_sends_what_is_sent_where_the_server_drops_nothing(
    seed: int, turns: int, level: str
) -> None:
    items = text_session(seed, turns)
    result = compressed(items, 10**9, level=level)
    assert sent_items(result.body) == sent_items(compressed(items, 10**9, level=level, truncation="disabled").body)
    assert not result.report.has_no_budget


def test_sessions_reach_what_they_are_there_for() -> None:
    with_pointers = put_away = without = by_the_model = 0
    for seed in range(3):
        items = text_session(seed, 40)
        for budget in (12_000, 24_000, 48_000):
            for count, result in growing(items, budget):
                plan = result.conversation and result.conversation.plan
                with_pointers += pointers(result) > 0
                put_away += bool(plan and plan.refers and plan.put_away and pointers(result))
                without += bool(plan and not plan.refers and result.report.new_checkpoints)
                by_the_model += bool(result.report.new_checkpoints and items[count - 1].get("role") == "assistant")
    assert with_pointers > 100
    assert put_away > 20
    assert without > 2
    assert by_the_model > 2

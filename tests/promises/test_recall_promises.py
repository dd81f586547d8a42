"""The promises at level recall, by random sessions of test runs and openings of what was stored."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies

from headroom_compression import Conversation
from headroom_compression import Memory
from headroom_compression import compress_request_body
from headroom_compression import tokens
from tests.compression.support.bodies import Item
from tests.compression.support.bodies import request_body
from tests.compression.support.bodies import sent_items
from tests.compression.support.recall_sessions import RECALL
from tests.compression.support.recall_sessions import elided_run
from tests.compression.support.recall_sessions import name_of
from tests.compression.support.recall_sessions import run_of_tests
from tests.compression.support.recall_sessions import session_of_runs

sessions = strategies.builds(
    lambda seed, longest: session_of_runs(random.Random(seed), longest),  # noqa: S311  test data
    strategies.integers(0, 2**32),
    strategies.integers(1, 9),
)
MANY = settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
END = b'],"stream":true}'


def sent(items: list[Item]) -> bytes:
    return compress_request_body(request_body(*items), RECALL).body


def outputs(items: list[Item]) -> list[str]:
    return [item["output"] for item in items if item["type"] == "function_call_output"]


@MANY
@given(sessions)
def test_a_beginning_is_sent_as_the_beginning_of_the_whole(items: list[Item]) -> None:
    whole = sent(items)
    for count in range(1, len(items)):
        assert whole.startswith(sent(items[:count]).removesuffix(END))


@MANY
@given(sessions, strategies.data())
def test_no_memory_changes_a_byte(items: list[Item], data: strategies.DataObject) -> None:
    memory = Memory(data.draw(strategies.sampled_from([0, 20_000, 2**28])))
    for _ in range(4):
        body = request_body(*items[: data.draw(strategies.integers(1, len(items)))])
        assert compress_request_body(body, RECALL, memory).body == compress_request_body(body, RECALL).body


@MANY
@given(sessions, strategies.integers(0, 18))
def test_increments_become_what_the_whole_becomes(items: list[Item], cut: int) -> None:
    first = compress_request_body(request_body(*items[:cut]), RECALL)
    state = first.conversation or Conversation.start(RECALL)
    rest = compress_request_body(request_body(*items[cut:]), RECALL, None, state)
    assert sent_items(first.body) + sent_items(rest.body) == sent_items(sent(items))


@MANY
@given(sessions)
def test_what_is_sent_never_has_more_tokens(items: list[Item]) -> None:
    for before, after in zip(outputs(items), outputs(sent_items(sent(items))), strict=True):
        assert tokens.count(after) <= tokens.count(before)


@settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow])
@given(sessions)
def test_a_store_that_writes_changes_no_byte_and_holds_every_original(items: list[Item]) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name) / "store"
        written = replace(RECALL, recall_dir=str(folder), recall_stores=True)
        body = request_body(*items)
        result = compress_request_body(body, written)
        assert result.body == compress_request_body(body, replace(written, recall_stores=False)).body
        stored = {path.name: path.read_bytes() for path in folder.glob("*")}
    named = {name_of(text): text.encode() for text in outputs(items) if name_of(text).encode() in result.body}
    assert {name: named[name] for name in stored} == stored


def test_after_an_original_was_opened_outputs_of_its_kind_come_whole() -> None:
    text = run_of_tests(150)
    opened = {"type": "function_call", "call_id": "open", "name": "exec_command"}
    opened["arguments"] = f'{{"cmd": "cat /recall/{name_of(text)}"}}'
    whole = {"type": "function_call_output", "call_id": "open", "output": text}
    later = [*elided_run(2), *elided_run(3, 170)]
    items = [*elided_run(1), opened, whole, *later]
    before, shown, *others = outputs(sent_items(sent(items)))
    assert "left out here" in before
    assert shown == text
    assert all("left out here" not in other for other in others)
    _, again, other = outputs(sent_items(sent([*elided_run(1), *later])))
    assert "ran again, output identical to the output of" in again
    assert "left out here" in other


def test_another_tool_and_another_name_refuse_nothing() -> None:
    other = {"type": "function_call", "call_id": "open", "name": "exec_command"}
    other["arguments"] = f'{{"cmd": "cat /recall/{name_of("another text")}"}}'
    answer = {"type": "function_call_output", "call_id": "open", "output": "no such file"}
    *_, last = outputs(sent_items(sent([*elided_run(1), other, answer, *elided_run(2, 170)])))
    assert "left out here" in last

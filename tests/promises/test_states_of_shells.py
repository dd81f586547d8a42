"""What a shell says of itself behind its outputs, as SWE-agent's does, can be told whatever is left out of it."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies

from headroom_compression import Settings
from headroom_compression import compress_request_body
from tests.compression.support.bodies import Item
from tests.compression.support.bodies import command_call
from tests.compression.support.bodies import function_output
from tests.compression.support.bodies import request_body
from tests.compression.support.bodies import sent_items
from tests.compression.support.budget_sessions import WITH_BUDGET
from tests.compression.support.budget_sessions import report

STATES = [
    f"\n(Open file: {file})\n(Current directory: {folder})\nbash-$"
    for file in ("n/a", "/shop/src/main/java/com/acme/shop/CartController.java")
    for folder in ("/shop", "/shop/src/main/java")
]
UNCHANGED = "\n(Open file and current directory: unchanged)\nbash-$"
FARTHEST = 8
COMPACTION: Item = {"type": "compaction", "encrypted_content": "gAAA"}

states = strategies.sampled_from([*STATES, *STATES[:1] * 6, ""])
outputs = strategies.lists(strategies.one_of(states, states, strategies.none()), max_size=24)
some_settings = strategies.sampled_from(
    [
        Settings(),
        Settings(references="eager", min_tokens=1),
        Settings(references="off", min_tokens=1),
        Settings(exclude_tools=("ls 1*",)),
    ]
)


def items_of(given_states: list[str | None]) -> list[Item]:
    """A call and its output for each state, a compaction for None."""
    items: list[Item] = []
    for number, state in enumerate(given_states):
        names = " ".join(f"part_{number}_{place}.java" for place in range(8))
        text = f"{names}{state}"
        calls = [command_call(f"ls {number}", f"call_{number}")] * (number % 5 > 0)
        items += [COMPACTION] if state is None else [*calls, function_output(text, f"call_{number}")]
    return items


def restored(sent: list[Item]) -> list[Item]:
    """The items with each state whole, by what is in sight above it."""
    state, distance = "", 0
    found: list[Item] = []
    for item in sent:
        text = str(item.get("output", ""))
        if item == COMPACTION:
            state = ""
        elif text.endswith(UNCHANGED):
            distance += 1
            assert state
            assert distance < FARTHEST
            text = text.removesuffix(UNCHANGED) + state
        elif text.endswith("bash-$"):
            state, distance = text[text.rindex("\n(Open file: ") :], 0
        found.append({**item, "output": text} if text else item)
    return found


@given(outputs, some_settings)
def test_a_state_is_known_from_what_is_in_sight(given_states: list[str | None], chosen: Settings) -> None:
    items = items_of(given_states)
    assert restored(sent_items(compress_request_body(request_body(*items), chosen).body)) == items


@given(outputs, some_settings, strategies.integers(0, 30))
def test_what_was_sent_of_states_stays(given_states: list[str | None], chosen: Settings, count: int) -> None:
    items = items_of(given_states)
    whole, beginning = (compress_request_body(request_body(*part), chosen) for part in (items, items[:count]))
    assert sent_items(whole.body)[:count] == sent_items(beginning.body)
    increment = compress_request_body(request_body(*items[count:]), chosen, conversation=beginning.conversation)
    assert sent_items(whole.body)[count:] == sent_items(increment.body)


def test_a_state_is_in_sight_where_outputs_were_put_away() -> None:
    """In no output that says that it is unchanged it is another one than in the last that says it whole."""
    given_states = [STATES[number // 9 % 2] for number in range(60)]
    items: list[Item] = []
    for number, state in enumerate(given_states):
        call = command_call(f"./report {number}", f"call_{number}")
        items += [call, function_output(report(number) + state, f"call_{number}")]
    texts = [
        str(item["output"])
        for item in sent_items(compress_request_body(request_body(*items), WITH_BUDGET).body)
        if "output" in item
    ]
    assert any("left out here to make room" in text for text in texts)
    assert sum(text.endswith(UNCHANGED) for text in texts) > 10
    in_sight = ""
    for text, state in zip(texts, given_states, strict=True):
        if text.endswith(UNCHANGED):
            assert in_sight == state
        else:
            in_sight = state if text.endswith(state) else ""


def test_a_state_that_stays_is_said_once() -> None:
    sent = sent_items(compress_request_body(request_body(*items_of([STATES[1]] * 10))).body)
    is_unchanged = [str(item["output"]).endswith(UNCHANGED) for item in sent if "output" in item]
    assert is_unchanged == [False, *[True] * (FARTHEST - 1), False, True]


@pytest.mark.parametrize(
    ("members", "chosen"),
    [
        pytest.param({"truncation": "auto"}, Settings(), id="the server may drop the oldest items"),
        pytest.param({}, Settings(references="off"), id="nothing is to refer to what is above"),
    ],
)
def test_where_nothing_may_refer_to_what_is_above_each_state_is_said(
    members: dict[str, object], chosen: Settings
) -> None:
    body = json.dumps({"input": items_of([STATES[1]] * 10), **members}).encode()
    sent = sent_items(compress_request_body(body, chosen).body)
    assert not any(str(item.get("output")).endswith(UNCHANGED) for item in sent)


def test_a_state_is_said_to_subagents_who_see_none_of_other_outputs() -> None:
    items: list[Item] = [{**item, "agent": {"agent_name": "reader"}} for item in items_of([STATES[1]] * 10)]
    assert sent_items(compress_request_body(request_body(*items)).body) == items

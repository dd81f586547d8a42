"""What the benchmark says of a budget, on sessions of which the sums are known."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from headroom_compression import compress_request_body
from headroom_report.values.items import Item
from scripts.savings.budget import Run
from scripts.savings.budget import budget_table
from scripts.savings.budget import joined
from scripts.savings.budget import later_used
from scripts.savings.budget import measure
from scripts.savings.recordings import Session
from scripts.savings.recordings import request_body
from tests.compression.support.bodies import command_call
from tests.compression.support.bodies import function_output
from tests.compression.support.bodies import message
from tests.compression.support.budget_sessions import BUDGET
from tests.compression.support.budget_sessions import WITH_BUDGET
from tests.compression.support.budget_sessions import report

SETTINGS = replace(WITH_BUDGET, budget=0)


def session(turns: int, *, ends: tuple[Any, ...] = ()) -> Session:
    items: list[Any] = [message("Go through all reports.")]
    for number in range(turns):
        call_id = f"call_{number}"
        items += [command_call(f"./report {number}", call_id), function_output(report(number, 25), call_id)]
    return Session("made up", [*items, *ends])


def test_the_sums_of_a_session() -> None:
    made = session(60, ends=(command_call("grep 93023", "last"),))
    ends = made.request_ends()
    results = [compress_request_body(request_body(made.items[:end]), WITH_BUDGET) for end in ends]
    tokens = [
        result.conversation.tally.tokens for result in results if result.conversation and result.conversation.tally
    ]
    sums = measure(made, SETTINGS, BUDGET)
    assert (sums.sessions, sums.requests) == (1, 61)
    assert sums.tokens_with == sum(tokens)
    assert sums.largest_with == max(tokens) <= BUDGET
    assert sums.above_with == 0
    assert sums.checkpoints == results[-1].report.checkpoints >= 1
    assert sums.put_away == results[-1].report.put_away_in_all > 0
    assert sums.above_without > 0
    assert sums.largest_without > BUDGET
    assert sums.tokens_without > sums.tokens_with
    assert sums.bill_with > sum(tokens) - 0.9 * sum(tokens[:-1]), "a checkpoint breaks the cache"


def test_a_session_below_the_budget_is_as_it_is() -> None:
    sums = measure(session(5), SETTINGS, BUDGET)
    assert sums.tokens_with == sums.tokens_without
    assert sums.bill_with == sums.bill_without
    assert (sums.checkpoints, sums.put_away, sums.lost) == (0, 0, 0)


def test_the_bill_takes_what_is_shared_at_a_tenth() -> None:
    assert Run([100, 150, 80], [0, 100, 20], []).bill == 100 + (50 + 10) + (60 + 2)


def test_a_string_counts_by_what_had_been_sent_when_it_was_used() -> None:
    shown = function_output("word_one word_two word_three", "a")
    gone = function_output("[left out]", "a")
    items: list[Any] = [shown, command_call("word_one", "b"), message("Go on."), command_call("word_two", "c")]
    first: list[Item] = [shown]
    second: list[Item] = [gone, *items[1:3]]
    assert list(later_used(items, [(1, first), (3, second)])) == [True, False]
    assert list(later_used(items, [(1, first)])) == [True, True]


def test_threads_are_joined_by_source_and_keep_their_calls_apart() -> None:
    one, other = session(3), Session("another", session(3).items)
    (thread,) = joined([one, other, one], 1_000)
    assert thread.source == "made up, joined"
    assert len(thread.items) == 2 * len(one.items)
    call_ids = [item["call_id"] for item in thread.items if item.get("type") == "function_call"]
    assert len(set(call_ids)) == 6
    assert [item["call_id"] for item in thread.items if item.get("type") == "function_call_output"] == call_ids


def test_the_table_has_a_row_a_source_and_one_for_all() -> None:
    lines = budget_table([session(2), Session("another", session(3).items)], SETTINGS, BUDGET).split("\n")
    assert lines[0] == "level recall, references careful, budget 12,000"
    assert [line.split(" | ")[0] for line in lines[3:6]] == ["| made up", "| another", "| all"]
    assert " | 2, 7 | " in lines[5]

"""When outputs are put away, which, and which never."""

from __future__ import annotations

import tracemalloc
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from headroom_compression import Memory
from headroom_compression import Settings
from headroom_compression import compress_request_body
from headroom_compression import pipeline
from headroom_compression import tokens
from headroom_compression.calls.reading import read_call
from headroom_compression.calls.tool_call import ToolCall
from headroom_compression.document import Document
from headroom_compression.document import Fold
from headroom_compression.document import Stage
from headroom_compression.recall.store import Store
from headroom_compression.request_work import work_from_memory
from headroom_compression.session import known_items
from headroom_compression.session.checkpoints import Plan
from headroom_compression.session.checkpoints import is_from_model
from headroom_compression.session.seen_outputs import SeenOutput
from tests.compression.support.bodies import Item
from tests.compression.support.bodies import command_call
from tests.compression.support.bodies import custom_output
from tests.compression.support.bodies import function_output
from tests.compression.support.bodies import image_part
from tests.compression.support.bodies import message
from tests.compression.support.bodies import request_body
from tests.compression.support.bodies import sent_items
from tests.compression.support.bodies import text_part
from tests.compression.support.budget_sessions import BUDGET
from tests.compression.support.budget_sessions import CODEX_HEADER
from tests.compression.support.budget_sessions import WITH_BUDGET
from tests.compression.support.budget_sessions import report
from tests.compression.support.recall_sessions import elided_run
from tests.compression.support.recall_sessions import name_of

LARGE = replace(WITH_BUDGET, budget=40_000)
END: Item = {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "Done."}]}


def turns(first: int, count: int, rows: int = 50) -> list[Item]:
    numbers = range(first, first + count)
    pairs = [(command_call(f"./report {number}", f"c{number}"), report(number, rows)) for number in numbers]
    return [item for call, text in pairs for item in (call, function_output(text, call["call_id"]))]


def plan(items: list[Item], **members: object) -> Plan:
    found = compress_request_body(request_body(*items, **members), WITH_BUDGET).conversation
    assert found is not None
    assert found.plan is not None
    return found.plan


def test_the_oldest_go_until_half_is_left() -> None:
    items = [message("Go."), *turns(0, 75)]
    found = compress_request_body(request_body(*items), LARGE)
    assert found.report.new_checkpoints == 1
    assert found.conversation is not None
    assert found.conversation.plan is not None
    positions, stop = list(found.conversation.plan.put_away), found.conversation.plan.stop
    assert positions == list(range(2, 2 + 2 * len(positions), 2))
    assert len(positions) == found.report.put_away > 20
    before, at_once = (tokens_of(items[:count]) for count in (stop - 1, stop))
    assert LARGE.budget - 600 < before <= LARGE.budget
    assert LARGE.budget * 0.44 < at_once <= LARGE.budget / 2


def tokens_of(items: list[Item]) -> int:
    found = compress_request_body(request_body(*items), LARGE).conversation
    assert found is not None
    assert found.tally is not None
    return found.tally.tokens


@pytest.mark.parametrize(
    "output",
    [
        pytest.param([text_part(report(0)), image_part()], id="an image"),
        pytest.param(CODEX_HEADER.format("ab12", 1) + report(0), id="a failure"),
        pytest.param(report(0, 5), id="few tokens"),
    ],
)
def test_what_never_goes(output: object) -> None:
    items = [message("Go."), command_call("./report 0", "c0"), function_output(output, "c0"), *turns(1, 45)]
    assert 2 not in plan(items).put_away
    assert plan(items).put_away


def test_a_long_failure_goes() -> None:
    output = CODEX_HEADER.format("ab12", 1) + report(0, 300)
    items = [message("Go."), command_call("./report 0", "c0"), function_output(output, "c0"), *turns(1, 45)]
    assert 2 in plan(items).put_away


def test_what_is_excluded_never_goes() -> None:
    chosen = replace(WITH_BUDGET, exclude_tools=("./report 1",))
    found = compress_request_body(request_body(message("Go."), *turns(0, 45)), chosen).conversation
    assert found is not None
    assert found.plan is not None
    assert 2 in found.plan.put_away
    assert 4 not in found.plan.put_away


def test_what_the_model_has_not_answered_stays() -> None:
    calls = [command_call(f"./report {number}", f"c{number}") for number in range(40)]
    outputs = [custom_output(report(number, 60), f"c{number}") for number in range(40)]
    assert not plan([message("Go."), *calls, *outputs]).put_away
    assert plan([message("Go."), *calls, *outputs, END, message("And?")]).put_away


def test_nothing_goes_after_an_item_of_the_models() -> None:
    said = {**END, "content": [{"type": "output_text", "text": "word " * 9_000}]}
    items = [message("Go."), *turns(0, 60), said]
    assert compress_request_body(request_body(*items), LARGE).report.put_away == 0
    assert tokens_of(items) > LARGE.budget
    assert compress_request_body(request_body(*items, message("And?")), LARGE).report.put_away > 0


def test_what_was_opened_stays_and_is_counted() -> None:
    items = [message("Go."), *turns(0, 45)]
    name = name_of(report(0))
    opened = [command_call(f"sed -n 1,50p /recall/{name}", "open"), function_output(report(0), "open")]
    later = [*items, *opened, *turns(100, 45)]
    found = compress_request_body(request_body(*later), WITH_BUDGET)
    assert found.report.reopened == 1
    assert found.report.checkpoints >= 2
    assert sent_items(found.body)[len(items) + 1] == opened[1]


def test_a_compaction_begins_anew() -> None:
    items = [message("Go."), *turns(0, 20), {"type": "compaction", "encrypted_content": "g" * 900}, *turns(50, 20)]
    assert not plan(items).put_away


def test_instructions_and_tools_count_wherever_they_stand() -> None:
    items = [message("Go."), *turns(0, 45)]
    tools = [{"type": "function", "name": "run", "description": "word " * 15_000}]
    assert compress_request_body(request_body(*items), LARGE).report.put_away == 0
    memory = Memory()
    compress_request_body(request_body(*items[:70], tools=tools), LARGE, memory)
    body = request_body(*items, tools=tools)
    known = compress_request_body(body, LARGE, memory)
    assert known.body == compress_request_body(body, LARGE).body
    assert known.report.put_away_in_all > 0
    first = b'{"instructions":"' + b"word " * 15_000 + b'",' + request_body(*items)[1:]
    assert compress_request_body(first, LARGE).report.put_away == known.report.put_away_in_all


@pytest.mark.parametrize(
    "members",
    [
        {"previous_response_id": "resp_1"},
        {"conversation": "conv_1"},
        {"truncation": "auto", "previous_response_id": "resp_1"},
        {"truncation": "auto", "prompt": {"id": "pmpt_1"}},
        {"truncation": "auto", "context_management": [{"type": "compaction"}]},
        {"truncation": {"type": "new"}},
        {"context_management": [{"type": "compaction"}]},
    ],
)
def test_nothing_goes_where_the_server_has_the_history(members: Item) -> None:
    body = request_body(message("Go."), *turns(0, 45), **members)
    result = compress_request_body(body, WITH_BUDGET)
    assert result.report.has_no_budget
    assert result.body == compress_request_body(body, replace(WITH_BUDGET, budget=0)).body
    harmless = request_body(message("Go."), *turns(0, 45), **dict.fromkeys(members))
    assert compress_request_body(harmless, WITH_BUDGET).report.put_away


def test_nothing_goes_without_level_recall_or_a_store_that_writes(tmp_path: Path) -> None:
    body = request_body(message("Go."), *turns(0, 45))
    lossless = replace(WITH_BUDGET, level="lossless")
    assert compress_request_body(body, lossless).body == compress_request_body(body, replace(lossless, budget=0)).body
    full = replace(WITH_BUDGET, recall_dir=str(tmp_path / "store"), recall_stores=True, recall_limit=0)
    memory = Memory()
    compress_request_body(request_body(message("Go."), *turns(0, 20)), full, memory)
    assert compress_request_body(body, full, memory).report.put_away == 0
    assert compress_request_body(body, full).report.put_away == 0


def test_of_what_recall_left_out_no_text_is_kept_twice() -> None:
    found = compress_request_body(request_body(message("Go."), *elided_run(0)), LARGE).conversation
    assert found is not None
    assert found.tally is not None
    (seen,) = found.tally.seen
    assert [(elided.body, elided.kinds) for elided in seen.elided] == [("", ("pytest_runs",))]


def test_a_store_that_is_full_is_asked_a_few_times_an_item(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    full = replace(WITH_BUDGET, recall_dir=str(tmp_path / "store"), recall_stores=True, recall_limit=0)
    asked: list[str] = []
    keep = Store.keep

    def noted(store: Store, text: str) -> str | None:
        asked.append(text)
        return keep(store, text)

    monkeypatch.setattr(Store, "keep", noted)
    items = [message("Go."), *turns(0, 80)]
    compress_request_body(request_body(*items), full)
    assert 0 < len(asked) <= 4 * len(items)


def test_one_item_more_after_a_checkpoint_is_a_piece_of_work() -> None:
    items = [message("Go."), *turns(0, 60)]
    memory = Memory()
    compress_request_body(request_body(*items[:-2]), WITH_BUDGET, memory)
    before = plan(items[:-2])
    work = work_from_memory(request_body(*items), WITH_BUDGET, memory)
    assert work is not None
    assert work.prefix is not None
    assert work.prefix.conversation.plan == before
    assert len(work.layout.items) - work.first == 2


def test_far_below_the_budget_nothing_is_counted_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    items = [message("Go."), *turns(0, 40)]
    counted = dict.fromkeys((0, BUDGET, 10 * BUDGET), 0)
    for budget in counted:
        memory, chosen, count = Memory(), replace(WITH_BUDGET, budget=budget), tokens.count

        def noted(text: str, budget: int = budget) -> int:
            counted[budget] += 1
            return count(text)  # noqa: B023  of the same turn of the loop

        with monkeypatch.context() as patch:
            patch.setattr(tokens, "count", noted)
            for end in range(1, len(items) + 1, 2):
                compress_request_body(request_body(*items[:end]), chosen, memory)
    assert counted[10 * BUDGET] == counted[0] < counted[BUDGET]


def test_what_is_folded_again_is_read_and_folded_by_its_kind_once(monkeypatch: pytest.MonkeyPatch) -> None:
    items = [message("Go."), *turns(0, 80)]
    read: list[object] = []
    folded: list[str] = []
    by_kind = pipeline._folded  # noqa: SLF001  where the work is done

    def reading(item: Mapping[str, object]) -> ToolCall | None:
        read.append(item["call_id"])
        return read_call(item)

    def folding(document: Document, available: Sequence[Fold]) -> tuple[Document, Document, list[Stage]]:
        folded.append(document.text)
        return by_kind(document, available)

    monkeypatch.setattr(known_items, "read_call", reading)
    monkeypatch.setattr(pipeline, "_folded", folding)
    assert compress_request_body(request_body(*items), WITH_BUDGET).report.checkpoints > 2
    assert len(read) == len(set(read)) == len(folded) == len(set(folded)) == 80


def test_short_outputs_are_looked_at_once_above_the_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at: list[int] = []
    may_go = vars(SeenOutput)["may_go"].fget

    def looking(output: SeenOutput) -> bool:
        looked_at.append(output.position)
        return bool(may_go(output))

    monkeypatch.setattr(SeenOutput, "may_go", property(looking))
    items = [message("word " * 2 * BUDGET), *turns(0, 20), *turns(20, 200, 9)]
    assert tokens.count(report(20, 9)) < 150 < len(report(20, 9))
    assert compress_request_body(request_body(*items), WITH_BUDGET).report.put_away
    assert len(looked_at) < 3 * len(items)


def test_texts_that_are_not_counted_are_held_and_told_of() -> None:
    items = [message("Go."), *turns(0, 20)]
    far, none = (
        compress_request_body(request_body(*items), replace(WITH_BUDGET, budget=budget)).conversation
        for budget in (10**6, 0)
    )
    assert far is not None
    assert far.tally is not None
    assert none is not None
    texts = sum(len(item["output"]) for item in items if "output" in item)
    assert texts < far.size - none.size < 2 * texts
    assert far.tally.settled().tokens == far.tally.tokens
    assert not list(far.tally.settled().holdings)


def test_what_a_turn_asks_of_what_is_held_does_not_grow_with_its_session() -> None:
    far, memory = replace(WITH_BUDGET, budget=10**6), Memory()
    told: list[int] = []
    for count in (20, 40, 80):
        found = compress_request_body(request_body(message("Go."), *turns(0, count)), far, memory).conversation
        assert found is not None
        told.append(len(found.holdings))
    assert told[0] == told[2]


def test_a_file_takes_no_room_that_it_does_not_need() -> None:
    chosen = replace(WITH_BUDGET, budget=100_000)
    file = {"type": "input_file", "filename": "plan.pdf", "file_data": "JVBERi0xLjcK" * 50_000}
    shown = {"role": "user", "content": [{"type": "input_text", "text": "Go."}, file]}
    for begun in (message("Go."), shown):
        assert compress_request_body(request_body(begun, *turns(0, 60)), chosen).report.checkpoints == 0


def test_twice_the_outputs_take_no_four_times_the_memory() -> None:
    tokens.load()  # the ranks stay in memory
    chosen = replace(WITH_BUDGET, budget=24_000)
    half, whole = (request_body(message("Go."), *turns(0, count, 15)) for count in (200, 400))
    assert most_memory(whole, chosen) < 3 * most_memory(half, chosen)


def most_memory(body: bytes, chosen: Settings) -> int:
    """The less of two runs: a thread that another test has left behind may take memory, too."""
    return min(memory_of_run(body, chosen) for _ in range(2))


def memory_of_run(body: bytes, chosen: Settings) -> int:
    tracemalloc.start()
    try:
        assert compress_request_body(body, chosen).report.checkpoints
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


OF_TWO_TYPES: Item = {"type": "object", "properties": {"path": {"type": ["string", "null"]}}}


@pytest.mark.parametrize(
    "strange",
    [
        pytest.param({"type": "mcp_list_tools", "tools": [{"input_schema": OF_TWO_TYPES}]}, id="a schema of a server"),
        pytest.param({"type": "tool_search_output", "tools": [{"parameters": OF_TWO_TYPES}]}, id="a schema found"),
        pytest.param(function_output([{"type": ["input_text"], "text": report(99)}], "c0"), id="a part"),
        pytest.param({"type": ["message"], "role": "user", "content": "Go on."}, id="an item"),
        pytest.param({"type": {"of": "message"}, "role": "user", "content": "Go on."}, id="an item of an object"),
    ],
)
def test_a_type_that_is_no_string_is_none(strange: Item) -> None:
    chosen = replace(WITH_BUDGET, budget=20_000)
    body = request_body(message("Go."), *turns(0, 30), strange)
    assert compress_request_body(body, chosen).body == compress_request_body(body, replace(chosen, budget=0)).body
    items = [message("Go."), *turns(0, 45), strange, *turns(50, 20)]
    result = compress_request_body(request_body(*items), chosen)
    assert result.report.put_away_in_all
    assert sent_items(result.body)[91] == strange


def test_whose_items_they_are() -> None:
    assert all(map(is_from_model, (END, command_call("ls"), {"type": "reasoning"}, {"type": "web_search_call"})))
    assert not any(map(is_from_model, (message("Go."), function_output("x"), {"type": "compaction_trigger"})))

"""The figures of a session, beside figures by hand; what is counted once; and the same as turn by turn."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from headroom_compression import Memory
from headroom_compression import Settings
from headroom_compression import compress_request_body
from headroom_compression import tokens
from headroom_report.measuring.measure import Audit
from headroom_report.reading.history import files_in
from headroom_report.reading.history import read_history
from headroom_report.values.items import count_tokens
from headroom_report.values.rereads import ShownLines
from headroom_report.values.savings import SessionSavings
from headroom_report.values.savings import Tokens
from headroom_report.values.sessions import Session
from headroom_report.values.sessions import Stretch
from headroom_report.values.usage_sums import UsageSum
from tests.compression.support.bodies import command_call
from tests.compression.support.bodies import function_output
from tests.compression.support.bodies import message
from tests.compression.support.bodies import sent_outputs
from tests.report.reads import RECORDED
from tests.report.reads import ROWS
from tests.report.reads import reads

CALL = '{"cmd": "cat values.py"}'


def session_of(*stretches: Stretch, name: str = "session", fixed: tuple[str, ...] = ()) -> Session:
    return Session(name, "by hand", stretches, fixed)


def measured(*stretches: Stretch, fixed: tuple[str, ...] = ()) -> SessionSavings:
    savings = Audit(Settings()).measure(session_of(*stretches, fixed=fixed))
    assert savings
    return savings


def test_new_items_count_once_and_requests_in_full() -> None:
    items = reads(3)
    prompt, call = tokens.count("Read it."), tokens.count("exec_command") + tokens.count(CALL)
    rows = tokens.count(ROWS)
    first, second, third = map(tokens.count, sent_outputs(*items))
    assert first == rows
    assert second < rows
    savings = measured(Stretch.of(items))
    assert [turn.new.before for turn in savings.turns] == [prompt, call + rows, call + rows, call + rows]
    assert [turn.whole.before for turn in savings.turns] == [prompt + count * (call + rows) for count in range(4)]
    assert savings.new.saved == (rows - second) + (rows - third)
    assert savings.whole.saved == 2 * (rows - second) + (rows - third)
    assert savings.outputs == Tokens(3 * rows, first + second + third)
    assert [turn.new_outputs for turn in savings.turns] == [0, 1, 1, 1]


def test_instructions_and_tools_are_in_every_request_and_new_in_the_first() -> None:
    fixed = ("You are an agent.", '[{"name":"exec_command"}]')
    cost = sum(map(tokens.count, fixed))
    with_fixed, without = measured(Stretch.of(reads(2)), fixed=fixed), measured(Stretch.of(reads(2)))
    assert with_fixed.new.before - without.new.before == cost
    assert with_fixed.whole.before - without.whole.before == 3 * cost
    assert with_fixed.new.saved == without.new.saved


def test_largest_outputs_hold_their_texts_and_the_call() -> None:
    largest = measured(Stretch.of(reads(2))).largest
    assert [(output.tool, output.title) for output in largest] == [("exec_command: cat", "cat values.py")]
    assert largest[0].texts == (ROWS, sent_outputs(*reads(2))[1])


def test_what_a_compaction_keeps_is_not_new_again() -> None:
    items = reads(2)
    kept = [*items[:3], message("Summary: all read.")]
    savings = measured(Stretch.of(items), Stretch([*kept, *reads(1, "Again.")], [4, 7]))
    again = tokens.count("Again.") + tokens.count("exec_command") + tokens.count(CALL) + tokens.count(ROWS)
    assert [turn.new.before for turn in savings.turns[3:]] == [tokens.count("Summary: all read."), again]
    assert sum(tool.outputs for tool in savings.tools) == 3


def test_a_copy_of_a_session_counts_from_where_it_goes_its_own_way() -> None:
    audit = Audit(Settings())
    first = audit.measure(session_of(Stretch.of(reads(2))))
    own = function_output("b.py\n" * 50, "own call")
    forked = audit.measure(session_of(Stretch.of([*reads(2), message("Go on."), own]), name="fork"))
    assert first
    assert forked
    assert len(forked.turns) == 1
    assert forked.new.before == tokens.count("Done.") + tokens.count("Go on.") + count_tokens(own)
    assert forked.whole.before == first.turns[-1].whole.before + forked.new.before
    assert audit.measure(session_of(Stretch.of(reads(1)), name="beginning")) is None


def test_what_was_reported_of_a_copy_is_not_counted_again() -> None:
    audit = Audit(Settings())
    for items, reported in ((reads(2), UsageSum(2000, 0, 9)), ([*reads(2), message("Go on.")], None)):
        session = replace(session_of(Stretch.of(items)), usage=UsageSum(2000, 0, 9))
        savings = audit.measure(session)
        assert savings
        assert savings.usage == reported


def test_the_same_prompt_is_no_copy() -> None:
    audit = Audit(Settings())
    other = [message("Read it."), *reads(1, "Other.")[1:]]
    assert audit.measure(session_of(Stretch.of(reads(1))))
    savings = audit.measure(session_of(Stretch.of(other)))
    assert savings
    assert savings.turns[0].new.before == tokens.count("Read it.")


def test_a_session_without_requests_is_nothing() -> None:
    assert Audit(Settings()).measure(session_of(Stretch([], []))) is None


def test_references_are_off_where_the_server_may_shorten_the_history() -> None:
    items = Stretch.of(reads(2))
    shortens = Session("session", "by hand", [items], options={"truncation": "auto"})
    savings = Audit(Settings()).measure(shortens)
    assert savings
    assert savings.new.saved == 0 < measured(items).new.saved


@pytest.mark.parametrize("path", files_in(RECORDED), ids=lambda path: path.name)
def test_it_is_what_turn_by_turn_with_a_memory_would_be_sent(path: Path) -> None:
    for session in read_history([path], lambda _: None):
        savings = measured(*session.stretches, fixed=tuple(session.fixed))
        memory = Memory()
        sent = [
            _tokens_sent(stretch, end, memory) + sum(map(tokens.count, session.fixed))
            for stretch in session.stretches
            for end in stretch.ends
            if end > stretch.copied
        ]
        assert [turn.whole.after for turn in savings.turns] == sent


def _tokens_sent(stretch: Stretch, end: int, memory: Memory) -> int:
    body = json.dumps({"input": stretch.items[:end]}).encode()
    return sum(map(count_tokens, json.loads(compress_request_body(body, Settings(), memory).body)["input"]))


def test_level_recall_writes_nothing(tmp_path: Path) -> None:
    passed = "\n".join(f"tests/test_it.py::test_number_{number} PASSED [ {number % 100:2}%]" for number in range(300))
    start, end = "===== test session starts =====\ncollected 300 items", "===== 300 passed in 1.00s ====="
    report = function_output(f"{start}\n\n{passed}\n\n{end}")
    items = [message("Test it."), command_call("pytest -v"), report]
    folder = tmp_path / "store"
    settings = Settings(level="recall", recall_dir=str(folder), recall_stores=False)
    savings = Audit(settings).measure(session_of(Stretch.of(items)))
    assert savings
    assert str(folder) in (savings.largest[0].texts or ("", ""))[1]
    assert not folder.exists()


def test_what_would_be_read_again_is_told() -> None:
    """Of 60 lines read four times: the first two readings show them to the next, 58 and 59 of each behind a marker."""
    rereads = measured(Stretch.of(reads(4))).rereads
    assert rereads.first_in_sight == ShownLines(60, 60)
    assert rereads.later_behind.lines + rereads.later_in_sight.lines == 3 * 60
    assert rereads.later_behind.again > 100
    assert rereads.outputs == 2


def test_what_an_earlier_session_read_is_no_new_opportunity() -> None:
    audit = Audit(Settings())
    first = audit.measure(session_of(Stretch.of(reads(2))))
    second = audit.measure(session_of(Stretch.of([*reads(2)[:-1], *reads(4, "Again.")[1:]])))
    assert first
    assert second
    assert second.rereads.first_in_sight.lines == 0
    assert second.rereads.later_behind.lines + second.rereads.later_in_sight.lines == 4 * 60

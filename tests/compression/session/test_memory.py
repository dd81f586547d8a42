"""Memory keeps the latest requests within its limit. That it never changes a byte is shown in test_promises.py."""

from __future__ import annotations

import json
import tracemalloc
from pathlib import Path

import pytest

from headroom_compression import Memory
from headroom_compression import Settings
from headroom_compression import compress_new_items
from headroom_compression import compress_request_body
from headroom_compression import tokens
from headroom_compression.references.lines_in_sight import Sights
from headroom_compression.session import memory as memory_module
from headroom_compression.session.prefixes import Piece
from headroom_compression.session.prefixes import RememberedPrefix
from headroom_compression.wire.json_spans import Span
from tests.compression.support.bodies import Item
from tests.compression.support.bodies import command_call
from tests.compression.support.bodies import function_output
from tests.compression.support.bodies import message
from tests.compression.support.bodies import numbered
from tests.compression.support.bodies import request_body

# What each request of a kilobyte holds beside what its conversation does.
CHANGES = ((Span(0, 1), b"x" * 1_000),)


def prefix_of(original: bytes) -> RememberedPrefix:
    state = compress_request_body(request_body()).conversation
    assert state is not None
    piece = Piece.of(original, 0, len(original), CHANGES, state)
    return RememberedPrefix((piece,), frozenset(), moves_history=False)


def test_the_longest_beginning_is_found() -> None:
    memory = Memory()
    for original in (b"a", b"abc", b"ab", b"xyz"):
        memory.remember(prefix_of(original), None)
    found = memory.longest_prefix(b"abcd")
    assert found is not None
    assert found.length == 3
    assert memory.longest_prefix(b"b") is None


def test_the_next_request_takes_the_place_of_the_one_that_it_continues() -> None:
    memory = Memory()
    memory.remember(prefix_of(b"a"), None)
    memory.remember(prefix_of(b"ab"), prefix_of(b"a"))
    assert memory.longest_prefix(b"ax") is None
    assert memory.longest_prefix(b"abx") is not None


def test_what_was_not_used_for_longest_goes_first() -> None:
    memory = Memory(3 * prefix_of(b"x" * 1_000).size)
    for letter in (b"a", b"b", b"c"):
        memory.remember(prefix_of(letter * 1_000), None)
    memory.longest_prefix(b"a" * 1_001)
    memory.remember(prefix_of(b"d" * 1_000), None)
    kept = [letter for letter in (b"a", b"b", b"c", b"d") if memory.longest_prefix(letter * 1_000)]
    assert kept == [b"a", b"c", b"d"]


def test_many_small_requests_are_forgotten_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory_module, "_MAX_PREFIXES", 2)
    memory = Memory()
    for original in (b"a", b"b", b"c"):
        memory.remember(prefix_of(original), None)
    assert memory.longest_prefix(b"a") is None
    assert memory.longest_prefix(b"b")
    assert memory.longest_prefix(b"c")


def test_what_is_larger_than_the_limit_is_not_kept() -> None:
    memory = Memory(100)
    memory.remember(prefix_of(b"x" * 1_000), None)
    assert memory.longest_prefix(b"x" * 1_000) is None


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the texts whose tokens were counted: those that were new, before and after."""
    texts: list[str] = []
    count = tokens.count

    def count_and_note(text: str) -> int:
        texts.append(text)
        return count(text)

    monkeypatch.setattr(tokens, "count", count_and_note)
    return texts


def turn_items(turn: int) -> list[Item]:
    text = numbered([f"line {number} of turn {turn}" for number in range(20)])
    return [message("go on"), command_call("nl -ba a.py", f"call_{turn}"), function_output(text, f"call_{turn}")]


@pytest.mark.parametrize("turns_before", [0, 30, 100])
def test_a_fork_begins_with_what_it_shares(turns_before: int, counted: list[str]) -> None:
    memory = Memory()
    items: list[Item] = []
    for turn in range(turns_before + 4):
        items += turn_items(turn)
        compress_request_body(request_body(*items), memory=memory)
    for fork in (turns_before + 3, turns_before + 2, turns_before + 1):
        counted.clear()
        body = request_body(*items[: 3 * fork], *turn_items(1_000 + fork))
        assert compress_request_body(body, memory=memory).body == compress_request_body(body).body
        assert len(counted) == 2 + 2 * (fork + 1), "the new text with the memory, and all without it"
    counted.clear()
    compress_request_body(request_body(*items, *turn_items(2_000)), memory=memory)
    assert len(counted) == 2


@pytest.mark.parametrize("back", [10, 20, 50])
def test_a_fork_far_back_begins_with_most_of_what_it_shares(back: int, counted: list[str]) -> None:
    memory = Memory()
    items: list[Item] = []
    for turn in range(100):
        items += turn_items(turn)
        compress_request_body(request_body(*items), memory=memory)
    counted.clear()
    body = request_body(*items[: -3 * back], *turn_items(1_000))
    assert compress_request_body(body, memory=memory).body == compress_request_body(body).body
    with_memory = len(counted) - 2 * (100 - back + 1)
    assert 0 < with_memory <= 2 * 2 * back


def file_lines(turn: int) -> str:
    return "\n".join(f"    value_{turn} = compute(row_{row}, column_{turn})" for row in range(20))


def mixed_items(turn: int) -> list[Item]:
    """An output that stays as it is, or one that is thinned, or one that repeats that of the turn before."""
    shown = turn - 1 if turn % 3 == 2 else turn
    text = numbered(file_lines(turn).split("\n")) if turn % 3 == 1 else file_lines(shown)
    command = f"nl -ba {turn}.py" if turn % 3 == 1 else f"cat {shown}.py"
    return [message("go on"), command_call(command, f"call_{turn}"), function_output(text, f"call_{turn}")]


def test_wherever_a_long_session_is_forked_the_same_is_sent() -> None:
    memory = Memory()
    items: list[Item] = []
    for turn in range(60):
        items += mixed_items(turn)
        body = request_body(*items)
        assert compress_request_body(body, memory=memory).body == compress_request_body(body).body
    for turn in range(1, 60):
        again = function_output(file_lines(turn - 1), "again")
        body = request_body(*items[: 3 * turn], command_call("cat again.py", "again"), again)
        assert compress_request_body(body, memory=memory).body == compress_request_body(body).body


@pytest.mark.parametrize("key", ["previous_response_id", "stream_id"])
def test_a_request_that_names_an_answer_or_a_lane_is_no_short_work(key: str) -> None:
    memory = Memory()
    items = turn_items(0)
    for is_named in (False, True):
        named = {key: "a"} if is_named else {}
        compress_request_body(json.dumps({**named, "input": items}).encode(), memory=memory)
        body = json.dumps({**named, "input": [*items, *turn_items(1)]}).encode()
        assert (compress_new_items(body, Settings(), memory, 16_384) is None) is is_named


def test_texts_of_earlier_requests_are_not_counted_again(counted: list[str]) -> None:
    memory = Memory()
    items: list[Item] = []
    for turn in range(20):
        items += turn_items(turn)
        counted.clear()
        result = compress_request_body(request_body(*items), memory=memory)
        assert len(counted) == 2
        assert result.report.tool_texts == 1
        assert len(result.report.shortened) == 1


def test_sessions_that_differ_in_their_beginning_only_are_both_remembered(counted: list[str]) -> None:
    memory = Memory()
    sessions: list[list[Item]] = [[message(f"task {number}")] for number in range(3)]
    for turn in range(20):
        for items in sessions:
            items.extend(turn_items(turn))
            counted.clear()
            body = request_body(*items)
            sent = compress_request_body(body, memory=memory).body
            assert len(counted) == 2
            assert sent == compress_request_body(body).body


FIRST, SECOND, THIRD = turn_items(1), turn_items(2), turn_items(3)


def test_to_fork_a_session_that_has_gone_on_is_no_short_work() -> None:
    memory = Memory()
    compress_request_body(request_body(*FIRST), memory=memory)
    assert compress_new_items(request_body(*FIRST, *SECOND), Settings(), memory, 16_384)
    fork = request_body(*FIRST, *THIRD)
    assert memory.longest_prefix(fork), "its beginning is known"
    assert compress_new_items(fork, Settings(), memory, 16_384) is None


@pytest.mark.parametrize(
    ("items", "members", "chosen", "is_short"),
    [
        pytest.param([*FIRST, *SECOND, *THIRD], {}, Settings(), True, id="the next turn"),
        pytest.param([*FIRST, *SECOND], {}, Settings(), True, id="a retry"),
        pytest.param([*FIRST, *SECOND, *THIRD], {"tools": ["x" * 5_000]}, Settings(), True, id="what stands behind"),
        pytest.param([*FIRST, *SECOND, *THIRD], {"tools": ["x" * 30_000]}, Settings(), False, id="very much behind"),
        pytest.param([*FIRST, *SECOND, *THIRD * 9], {}, Settings(), False, id="many new items"),
        pytest.param([*FIRST, *THIRD], {}, Settings(), False, id="a fork"),
        pytest.param([*SECOND, *THIRD], {}, Settings(), False, id="another session"),
        pytest.param([*FIRST, *SECOND], {"previous_response_id": "a"}, Settings(), False, id="names an answer"),
        pytest.param([*FIRST, *SECOND, message("\n" * 99)], {}, Settings(), False, id="many lines"),
        pytest.param([*FIRST, *SECOND, message('"' * 499)], {}, Settings(), False, id="many quotes"),
        pytest.param([*FIRST, *SECOND, message("{[" * 99)], {}, Settings(), False, id="many lists"),
        pytest.param([*FIRST, *SECOND, message("1," * 199)], {}, Settings(), False, id="many commas"),
        pytest.param([*FIRST, *SECOND, message("SURROGATE")], {}, Settings(), False, id="a lone surrogate"),
        pytest.param([*FIRST, *SECOND], {"x": [[]] * 999}, Settings(), False, id="many lists behind"),
        pytest.param([*FIRST, *SECOND], {f"{n}": n for n in range(999)}, Settings(), False, id="many members"),
        pytest.param([*FIRST, *SECOND, message("a\b")], {}, Settings(), False, id="a backspace"),
        pytest.param([*FIRST, *SECOND, message("a\rb")], {}, Settings(), False, id="a carriage return"),
        pytest.param([*FIRST, *SECOND, message("\x1b[1mb")], {}, Settings(), False, id="a colour"),
        pytest.param([*FIRST, *SECOND], {"truncation": "auto"}, Settings(), False, id="other references"),
        pytest.param([*FIRST, *SECOND], {}, Settings(references="eager"), False, id="other settings"),
        pytest.param([*FIRST, *SECOND], {}, Settings(level="recall"), False, id="a level that writes files"),
    ],
)
def test_short_work_is_a_few_new_items_of_a_known_request(
    items: list[Item], members: dict[str, object], chosen: Settings, *, is_short: bool
) -> None:
    memory = Memory()
    compress_request_body(request_body(*FIRST, *SECOND), memory=memory)
    body = request_body(*items, **members).replace(b"SURROGATE", b"\\ud800")
    compressed = compress_new_items(body, chosen, memory, 2_400)
    assert (compressed is not None) == is_short
    if compressed:
        assert compressed.body == compress_request_body(body).body
        assert compressed.report.tool_texts == (3 if items[-1] is THIRD[-1] else 2) - 2


class Told(Memory):
    """Ends the work at an item."""

    def __init__(self) -> None:
        super().__init__()
        self.ends: list[int] = []
        self.last = 2**30

    def begin_item(self, end: int) -> None:
        self.ends.append(end)
        if end >= self.last:
            raise InterruptedError


def test_a_memory_is_told_where_the_new_items_end_and_may_end_the_work() -> None:
    first = request_body(message("one"), message("two"))
    second = request_body(message("one"), message("two"), message("three"), message("four"))
    ends = [second.index(word) + len(word) + len(b'"}') for word in (b"one", b"two", b"three", b"four")]
    memory = Told()
    compress_request_body(first, memory=memory)
    assert memory.ends == ends[:2]
    memory.last = ends[3]
    with pytest.raises(InterruptedError):
        compress_request_body(second, memory=memory)
    assert memory.ends == ends
    known = memory.longest_prefix(second)
    assert known is not None
    assert known.length == ends[1], "what was not finished is not remembered"


def test_what_branches_have_not_counted_yet_is_held_once(tmp_path: Path) -> None:
    settings = Settings(level="recall", recall_dir=str(tmp_path), budget=400_000)
    shared = [message(f"Question {number}? " + "Some words. " * 99) for number in range(50)]
    memory = Memory()
    compress_request_body(request_body(*shared), settings, memory)
    before = memory.size
    for number in range(9):
        compress_request_body(request_body(*shared, message(f"Branch {number}.")), settings, memory)
    assert memory.size < 1.5 * before


def test_requests_that_hold_certain_points_are_forgotten() -> None:
    memory = Memory(10_000)
    bodies = [request_body(message(text)) for text in ("one", "two")]
    states = [compress_request_body(body, memory=memory).conversation for body in bodies]
    memory.forget(lambda conversation: conversation is states[0])
    assert [memory.longest_prefix(body) is not None for body in bodies] == [False, True]


def forked(memory: Memory, trunk: list[Item], number: int) -> list[Item]:
    items = [*trunk, message(f"You are number {number}."), *turn_items(5_000 + number)]
    compress_request_body(request_body(*items), memory=memory)
    return items


def test_forks_of_a_session_count_what_they_share_once(counted: list[str]) -> None:
    trunk = [item for turn in range(100) for item in turn_items(turn)]
    alone = Memory()
    compress_request_body(request_body(*trunk), memory=alone)
    memory = Memory(7 * alone.size)
    compress_request_body(request_body(*trunk), memory=memory)
    forks = [forked(memory, trunk, number) for number in range(20)]
    assert memory.size < 6 * alone.size
    for items in forks:
        counted.clear()
        compress_request_body(request_body(*items, *turn_items(9_000)), memory=memory)
        assert len(counted) == 2, "all but what is new is remembered"


def test_what_forks_share_counts_until_the_last_is_forgotten() -> None:
    trunk = [item for turn in range(20) for item in turn_items(turn)]
    memory, one = Memory(), Memory()
    for each, numbers in ((one, (1,)), (memory, (1, 2))):
        compress_request_body(request_body(*trunk), memory=each)
        for number in numbers:
            forked(each, trunk, number)
    assert one.size < memory.size < 1.5 * one.size
    limited = Memory(memory.size - 1)
    compress_request_body(request_body(*trunk), memory=limited)
    for number in (1, 2):
        forked(limited, trunk, number)
    assert one.size < limited.size < memory.size, "only the latest, with all that it shares"


def test_what_is_counted_is_what_it_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Sights, "keep", lambda *_: None)  # of all sessions together, 4 MB at most
    bodies = []
    for session in range(4):
        items = [item for turn in range(60) for item in mixed_items(1_000 * session + turn)]
        bodies.append(request_body(*items))
    memory = Memory()
    compress_request_body(bodies[0])
    tracemalloc.start()
    try:
        for body in bodies:
            compress_request_body(body, memory=memory)
        taken = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
    assert 0.9 * taken < memory.size < 1.5 * taken

"""Memory keeps the latest requests within its limit. That it never changes a byte is shown in test_promises.py."""

from __future__ import annotations

import pytest
from tests.compression.bodies import Item
from tests.compression.bodies import command_call
from tests.compression.bodies import function_output
from tests.compression.bodies import message
from tests.compression.bodies import numbered
from tests.compression.bodies import request_body

from headroom_compression import Memory
from headroom_compression import compress_request_body
from headroom_compression import tokens
from headroom_compression.memory import RememberedPrefix


def prefix_of(original: bytes) -> RememberedPrefix:
    state = compress_request_body(request_body()).conversation
    assert state is not None
    return RememberedPrefix(original, original, frozenset(), moves_history=False, conversation=state)


def test_the_longest_beginning_is_found() -> None:
    memory = Memory()
    for original in (b"a", b"abc", b"ab", b"xyz"):
        memory.remember(prefix_of(original), None)
    found = memory.longest_prefix(b"abcd")
    assert found is not None
    assert found.original == b"abc"
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


def test_what_is_larger_than_the_limit_is_not_kept() -> None:
    memory = Memory(100)
    memory.remember(prefix_of(b"x" * 1_000), None)
    assert memory.longest_prefix(b"x" * 1_000) is None


def test_texts_of_earlier_requests_are_not_counted_again(monkeypatch: pytest.MonkeyPatch) -> None:
    counted: list[str] = []
    count = tokens.count

    def count_and_note(text: str) -> int:
        counted.append(text)
        return count(text)

    monkeypatch.setattr(tokens, "count", count_and_note)
    memory = Memory()
    items: list[Item] = []
    for turn in range(20):
        text = numbered([f"line {number} of turn {turn}" for number in range(20)])
        items += [message("go on"), command_call("nl -ba a.py", f"call_{turn}"), function_output(text, f"call_{turn}")]
        counted.clear()
        result = compress_request_body(request_body(*items), memory=memory)
        assert len(counted) == 2
        assert result.report.tool_texts == 1
        assert len(result.report.shortened) == 1

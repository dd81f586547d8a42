"""A history that is told step by step."""

from __future__ import annotations

import pytest

from headroom_report.reading.growing import GrowingHistory
from headroom_report.reading.growing import called
from headroom_report.reading.growing import called_function
from headroom_report.reading.growing import count_of
from headroom_report.reading.growing import part_texts
from headroom_report.reading.growing import said


def test_it_goes_back_only_to_what_it_knows() -> None:
    history = GrowingHistory()
    for name in ("a", "b", "c"):
        history.add(said("user", name))
        history.mark(name)
    history.go_back_to("nowhere")
    history.go_back_to(None)
    history.go_back_to("c")
    history.go_back_to("a")
    history.go_back_to("b")  # is gone
    history.add(said("assistant", "d"))
    first, second = history.stretches()
    assert [item["content"] for item in first.items] == ["a", "b", "c"]
    assert ([item["content"] for item in second.items], second.ends) == (["a", "d"], [1])


def test_a_call_of_chat_completions_is_the_same_call() -> None:
    function = {"name": "read", "arguments": '{"path":"a.py"}'}
    assert called_function({"id": "call_1", "function": function}) == [called("call_1", "read", {"path": "a.py"})]
    assert called_function({"id": "call_2", "function": {"name": "list"}}) == [called("call_2", "list", {})]
    assert called_function({"function": function}) == called_function(None) == []


def test_what_is_no_text_and_no_count_is_nothing() -> None:
    assert said("user", None) == said("user", "") == []
    assert part_texts([{"text": "a"}, {"text": 1}, "b"]) == ["a"]
    assert [count_of(value) for value in (3, -3, True, "3", None)] == [3, 0, 0, 0, 0]


def told(history: GrowingHistory) -> list[list[object]]:
    return [[item["content"] for item in stretch.items] for stretch in history.stretches()]


@pytest.mark.parametrize("record", ["unknown", None])
def test_after_an_unknown_record_nothing_is_kept(record: str | None) -> None:
    history = GrowingHistory()
    history.add(said("user", "a"))
    history.compact(said("user", "sum"), record)
    history.add(said("user", "b"))
    assert told(history) == [["a"], ["sum", "b"]]


def test_a_compaction_that_nothing_follows_is_no_request() -> None:
    history = GrowingHistory()
    history.add(said("user", "a"))
    history.compact(said("user", "sum"), None)
    assert told(history) == [["a"]]


def test_what_a_compaction_keeps_is_known_at_the_next_one() -> None:
    history = GrowingHistory()
    for name in ("a", "b", "c", "d"):
        history.mark(f"before {name}")
        history.add(said("user", name))
    history.compact(said("user", "sum"), "before c")
    history.add(said("user", "e"))
    history.compact(said("user", "sum 2"), "before d")
    history.go_back_to("before a")  # is gone
    history.add(said("user", "f"))
    assert told(history) == [["a", "b", "c", "d"], ["sum", "c", "d", "e"], ["sum 2", "d", "e", "f"]]


def test_a_record_that_is_told_twice_is_where_it_was_told_last() -> None:
    history = GrowingHistory()
    for name in ("a", "b", "a"):
        history.add(said("user", name))
        history.mark(name)
    history.add(said("user", "c"))
    history.go_back_to("b")
    history.go_back_to("a")  # is gone
    history.add(said("user", "d"))
    assert told(history) == [["a", "b", "a", "c"], ["a", "b", "d"]]

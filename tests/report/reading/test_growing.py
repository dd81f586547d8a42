"""A history that is told step by step."""

from __future__ import annotations

import pytest

from headroom_report.reading.growing import GrowingHistory
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


def test_what_is_no_text_and_no_count_is_nothing() -> None:
    assert said("user", None) == said("user", "") == []
    assert part_texts([{"text": "a"}, {"text": 1}, "b"]) == ["a"]
    assert [count_of(value) for value in (3, -3, True, "3", None)] == [3, 0, 0, 0, 0]


@pytest.mark.parametrize("record", ["unknown", None])
def test_after_an_unknown_record_nothing_is_kept(record: str | None) -> None:
    history = GrowingHistory()
    history.add(said("user", "a"))
    assert history.since(record) == []

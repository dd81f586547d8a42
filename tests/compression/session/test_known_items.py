"""What is worked out of an item once, however often it is folded."""

from __future__ import annotations

import pytest

from headroom_compression import tokens
from headroom_compression.calls.reading import read_call
from headroom_compression.document import Stage
from headroom_compression.pipeline import FoldedText
from headroom_compression.session import known_items
from headroom_compression.session.item_tokens import TOKENS_PER_ITEM
from headroom_compression.session.known_items import KnownItem
from tests.compression.support.bodies import command_call
from tests.compression.support.bodies import function_output
from tests.compression.support.budget_sessions import report


def test_a_call_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    item = KnownItem(command_call("cat a.py", "c1"))
    found = item.call
    assert found == read_call(command_call("cat a.py", "c1"))
    monkeypatch.setattr(known_items, "read_call", None)
    assert item.call is found
    unknown = KnownItem(function_output("a"))
    monkeypatch.setattr(known_items, "read_call", lambda _: None)
    assert unknown.call is None
    monkeypatch.setattr(known_items, "read_call", None)
    assert unknown.call is None


def test_texts_are_taken_apart_once_for_a_call() -> None:
    item = KnownItem(function_output(report(1)), [report(1), "b"])
    call, other = (read_call(command_call(command)) for command in ("cat a.py", "cat b.py"))
    found = item.foldings(call, is_reported=False)
    assert [(folding.document.text, folding.document.call) for folding in found] == [(report(1), call), ("b", call)]
    assert item.foldings(call, is_reported=False) is found
    reported = item.foldings(call, is_reported=True)
    assert [folding.document.is_reported for folding in [*found, *reported]] == [False, False, True, True]
    assert [folding.document.call for folding in item.foldings(other, is_reported=True)] == [other, other]
    assert [folding.document.call for folding in item.foldings(None, is_reported=True)] == [None, None]


def test_tokens_are_counted_once(monkeypatch: pytest.MonkeyPatch) -> None:
    item = KnownItem(function_output([]), [report(1), report(2)])
    form = FoldedText("", "short", (Stage.KIND,), 700, 1)
    first, second = item.text_counts([form, None])
    assert first.tokens == 700
    assert second.tokens == tokens.count(report(2))
    monkeypatch.setattr(tokens, "count", None)
    assert item.text_counts([form, None])[1] is second
    assert item.text_counts([form, form])[1].tokens == 700
    assert item.tokens is item.tokens
    assert item.tokens.tokens == TOKENS_PER_ITEM

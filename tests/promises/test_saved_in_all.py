"""What all of a request saves: the sum over the texts that the model sees. No memory changes it: `test_promises.py`."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import settings
from hypothesis import strategies

from headroom_compression import CompressedBody
from headroom_compression import Memory
from headroom_compression import Settings
from headroom_compression import compress_request_body
from headroom_compression import tokens
from tests.compression.support.sessions import Session
from tests.promises.test_promises import MANY
from tests.promises.test_promises import sessions
from tests.promises.test_promises import some_settings
from tests.promises.test_promises import sums
from tests.promises.test_promises import tool_texts

FEWER = settings(MANY, max_examples=150)


def sums_by_counting(session: Session, result: CompressedBody) -> tuple[int, int]:
    """By the texts as they came and as they were sent, after the last compaction."""
    items = [entry.item for entry in session.entries]
    compactions = [place for place, item in enumerate(items) if item.get("type") == "compaction"]
    start = max(compactions, default=0)
    pairs = [
        pair
        for item, sent in zip(items[start:], json.loads(result.body)["input"][start:], strict=True)
        for pair in zip(tool_texts(item), tool_texts(sent), strict=True)
        if pair[0] != pair[1]
    ]
    return sum(tokens.count(before) - tokens.count(after) for before, after in pairs), len(pairs)


@FEWER
@given(sessions, some_settings)
def test_is_the_sum_over_the_texts(session: Session, chosen: Settings) -> None:
    result = compress_request_body(session.body(), chosen)
    assert sums(result.report) == sums_by_counting(session, result)


@FEWER
@given(sessions, some_settings, strategies.integers(0, 40))
def test_what_continues_a_conversation_counts_all_of_it(session: Session, chosen: Settings, count: int) -> None:
    before = compress_request_body(session.body(count), chosen).conversation
    increment = session.style.body(session.raw_items[count:])
    report = compress_request_body(increment, chosen, conversation=before).report
    assert sums(report) == sums(compress_request_body(session.body(), chosen).report)


@FEWER
@given(sessions, some_settings)
def test_a_text_is_known_again_by_its_key(session: Session, chosen: Settings) -> None:
    memory = Memory()
    keys = [
        text.key
        for count in range(len(session.entries) + 1)
        for text in compress_request_body(session.body(count), chosen, memory).report.shortened
    ]
    assert keys == [text.key for text in compress_request_body(session.body(), chosen).report.shortened]

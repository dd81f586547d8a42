"""What compression saves of a recorded session: its requests through the core, and exact counts of their texts.

What is sent for an item depends only on it and the items before it. So one call with the longest request of a stretch
also tells what the shorter ones sent: the same tokens as turn by turn, in linear time.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence
from itertools import accumulate
from itertools import pairwise
from itertools import takewhile

from headroom_compression import Settings
from headroom_compression import compress_request_body
from headroom_compression import tokens
from headroom_report.measuring.outputs import MeasuredItem
from headroom_report.measuring.outputs import by_tool
from headroom_report.measuring.outputs import largest
from headroom_report.measuring.outputs import named_outputs
from headroom_report.measuring.rereads import SeenLines
from headroom_report.values import json_text
from headroom_report.values.items import Item
from headroom_report.values.items import count_tokens
from headroom_report.values.items import digest
from headroom_report.values.items import is_output
from headroom_report.values.items import texts
from headroom_report.values.rereads import NO_REREADS
from headroom_report.values.rereads import Rereads
from headroom_report.values.savings import OutputSavings
from headroom_report.values.savings import RequestSavings
from headroom_report.values.savings import SessionSavings
from headroom_report.values.savings import Tokens
from headroom_report.values.sessions import Session
from headroom_report.values.sessions import Stretch


class Audit:
    """Measures sessions one after the other, and counts copied items once: it remembers a digest of each item."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._seen: set[bytes] = set()

    def measure(self, session: Session) -> SessionSavings | None:
        """Measure a session; None when all of its requests are those of an earlier one."""
        fixed = sum(map(tokens.count, session.fixed))
        seen_here: set[bytes] = set()
        turns: list[RequestSavings] = []
        outputs: list[OutputSavings] = []
        rereads = NO_REREADS
        usage = session.usage
        for stretch in session.stretches:
            digests = [digest(item) for item in _sent_part(stretch)]
            copied = max(stretch.copied, self._copied(stretch, digests))
            usage = usage if copied == stretch.copied else None  # it includes the answers that were copied
            known = {*digests[:copied], *seen_here}
            measured = _measure(stretch, self._settings, session, [key not in known for key in digests])
            ends = [end for end in stretch.ends if end > copied]
            turns += turns_of(measured, [copied, *ends], fixed, is_first=not turns)
            outputs += named_outputs(measured)
            rereads += rereads_of(measured)
            seen_here.update(digests)
        self._seen |= seen_here
        if not turns:
            return None
        sums = tuple(turns), by_tool(outputs), largest(outputs), usage, rereads
        return SessionSavings(session.name, session.kind, *sums)

    def _copied(self, stretch: Stretch, digests: Sequence[bytes]) -> int:
        """How many items at the beginning are those of an earlier session. Equal prompts alone are no copy."""
        count = sum(1 for _ in takewhile(self._seen.__contains__, digests))
        return count if any(map(is_output, stretch.items[:count])) else 0


def _sent_part(stretch: Stretch) -> Sequence[Item]:
    """All items that a request sent: not what the model said last."""
    return stretch.items[: stretch.ends[-1]] if stretch.ends else ()


def _measure(stretch: Stretch, settings: Settings, session: Session, are_new: Sequence[bool]) -> list[MeasuredItem]:
    items = _sent_part(stretch)
    sent = sent_items(items, settings, session)
    return [
        MeasuredItem(item, sent_item, tokens_of_item(item, sent_item), is_new)
        for item, sent_item, is_new in zip(items, sent, are_new, strict=True)
    ]


def sent_items(items: Sequence[Item], settings: Settings, session: Session) -> Sequence[Item]:
    """The items as the addon sends them; the same objects where it changes nothing."""
    if not items:
        return items
    compressed = compress_request_body(json_text.write({**session.options, "input": items}), settings)
    if not compressed.changed:
        return items
    body = json_text.parse(compressed.body)
    return body["input"] if isinstance(body, dict) else items


def tokens_of_item(item: Item, sent: Item, count: Callable[[Item], int] = count_tokens) -> Tokens:
    before = count(item)
    return Tokens(before, before if sent is item or sent == item else count(sent))


def rereads_of(measured: Iterable[MeasuredItem]) -> Rereads:
    """Of one conversation. Lines that an earlier request had are known, but count there."""
    seen = SeenLines()
    outputs = (entry for entry in measured if is_output(entry.item))
    added = (seen.add(_texts(entry), is_counted=entry.is_new) for entry in outputs)
    return sum(added, NO_REREADS)


def _texts(entry: MeasuredItem) -> list[tuple[str, str]]:
    return list(zip(texts(entry.item), texts(entry.sent), strict=False))


def turns_of(
    measured: Sequence[MeasuredItem], ends: Sequence[int], fixed: int, *, is_first: bool
) -> Iterator[RequestSavings]:
    """The requests that end at `ends`, but for the first: before that one nothing is new. fixed: tokens in each."""
    sums = list(accumulate((entry.tokens for entry in measured), initial=Tokens(fixed, fixed)))
    news = list(accumulate((entry.tokens if entry.is_new else Tokens() for entry in measured), initial=Tokens()))
    counts = list(accumulate((entry.is_new and is_output(entry.item) for entry in measured), initial=0))
    for number, (start, end) in enumerate(pairwise(ends)):
        new = Tokens(news[end].before - news[start].before, news[end].after - news[start].after)
        own = Tokens(fixed, fixed) if is_first and number == 0 else Tokens()
        yield RequestSavings(sums[end], new + own, counts[end] - counts[start])

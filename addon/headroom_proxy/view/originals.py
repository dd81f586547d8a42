"""The bodies of requests as they came, while somebody looks at flows: for the view of before and after.

Kept in memory only, as long as their flow lives, up to a limit. Without a user interface nothing is kept.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Final
from weakref import WeakKeyDictionary

from mitmproxy.http import HTTPFlow

if TYPE_CHECKING:
    from headroom_compression import CompressionReport
    from headroom_compression import TextReport

MAX_BODIES: Final = 128 * 2**20
MAX_TEXTS: Final = 20_000
_LEFT_WHEN_FULL: Final = 0.9


@dataclass(frozen=True, slots=True)
class Original:
    """before: the body as it came. after: a hash of the one that went on. new: the keys of its new shortened texts."""

    before: bytes
    after: int
    new: frozenset[bytes]


class Originals:
    """is_wanted: whether there is anybody to look at them."""

    def __init__(self) -> None:
        self.is_wanted = False
        self._by_flow: WeakKeyDictionary[HTTPFlow, Original] = WeakKeyDictionary()
        self._texts: OrderedDict[bytes, TextReport] = OrderedDict()
        self._size = 0  # of the bodies, at most: some of their flows may be gone

    def keep(self, flow: HTTPFlow, before: bytes, after: bytes, report: CompressionReport) -> None:
        """Keep the body of the latest request of a flow that went on shorter."""
        if not self.is_wanted:
            return
        for text in report.shortened:
            self._texts[text.key] = text
        while len(self._texts) > MAX_TEXTS:
            self._texts.popitem(last=False)
        self._by_flow.pop(flow, None)
        self._by_flow[flow] = Original(before, hash(after), frozenset(text.key for text in report.shortened))
        self._size += len(before)
        if self._size > MAX_BODIES:
            self._make_room()

    def of(self, flow: object, after: bytes) -> Original | None:
        """What became this body; None when it was changed since, or is not kept."""
        original = self._by_flow.get(flow) if isinstance(flow, HTTPFlow) else None
        return original if original and original.after == hash(after) else None

    def text(self, key: bytes) -> TextReport | None:
        """How a text was shortened when it was sent first."""
        return self._texts.get(key)

    def forget(self) -> None:
        self._by_flow.clear()
        self._texts.clear()
        self._size = 0

    def _make_room(self) -> None:
        """Let the oldest go, more than need be, so that this is rarely done: it looks at all flows."""
        sizes = [(flow, len(original.before)) for flow, original in self._by_flow.items()]  # the oldest first
        self._size = sum(size for _, size in sizes)
        for flow, size in sizes:
            if self._size <= MAX_BODIES * _LEFT_WHEN_FULL:
                break
            del self._by_flow[flow]
            self._size -= size

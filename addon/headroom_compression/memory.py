"""Reuse between requests: nearly all of a session's request was in the one before.

A cache only. Without it, or when it has forgotten, the result is the same bytes.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

from headroom_compression.conversation import Conversation

# Bytes of the index of the lines for each byte of a request: by tracemalloc 1.8 (careful) to 3.4 (eager) on recorded
# sessions.
_INDEX_FACTOR = 4


@dataclass(frozen=True, slots=True)
class RememberedPrefix:
    """A request up to the end of its last input item: as it came, as it was sent, and the state at that point.

    keys: the top-level keys before `input`. moves_history: one of them lets the server shorten the history.
    """

    original: bytes
    sent: bytes
    keys: frozenset[str]
    moves_history: bool
    conversation: Conversation

    @property
    def size(self) -> int:
        return len(self.original) * (1 + _INDEX_FACTOR) + len(self.sent)


class Memory:
    """Remembers the latest request of each session, up to `limit` bytes in all, the least recently used out first.

    Not safe for several threads at once.
    """

    def __init__(self, limit: int = 256 * 2**20) -> None:
        self._limit = limit
        self._size = 0
        self._prefixes: OrderedDict[bytes, RememberedPrefix] = OrderedDict()

    def longest_prefix(self, body: bytes) -> RememberedPrefix | None:
        """The longest remembered request that this one begins with."""
        matches = (prefix for prefix in self._prefixes.values() if body.startswith(prefix.original))
        found = max(matches, key=lambda prefix: len(prefix.original), default=None)
        if found:
            self._prefixes.move_to_end(found.original)
        return found

    def remember(self, prefix: RememberedPrefix, continued: RememberedPrefix | None) -> None:
        """Keep a prefix in the place of the one that it continues."""
        for old in (continued, prefix):
            if old and old.original in self._prefixes:
                self._size -= self._prefixes.pop(old.original).size
        self._prefixes[prefix.original] = prefix
        self._size += prefix.size
        while self._size > self._limit:
            self._size -= self._prefixes.popitem(last=False)[1].size

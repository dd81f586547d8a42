"""Reuse between requests: nearly all of a session's request was in the one before.

A cache only. Without it, or when it has forgotten, the result is the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING
from typing import NamedTuple

from headroom_compression.fingerprints import fingerprints_in
from headroom_compression.holdings import Holdings
from headroom_compression.session.prefixes import RememberedPrefix

if TYPE_CHECKING:
    from headroom_compression.session.conversation import Conversation

DEFAULT_LIMIT = 256 * 2**20
# Each is looked at for each request: 0.15 ms for so many, beside what it takes to look at a beginning that some share.
_MAX_PREFIXES = 1_000


class _Kept(NamedTuple):
    """held: what the prefix holds. ending, place: how its first piece ends and where in a request that stands."""

    prefix: RememberedPrefix
    held: tuple[int, ...]
    ending: bytes
    place: int


class Memory:
    """Remembers the latest request of each session, up to `limit` bytes in all, the least recently used out first.

    What forks of a session share counts once, and stays as long as one of them is remembered.
    Not safe for several threads at once.
    """

    def __init__(self, limit: int = DEFAULT_LIMIT) -> None:
        self._limit = limit
        self._held = Holdings()
        # The least recently used first. All are looked at for each request, so no OrderedDict: it looks up each key.
        self._prefixes: dict[tuple[bytes, ...], _Kept] = {}

    @property
    def size(self) -> int:
        """About how many bytes all of it takes."""
        return self._held.size

    def longest_prefix(self, body: bytes) -> RememberedPrefix | None:
        """The longest beginning of the body that was in an earlier request."""
        fingerprint_of, has_there = fingerprints_in(body), body.startswith
        alike = [prefix for prefix, _, ending, place in self._prefixes.values() if has_there(ending, place)]
        shared = (prefix.shared_with(body, fingerprint_of) for prefix in alike)
        found = max((prefix for prefix in shared if prefix), key=lambda prefix: prefix.length, default=None)
        if found and found.key in self._prefixes:
            self._prefixes[found.key] = self._prefixes.pop(found.key)
        return found

    def remember(self, prefix: RememberedPrefix, continued: RememberedPrefix | None) -> None:
        """Keep a prefix in the place of the one that it continues."""
        key, held, first = prefix.key, self._held.add(prefix.holdings), prefix.pieces[0]
        for old in (continued.key, key) if continued else (key,):
            if old in self._prefixes:
                self._held.remove(self._prefixes.pop(old).held)
        self._prefixes[key] = _Kept(prefix, held, first.ending, first.stop - len(first.ending))
        while self._held.size > self._limit or len(self._prefixes) > _MAX_PREFIXES:
            self._held.remove(self._prefixes.pop(next(iter(self._prefixes))).held)

    def begin_item(self, end: int) -> None:
        """Called before the work on each new item, with where in the body it ends; may raise, to end the work."""

    def forget(self, is_forgotten: Callable[[Conversation], bool]) -> None:
        """Drop each request that holds a point for which that is true."""
        for key, kept in list(self._prefixes.items()):
            if any(is_forgotten(piece.conversation) for piece in kept.prefix.pieces):
                del self._prefixes[key]
                self._held.remove(kept.held)

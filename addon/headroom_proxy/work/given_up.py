"""Requests whose work took too long: the turns after them begin with the same items, and are not tried again.

What was given up went on as it came. So must what follows: the provider's cache has it that way.
"""

from __future__ import annotations

import secrets
from collections import OrderedDict
from hashlib import blake2b
from threading import Lock
from typing import TYPE_CHECKING
from typing import Final
from typing import NamedTuple

if TYPE_CHECKING:
    from headroom_compression import Settings

# Each length of them costs a request 3 us.
MAX_GIVEN_UP: Final = 200
# Cheap to compare first; where it is the same nearly always all of it is.
_END: Final = 256
_KEY: Final = secrets.token_bytes(32)


class _Beginning(NamedTuple):
    """What a body begins with: settings it was worked on with, its length, the hash of its end."""

    settings: Settings
    length: int
    end: bytes

    def may_begin(self, settings: Settings, body: bytes) -> bool:
        return self.settings == settings and len(body) >= self.length and self.end == _end_hash(body, self.length)


class GivenUp:
    """Holds hashes under a key that dies with the process, and no content but what `hash_noted` has not come to yet."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._hashes: OrderedDict[_Beginning, bytes] = OrderedDict()
        self._noted: dict[_Beginning, bytes] = {}

    def note(self, settings: Settings, body: bytes, length: int) -> None:
        """In the event loop: remember the beginning of a body, up to the end of the item that the work was at.

        To hash it takes 1 ms a MB: a thread does that, the first that asks or `hash_noted`.
        """
        with self._lock:
            self._noted[_Beginning(settings, length, _end_hash(body, length))] = body

    def hash_noted(self) -> None:
        """In a thread: let go of the bodies."""
        with self._lock:
            noted = dict(self._noted)
        hashes = {beginning: _hash(memoryview(body)[: beginning.length]) for beginning, body in noted.items()}
        with self._lock:
            self._hashes |= hashes
            while len(self._hashes) > MAX_GIVEN_UP:
                self._hashes.popitem(last=False)
            for beginning, body in noted.items():
                if self._noted.get(beginning) is body:
                    del self._noted[beginning]

    def may_have(self, settings: Settings, body: bytes) -> bool:
        """In the event loop: whether a thread has to find out whether the body begins with what was given up."""
        with self._lock:
            known = [*self._noted, *self._hashes]
        ends = {beginning.length for beginning in known if beginning.length <= len(body)}
        found = {(length, _end_hash(body, length)) for length in ends}
        return any(each.settings == settings and (each.length, each.end) in found for each in known)

    def has(self, settings: Settings, body: bytes) -> bool:
        """In a thread: whether the body begins with what was given up."""
        if self._noted:
            self.hash_noted()
        with self._lock:
            known = list(self._hashes.items())
        for beginning, its_hash in known:
            if beginning.may_begin(settings, body) and _hash(memoryview(body)[: beginning.length]) == its_hash:
                with self._lock:
                    self._hashes.pop(beginning, None)
                    self._hashes[beginning] = its_hash
                return True
        return False


def _end_hash(body: bytes, length: int) -> bytes:
    return _hash(memoryview(body)[max(length - _END, 0) : length])


def _hash(content: memoryview) -> bytes:
    return blake2b(content, key=_KEY, digest_size=16).digest()

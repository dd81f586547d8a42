"""Requests whose work took too long. Later turns of their sessions begin with the same items, and are not tried again.

Such a request was forwarded as it came. So must be the turns after it: that is what the provider's cache holds.
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

# For each different length among them a request takes 3 us longer.
MAX_GIVEN_UP: Final = 200
# Bytes at the end of a beginning, compared first because that is cheap: where they match, nearly always all of it does.
_END: Final = 256
_KEY: Final = secrets.token_bytes(32)


class _Beginning(NamedTuple):
    """The beginning of a body: the settings that it was worked on with, its length in bytes, the hash of its end."""

    settings: Settings
    length: int
    end: bytes

    def may_begin(self, settings: Settings, body: bytes) -> bool:
        return self.settings == settings and len(body) >= self.length and self.end == _end_hash(body, self.length)


class GivenUp:
    """Holds keyed hashes, whose key dies with the process, and bodies only until `hash_noted` has hashed them."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._hashes: OrderedDict[_Beginning, bytes] = OrderedDict()
        self._noted: dict[_Beginning, bytes] = {}

    def note(self, settings: Settings, body: bytes, length: int) -> None:
        """In the event loop: remember the beginning of a body. length: up to the end of the item that the work was at.

        Hashing takes 1 ms a MB, so it is left to a thread: to `hash_noted`, which `has` calls as well.
        """
        with self._lock:
            self._noted[_Beginning(settings, length, _end_hash(body, length))] = body

    def hash_noted(self) -> None:
        """In a thread: hash what was noted, and release the bodies."""
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
        """In the event loop: whether the body may begin with what was given up; then `has` tells, in a thread."""
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

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

if TYPE_CHECKING:
    from headroom_compression import Settings

# Each costs a request half a microsecond.
MAX_GIVEN_UP: Final = 200
# Cheap to compare first; where it is the same nearly always all of it is.
_END: Final = 256
_KEY: Final = secrets.token_bytes(32)


class GivenUp:
    """Holds no content, only hashes under a key that dies with the process."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._beginnings: OrderedDict[tuple[Settings, int, bytes], bytes] = OrderedDict()

    def note(self, settings: Settings, body: bytes, length: int) -> None:
        """Remember the beginning of a body, up to the end of the item that the work was at."""
        end, beginning = _hash(body[max(length - _END, 0) : length]), _hash(body[:length])
        with self._lock:
            self._beginnings[settings, length, end] = beginning
            if len(self._beginnings) > MAX_GIVEN_UP:
                self._beginnings.popitem(last=False)

    def has(self, settings: Settings, body: bytes) -> bool:
        """Whether the body begins with what was given up."""
        with self._lock:
            known = list(self._beginnings.items())
        for key, beginning in known:
            noted, length, end = key
            is_alike = noted == settings and len(body) >= length and _hash(body[max(length - _END, 0) : length]) == end
            if is_alike and _hash(memoryview(body)[:length]) == beginning:
                with self._lock:
                    self._beginnings.pop(key, None)
                    self._beginnings[key] = beginning
                return True
        return False


def _hash(content: bytes | memoryview) -> bytes:
    return blake2b(content, key=_KEY, digest_size=16).digest()

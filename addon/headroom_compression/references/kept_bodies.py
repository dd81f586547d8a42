"""Outputs as they were sent, kept in little memory: one is read again only where a pointer may lead to it."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from headroom_compression.zstd_modules import zstd_module

_ZSTD: Final = zstd_module()

# Of so many bytes together zstd makes a fourth in 3.5 ms a MB and reads them in 1, where zlib takes 12 and 4.
_BLOCK_BYTES = 64 * 1024
_LEVEL = 1
# Which texts are read again is much the same from pointer to pointer. Longer ones would stay for long.
_BLOCKS_AT_HAND = 8
_MAX_AT_HAND = 2 * _BLOCK_BYTES
# By sys.getsizeof: the object with its numbers and its place in a list.
_BYTES_PER_BODY = 200
# A lone surrogate stays what it is.
_ERRORS = "surrogatepass"


class KeptBody:
    """A text. size: about how many bytes of memory it takes; of a block its share.

    plain: its bytes, until they stand in a packed block, from `start` to `stop` of `length`.
    """

    __slots__ = ("_block", "_length", "_start", "_stop", "line_feeds", "plain", "size")

    def __init__(self, text: str) -> None:
        self.plain: bytes | None = text.encode(errors=_ERRORS)
        self.line_feeds = text.count("\n") if "\n" in text else 0  # to count none takes 0.3 ms a MB
        self.size = _BYTES_PER_BODY + len(self.plain)
        self._block = b""
        self._start, self._stop, self._length = 0, 0, 0

    @property
    def text(self) -> str:
        plain = self.plain
        if plain is None:
            unpack = _at_hand if self._length <= _MAX_AT_HAND else _ZSTD.decompress
            plain = unpack(self._block)[self._start : self._stop]
        return plain.decode(errors=_ERRORS)

    def put_in(self, block: bytes, start: int, stop: int, length: int) -> None:
        """Another thread may read it meanwhile: the plain bytes go last."""
        self._block, self._start, self._stop, self._length = block, start, stop, length
        self.size = _BYTES_PER_BODY + len(block) * (stop - start) // length
        self.plain = None


class KeptBodies:
    """Those of one branch of a session. size: of all that it kept, in bytes."""

    def __init__(self) -> None:
        self.size = 0
        self._open: list[tuple[KeptBody, bytes]] = []
        self._open_bytes = 0

    def keep(self, text: str) -> KeptBody:
        body = KeptBody(text)
        self.size += body.size
        if body.plain:
            if len(body.plain) >= _BLOCK_BYTES and self._open:  # else the short ones would keep the block of a long one
                self._pack()
            self._open.append((body, body.plain))
            self._open_bytes += len(body.plain)
        if self._open_bytes >= _BLOCK_BYTES:
            self._pack()
        return body

    def _pack(self) -> None:
        block = _ZSTD.compress(b"".join([plain for _, plain in self._open]), _LEVEL)
        start = 0
        for body, plain in self._open:
            stop = start + len(plain)
            body.put_in(block, start, stop, self._open_bytes)
            start = stop
        self.size += len(block) - self._open_bytes
        self._open, self._open_bytes = [], 0


@lru_cache(_BLOCKS_AT_HAND)
def _at_hand(block: bytes) -> bytes:
    return bytes(_ZSTD.decompress(block))


# Of a text that nobody asks for.
NO_BODY = KeptBody("")

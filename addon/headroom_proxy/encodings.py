"""Content-Encoding, read strictly and written back in kind.

mitmproxy's own decoder takes truncated bodies, drops a second gzip member and knows no limit.
Here everything but one complete, correct stream is a ValueError, and the caller leaves the body as it is.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Final
from typing import Protocol

import brotli  # type: ignore[import-untyped]  # ships no types

from headroom_compression.zstd_modules import zstd_module

if TYPE_CHECKING:
    from collections.abc import Callable

# The largest context windows are about 1M tokens, 5 MB of text; images in base64 come on top.
DECODED_LIMIT: Final = 64 * 2**20

# Coded bytes taken at a time where a library cannot limit its output: a bomb exceeds the limit by what one step yields.
# A zstd block makes 128 KiB of 4 bytes, so 32 MiB per KiB; a Brotli meta-block makes 16 MiB of about 10 bytes.
STEP: Final = 1024
BROTLI_STEP: Final = 16

GZIP: Final = 31  # window bits of zlib
ZLIB: Final = 15
RAW_DEFLATE: Final = -15
ZLIB_LEVEL: Final = 6  # what clients use by default
BROTLI_QUALITY: Final = 4  # 11, the default, takes a second per MB

# What Codex uses. Level 1 takes 1.2 instead of 1.5 ms for half a MB, and makes 8% more to upload.
ZSTD_LEVEL: Final = 3

zstd: Final = zstd_module()


class _Ending(Protocol):
    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...


class _Decompressor(_Ending, Protocol):
    def decompress(self, data: bytes, /) -> bytes: ...


class _LimitedDecompressor(_Ending, Protocol):
    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Coding:
    decode: Callable[[bytes, int], bytes]
    encode: Callable[[bytes], bytes]


def decode(raw: bytes, names: list[str], limit: int | None = None) -> tuple[bytes, Coding]:
    """Return the decoded body and the coding that encodes it again; `names` are the Content-Encoding headers.

    limit: the most decoded bytes, by default DECODED_LIMIT.
    """
    limit = DECODED_LIMIT if limit is None else limit
    if len(names) > 1:
        raise ValueError("several Content-Encoding headers")
    name = names[0].strip().lower() if names else "identity"
    if name not in CODINGS:
        raise ValueError("unknown or stacked Content-Encoding")
    *others, last = CODINGS[name]
    for coding in others:
        try:
            return coding.decode(raw, limit), coding
        except ValueError:
            continue
    return last.decode(raw, limit), last


def _check_limit(size: int, limit: int) -> None:
    if size > limit:
        raise ValueError("decoded body over the limit")


def _decode_identity(raw: bytes, limit: int) -> bytes:
    _check_limit(len(raw), limit)
    return raw


def _encode_identity(body: bytes) -> bytes:
    _check_limit(len(body), DECODED_LIMIT)
    return body


def _decode_at_once(decompressor: _LimitedDecompressor, raw: bytes, limit: int) -> bytes:
    """For 1 MB of zstd 0.8 ms; steps take 1.1 ms, and after each another thread may take the interpreter."""
    body = decompressor.decompress(raw, limit + 1)
    _check_limit(len(body), limit)
    _check_end(decompressor)
    return body


def _decode_in_steps(decompressor: _Decompressor, raw: bytes, limit: int) -> bytes:
    parts = []
    size = 0
    for start in range(0, len(raw), STEP):
        if decompressor.eof:
            raise ValueError("bytes after the end")
        parts.append(decompressor.decompress(raw[start : start + STEP]))
        size += len(parts[-1])
        _check_limit(size, limit)
    _check_end(decompressor)
    return b"".join(parts)


def _check_end(decompressor: _Ending) -> None:
    if not decompressor.eof:
        raise ValueError("truncated")
    if decompressor.unused_data:
        raise ValueError("bytes after the end")


def _decode_zstd(raw: bytes, limit: int) -> bytes:
    decompressor = zstd.ZstdDecompressor()
    try:
        if hasattr(decompressor, "decompressobj"):  # zstandard: its one-shot method wants the size in the frame
            return _decode_in_steps(decompressor.decompressobj(), raw, limit)
        return _decode_at_once(decompressor, raw, limit)
    except zstd.ZstdError as error:
        raise ValueError("broken zstd") from error


def _encode_zstd(body: bytes) -> bytes:
    return bytes(zstd.compress(body, ZSTD_LEVEL))


def _decode_brotli(raw: bytes, limit: int) -> bytes:
    """Measure first: Brotli 1.1 cannot limit its output, and only `decompress` refuses trailing bytes."""
    decompressor = brotli.Decompressor()
    size = 0
    try:
        for start in range(0, len(raw), BROTLI_STEP):
            size += len(decompressor.process(raw[start : start + BROTLI_STEP]))
            _check_limit(size, limit)
        return bytes(brotli.decompress(raw))
    except brotli.error as error:
        raise ValueError("broken br") from error


def _encode_brotli(body: bytes) -> bytes:
    return bytes(brotli.compress(body, quality=BROTLI_QUALITY))


def _deflate(window_bits: int) -> Coding:
    """Of gzip too: zlib writes 0 for the time in its header, so that a body always gives the same bytes."""

    def decode_deflate(raw: bytes, limit: int) -> bytes:
        try:
            return _decode_at_once(zlib.decompressobj(window_bits), raw, limit)
        except zlib.error as error:
            raise ValueError("broken deflate") from error

    def encode_deflate(body: bytes) -> bytes:
        return zlib.compress(body, ZLIB_LEVEL, window_bits)

    return Coding(decode_deflate, encode_deflate)


_IDENTITY: Final = Coding(_decode_identity, _encode_identity)

# RFC 9110 names the zlib format `deflate`; some clients send it without zlib's header.
CODINGS: Final = {
    "identity": (_IDENTITY,),
    "none": (_IDENTITY,),
    "zstd": (Coding(_decode_zstd, _encode_zstd),),
    "gzip": (_deflate(GZIP),),
    "br": (Coding(_decode_brotli, _encode_brotli),),
    "deflate": (_deflate(ZLIB), _deflate(RAW_DEFLATE)),
}


def content_encoding(fields: Iterable[tuple[bytes, bytes]]) -> list[str]:
    """The values of the Content-Encoding headers. Asking mitmproxy for them takes far longer."""
    return [value.decode("latin-1") for name, value in fields if name.lower() == b"content-encoding"]

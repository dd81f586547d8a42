"""Strict decoding, and the way back."""

from __future__ import annotations

import gzip
import random
import tracemalloc
import zlib
from typing import TYPE_CHECKING

import brotli  # type: ignore[import-untyped]  # ships no types
import pytest
from mitmproxy.net import encoding as mitmproxy_encoding

from headroom_proxy import encodings

if TYPE_CHECKING:
    from collections.abc import Callable

BODY = b'{"input": [{"type": "function_call_output"}]}' * 500
NOISE = random.Random(1).randbytes(300_000)  # noqa: S311  no secret; more than one step, whatever the encoding


def zstd_in_pieces(body: bytes) -> bytes:
    """A frame that does not say how long its content is, as a client writes it that streams."""
    compressor = encodings.zstd.ZstdCompressor()
    if hasattr(compressor, "compressobj"):
        compressor = compressor.compressobj()
    return bytes(compressor.compress(body) + compressor.flush())


def raw_deflate(body: bytes) -> bytes:
    return zlib.compress(body, wbits=-15)


def zstd(body: bytes) -> bytes:
    return bytes(encodings.zstd.compress(body, 3))


def named_gzip(body: bytes) -> bytes:
    return b"\x1f\x8b\x08\x08" + b"\x01\x02\x03\x04\x00\xff" + b"name\0" + gzip.compress(body)[10:]


ENCODERS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "zstd": ("zstd", zstd),
    "zstd without a size": ("zstd", zstd_in_pieces),
    "gzip": ("gzip", gzip.compress),
    "gzip with a file name": ("gzip", named_gzip),
    "brotli": ("br", brotli.compress),
    "deflate as zlib": ("deflate", zlib.compress),
    "raw deflate": ("deflate", raw_deflate),
}


@pytest.fixture(params=ENCODERS)
def encoded(request: pytest.FixtureRequest) -> tuple[str, Callable[[bytes], bytes]]:
    return ENCODERS[request.param]


@pytest.mark.parametrize("body", [BODY, NOISE, b"x"], ids=["text", "noise", "one byte"])
def test_decodes_and_encodes_in_kind(body: bytes, encoded: tuple[str, Callable[[bytes], bytes]]) -> None:
    name, encode = encoded
    decoded, coding = encodings.decode(encode(body), [name])
    assert decoded == body
    again = coding.encode(body + b"edited")
    assert coding.decode(again, encodings.DECODED_LIMIT) == body + b"edited", "raw deflate stays raw"
    assert mitmproxy_encoding.decode(again, name) == body + b"edited"
    assert coding.encode(body + b"edited") == again


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda raw: raw[:-1], id="truncated by a byte"),
        pytest.param(lambda raw: raw[: len(raw) // 2], id="truncated by half"),
        pytest.param(lambda raw: raw[:1], id="a single byte"),
        pytest.param(lambda raw: b"", id="nothing"),  # noqa: ARG005  one of several
        pytest.param(lambda raw: raw + b"\0", id="followed by a zero"),
        pytest.param(lambda raw: raw + b"rest" * 1000, id="followed by more"),
        pytest.param(lambda raw: raw + raw, id="a second member"),
        pytest.param(lambda raw: BODY[: len(raw)], id="not encoded at all"),
    ],
)
@pytest.mark.parametrize("body", [BODY, NOISE], ids=["text", "noise"])
def test_refuses_what_is_damaged(
    damage: Callable[[bytes], bytes], body: bytes, encoded: tuple[str, Callable[[bytes], bytes]]
) -> None:
    name, encode = encoded
    with pytest.raises(ValueError, match=r"broken|truncated|after the end"):
        encodings.decode(damage(encode(body)), [name])


@pytest.mark.parametrize("encode_checksum", [gzip.compress, zlib.compress])
def test_refuses_a_wrong_checksum(encode_checksum: Callable[[bytes], bytes]) -> None:
    raw = bytearray(encode_checksum(BODY))
    raw[-6 if encode_checksum is gzip.compress else -2] ^= 1
    with pytest.raises(ValueError, match="broken"):
        encodings.decode(bytes(raw), ["gzip" if encode_checksum is gzip.compress else "deflate"])


@pytest.mark.parametrize("names", [[], ["identity"], ["none"], [" Identity "]])
def test_takes_a_plain_body(names: list[str]) -> None:
    decoded, coding = encodings.decode(BODY, names)
    assert decoded is BODY
    assert coding.encode(BODY) is BODY


@pytest.mark.parametrize("name", ["ZSTD", "GZip"])
def test_the_case_of_the_name_does_not_matter(name: str) -> None:
    assert encodings.decode(ENCODERS[name.lower()][1](BODY), [name])[0] == BODY


@pytest.mark.parametrize(
    "names",
    [["gzip, zstd"], ["gzip", "zstd"], ["identity", "identity"], ["x-gzip"], ["utf-8"], ["snappy"], [""]],
    ids=" and ".join,
)
def test_refuses_other_names(names: list[str]) -> None:
    with pytest.raises(ValueError, match="Content-Encoding"):
        encodings.decode(gzip.compress(BODY), names)


def gigabyte_in_gzip() -> bytes:
    return in_pieces(zlib.compressobj(1, wbits=31))


def gigabyte_in_brotli() -> bytes:
    compressor = brotli.Compressor(quality=5)
    return b"".join(compressor.process(b"\0" * 2**26) for _ in range(16)) + bytes(compressor.finish())


def gigabyte_in_zstd() -> bytes:
    compressor = encodings.zstd.ZstdCompressor()
    return in_pieces(compressor.compressobj() if hasattr(compressor, "compressobj") else compressor)


def in_pieces(compressor: zlib._Compress) -> bytes:
    return b"".join(compressor.compress(b"\0" * 2**24) for _ in range(64)) + compressor.flush()


@pytest.mark.parametrize(
    ("name", "make"), [("gzip", gigabyte_in_gzip), ("br", gigabyte_in_brotli), ("zstd", gigabyte_in_zstd)]
)
def test_refuses_a_bomb_within_a_bounded_memory(name: str, make: Callable[[], bytes]) -> None:
    bomb = make()
    tracemalloc.start()
    try:
        with pytest.raises(ValueError, match="over the limit"):
            encodings.decode(bomb, [name])
        assert tracemalloc.get_traced_memory()[1] < 3 * encodings.DECODED_LIMIT
    finally:
        tracemalloc.stop()


def test_takes_a_body_up_to_the_limit(
    monkeypatch: pytest.MonkeyPatch, encoded: tuple[str, Callable[[bytes], bytes]]
) -> None:
    name, encode = encoded
    monkeypatch.setattr(encodings, "DECODED_LIMIT", len(BODY))
    assert encodings.decode(encode(BODY), [name])[0] == BODY
    assert encodings.decode(BODY, [])[0] == BODY
    for raw, names in ((encode(BODY + b"x"), [name]), (BODY + b"x", [])):
        with pytest.raises(ValueError, match=r"over the limit|broken"):
            encodings.decode(raw, names)


def test_takes_another_limit(encoded: tuple[str, Callable[[bytes], bytes]]) -> None:
    name, encode = encoded
    assert encodings.decode(encode(BODY), [name], len(BODY))[0] == BODY
    for raw, names in ((encode(BODY), [name]), (BODY, [])):
        with pytest.raises(ValueError, match=r"over the limit|broken"):
            encodings.decode(raw, names, len(BODY) - 1)

"""Fingerprints by which a piece of a request or a text is recognised without being kept.

GMAC with a key that never leaves the process: whoever does not know the key finds no two texts with one fingerprint
but by a chance of one in 2**100. It takes 0.05 ms a MB, where blake2b takes 1.1, SHA-256 0.6, and to compare the bytes
themselves 0.03.
"""

from __future__ import annotations

from collections.abc import Callable
from secrets import token_bytes
from typing import TypeAlias

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

# Gives the fingerprint of a part of a body, from its start to its stop.
FingerprintOf: TypeAlias = Callable[[int, int], bytes]

# What is authenticated here is never sent, and nothing is encrypted: neither needs another nonce each time.
_CIPHER, _NONCE = AESGCM(token_bytes(16)), bytes(12)


def fingerprint(piece: bytes | memoryview) -> bytes:
    """Sixteen bytes, of use within this process only."""
    return _CIPHER.encrypt(_NONCE, b"", piece)


def text_fingerprint(text: str) -> bytes:
    """That of its bytes. A lone surrogate counts as any other letter."""
    return fingerprint(text.encode(errors="surrogatepass"))


def fingerprints_in(body: bytes) -> FingerprintOf:
    """What makes those of parts of a body, each once: forks of a session have most of their parts in common."""
    whole = memoryview(body)
    made: dict[tuple[int, int], bytes] = {}

    def fingerprint_of(start: int, stop: int) -> bytes:
        if (start, stop) not in made:
            made[start, stop] = fingerprint(whole[start:stop])
        return made[start, stop]

    return fingerprint_of

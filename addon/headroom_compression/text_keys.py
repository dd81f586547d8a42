"""The key by which a tool text is recognised when a later request, a retry or a fork holds it too."""

from __future__ import annotations

from hashlib import blake2b


def text_key(call_id: object, text: str) -> bytes:
    """Eight bytes, of the id of the call and the text as the client sent it. A lone surrogate counts as any other."""
    digest = blake2b(str(call_id).encode(errors="surrogatepass"), digest_size=8)
    digest.update(b"\0")
    digest.update(text.encode(errors="surrogatepass"))
    return digest.digest()

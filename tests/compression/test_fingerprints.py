"""A piece is known again by all of its bytes, wherever they lie."""

from __future__ import annotations

from headroom_compression.fingerprints import fingerprint
from headroom_compression.fingerprints import fingerprints_in
from headroom_compression.fingerprints import text_fingerprint


def test_the_same_bytes_have_the_same_fingerprint_and_all_others_another_one() -> None:
    body = b"a piece of a request, and another one"
    pieces = [body[:start] + b"#" + body[start:] for start in range(len(body))] + [body, body[1:], b"", b"\0", b"\0\0"]
    assert len({fingerprint(memoryview(piece)) for piece in pieces}) == len(set(pieces))
    assert fingerprint(memoryview(b"..." + body)[3:]) == fingerprint(memoryview(body))


def test_those_of_a_body_are_made_once() -> None:
    body = b"0123456789"
    fingerprint_of = fingerprints_in(body)
    assert fingerprint_of(2, 5) == fingerprint(memoryview(b"234"))
    assert fingerprint_of(2, 5) is fingerprint_of(2, 5)


def test_a_text_has_that_of_its_bytes() -> None:
    assert text_fingerprint("→ text") == fingerprint(memoryview("→ text".encode()))
    assert len({text_fingerprint(text) for text in ("", "a", "a\ud800", "a\udc00", "a?")}) == 5

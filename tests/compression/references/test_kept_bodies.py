"""A text is read back as it was, packed or not, and the sum of what is kept is what the texts take."""

from __future__ import annotations

import pytest

from headroom_compression.references.kept_bodies import KeptBodies

TEXTS = ["", "one\ntwo", "→ é 中\n" * 500, "a lone \ud800 surrogate", *(f"{number}\n" * 4_000 for number in range(9))]


@pytest.mark.parametrize("last", ["x" * 40, "long " * 100_000])
def test_texts_are_read_back_as_they_were(last: str) -> None:
    bodies = KeptBodies()
    texts = [*TEXTS, last]
    kept = [bodies.keep(text) for text in texts]
    assert any(body.plain is None for body in kept), "some are packed"
    assert [body.text for body in kept] == texts
    assert [body.line_feeds for body in kept] == [text.count("\n") for text in texts]


def test_what_is_packed_takes_less() -> None:
    bodies = KeptBodies()
    kept = [bodies.keep(text) for text in TEXTS]
    assert bodies.size < sum(map(len, TEXTS)) / 2
    assert abs(bodies.size - sum(body.size for body in kept)) < len(TEXTS)


def test_a_short_text_does_not_keep_the_block_of_a_long_one() -> None:
    bodies = KeptBodies()
    short = bodies.keep("short")
    long = bodies.keep(" ".join(map(str, range(100_000))))
    assert (short.plain, long.plain) == (None, None)
    assert short.size < 300 < long.size

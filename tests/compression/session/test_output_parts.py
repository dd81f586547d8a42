"""Which of the texts of an output is the one that its call is known by."""

from __future__ import annotations

from headroom_compression.document import Part
from headroom_compression.session.output_parts import parts_of

HEADER = "Exit code: 0\nWall time: 0.1 seconds\nOutput:\n"


def test_the_first_text_with_more_than_a_header_counts() -> None:
    assert parts_of(["one"]) == [Part.ONLY]
    assert parts_of(["one", "two"]) == [Part.FIRST, Part.LATER]
    assert parts_of([HEADER, "two"]) == [Part.LATER, Part.ONLY]
    assert parts_of([HEADER, "two", "three"]) == [Part.LATER, Part.FIRST, Part.LATER]

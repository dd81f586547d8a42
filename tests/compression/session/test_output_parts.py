"""Which of the texts of an output is the one that its call is known by."""

from __future__ import annotations

from headroom_compression.calls.tool_call import ToolCall
from headroom_compression.document import Part
from headroom_compression.session.output_parts import parts_among

HEADER = "Exit code: 0\nWall time: 0.1 seconds\nOutput:\n"


def test_the_first_text_with_more_than_a_header_counts() -> None:
    assert parts_among(["one"], None) == [Part.ONLY]
    assert parts_among(["one", "two"], None) == [Part.FIRST, Part.LATER]
    assert parts_among([HEADER, "two"], None) == [Part.LATER, Part.ONLY]
    assert parts_among([HEADER, "two", "three"], None) == [Part.LATER, Part.FIRST, Part.LATER]


def test_a_tool_that_writes_no_header_shows_a_file_with_those_words() -> None:
    assert parts_among([HEADER, "two"], ToolCall("read_file", "notes.txt", b"1")) == [Part.FIRST, Part.LATER]

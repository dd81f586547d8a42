"""How much work the new part of a request is at most, told from counts over its bytes before any of it is read."""

from __future__ import annotations

import re

# How many characters of text, at 0.35 microseconds each, take as long as one of these at most, by the slowest kinds of
# text: a long command. A line: search results of a few characters each. A comma, an escaped quote, a bracket: numbers,
# strings and records of JSON.
_LINE, _COMMA, _QUOTE, _BRACKET = 24, 16, 6, 12
# The same for what is only parsed. A comma: a top-level member. A bracket: one of a thousand within each other.
_CHARACTERS_PARSED, _COMMA_PARSED, _BRACKET_PARSED = 16, 4, 2
# How control characters stand in JSON. What a terminal draws over takes far longer than other text: 2 ms a kB.
_MAY_REDRAW = re.compile(rb"\\(?:[br]|u00)")


def work_to_parse(source: bytes) -> int:
    """At most as much work as so many characters of text."""
    return (
        len(source) // _CHARACTERS_PARSED
        + source.count(b",") * _COMMA_PARSED
        + (source.count(b"{") + source.count(b"[")) * _BRACKET_PARSED
    )


def work_to_fold(items: bytes, most: int) -> int:
    """The same for what is folded; where that is more than `most`, any number above it."""
    work = len(items)
    if work <= most:
        work += items.count(b",") * _COMMA + (items.count(b"{") + items.count(b"[")) * _BRACKET
    if work <= most and b"\\" in items:
        work += items.count(b"\\n") * _LINE + items.count(b'\\"') * _QUOTE
    return most + 1 if work <= most and _MAY_REDRAW.search(items) else work

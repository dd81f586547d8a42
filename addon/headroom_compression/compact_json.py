"""JSON as it stands, without blanks between its parts: all else by its source, character for character."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from json.decoder import scanstring  # type: ignore[attr-defined]  # typeshed lists the module's public names only

_MARKS = frozenset("{}[],:")
# -1.5  true
_WORD = re.compile(r'[^\s"{}\[\],:]+')
_BLANKS = re.compile(r"[ \t\r\n]*")


def compacted(text: str) -> str:
    """The JSON documents of the text, a line each, without blanks."""
    lines: list[str] = []
    start = _skip_blanks(text, 0)
    while start < len(text):
        stop = value_end(text, start)
        tokens = list(_tokens(text, start, stop))
        if any(one not in _MARKS and other not in _MARKS for one, other in pairwise(tokens)):
            raise ValueError("two values without a comma")
        lines.append("".join(tokens))
        start = _skip_blanks(text, stop)
    return "\n".join(lines)


def _tokens(text: str, start: int, stop: int) -> Iterator[str]:
    place = start
    while place < stop:
        end = token_end(text, place)
        yield text[place:end]
        place = _skip_blanks(text, end)


def value_end(text: str, start: int) -> int:
    depth = 0
    place = start
    while True:
        character = text[place]
        depth += (character in "{[") - (character in "}]")
        place = token_end(text, place)
        if depth <= 0:
            return place
        place = _skip_blanks(text, place)
        if place == len(text):
            raise ValueError("a bracket is not closed")


def token_end(text: str, start: int) -> int:
    if text[start] == '"':
        stop: int = scanstring(text, start + 1, True)[1]  # noqa: FBT003  the C function takes no keywords
        return stop
    if text[start] in _MARKS:
        return start + 1
    word = _WORD.match(text, start)
    if word is None:
        raise ValueError("no JSON")
    return word.end()


def _skip_blanks(text: str, start: int) -> int:
    match = _BLANKS.match(text, start)
    assert match is not None  # noqa: S101  the pattern matches the empty string
    return match.end()

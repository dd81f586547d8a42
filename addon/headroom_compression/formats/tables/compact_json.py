"""JSON as it stands, without blanks between its parts: all else by its source, character for character."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import accumulate
from itertools import chain
from json.decoder import scanstring  # type: ignore[attr-defined]  # typeshed lists the module's public names only

import orjson

# A tool's answer was never seen to nest deeper than 20 levels; reading and writing recurse.
DEEPEST = 100
# Characters, which take 2 ms: 6 MiB at once take 44.
_READ_AT_ONCE = 256 * 1024
_NO_BRACKETS = bytes(byte for byte in range(256) if byte not in b"[]")
_UP_AND_DOWN = ord("\\")  # stands between the two brackets: less one of them it is 1 or -1
_MARKS = frozenset("{}[],:")
# -1.5  true
_WORD = re.compile(r'[^\s"{}\[\],:]+')
_BLANKS = re.compile(r"[ \t\r\n]*")
_STRING = re.compile(r'"([^"\\]*(?:\\.[^"\\]*)*)"', re.DOTALL)
# "bug"   ["bug","f00"]   What else there is of values, takes two to five times as long to be read.
_USUAL_STRING = r'"[^"\\\x00-\x1f]*+"'
_USUAL_VALUE = re.compile(rf"{_USUAL_STRING}|\[{_USUAL_STRING}(?:,{_USUAL_STRING})*+\]")
_CONTROL = re.compile(r"[\x00-\x1f]")
# Blanks behind a word, and a word behind them.
_BETWEEN_WORDS = re.compile(r"[ \t\r\n](?<=[^\s{}\[\],:].)[ \t\r\n]*(?=[^\s{}\[\],:])", re.DOTALL)
# A string, which stands as a quotation mark, and a word or a string beside it.
_BESIDE_STRING = re.compile(r'"(?:[^{}\[\],:]|(?<=[^{}\[\],:]"))')


def compacted(text: str) -> str:
    """The JSON documents of the text, a line each, without blanks.

    ValueError where a bracket or a string is not closed, or two values stand without a comma; all else that is no JSON
    comes back as it is. So two texts of which the same comes back differ in nothing but blanks between their parts.
    """
    pieces = _pieces(text)
    strings = pieces[1::2]
    outside = '"'.join(pieces[::2])
    bare = "".join(outside.split())
    if len(pieces) % 2 == 0 or bare.count('"') != len(strings) or _CONTROL.search("".join(strings)):
        raise ValueError("a string is not closed")
    if len(outside) - len(bare) != sum(outside.count(blank) for blank in " \t\r\n"):  # no other thread waits for all
        raise ValueError("no JSON")
    if (len(outside) > len(bare) and _BETWEEN_WORDS.search(outside)) or _BESIDE_STRING.search(bare):
        raise ValueError("two values without a comma")
    if bare.count("[") != bare.count("]") or bare.count("{") != bare.count("}"):
        raise ValueError("a bracket is not closed")
    for closer, opener in ("}{", "}[", "]{", "]["):  # which stand together between two documents only
        bare = bare.replace(closer + opener, f"{closer}\n{opener}")
    *others, last = bare.split('"')
    return '"'.join([*chain.from_iterable(zip(others, strings, strict=True)), last])


def compacted_lists(text: str) -> str | None:
    """A JSON list that holds no object, without blanks; None for any other text, and where lists nest too deep.

    orjson says whether it is JSON, which takes a twentieth of the time of reading it here.
    """
    if "{" in text:
        return None
    try:
        _require_json(text)
        brackets = "".join(_pieces(text)[::2]).encode().translate(None, _NO_BRACKETS)
        deepest = max(accumulate(_UP_AND_DOWN - bracket for bracket in brackets), default=0)
        return compacted(text) if deepest <= DEEPEST else None
    except ValueError:
        return None


def _require_json(text: str) -> None:
    """Raise ValueError where it is none. A long list is read in slices: while orjson reads no other thread goes on."""
    if not _is_list_of_slices(text.strip(" \t\r\n")):
        orjson.loads(text)


def _is_list_of_slices(text: str) -> bool:
    """Whether it is a long list, each slice of which is JSON; False, too, where a slice ends within a value."""
    if len(text) <= _READ_AT_ONCE or (text[0], text[-1]) != ("[", "]"):
        return False
    end = "]," if text.find("[", 1) > 0 else ","
    try:
        return all(orjson.loads(f"[{values}]") for values in _slices(text[1:-1], end))
    except ValueError:
        return False


def _slices(values: str, end: str) -> Iterator[str]:
    """Cut at commas, each of which is the last character of `end`."""
    start = 0
    while (found := values.find(end, start + _READ_AT_ONCE)) >= 0:
        comma = found + len(end) - 1
        yield values[start:comma]
        start = comma + 1
    yield values[start:]


def _pieces(text: str) -> list[str]:
    """What stands between strings, and the strings, in turns."""
    return _STRING.split(text) if "\\" in text else text.split('"')


def value_end(text: str, start: int) -> int:
    usual = _USUAL_VALUE.match(text, start)
    if usual:
        return usual.end()
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

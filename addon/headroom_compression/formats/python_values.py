"""Values as Python's `str()` writes dicts and lists, given as JSON: `[{'id': 1, 'owner': None}]`.

Taken only where `repr` of the value that was read gives the same source again, so nothing but the two ways to write is
between them.
"""

from __future__ import annotations

import json
import re

_OPENING = re.compile(r"\[?\{['\"]")
# A string, a word, a number, or a mark. `repr` has no other escapes, and no blanks but those behind commas and colons.
# Codes that are no character, or half of one, cannot be sent.
_PART = re.compile(
    r"'((?:[^'\\\n]|\\(?:[\\'\"nrt]|x[0-9a-f]{2}|u(?!d[89a-f])[0-9a-f]{4}|U00(?:0[0-9a-f]|10)[0-9a-f]{4}))*)'"
    r'|"((?:[^"\\\n]|\\(?:[\\\'nrt]|x[0-9a-f]{2}|u(?!d[89a-f])[0-9a-f]{4}|U00(?:0[0-9a-f]|10)[0-9a-f]{4}))*)"'
    r"|(None|True|False)|(-?[0-9][0-9.e+-]*|[\[\]{}]|, |: )"
)
_ESCAPE = re.compile(r"\\(?:([\\'\"nrt])|x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8}))")
_PLAIN = {"n": "\n", "r": "\r", "t": "\t"}
_WORDS = {"None": "null", "True": "true", "False": "false"}
# Reading takes three times as long as reading JSON; no output of a tool that clients let pass is longer.
_MAX_LENGTH = 400_000


def as_json(text: str) -> str | None:
    """The JSON of the same value; None where the text is no such literal, or another one for the same value."""
    if len(text) > _MAX_LENGTH or not _OPENING.match(text):
        return None
    parts: list[str] = []
    place = 0
    while place < len(text):
        part = _PART.match(text, place)
        if part is None:
            return None
        parts.append(_json_of(part))
        place = part.end()
    found = "".join(parts)
    try:
        return found if repr(json.loads(found)) == text else None
    except (ValueError, RecursionError):
        return None


def _json_of(part: re.Match[str]) -> str:
    single, double, word, other = part.groups()
    if word:
        return _WORDS[word]
    if other:
        return other
    text = single if single is not None else double
    return json.dumps(_ESCAPE.sub(_character, text) if "\\" in text else text, ensure_ascii=False)


def _character(escape: re.Match[str]) -> str:
    plain, *codes = escape.groups()
    if plain:
        return _PLAIN.get(plain, plain)
    return chr(int(next(code for code in codes if code), 16))

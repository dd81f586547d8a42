"""JSON read into lists and dictionaries whose keys and leaves are the text of the source.

`1.0` stays "1.0" and an escape stays an escape: what is written from such a value is made of pieces of the source.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TypeAlias

Value: TypeAlias = "str | list[Value] | dict[str, Value]"

# A tool's answer was never seen to nest deeper than 20 levels; reading and writing recurse.
_DEEPEST = 100
# {  "a\"b"  -1.5e3  true, and any other character, which is no JSON
_TOKEN = re.compile(
    r'[{}\[\],:]|"[^"\\\x00-\x1f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\x00-\x1f]*)*"'
    r"|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?(?![0-9A-Za-z.+-])|(?:true|false|null)(?![0-9A-Za-z])"
    r"|[^ \t\r\n]"
)
_MARKS = frozenset("{}[],:")
_DIGITS = frozenset("0123456789")


def read_documents(text: str) -> list[Value]:
    """The objects and arrays that stand in the text, one after the other.

    Raises ValueError where there is anything else, a key twice, or one too deep.
    """
    tokens = (match.group() for match in _TOKEN.finditer(text))
    documents: list[Value] = []
    for token in tokens:
        if token not in {"{", "["}:
            raise ValueError("neither object nor array")
        documents.append(_value(token, tokens, 0))
    return documents


def compact(value: Value) -> str:
    """The value on one line, without blanks between its parts."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return f"[{','.join(map(compact, value))}]"
    return "{" + ",".join(f"{key}:{compact(member)}" for key, member in value.items()) + "}"


def _value(first: str, tokens: Iterator[str], depth: int) -> Value:
    if depth > _DEEPEST:
        raise ValueError("too deep")
    if first == "{":
        return _object(tokens, depth)
    if first == "[":
        return _array(tokens, depth)
    if first in _MARKS or (len(first) == 1 and first not in _DIGITS):
        raise ValueError("no value")
    return first


def _object(tokens: Iterator[str], depth: int) -> Value:
    members: dict[str, Value] = {}
    key = next(tokens, "")
    if key == "}":
        return members
    while True:
        if not key.startswith('"') or len(key) == 1 or key in members or next(tokens, "") != ":":
            raise ValueError("no key of its own")
        members[key] = _value(next(tokens, ","), tokens, depth + 1)
        if not _goes_on(tokens, "}"):
            return members
        key = next(tokens, "")


def _array(tokens: Iterator[str], depth: int) -> Value:
    entries: list[Value] = []
    first = next(tokens, ",")
    if first == "]":
        return entries
    while True:
        entries.append(_value(first, tokens, depth + 1))
        if not _goes_on(tokens, "]"):
            return entries
        first = next(tokens, ",")


def _goes_on(tokens: Iterator[str], closer: str) -> bool:
    mark = next(tokens, "")
    if mark not in {",", closer}:
        raise ValueError("no comma between two entries")
    return mark == ","

"""JSON read into lists and dictionaries whose keys and leaves are the text of the source.

`1.0` stays "1.0" and an escape stays an escape: what is written from such a value is made of pieces of the source.
"""

from __future__ import annotations

import re
from typing import TypeAlias

from headroom_compression.formats.tables.compact_json import DEEPEST

Value: TypeAlias = "str | list[Value] | dict[str, Value]"

# {  "a\"b"  -1.5e3  true, and any other character, which is no JSON
_TOKEN = re.compile(
    r'[{}\[\],:]|"[^"\\\x00-\x1f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\x00-\x1f]*)*"'
    r"|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?(?![0-9A-Za-z.+-])|(?:true|false|null)(?![0-9A-Za-z])"
    r"|[^ \t\r\n]"
)
_STRING_END = re.compile(r'[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)
_MARK = re.compile(r"[{}\[\],:]")
_SLICE = 64 * 1024
_MARKS = frozenset("{}[],:")
_DIGITS = frozenset("0123456789")
_CLOSERS = {"{": "}", "[": "]"}


def read_documents(text: str) -> list[Value]:
    """The objects and arrays that stand in the text, one after the other.

    Raises ValueError where there is anything else, a key twice, or one too deep.
    """
    tokens = _tokens_of(text)
    if any(len(leaf) == 1 for leaf in set(tokens) - _MARKS - _DIGITS):
        raise ValueError("no JSON")
    reader = _Reader(tokens)
    documents: list[Value] = []
    try:
        while reader.place < len(tokens):
            documents.append(reader.container(0))
    except IndexError:
        raise ValueError("the text ends inside a value") from None
    return documents


def _tokens_of(text: str) -> list[str]:
    """In slices: while a pattern goes through a text no other thread goes on, 50 ms a MB."""
    tokens: list[str] = []
    start = 0
    while len(text) - start > _SLICE:
        stop = _token_end(text, start)
        tokens += _TOKEN.findall(text, start, stop)
        start = stop
    return tokens + _TOKEN.findall(text, start)


def _token_end(text: str, start: int) -> int:
    """A place about _SLICE characters on that no token goes across: behind a line, before a mark, behind a string.

    start: such a place. Where it is wrong, as the text is no JSON, there are characters that are none in either slice.
    """
    line = text.find("\n", start + _SLICE, start + 2 * _SLICE)
    if line > 0:
        return line + 1
    mark = _MARK.search(text, start + _SLICE)
    stop = mark.start() if mark else len(text)
    passed = text[start:stop]
    quotes = passed.count('"') - passed.replace("\\\\", "").count('\\"')
    string_end = _STRING_END.match(text, stop) if quotes % 2 else None
    return string_end.end() if string_end else stop


def compact(value: Value) -> str:
    """The value on one line, without blanks between its parts."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        try:
            return f"[{','.join(value)}]"  # type: ignore[arg-type]  # nearly always all of them are leaves
        except TypeError:
            return f"[{','.join(map(compact, value))}]"
    members = [f"{key}:{member if isinstance(member, str) else compact(member)}" for key, member in value.items()]
    return f"{{{','.join(members)}}}"


class _Reader:
    """tokens: leaves and marks. place: of the next one."""

    def __init__(self, tokens: list[str]) -> None:
        self._tokens = tokens
        self.place = 0
        # Of each bracket the next place from which on it was looked for last.
        self._next = dict.fromkeys("[{]", -1)

    def container(self, depth: int) -> Value:
        """The object or array whose bracket comes next."""
        opener = self._tokens[self.place]
        if opener not in {"{", "["}:
            raise ValueError("neither object nor array")
        self.place += 1
        is_empty = self._tokens[self.place] == _CLOSERS[opener]
        if depth + (not is_empty) > DEEPEST:
            raise ValueError("too deep")
        if is_empty:
            self.place += 1
            return {} if opener == "{" else []
        if opener == "{":
            return self._object(depth)
        return self._flat_array() or self._array(depth)

    def _value(self, depth: int) -> Value:
        token = self._tokens[self.place]
        if token in _MARKS:
            return self.container(depth)
        self.place += 1
        return token

    def _object(self, depth: int) -> Value:
        members: dict[str, Value] = {}
        while True:
            key, colon = self._tokens[self.place : self.place + 2]
            if not key.startswith('"') or key in members or colon != ":":
                raise ValueError("no key of its own")
            self.place += 2
            token = self._tokens[self.place]
            if token in _MARKS:
                members[key] = self.container(depth + 1)
            else:
                members[key] = token
                self.place += 1
            if not self._goes_on("}"):
                return members

    def _array(self, depth: int) -> Value:
        entries: list[Value] = []
        while True:
            entries.append(self._value(depth + 1))
            if not self._goes_on("]"):
                return entries

    def _flat_array(self) -> list[Value] | None:
        """An array of leaves, all of them at once; None for another one."""
        stop = self._next_place("]")
        if min(len(self._tokens), self._next_place("["), self._next_place("{")) <= stop:
            return None
        entries, commas = self._tokens[self.place : stop : 2], self._tokens[self.place + 1 : stop : 2]
        if commas.count(",") != len(commas) or len(entries) != len(commas) + 1 or not _MARKS.isdisjoint(entries):
            return None
        self.place = stop + 1
        return [*entries]

    def _next_place(self, mark: str) -> int:
        if self._next[mark] < self.place:
            try:
                self._next[mark] = self._tokens.index(mark, self.place)
            except ValueError:
                self._next[mark] = len(self._tokens)
        return self._next[mark]

    def _goes_on(self, closer: str) -> bool:
        mark = self._tokens[self.place]
        self.place += 1
        if mark not in {",", closer}:
            raise ValueError("no comma between two entries")
        return mark == ","

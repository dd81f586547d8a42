"""Where the input items lie in the bytes of a request body, and how to replace single strings of it.

Nothing is parsed and written again: positions are found in the bytes, and only the literals that changed are
replaced. The body is read as latin-1, so that a position in the text is an offset in the bytes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from collections.abc import Sequence
from typing import Any

import orjson

from headroom_compression.record import record
from headroom_compression.wire.json_spans import Span
from headroom_compression.wire.json_spans import array_entries
from headroom_compression.wire.json_spans import check_json
from headroom_compression.wire.json_spans import object_members
from headroom_compression.wire.json_spans import skip_space
from headroom_compression.wire.json_spans import value_end
from headroom_compression.wire.long_strings import loads
from headroom_compression.wire.long_strings import plain_stop

NO_ITEMS = "no input items"
_INPUT = '"input":'
_BEHIND_ENTRIES = (b",", b"]")


class NotARequestError(ValueError):
    """The body is no JSON object with a list `input`, or it names a top-level key twice."""


class NoItemsError(NotARequestError):
    """It is a request, and its `input` is a text, or there is none. layout: of the rest of it."""

    def __init__(self, layout: RequestLayout) -> None:
        super().__init__(NO_ITEMS)
        self.layout = layout


@record
class RequestLayout:
    """text: the body as latin-1. members: the spans of all top-level values. items: those of the entries of `input`.

    values: what orjson reads the items as; None where something in the body is more than it reads.
    plain_stop: the items that end there or before stand in the body just as orjson writes them.
    """

    text: str
    members: dict[str, Span]
    items: tuple[Span, ...]
    values: Sequence[object] | None
    plain_stop: int = 0

    def value(self, span: Span) -> str:
        return self.text[span.start : span.stop]


def locate_items(body: bytes, *, is_plain: bool = False) -> RequestLayout:
    """Find the input items of a request body; raises NotARequestError for everything that is none.

    is_plain: for what orjson refuses, too.
    """
    whole = _read(body, is_plain=is_plain)
    text = body.decode("latin-1")
    start = skip_space(text, 0)
    lists: dict[int, tuple[Span, ...]] = {}
    plain: list[Span] = []

    def end_noting_entries(text: str, start: int) -> int:
        """The items are most of the body: to look at them on the way takes half the time."""
        if text[start] != "[":
            return value_end(text, start)
        if whole and text.endswith(_INPUT, 0, start):
            plain[:] = _plain_entries(body, start + 1, whole["input"])
            lists[start], stop = array_entries(text, start, plain)
        else:
            lists[start], stop = array_entries(text, start)
        return stop

    members = object_members(text, start, end_noting_entries) if text[start] == "{" else None
    if members is None:
        raise NotARequestError("no JSON object, or one with a key twice")
    entries = members.get("input")
    if entries is None or text[entries.start] == '"':
        raise NoItemsError(RequestLayout(text, members, (), None))
    if entries.start not in lists:
        raise NotARequestError("no list `input`")
    plain_stop = plain[-1].stop if plain else 0
    return RequestLayout(text, members, lists[entries.start], whole["input"] if whole else None, plain_stop)


def _plain_entries(body: bytes, position: int, values: Sequence[object]) -> Iterator[Span]:
    """The spans of the first items, as far as they stand there as orjson writes them, as clients in Rust do too.

    To write an item and compare takes half the time of reading it once more.
    """
    for value in values:
        stop = plain_stop(body, position, value)
        if stop is None or body[stop : stop + 1] not in _BEHIND_ENTRIES:
            return
        yield Span(position, stop)
        position = stop + 1


def top_level_strings(body: bytes) -> dict[str, str]:
    """The top-level members that are strings; raises NotARequestError unless the body is an object without double keys.

    What cannot be written in UTF-8 is replaced by a question mark.
    """
    _read(body)
    text = body.decode("latin-1")
    start = skip_space(text, 0)
    members = object_members(text, start) if text[start] == "{" else None
    if members is None:
        raise NotARequestError("no JSON object, or one with a key twice")
    strings = {key: span for key, span in members.items() if text[span.start] == '"'}
    return {key: _string(body[span.start : span.stop]) for key, span in strings.items()}


def _string(literal: bytes) -> str:
    return str(json.loads(literal)).encode(errors="replace").decode()


def string_literal(text: str, replaced: str) -> bytes:
    """The JSON literal of `text`, in ASCII when the literal that it replaces was."""
    if replaced.isascii():
        return json.dumps(text).encode()
    return bytes(memoryview(orjson.dumps(text)))  # it has room for eight bytes a character, and is kept


def splice(body: bytes, replacements: Sequence[tuple[Span, bytes]]) -> bytes:
    """The body with the given spans replaced; they come in ascending order and do not overlap."""
    view = memoryview(body)
    pieces: list[bytes | memoryview] = []
    position = 0
    for (start, stop), literal in replacements:
        pieces += (view[position:start], literal)
        position = stop
    pieces.append(view[position:])
    return b"".join(pieces)


def _read(body: bytes, *, is_plain: bool = False) -> Any:
    """The value that the bytes are; None where it is more than orjson reads.

    Raises NotARequestError unless the bytes are one JSON value in UTF-8.
    """
    try:
        return loads(body)
    except ValueError as refusal:
        if is_plain:
            raise NotARequestError("more than orjson reads") from refusal
        try:
            body.decode("utf-8")
            check_json(body.decode("latin-1"))
        except ValueError as error:
            raise NotARequestError("no JSON") from error
    return None

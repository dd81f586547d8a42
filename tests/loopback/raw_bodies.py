"""Where things lie in the raw bytes of a Responses request: a second opinion, independent of headroom_compression."""

import json
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

DECODER = json.JSONDecoder()
TYPES_OF_OUTPUTS = {"function_call_output", "custom_tool_call_output"}
Span = tuple[int, int]


def outputs(body: bytes) -> list[str]:
    """Return the texts of the tool outputs, in their order."""
    text = body.decode()
    return [_value(text, start) for start, _ in _spans_of_outputs(text)]


def without_outputs(body: bytes) -> str:
    """Return all of the body but the string literals of the tool outputs."""
    text = body.decode()
    spans = [(0, 0), *_spans_of_outputs(text), (len(text), len(text))]
    return "<output>".join(text[end:start] for (_, end), (start, _) in pairwise(spans))


def up_to_last_item(body: bytes) -> bytes:
    """Return what the next request of the same conversation must begin with, so that a prompt cache finds it."""
    text = body.decode()
    items = list(_items(text))
    return text[: items[-1][1]].encode() if items else b""


def _spans_of_outputs(text: str) -> Iterator[Span]:
    for start, _ in _items(text):
        if _value(text, start).get("type") in TYPES_OF_OUTPUTS:
            yield from _spans_of_output(text, _member(text, start, "output"))


def _spans_of_output(text: str, output: Span) -> Iterator[Span]:
    if text[output[0]] == '"':
        yield output
        return
    for _, part, _ in _inside(text, output[0]):
        if _value(text, part)["type"] == "input_text":
            yield _member(text, part, "text")


def _items(text: str) -> Iterator[Span]:
    start, _ = _member(text, _after_space(text, 0), "input")
    yield from ((start, end) for _, start, end in _inside(text, start))


def _member(text: str, start: int, name: str) -> Span:
    return next((start, end) for other, start, end in _inside(text, start) if other == name)


def _inside(text: str, start: int) -> Iterator[tuple[str, int, int]]:
    """Yield name (empty in a list), start and end of each value directly inside the object or list at `start`."""
    place = _after_space(text, start + 1)
    while text[place] not in "]}":
        name = ""
        if text[start] == "{":
            name, place = DECODER.raw_decode(text, place)
            place = _after_space(text, _after_space(text, place) + len(":"))
        _, end = DECODER.raw_decode(text, place)
        yield name, place, end
        place = _after_space(text, end)
        if text[place] == ",":
            place = _after_space(text, place + 1)


def _value(text: str, start: int) -> Any:
    return DECODER.raw_decode(text, start)[0]


def _after_space(text: str, place: int) -> int:
    while text[place] in " \t\r\n":
        place += 1
    return place

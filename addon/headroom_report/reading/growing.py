"""A history as a recording tells it step by step, and the input items that an agent's messages become.

It grows at its end, goes back where the user took turns back, and is replaced where the agent compacted it.
"""

from __future__ import annotations

from collections.abc import Iterable

from headroom_report.values import json_text
from headroom_report.values.items import Item
from headroom_report.values.items import request_ends
from headroom_report.values.sessions import Stretch


class GrowingHistory:
    def __init__(self) -> None:
        self._stretches: list[Stretch] = []
        self._items: list[Item] = []
        self._given = 0  # items that this stretch began with, before any request of it
        self._lengths: dict[str, int] = {}  # how many items there were after each record, by its id, in ascending order

    @property
    def has_items(self) -> bool:
        return bool(self._items or self._stretches)

    def add(self, items: Iterable[Item]) -> None:
        self._items += items

    def mark(self, record: object) -> None:
        """Note that the record with this id ends here."""
        if isinstance(record, str):
            self._lengths.pop(record, None)  # a repeated one moves to the end
            self._lengths[record] = len(self._items)

    def go_back_to(self, record: object) -> None:
        """Drop all items after that record; nothing happens where it is the last one, or not known."""
        length = self._length_at(record)
        if length < len(self._items):
            while self._lengths and next(reversed(self._lengths.values())) > length:
                self._lengths.popitem()
            self._begin_stretch(self._items[:length], self._lengths)

    def compact(self, summary: list[Item], first_kept: object) -> None:
        """Replace all up to the end of that record by the summary; everything where the record is not known."""
        place = self._length_at(first_kept)
        moved = {key: known - place + len(summary) for key, known in self._lengths.items() if known >= place}
        self._begin_stretch([*summary, *self._items[place:]], moved)

    def replace(self, items: Iterable[Item]) -> None:
        self._begin_stretch(list(items), {})

    def _length_at(self, record: object) -> int:
        known = self._lengths.get(record) if isinstance(record, str) else None
        return len(self._items) if known is None else known

    def _begin_stretch(self, items: list[Item], lengths: dict[str, int]) -> None:
        self._end_stretch()
        self._items, self._given, self._lengths = items, len(items), lengths

    def _end_stretch(self) -> None:
        """Keep the stretch, unless nothing was added to what it began with: then no request was sent."""
        if len(self._items) > self._given:
            start = max(0, self._given - 1)
            ends = [start + end for end in request_ends(self._items[start:])]
            self._stretches.append(Stretch(self._items, ends))

    def stretches(self) -> list[Stretch]:
        self._begin_stretch([], {})
        return self._stretches


def said(role: str, text: object) -> list[Item]:
    """A message; none for what is no text, or an empty one."""
    return [{"type": "message", "role": role, "content": text}] if isinstance(text, str) and text else []


def called(call_id: str, name: object, arguments: object) -> Item:
    """A call. arguments: JSON text as it was sent, or the value."""
    text = arguments if isinstance(arguments, str) else json_text.write(arguments).decode()
    return {"type": "function_call", "call_id": call_id, "name": str(name), "arguments": text}


def called_function(call: object) -> list[Item]:
    """The same of a member of `tool_calls`, as chat completions have them; none for what is no such call."""
    match call:
        case {"id": str(call_id), "function": {"name": name, **others}}:
            return [called(call_id, name, others.get("arguments") or "{}")]
    return []


def answered(call_id: str, output: str | list[Item]) -> Item:
    return {"type": "function_call_output", "call_id": call_id, "output": output}


def part_texts(content: object) -> list[str]:
    """The texts of a message's content, which is a text itself or a list of parts."""
    if isinstance(content, str):
        return [content]
    parts = content if isinstance(content, list) else []
    return [part["text"] for part in parts if isinstance(part, dict) and isinstance(part.get("text"), str)]


def count_of(value: object) -> int:
    """A count that a provider reported; 0 for what is no count."""
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0

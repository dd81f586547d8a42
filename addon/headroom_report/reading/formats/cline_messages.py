"""Sessions of the Cline CLI: ~/.cline/data/sessions/ID/ID.messages.json, one JSON object with `messages`.

A result is kept as a list of {"query", "result", "success"}. What Cline sends on /responses is that list as compact
JSON in a string, and `truncation: auto` with each request: both are measured so. Of a result of over 8,000 characters
it sends both ends, but keeps all. Tools are not kept. What a compaction left is in another file, ID.compaction.json.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping
from typing import Any

from headroom_report.reading.formats.opening import Opening
from headroom_report.reading.growing import answered
from headroom_report.reading.growing import called
from headroom_report.reading.growing import said
from headroom_report.values import json_text
from headroom_report.values.items import Item
from headroom_report.values.sessions import Session
from headroom_report.values.sessions import Stretch

KIND = "Cline session"
_OPTIONS = {"truncation": "auto"}
_TOOL_BLOCKS = frozenset({"tool_use", "tool_result"})


def recognises(opening: Opening) -> bool:
    """A request of the Messages API has the same messages, and always says how many tokens it takes."""
    match opening.document:
        case {"max_tokens": _}:
            return False
        case {"messages": list(messages)}:
            return any(block.get("type") in _TOOL_BLOCKS for message in messages for block in _blocks(message))
    return False


def read(opening: Opening) -> Iterator[Session]:
    match opening.document:
        case {"messages": list(messages), **others}:
            items = [item for message in messages for item in _items(message)]
            name = opening.path.name.removesuffix(".json").removesuffix(".messages")
            if opening.path.with_name(f"{name}.compaction.json").exists():
                opening.note(f"{opening.path}: was compacted, and is measured as if it were not")
            prompt = others.get("system_prompt")
            fixed = (prompt,) if isinstance(prompt, str) and prompt else ()
            yield Session(name, KIND, [Stretch.of(items)], fixed, _OPTIONS)


def _blocks(message: object) -> list[Mapping[str, Any]]:
    match message:
        case {"content": list(blocks)}:
            return [block for block in blocks if isinstance(block, dict)]
        case {"content": str(text)}:
            return [{"type": "text", "text": text}]
    return []


def _items(message: object) -> Iterator[Item]:
    role = "assistant" if isinstance(message, dict) and message.get("role") == "assistant" else "user"
    for block in _blocks(message):
        match block:
            case {"type": "text", "text": text}:
                yield from said(role, text)
            case {"type": "tool_use", "id": str(call), "name": name}:
                yield called(call, name, block.get("input") or {})
            case {"type": "tool_result", "tool_use_id": str(call)}:
                yield answered(call, _output(block.get("content")))


def _output(content: object) -> str | list[Item]:
    if isinstance(content, str):
        return content
    parts = content if isinstance(content, list) else []
    if parts and all(isinstance(part, dict) and part.get("type") in {"text", "image"} for part in parts):
        return [_part(part) for part in parts]
    return json_text.write(content).decode()


def _part(part: Mapping[str, Any]) -> Item:
    return {"type": "input_text", "text": str(part.get("text"))} if part["type"] == "text" else {"type": "input_image"}

"""Trajectories of mini-swe-agent: NAME.traj.json, one JSON object with `trajectory_format` and `messages`.

With the model class litellm_response the messages are the answers and items of /responses themselves; with the others
they are those of chat completions, whose calls and results become items. With the classes that read commands from the
text of an answer there are no calls: what commands printed was sent as the user's words.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Sequence
from typing import Any

from headroom_report.reading.formats.opening import Opening
from headroom_report.reading.growing import answered
from headroom_report.reading.growing import called_function
from headroom_report.reading.growing import part_texts
from headroom_report.reading.growing import said
from headroom_report.values.items import Item
from headroom_report.values.sessions import Session
from headroom_report.values.sessions import Stretch

KIND = "mini-swe-agent trajectory"


def recognises(opening: Opening) -> bool:
    match opening.document:
        case {"trajectory_format": str(name), "messages": list()}:
            return name.startswith("mini-swe-agent")
    return False


def read(opening: Opening) -> Iterator[Session]:
    match opening.document:
        case {"messages": list(messages)}:
            items = [item for message in _sent_ones(messages) for item in _items(message)]
            yield Session(opening.path.name.removesuffix(".traj.json"), KIND, [Stretch.of(items)])


def _sent_ones(messages: Sequence[Any]) -> Sequence[Any]:
    """All messages but the last outputs, which no request followed: those of the command that ended the work."""
    stop = len(messages)
    if not stop or not _is_of(messages[-1], "exit"):
        return messages
    while stop > 1 and (_is_of(messages[stop - 2], "tool") or _is_output(messages[stop - 2])):
        stop -= 1
    return messages[: stop - 1]


def _is_of(message: Any, role: str) -> bool:
    return isinstance(message, dict) and message.get("role") == role


def _is_output(message: Any) -> bool:
    return isinstance(message, dict) and message.get("type") == "function_call_output"


def _items(message: Any) -> Iterator[Item]:
    match message:
        case {"object": "response", "output": list(output)}:
            yield from (_sent(item) for item in output if isinstance(item, dict))
        case {"type": str()}:
            yield _sent(message)
        case {"role": "tool", "tool_call_id": str(call), "content": content}:
            yield answered(call, "\n".join(part_texts(content)))
        case {"role": "system" | "user" | "assistant" as role, **others}:
            yield from said(role, "\n".join(part_texts(others.get("content"))))
            yield from (item for call in _calls(others.get("tool_calls")) for item in called_function(call))


def _calls(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _sent(item: Item) -> Item:
    """The item without what mini-swe-agent notes for itself."""
    return {key: value for key, value in item.items() if key != "extra"}

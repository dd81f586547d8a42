"""Sessions of Continue: ~/.continue/sessions/ID.json, one JSON object with `history`.

An entry holds a message and the states of its calls, in which the outputs are lists of context items. Continue sends
the contents of these, a line each, and of a call without any that it was cancelled; context that a user added it sends
before the user's words. Instructions and tools are not kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping
from typing import Any

from headroom_report.reading.formats.opening import Opening
from headroom_report.reading.growing import answered
from headroom_report.reading.growing import called_function
from headroom_report.reading.growing import part_texts
from headroom_report.reading.growing import said
from headroom_report.values.items import Item
from headroom_report.values.sessions import Session
from headroom_report.values.sessions import Stretch
from headroom_report.values.sessions import name_of

KIND = "Continue session"
_WITHOUT_OUTPUT = "Tool cancelled"


def recognises(opening: Opening) -> bool:
    match opening.document:
        case {"history": [{"message": dict()}, *_]}:
            return True
    return False


def read(opening: Opening) -> Iterator[Session]:
    match opening.document:
        case {"history": list(history), **others}:
            items = [item for entry in history for item in _items(entry)]
            began, folder = others.get("dateCreated"), others.get("workspaceDirectory")
            name = name_of(began, folder, str(others.get("sessionId") or opening.path.stem))
            yield Session(name, KIND, [Stretch.of(items)])


def _items(entry: Any) -> Iterator[Item]:
    match entry:
        case {"message": {"role": "tool", "toolCallId": str(call)} as message}:
            yield answered(call, "\n".join(part_texts(message.get("content"))))
        case {"message": {"role": str(role)} as message}:
            yield from said(role, _context(entry, role) + "\n".join(part_texts(message.get("content"))))
            states = [state for state in entry.get("toolCallStates") or () if isinstance(state, dict)]
            calls = message.get("toolCalls") or [state.get("toolCall") for state in states]
            yield from (item for call in calls for item in called_function(call))
            yield from (item for state in states for item in _result(state))


def _context(entry: Mapping[str, Any], role: str) -> str:
    added = entry.get("contextItems") if role == "user" else None
    return "".join(
        f'<context name="{part.get("name")}">\n{part.get("content")}\n</context>\n\n'
        for part in added or ()
        if isinstance(part, dict)
    )


def _result(state: Mapping[str, Any]) -> Iterator[Item]:
    match state:
        case {"toolCallId": str(call)}:
            output = state.get("output")
            contents = [part.get("content") for part in output or () if isinstance(part, dict)]
            text = "\n".join(text for text in contents if isinstance(text, str))
            yield answered(call, text if output else _WITHOUT_OUTPUT)

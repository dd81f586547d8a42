"""Sessions of fast-agent: .fast-agent/sessions/SESSION/session.json, in the folder where it worked.

That file holds what each agent was told first, and names the files beside it with what was said since (`messages`), of
which one more is kept as it was a turn before. Calls and results are those of MCP, by their ids.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from headroom_report.reading.formats.opening import ForeignFileError
from headroom_report.reading.formats.opening import Opening
from headroom_report.reading.growing import answered
from headroom_report.reading.growing import called
from headroom_report.reading.growing import part_texts
from headroom_report.reading.growing import said
from headroom_report.values.items import Item
from headroom_report.values.sessions import Session
from headroom_report.values.sessions import Stretch
from headroom_report.values.sessions import name_of

KIND = "fast-agent session"


def recognises(opening: Opening) -> bool:
    match opening.document:
        case {"session_id": str(), "continuation": {"agents": dict()}}:
            return True
    return _is_history(opening.document)


def _is_history(document: object) -> bool:
    match document:
        case {"messages": [{"role": str(), "is_template": bool()}, *_]}:
            return True
    return False


def read(opening: Opening) -> Iterator[Session]:
    if _is_history(opening.document):
        raise ForeignFileError("read where the session.json beside it is")
    found = False
    match opening.document:
        case {"session_id": str(key), "continuation": {"agents": dict(agents), **others}, **told}:
            name = name_of(told.get("created_at"), others.get("cwd"), key)
            for agent in agents.values():
                items = _items_of(agent, opening)
                if items:
                    found = True
                    yield Session(name, KIND, [Stretch.of(items)], _fixed(agent))
    if not found:
        raise ForeignFileError("a session without messages")


def _fixed(agent: Mapping[str, Any]) -> tuple[str, ...]:
    prompt = agent.get("resolved_prompt")
    return (prompt,) if isinstance(prompt, str) else ()


def _items_of(agent: object, opening: Opening) -> list[Item]:
    """Of a file in the same folder, whatever place its name tells."""
    match agent:
        case {"history_file": str(name)}:
            file = Opening(opening.path.with_name(Path(name).name), opening.note)
            match file.document:
                case {"messages": list(messages)}:
                    return [item for message in messages for item in _items(message)]
    return []


def _items(message: object) -> Iterator[Item]:
    match message:
        case {"role": "user" | "assistant" as role, **others}:
            for call, result in _by_id(others, "tool_results"):
                yield answered(call, "\n".join(part_texts(result.get("content"))))
            yield from said(role, "\n".join(part_texts(others.get("content"))))
            for call, request in _by_id(others, "tool_calls"):
                params = request.get("params")
                if isinstance(params, dict):
                    yield called(call, params.get("name"), params.get("arguments") or {})


def _by_id(message: Mapping[Any, Any], name: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    values = message.get(name)
    yield from ((key, value) for key, value in (values or {}).items() if isinstance(value, dict))

"""Databases of goose: ~/.local/share/goose/sessions/sessions.db (SQLite).

Tables `sessions` and `messages`, the content of a message as JSON in `content_json`. Messages that goose summarised
stay there, hidden from the model (`agentVisible`), and are measured as they were sent before. Messages that neither the
user nor the model sees are left out. Instructions and tools are not kept.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from headroom_report.reading.growing import GrowingHistory
from headroom_report.reading.growing import answered
from headroom_report.reading.growing import called
from headroom_report.reading.growing import part_texts
from headroom_report.reading.growing import said
from headroom_report.values import json_text
from headroom_report.values.items import Item
from headroom_report.values.sessions import Session
from headroom_report.values.sessions import name_of

KIND = "goose database"
TABLES = frozenset({"sessions", "messages", "schema_version"})
_MESSAGES = "SELECT * FROM messages WHERE session_id = ? ORDER BY id"
# -32002: Tool 'nothing' not found.
_ERROR_CODE = re.compile(r"-?[0-9]{1,9}: ")


def session_rows(database: sqlite3.Connection) -> list[dict[str, Any]]:
    """One row a session, the newest last."""
    return [dict(row) for row in database.execute("SELECT * FROM sessions ORDER BY updated_at, id")]


def session(database: sqlite3.Connection, row: Mapping[str, Any], _: Path) -> Session | None:
    messages = database.execute(_MESSAGES, (row["id"],))
    stretches = _history(dict(message) for message in messages).stretches()
    created = str(row.get("created_at")).replace(" ", "T")
    return Session(name_of(created, row.get("working_dir"), str(row["id"])), KIND, stretches) if stretches else None


def _history(messages: Iterator[Mapping[str, Any]]) -> GrowingHistory:
    """The history; messages that are hidden from the model are followed by their summary, which replaces them."""
    history = GrowingHistory()
    is_hidden = False
    for message in messages:
        match json_text.parse_or_none(message.get("metadata_json")):
            case {"agentVisible": False, "userVisible": False}:
                continue
            case {"agentVisible": False}:
                is_sent = False
            case _:
                is_sent = True
        content = json_text.parse_or_none(message.get("content_json"))
        parts = content if isinstance(content, list) else []
        items = [item for part in parts for item in _items(str(message.get("role")), part)]
        if is_sent and is_hidden:
            history.replace(items)
        else:
            history.add(items)
        is_hidden = not is_sent
    return history


def _items(role: str, part: object) -> Iterator[Item]:
    match part:
        case {"type": "text", "text": text}:
            yield from said("assistant" if role == "assistant" else "user", text)
        case {"type": "toolRequest", "id": str(call), "toolCall": {"value": {"name": name, **others}}}:
            yield called(call, name, others.get("arguments") or {})
        case {"type": "toolResponse", "id": str(call), "toolResult": {"value": {"content": content}}}:
            yield answered(call, "\n".join(part_texts(content)))
        case {"type": "toolResponse", "id": str(call), "toolResult": {"error": str(error)}}:
            yield answered(call, f"Error: {_ERROR_CODE.sub('', error, count=1)}")

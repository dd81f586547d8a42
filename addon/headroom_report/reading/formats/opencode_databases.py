"""Databases of opencode and kilo: ~/.local/share/opencode/opencode.db, ~/.local/share/kilo/kilo.db (SQLite).

Tables `session`, `message` and `part`, the last two with their content as JSON in `data`. A tool part holds a call and
its output. Outputs that opencode has cleared from a long session (`time.compacted`) are measured as they were sent
before; parts that are never sent (`ignored`) are left out. Instructions and tools are not kept.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from headroom_report.reading.growing import GrowingHistory
from headroom_report.reading.growing import answered
from headroom_report.reading.growing import called
from headroom_report.reading.growing import count_of
from headroom_report.reading.growing import said
from headroom_report.values import json_text
from headroom_report.values.items import Item
from headroom_report.values.sessions import Session
from headroom_report.values.sessions import name_of
from headroom_report.values.usage_sums import UsageSum

KIND = "opencode database"
TABLES = frozenset({"session", "message", "part"})
_MESSAGES = "SELECT * FROM message WHERE session_id = ? ORDER BY id"
_PARTS = "SELECT * FROM part WHERE session_id = ? ORDER BY id"
_SUMMARY_OF = "What did we do so far?"


def session_rows(database: sqlite3.Connection) -> list[dict[str, Any]]:
    """One row a session, the newest last."""
    rows = [dict(row) for row in database.execute("SELECT * FROM session")]
    return sorted(rows, key=lambda row: (count_of(row.get("time_updated")), str(row.get("id"))))


def session(database: sqlite3.Connection, row: Mapping[str, Any], path: Path) -> Session | None:
    key = row.get("id")
    messages = [(entry["id"], _data(entry)) for entry in database.execute(_MESSAGES, (key,))]
    messages.sort(key=lambda entry: (_created(entry[1]), entry[0]))
    parts: dict[str, list[Mapping[str, Any]]] = {}
    for entry in database.execute(_PARTS, (key,)):
        parts.setdefault(entry["message_id"], []).append(_data(entry))
    history, usage = GrowingHistory(), UsageSum()
    for identity, message in messages:
        _add(history, message, parts.get(identity, []))
        usage += _usage(message)
    kind = "kilo database" if path.name.startswith("kilo") else KIND
    name = name_of(_time(database, row.get("time_created")), row.get("directory"), str(key))
    stretches = history.stretches()
    return Session(name, kind, stretches, usage=usage if usage.input else None) if stretches else None


def _data(entry: sqlite3.Row) -> Mapping[str, Any]:
    data = json_text.parse_or_none(entry["data"])
    return data if isinstance(data, dict) else {}


def _created(message: Mapping[str, Any]) -> int:
    match message:
        case {"time": {"created": int(created)}}:
            return created
    return 0


def _time(database: sqlite3.Connection, milliseconds: object) -> object:
    """The time in ISO 8601; 1970 for what is no count of milliseconds, None for one beyond the year 9999."""
    seconds = count_of(milliseconds) // 1000
    return database.execute("SELECT strftime('%Y-%m-%dT%H:%M', ?, 'unixepoch')", (seconds,)).fetchone()[0]


def _add(history: GrowingHistory, message: Mapping[str, Any], parts: list[Mapping[str, Any]]) -> None:
    """Add a message; one that summarises those before it replaces them."""
    role = "assistant" if message.get("role") == "assistant" else "user"
    items = [item for part in parts for item in _items(role, part)]
    if message.get("summary") is True:
        history.replace([*said("user", _SUMMARY_OF), *items])
    else:
        history.add(items)


def _items(role: str, part: Mapping[str, Any]) -> Iterator[Item]:
    match part:
        case {"type": "text", "text": text} if not part.get("ignored"):
            yield from said(role, text)
        case {"type": "tool", "callID": str(call), "tool": name, "state": dict(state)}:
            yield called(call, name, state.get("input") or {})
            output = state.get("error") if state.get("status") == "error" else state.get("output")
            if isinstance(output, str):
                yield answered(call, output)


def _usage(message: Mapping[str, Any]) -> UsageSum:
    """`input` is only what the cache did not have."""
    match message:
        case {"tokens": {"input": sent, "output": made, "cache": {"read": cached, "write": written}}}:
            in_cache = count_of(cached)
            return UsageSum(count_of(sent) + in_cache + count_of(written), in_cache, count_of(made))
    return UsageSum()

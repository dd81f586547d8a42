"""Databases of Hermes: ~/.hermes/state.db (SQLite).

Tables `sessions` and `messages`, in which a row is a message of chat completions; what is sent for it on /responses has
the same texts. Rows that a compaction put away are kept, those that it left are written anew behind them: of more than
one compaction the first and the last state are measured. What a user took back is kept, too, and was sent. Tools are
not kept.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from headroom_report.reading.growing import GrowingHistory
from headroom_report.reading.growing import answered
from headroom_report.reading.growing import called_function
from headroom_report.reading.growing import count_of
from headroom_report.reading.growing import part_texts
from headroom_report.reading.growing import said
from headroom_report.values import json_text
from headroom_report.values.items import Item
from headroom_report.values.sessions import Session
from headroom_report.values.sessions import name_of
from headroom_report.values.usage_sums import UsageSum

KIND = "Hermes database"
TABLES = frozenset({"sessions", "messages", "session_model_usage", "schema_version"})
_SESSIONS = (
    "SELECT *, strftime('%Y-%m-%dT%H:%M', started_at, 'unixepoch') AS began FROM sessions ORDER BY started_at, id"
)
_MESSAGES = "SELECT * FROM messages WHERE session_id = ? ORDER BY id"
_AS_JSON = "\0json:"
Row = Mapping[str, Any]


def session_rows(database: sqlite3.Connection) -> list[dict[str, Any]]:
    """Of each session one, the newest last."""
    return [dict(row) for row in database.execute(_SESSIONS)]


def session(database: sqlite3.Connection, row: Row, _: Path) -> Session | None:
    messages = [dict(message) for message in database.execute(_MESSAGES, (row["id"],))]
    stretches = _history(messages).stretches()
    if not stretches:
        return None
    name = name_of(row.get("began"), row.get("cwd"), str(row["id"]))
    prompt = row.get("system_prompt")
    usage = _usage(row)
    fixed = (prompt,) if isinstance(prompt, str) and prompt else ()
    return Session(name, KIND, stretches, fixed, usage=usage if usage.input else None)


def _usage(row: Row) -> UsageSum:
    """Its input is what the cache did not have."""
    names = ("input_tokens", "cache_read_tokens", "cache_write_tokens", "output_tokens")
    fresh, cached, written, made = (count_of(row.get(name)) for name in names)
    return UsageSum(fresh + cached + written, cached, made)


def _history(messages: Sequence[Row]) -> GrowingHistory:
    history = GrowingHistory()
    put_away = [row for row in messages if row.get("compacted") and not row.get("active")]
    rest = [row for row in messages if row.get("active") or not row.get("compacted")]
    copied = 0
    if put_away:
        _add(history, _until_written_anew(put_away))
        known = {call for row in put_away for call in _calls_in(row)}
        copied = max((place for place, row in enumerate(rest, 1) if known.intersection(_calls_in(row))), default=1)
        history.replace(item for row in rest[:copied] for item in _items(row))
    _add(history, rest[copied:])
    return history


def _until_written_anew(rows: Sequence[Row]) -> Sequence[Row]:
    """Up to where the first words come again, which each compaction leaves."""
    first = _words(rows[0])
    return rows[: next((place for place, row in enumerate(rows) if place and _words(row) == first), len(rows))]


def _words(row: Row) -> tuple[object, object]:
    return row.get("role"), row.get("content")


def _add(history: GrowingHistory, rows: Iterable[Row]) -> None:
    """What was taken back is followed by what was said instead of it."""
    place = None
    for row in rows:
        if row.get("active") or row.get("compacted"):
            history.go_back_to(place)
            place = None
        elif place is None:
            place = f"before {row.get('id')}"
            history.mark(place)
        history.add(_items(row))


def _calls_in(row: Row) -> set[str]:
    return {str(item["call_id"]) for item in _items(row) if "call_id" in item}


def _items(row: Row) -> Iterator[Item]:
    texts = part_texts(_content(row.get("content")))
    match row:
        case {"role": "tool", "tool_call_id": str(call)}:
            yield answered(call, "\n".join(texts))
        case {"role": "system" | "user" | "assistant" as role}:
            sent = row.get("api_content")
            yield from said(role, sent if isinstance(sent, str) and sent else "\n".join(texts))
            calls = json_text.parse_or_none(row.get("tool_calls"))
            yield from (item for call in (calls if isinstance(calls, list) else ()) for item in called_function(call))


def _content(content: object) -> object:
    """Parts are kept as JSON behind a sign."""
    is_json = isinstance(content, str) and content.startswith(_AS_JSON)
    return json_text.parse_or_none(str(content).removeprefix(_AS_JSON)) if is_json else content

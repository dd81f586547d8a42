"""Databases of OpenClaw: ~/.openclaw/agents/AGENT/agent/openclaw-agent.sqlite.

Tables `session_windows` and `transcript_events`. An event is what pi records as a line: JSON, compressed where it is
long. What OpenClaw adds to the user's words, such as the time, is not kept.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from headroom_compression.zstd_modules import zstd_module
from headroom_report.reading.pi_records import session_of
from headroom_report.values import json_text
from headroom_report.values.sessions import Session

KIND = "OpenClaw database"
TABLES = frozenset({"session_windows", "transcript_events"})
_EVENTS = "SELECT event_json, event_zstd FROM transcript_events WHERE session_id = ? ORDER BY seq"


def session_rows(database: sqlite3.Connection) -> list[dict[str, Any]]:
    """One row a session, the newest last."""
    return [dict(row) for row in database.execute("SELECT * FROM session_windows ORDER BY updated_at, session_id")]


def session(database: sqlite3.Connection, row: Mapping[str, Any], _: Path) -> Session | None:
    identity = str(row["session_id"])
    return session_of(_records(database.execute(_EVENTS, (identity,))), identity, KIND)


def _records(events: sqlite3.Cursor) -> Iterator[Mapping[str, Any]]:
    for event in events:
        value = _value(event["event_json"], event["event_zstd"])
        if isinstance(value, dict):
            yield value


def _value(text: object, compressed: object) -> object:
    if isinstance(compressed, bytes):
        text = zstd_module().decompress(compressed).decode()
    return json_text.parse_or_none(text)

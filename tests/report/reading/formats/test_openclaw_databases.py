"""Databases of OpenClaw: events as they are, compressed, and what is none."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

from headroom_compression.zstd_modules import zstd_module
from headroom_report.reading import databases
from headroom_report.values.sessions import Session
from tests.report.conftest import Notes

TABLES = """
CREATE TABLE session_windows (session_id, updated_at);
CREATE TABLE transcript_events (session_id, seq, event_json, event_zstd);
INSERT INTO session_windows VALUES ('aa3ab925', 1);
"""
BEGINNING = {"type": "session", "version": 4, "id": "aa3ab925", "timestamp": "2026-11-29T15:07:47Z", "cwd": "/srv/app"}


def message(role: str, text: str) -> str:
    return json.dumps(
        {"type": "message", "id": text, "message": {"role": role, "content": [{"type": "text", "text": text}]}}
    )


def read(folder: Path, notes: Notes, *events: tuple[str | None, bytes | None]) -> list[Session]:
    path = folder / "openclaw-agent.sqlite"
    with closing(sqlite3.connect(path)) as database:
        database.executescript(TABLES)
        rows = [("aa3ab925", place, *event) for place, event in enumerate(events)]
        database.executemany("INSERT INTO transcript_events VALUES (?, ?, ?, ?)", rows)
        database.commit()
    return list(databases.read(notes.opening(path)))


def test_events_are_read_whether_compressed_or_not(tmp_path: Path, notes: Notes) -> None:
    packed = zstd_module().compress(message("assistant", "Done.").encode())
    events = ((json.dumps(BEGINNING), None), (message("user", "Look."), None), (None, packed))
    (session,) = read(tmp_path, notes, *events)
    assert (session.name, session.kind) == ("2026-11-29 15:07 app aa3ab925", "OpenClaw database")
    (stretch,) = session.stretches
    assert [item["content"] for item in stretch.items] == ["Look.", "Done."]


def test_what_is_no_event_is_left_out(tmp_path: Path, notes: Notes) -> None:
    assert read(tmp_path, notes, ("{", None), (None, None), ("[1]", None), (json.dumps(BEGINNING), None)) == []

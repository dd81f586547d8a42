"""Databases of Hermes: what it put away, what its user took back, and how contents are kept."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from headroom_report.reading import databases
from headroom_report.values.sessions import Session
from headroom_report.values.usage_sums import UsageSum
from tests.report.conftest import Notes
from tests.report.conftest import requests_of

TABLES = """
CREATE TABLE schema_version (version);
CREATE TABLE session_model_usage (session_id);
CREATE TABLE sessions (id, system_prompt, started_at, cwd, input_tokens, output_tokens, cache_read_tokens,
    cache_write_tokens);
CREATE TABLE messages (id INTEGER PRIMARY KEY, session_id, role, content, tool_call_id, tool_calls, active, compacted,
    api_content);
INSERT INTO sessions VALUES ('20261130_042926_3dace2', 'Be brief.', 1796012977.5, '/home/dev/app', 60, 5, 30, 10);
"""
LIVE: dict[str, object] = {"active": 1, "compacted": 0}
PUT_AWAY: dict[str, object] = {"active": 0, "compacted": 1}
TAKEN_BACK: dict[str, object] = {"active": 0, "compacted": 0}
Row = dict[str, object]
COLUMNS = ("role", "content", "tool_call_id", "tool_calls", "active", "compacted", "api_content")


def said(role: str, content: object, state: Row, **others: object) -> Row:
    return {"role": role, "content": content, **state, **others}


def called(key: str, state: Row) -> list[Row]:
    """A call and its result."""
    calls = [{"id": key, "function": {"name": "terminal", "arguments": '{"command": "ls"}'}}, {"id": 1}]
    asked = said("assistant", "", state, tool_calls=json.dumps(calls))
    return [asked, said("tool", f"Of {key}.", state, tool_call_id=key)]


def read(folder: Path, notes: Notes, *rows: Row) -> list[Session]:
    path = folder / "state.db"
    with closing(sqlite3.connect(path)) as database:
        database.executescript(TABLES)
        for row in rows:
            values = [row.get(column) for column in COLUMNS]
            database.execute(
                "INSERT INTO messages VALUES (NULL, '20261130_042926_3dace2', ?, ?, ?, ?, ?, ?, ?)", values
            )
        database.commit()
    return list(databases.read(notes.opening(path)))


def words(session: Session) -> list[list[Any]]:
    return [
        [item.get("content") or item.get("output") or item["call_id"] for item in stretch.items]
        for stretch in session.stretches
    ]


def test_a_session(tmp_path: Path, notes: Notes) -> None:
    parts = "\0json:" + json.dumps(
        [{"type": "text", "text": "One."}, {"type": "image_url"}, {"type": "text", "text": "Two."}]
    )
    rows = [
        said("user", "Look.", LIVE, api_content="Look. It is Monday."),
        *called("call_1", LIVE),
        said("user", parts, LIVE),
        said("assistant", "Done.", LIVE, tool_calls="{"),
    ]
    (session,) = read(tmp_path, notes, *rows)
    assert (session.name, session.kind) == ("2026-11-30 04:29 app 6_3dace2", "Hermes database")
    assert (session.fixed, session.usage) == (("Be brief.",), UsageSum(100, 30, 5))
    assert words(session) == [["Look. It is Monday.", "call_1", "Of call_1.", "One.\nTwo.", "Done."]]
    assert requests_of(session) == [1, 4]


def test_what_was_taken_back_was_sent(tmp_path: Path, notes: Notes) -> None:
    rows = [
        said("user", "a", LIVE),
        said("assistant", "A", LIVE),
        said("user", "b", TAKEN_BACK),
        said("assistant", "B", TAKEN_BACK),
        said("user", "c", LIVE),
        said("assistant", "C", LIVE),
    ]
    (session,) = read(tmp_path, notes, *rows)
    assert words(session) == [["a", "A", "b", "B"], ["a", "A", "c", "C"]]


def test_what_was_put_away_was_sent_and_its_copies_are_no_new_requests(tmp_path: Path, notes: Notes) -> None:
    rows = [
        said("user", "Look.", PUT_AWAY),
        *called("call_1", PUT_AWAY),
        *called("call_2", PUT_AWAY),
        said("user", "Look.", LIVE),
        said("user", "Summed up.", LIVE),
        *called("call_2", LIVE),
        said("assistant", "Done.", LIVE),
    ]
    (session,) = read(tmp_path, notes, *rows)
    assert words(session) == [
        ["Look.", "call_1", "Of call_1.", "call_2", "Of call_2."],
        ["Look.", "Summed up.", "call_2", "Of call_2.", "Done."],
    ]
    assert [stretch.ends for stretch in session.stretches] == [[1, 3, 5], [4]]


def test_of_several_compactions_the_first_state_and_the_last_are_measured(tmp_path: Path, notes: Notes) -> None:
    rows = [
        said("user", "Look.", PUT_AWAY),
        said("assistant", "A", PUT_AWAY),
        said("user", "Look.", PUT_AWAY),
        said("user", "Summed up.", PUT_AWAY),
        said("assistant", "B", PUT_AWAY),
        said("user", "Look.", LIVE),
        said("user", "Summed up again.", LIVE),
        said("assistant", "C", LIVE),
    ]
    (session,) = read(tmp_path, notes, *rows)
    assert words(session) == [["Look.", "A"], ["Look.", "Summed up again.", "C"]]


def test_a_session_without_messages_is_none(tmp_path: Path, notes: Notes) -> None:
    assert read(tmp_path, notes) == []

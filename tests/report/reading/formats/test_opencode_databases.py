"""Databases of opencode and kilo."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

from headroom_report.reading import databases
from headroom_report.values.sessions import Session
from headroom_report.values.usage_sums import UsageSum
from tests.report.agent_files import fill
from tests.report.agent_files import opencode
from tests.report.conftest import Notes
from tests.report.conftest import requests_of
from tests.report.reads import ROWS


def read(path: Path, notes: Notes) -> list[Session]:
    return list(databases.read(notes.opening(path)))


def test_a_session(tmp_path: Path, notes: Notes) -> None:
    opencode(tmp_path / "opencode.db")
    (session,) = read(tmp_path / "opencode.db", notes)
    (stretch,) = session.stretches
    assert (session.kind, session.usage) == ("opencode database", UsageSum(200, 80, 10))
    assert session.name == "2026-11-28 20:25 app ses_1"
    assert requests_of(session) == [1, 3, 5]
    assert stretch.items[1:3] == [
        {"type": "function_call", "call_id": "call_1", "name": "bash", "arguments": '{"command":"cat values.py"}'},
        {"type": "function_call_output", "call_id": "call_1", "output": ROWS},
    ]


def test_a_database_of_kilo_is_told_by_its_name(tmp_path: Path, notes: Notes) -> None:
    opencode(tmp_path / "kilo.db")
    assert [session.kind for session in read(tmp_path / "kilo.db", notes)] == ["kilo database"]


def test_a_summary_takes_the_place_of_what_was_before(tmp_path: Path, notes: Notes) -> None:
    path = tmp_path / "opencode.db"
    opencode(path)
    with closing(sqlite3.connect(path)) as database:
        for key, data, text in (
            ("9", {"role": "assistant", "summary": True}, "Summed up."),
            ("99", {"role": "user"}, "Go on."),
        ):
            database.execute("INSERT INTO message VALUES (?, 'ses_1', 1, ?)", (f"msg_ses_1_{key}", json.dumps(data)))
            part = json.dumps({"type": "text", "text": text})
            row = (f"prt_ses_1_{key}", f"msg_ses_1_{key}", part)
            database.execute("INSERT INTO part VALUES (?, ?, 'ses_1', ?)", row)
        database.commit()
    (session,) = read(path, notes)
    said = [item["content"] for item in session.stretches[1].items]
    assert said == ["What did we do so far?", "Summed up.", "Go on."]


def test_the_newest_sessions_of_many(tmp_path: Path, notes: Notes) -> None:
    path = tmp_path / "opencode.db"
    with closing(sqlite3.connect(path)) as database:
        for number in range(51):
            fill(database, f"ses_{number}", updated=1_795_897_500_000 - number)
    names = [session.name for session in read(path, notes)]
    assert (len(names), names[-1][-5:]) == (50, "ses_0")
    assert notes == [f"{path}: the newest 50 of its 51 sessions are read"]

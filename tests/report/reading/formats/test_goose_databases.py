"""Databases of goose: what it summed up, what nobody saw, and what is no message."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from headroom_report.reading import databases
from headroom_report.values.items import Item
from headroom_report.values.sessions import Session
from tests.report.conftest import Notes

TABLES = """
CREATE TABLE schema_version (version);
CREATE TABLE sessions (id, working_dir, created_at, updated_at);
CREATE TABLE messages (id INTEGER PRIMARY KEY, session_id, role, content_json, metadata_json);
INSERT INTO sessions VALUES ('20261129_1', '/home/dev/app', '2026-11-29 14:05:18', '2026-11-29 14:06:00');
"""
SEEN, HIDDEN = {"userVisible": True, "agentVisible": True}, {"userVisible": True, "agentVisible": False}
FOR_MODEL, FOR_NOBODY = {"userVisible": False, "agentVisible": True}, {"userVisible": False, "agentVisible": False}
ASKED: Any = {
    "type": "toolRequest",
    "id": "call_1",
    "toolCall": {"status": "success", "value": {"name": "shell", "arguments": {"command": "ls"}}},
}
RESULT = {
    "status": "success",
    "value": {"content": [{"type": "text", "text": "a.py"}, {"type": "text", "text": "b.py"}]},
}
ERROR = {"status": "error", "error": "-32002: Tool 'shell' not found."}
CALL: Item = {"type": "function_call", "call_id": "call_1", "name": "shell", "arguments": '{"command":"ls"}'}


def text(words: str) -> dict[str, str]:
    return {"type": "text", "text": words}


def answer(result: object) -> dict[str, object]:
    return {"type": "toolResponse", "id": "call_1", "toolResult": result}


def read(folder: Path, notes: Notes, *messages: tuple[str, object, object]) -> list[Session]:
    """messages: role, content and who sees it."""
    path = folder / "sessions.db"
    with closing(sqlite3.connect(path)) as database:
        database.executescript(TABLES)
        for role, content, seen in messages:
            row = (role, json.dumps(content), json.dumps(seen))
            database.execute(
                "INSERT INTO messages (session_id, role, content_json, metadata_json) VALUES ('20261129_1', ?, ?, ?)",
                row,
            )
        database.commit()
    return list(databases.read(notes.opening(path)))


def items_of(session: Session) -> list[list[Item]]:
    return [list(stretch.items) for stretch in session.stretches]


def test_a_session(tmp_path: Path, notes: Notes) -> None:
    calls = (("assistant", [ASKED], SEEN), ("user", [answer(RESULT)], SEEN))
    (session,) = read(tmp_path, notes, ("user", [text("Look.")], SEEN), *calls)
    assert (session.name, session.kind) == ("2026-11-29 14:05 app 261129_1", "goose database")
    (items,) = items_of(session)
    assert items == [
        {"type": "message", "role": "user", "content": "Look."},
        CALL,
        {"type": "function_call_output", "call_id": "call_1", "output": "a.py\nb.py"},
    ]


def test_an_error_is_told_as_the_model_gets_it(tmp_path: Path, notes: Notes) -> None:
    (session,) = read(tmp_path, notes, ("assistant", [ASKED], SEEN), ("user", [answer(ERROR)], SEEN))
    assert items_of(session)[0][1]["output"] == "Error: Tool 'shell' not found."


def test_a_summary_takes_the_place_of_what_is_hidden(tmp_path: Path, notes: Notes) -> None:
    (session,) = read(
        tmp_path,
        notes,
        ("user", [text("Look.")], HIDDEN),
        ("assistant", [text("Done.")], HIDDEN),
        ("user", [text("Again.")], FOR_NOBODY),
        ("user", [text("Summed up.")], FOR_MODEL),
        ("user", [text("Again.")], SEEN),
        ("assistant", [text("Done.")], SEEN),
    )
    said = [[item["content"] for item in items] for items in items_of(session)]
    assert said == [["Look.", "Done."], ["Summed up.", "Again.", "Done."]]


def test_what_is_no_message_is_left_out(tmp_path: Path, notes: Notes) -> None:
    odd = (("user", None, None), ("user", [None, {"type": "thinking"}, {"type": "toolRequest", "id": 1}], "x"))
    assert read(tmp_path, notes, *odd) == []

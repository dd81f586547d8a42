"""A session of Continue in its exact shape."""

from __future__ import annotations

import json
from pathlib import Path

from headroom_report.reading.formats import continue_sessions
from tests.report.agent_files import continue_
from tests.report.conftest import Notes
from tests.report.conftest import requests_of
from tests.report.reads import ROWS


def test_a_session(tmp_path: Path, notes: Notes) -> None:
    continue_(tmp_path / "session.json")
    opening = notes.opening(tmp_path / "session.json")
    assert continue_sessions.recognises(opening)
    (session,) = continue_sessions.read(opening)
    (stretch,) = session.stretches
    assert session.name == "app 5d2c"
    assert requests_of(session) == [1, 3, 5]
    assert stretch.items[1:3] == [
        {"type": "function_call", "call_id": "call_1", "name": "Read", "arguments": '{"filepath":"values.py"}'},
        {"type": "function_call_output", "call_id": "call_1", "output": ROWS},
    ]


def test_results_as_messages_and_in_several_texts(tmp_path: Path, notes: Notes) -> None:
    path = tmp_path / "session.json"
    asked = {"id": "a", "function": {"name": "Read", "arguments": "{}"}}
    state = {"toolCallId": "a", "toolCall": asked, "output": [{"content": "one"}, {"content": "two"}, "odd"]}
    history = [
        {"message": {"role": "assistant", "content": [{"type": "text", "text": "Hm."}]}, "toolCallStates": [state]},
        {"message": {"role": "tool", "toolCallId": "b", "content": "three"}},
        {"message": {"role": "user", "content": "Go on."}, "contextItems": [{"name": "a.py", "content": "x = 1"}]},
        {"message": {"role": "assistant"}, "toolCallStates": [{"toolCallId": "c", "toolCall": asked, "output": []}]},
        "odd",
    ]
    path.write_text(json.dumps({"history": history}))
    (session,) = continue_sessions.read(notes.opening(path))
    items = session.stretches[0].items
    assert [item.get("content", item.get("output", item.get("name"))) for item in items] == [
        *("Hm.", "Read", "one\ntwo", "three"),
        '<context name="a.py">\nx = 1\n</context>\n\nGo on.',
        *("Read", "Tool cancelled"),
    ]

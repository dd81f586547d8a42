"""Sessions of fast-agent: several agents, texts beside calls, and what is no session of its own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from headroom_report.reading.formats import fast_agent_sessions
from headroom_report.reading.formats.opening import ForeignFileError
from headroom_report.values.items import Item
from headroom_report.values.sessions import Session
from tests.report.conftest import Notes
from tests.report.conftest import requests_of

CALL = {"method": "tools/call", "params": {"name": "bash", "arguments": {"command": "ls"}}}


def text(words: str) -> dict[str, str]:
    return {"type": "text", "text": words}


def message(role: str, *words: str, **others: object) -> dict[str, Any]:
    return {"role": role, "content": [text(word) for word in words], "is_template": False, **others}


def read(folder: Path, notes: Notes, **histories: list[Any]) -> list[Session]:
    agents: dict[str, Any] = {"odd": None, "lost": {"history_file": "history_lost.json"}}
    for name, messages in histories.items():
        agents[name] = {"history_file": f"../elsewhere/history_{name}.json", "resolved_prompt": f"You are {name}."}
        (folder / f"history_{name}.json").write_text(json.dumps({"messages": messages}))
    told = {"cwd": "/home/dev/app", "agents": agents}
    path = folder / "session.json"
    path.write_text(
        json.dumps({"session_id": "2611300421-8efsIp", "created_at": "2026-11-30T04:21:45", "continuation": told})
    )
    opening = notes.opening(path)
    assert fast_agent_sessions.recognises(opening)
    return list(fast_agent_sessions.read(opening))


def test_a_session(tmp_path: Path, notes: Notes) -> None:
    (tmp_path / "history_lost.json").write_text("{}")
    result = {"content": [text("a.py"), {"type": "image"}, text("b.py")], "isError": False}
    calls = {"call_1": CALL, "call_2": {"params": None}, "call_3": None}
    main = [
        message("user", "Look.", "Closely."),
        message("assistant", "Hm.", tool_calls=calls),
        message("user", tool_results={"call_1": result, "call_2": None}),
        message("assistant", "Done.", tool_calls=None),
        "odd",
    ]
    first, second = read(tmp_path, notes, main=main, other=[message("user", "Hi."), message("assistant", "Hello.")])
    assert (first.name, first.kind, first.fixed) == (
        "2026-11-30 04:21 app 1-8efsIp",
        "fast-agent session",
        ("You are main.",),
    )
    (stretch,) = first.stretches
    expected: list[Item] = [
        {"type": "message", "role": "user", "content": "Look.\nClosely."},
        {"type": "message", "role": "assistant", "content": "Hm."},
        {"type": "function_call", "call_id": "call_1", "name": "bash", "arguments": '{"command":"ls"}'},
        {"type": "function_call_output", "call_id": "call_1", "output": "a.py\nb.py"},
        {"type": "message", "role": "assistant", "content": "Done."},
    ]
    assert stretch.items == expected
    assert (requests_of(first), requests_of(second)) == ([1, 4], [1])


def test_without_a_word_it_is_no_session(tmp_path: Path, notes: Notes) -> None:
    with pytest.raises(ForeignFileError):
        read(tmp_path, notes, main=[])


def test_what_was_said_is_read_by_the_file_that_names_it(tmp_path: Path, notes: Notes) -> None:
    path = tmp_path / "history_main.json"
    path.write_text(json.dumps({"messages": [message("user", "Look.")]}))
    opening = notes.opening(path)
    assert fast_agent_sessions.recognises(opening)
    with pytest.raises(ForeignFileError, match=r"session\.json"):
        list(fast_agent_sessions.read(opening))


def test_messages_of_chat_completions_are_not_its(tmp_path: Path, notes: Notes) -> None:
    path = tmp_path / "request.json"
    path.write_text(json.dumps({"messages": [{"role": "user", "content": "Look."}]}))
    assert not fast_agent_sessions.recognises(notes.opening(path))

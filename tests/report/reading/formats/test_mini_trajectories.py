"""Trajectories of mini-swe-agent in their exact shape, of each way to speak with a model."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from headroom_report.reading.formats import mini_trajectories
from headroom_report.values.items import Item
from tests.report.conftest import Notes
from tests.report.conftest import requests_of

CALL = {"type": "function_call", "call_id": "call_1", "name": "bash", "arguments": '{"command": "ls"}'}
ASKED = [{"role": "system", "content": "Help."}, {"role": "user", "content": "Look.", "extra": {}}]
SAID = [
    {"type": "message", "role": "system", "content": "Help."},
    {"type": "message", "role": "user", "content": "Look."},
]


def items_of(messages: list[Any], path: Path, notes: Notes) -> list[Item]:
    path.write_text(json.dumps({"info": {}, "messages": messages, "trajectory_format": "mini-swe-agent-1.1"}))
    opening = notes.opening(path)
    assert mini_trajectories.recognises(opening)
    (session,) = mini_trajectories.read(opening)
    assert session.name == "shop__1"
    (stretch,) = session.stretches
    assert len(requests_of(session)) == 2
    return list(stretch.items)


def test_items_of_responses(tmp_path: Path, notes: Notes) -> None:
    output = {"type": "function_call_output", "call_id": "call_1", "output": "areas.py"}
    end = {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "Done."}]}
    messages = [
        *ASKED,
        {"object": "response", "id": "resp_1", "output": [CALL, "odd"], "extra": {"cost": 0}},
        {**output, "extra": {"raw_output": "areas.py\n"}},
        {"object": "response", "id": "resp_2", "output": [end]},
        {"role": "exit", "content": "Done."},
        "odd",
    ]
    assert items_of(messages, tmp_path / "shop__1.traj.json", notes) == [*SAID, CALL, output, end]


def test_messages_of_chat_completions(tmp_path: Path, notes: Notes) -> None:
    asked = {"id": "call_1", "type": "function", "function": {"name": "bash", "arguments": '{"command": "ls"}'}}
    messages = [
        *ASKED,
        {"role": "assistant", "content": "Hm.", "tool_calls": [asked, {"id": 1}]},
        {"role": "tool", "tool_call_id": "call_1", "content": [{"type": "text", "text": "areas.py"}]},
        {"role": "assistant", "content": "Done.", "tool_calls": None},
    ]
    assert items_of(messages, tmp_path / "shop__1.traj.json", notes)[2:] == [
        {"type": "message", "role": "assistant", "content": "Hm."},
        CALL,
        {"type": "function_call_output", "call_id": "call_1", "output": "areas.py"},
        {"type": "message", "role": "assistant", "content": "Done."},
    ]


def test_the_output_of_the_last_command_was_never_sent(tmp_path: Path, notes: Notes) -> None:
    last = {**CALL, "call_id": "call_2"}
    output = {"type": "function_call_output", "call_id": "call_1", "output": "areas.py"}
    messages = [*ASKED, {"object": "response", "output": [CALL]}, output, {"object": "response", "output": [last]}]
    end = [{**output, "call_id": "call_2"}, {"role": "exit", "content": "Done."}]
    assert items_of([*messages, *end], tmp_path / "shop__1.traj.json", notes)[2:] == [CALL, output, last]


def test_what_commands_printed_may_be_words_of_the_user(tmp_path: Path, notes: Notes) -> None:
    messages = [*ASKED, {"role": "assistant", "content": "```ls```"}, {"role": "user", "content": "areas.py"}]
    done = {"role": "assistant", "content": "Done."}
    items = items_of([*messages, done], tmp_path / "shop__1.traj.json", notes)
    assert [item["type"] for item in items] == ["message"] * 5


def test_other_files_with_messages_are_none(tmp_path: Path, notes: Notes) -> None:
    for number, other in enumerate(({"messages": []}, {"messages": [], "trajectory_format": "other"}, [])):
        path = tmp_path / f"{number}.json"
        path.write_text(json.dumps(other))
        assert not mini_trajectories.recognises(notes.opening(path))

"""A session of pi in its exact shape, and other lines of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from headroom_report.reading.formats import pi_sessions
from headroom_report.values.usage_sums import UsageSum
from tests.report.agent_files import lines
from tests.report.agent_files import pi
from tests.report.agent_files import pi_line
from tests.report.conftest import Notes
from tests.report.conftest import requests_of
from tests.report.reads import ROWS


def said(identity: str, parent: str, text: str) -> dict[str, Any]:
    return {**pi_line("user", text), "id": identity, "parentId": parent}


def contents(path: Path, notes: Notes) -> list[list[object]]:
    (session,) = pi_sessions.read(notes.opening(path))
    return [[item.get("content") for item in stretch.items] for stretch in session.stretches]


def test_a_session(tmp_path: Path, notes: Notes) -> None:
    pi(tmp_path / "session.jsonl")
    opening = notes.opening(tmp_path / "session.jsonl")
    assert pi_sessions.recognises(opening)
    (session,) = pi_sessions.read(opening)
    (stretch,) = session.stretches
    assert (session.name, session.usage) == ("app 5d2c", UsageSum(200, 80, 10))
    assert requests_of(session) == [1, 3, 5]
    assert stretch.items[1:3] == [
        {"type": "function_call", "call_id": "call_1", "name": "read", "arguments": '{"path":"values.py"}'},
        {"type": "function_call_output", "call_id": "call_1", "output": ROWS},
    ]


def test_a_branch_goes_on_from_where_it_begins(tmp_path: Path, notes: Notes) -> None:
    path = tmp_path / "session.jsonl"
    first = {"type": "session", "version": 3, "id": "root"}
    path.write_text(lines(first, said("a", "root", "One."), said("b", "a", "Two."), said("c", "a", "Three.")))
    assert contents(path, notes) == [["One.", "Two."], ["One.", "Three."]]


def test_what_the_model_is_told_first_is_measured_and_so_are_changes_of_it(tmp_path: Path, notes: Notes) -> None:
    path = tmp_path / "session.jsonl"
    tools = [{"name": "read", "description": "Read a file.", "parameters": {}}]
    told = pi_line("system", "", sections={"preamble": "Be brief.", "cwd": "<cwd>\n/app\n</cwd>"}, toolsAdded=tools)
    changed = pi_line("system", "", sections={"cwd": None, "skills": "<skills>\n</skills>"})
    summed = {"type": "compaction", "id": "c", "summary": "Summed up.", "firstKeptEntryId": "none"}
    summed["systemMessage"] = told["message"]
    first = [{"type": "session", "version": 3, "id": "root"}, told, pi_line("user", "One."), changed]
    path.write_text(lines(*first, pi_line("user", "Two."), summed, pi_line("user", "Three.")))
    prompt = "Be brief.\n\n<cwd>\n/app\n</cwd>"
    before, after = contents(path, notes)
    assert before == [prompt, "One.", "<skills>\n</skills>", "Two."]
    assert after == [prompt, "Summed up.", "Three."]
    (session,) = pi_sessions.read(notes.opening(path))
    assert session.fixed == ('[{"name":"read","description":"Read a file.","parameters":{}}]',)


def test_a_compaction_keeps_the_latest(tmp_path: Path, notes: Notes) -> None:
    path = tmp_path / "session.jsonl"
    compaction = {"type": "compaction", "id": "c", "parentId": "b", "summary": "Summed up.", "firstKeptEntryId": "b"}
    ran = {"type": "message", "message": {"role": "bashExecution", "command": "ls", "output": "a.py"}}
    path.write_text(lines(said("a", "root", "One."), said("b", "a", "Two."), compaction, ran))
    assert contents(path, notes) == [["One.", "Two."], ["Summed up.", "Two.", "Ran `ls`\na.py"]]

"""Events of Copilot CLI in their exact shape, and other ones."""

from __future__ import annotations

from pathlib import Path

from headroom_report.reading.formats import copilot_events
from headroom_report.values.usage_sums import UsageSum
from tests.report.agent_files import copilot
from tests.report.agent_files import lines
from tests.report.conftest import Notes
from tests.report.conftest import requests_of
from tests.report.reads import ROWS


def test_a_session(tmp_path: Path, notes: Notes) -> None:
    copilot(tmp_path / "events.jsonl")
    opening = notes.opening(tmp_path / "events.jsonl")
    assert copilot_events.recognises(opening)
    (session,) = copilot_events.read(opening)
    (stretch,) = session.stretches
    assert (session.name, session.fixed, session.usage) == ("app 5d2c", ("Be brief.",), UsageSum(200, 80, 10))
    assert requests_of(session) == [1, 3, 5]
    assert stretch.items[:3] == [
        {"type": "message", "role": "user", "content": "Read it."},
        {"type": "function_call", "call_id": "call_1", "name": "bash", "arguments": '{"command":"cat values.py"}'},
        {"type": "function_call_output", "call_id": "call_1", "output": ROWS},
    ]
    assert notes == []


def test_agents_compactions_and_errors(tmp_path: Path, notes: Notes) -> None:
    path = tmp_path / "events.jsonl"
    path.write_text(
        lines(
            {"type": "user.message", "data": {"content": "One."}},
            {"type": "assistant.message", "data": {"content": "Around.", "parentToolCallId": "call_9"}},
            {"type": "tool.execution_complete", "data": {"toolCallId": "a", "error": {"message": "no such file"}}},
            {"type": "tool.execution_complete", "data": {"toolCallId": "b", "success": False}},
            {"type": "session.compaction_complete", "data": {"success": True, "summaryContent": "Summed up."}},
            {"type": "user.message", "data": {"content": "Two."}},
            {"type": "assistant.message", "data": "odd"},
        )
    )
    main, agent = copilot_events.read(notes.opening(path))
    said = [[item.get("content", item.get("output")) for item in stretch.items] for stretch in main.stretches]
    assert said == [["One.", "no such file", ""], ["Summed up.", "Two."]]
    assert agent.stretches[0].items[0]["content"] == "Around."

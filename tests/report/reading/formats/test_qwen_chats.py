"""A chat of Qwen Code in its exact shape, and other lines of it."""

from __future__ import annotations

from pathlib import Path

from headroom_report.reading.formats import qwen_chats
from headroom_report.values.usage_sums import UsageSum
from tests.report.agent_files import lines
from tests.report.agent_files import qwen
from tests.report.agent_files import qwen_line
from tests.report.conftest import Notes
from tests.report.conftest import requests_of
from tests.report.reads import ROWS


def test_a_session(tmp_path: Path, notes: Notes) -> None:
    qwen(tmp_path / "chat.jsonl")
    opening = notes.opening(tmp_path / "chat.jsonl")
    assert qwen_chats.recognises(opening)
    (session,) = qwen_chats.read(opening)
    (stretch,) = session.stretches
    assert (session.name, session.usage) == ("5d2c", UsageSum(200, 80, 10))
    assert requests_of(session) == [1, 3, 5]
    arguments = '{"absolute_path":"/home/dev/app/values.py"}'
    assert stretch.items[1:3] == [
        {"type": "function_call", "call_id": "call_1", "name": "read_file", "arguments": arguments},
        {"type": "function_call_output", "call_id": "call_1", "output": ROWS},
    ]


def test_rewinds_compressions_and_other_responses(tmp_path: Path, notes: Notes) -> None:
    path = tmp_path / "chat.jsonl"
    error = {"functionResponse": {"id": "x", "name": "read_file", "response": {"error": "no such file"}}}
    other = {"functionResponse": {"id": "y", "name": "read_file", "response": {"rows": [1]}}}
    compressed = [{"role": "user", "parts": [{"text": "Summed up."}]}]
    path.write_text(
        lines(
            qwen_line("user", {"text": "One."}, uuid="a"),
            qwen_line("tool_result", error, other, uuid="b", parentUuid="a"),
            qwen_line("user", {"text": "Two."}, uuid="c", parentUuid="a"),
            {"type": "system", "subtype": "chat_compression", "systemPayload": {"compressedHistory": compressed}},
            qwen_line("user", {"text": "Three."}),
        )
    )
    (session,) = qwen_chats.read(notes.opening(path))
    said = [[item.get("content", item.get("output")) for item in stretch.items] for stretch in session.stretches]
    assert said == [["One.", "no such file", '{"rows":[1]}'], ["One.", "Two."], ["Summed up.", "Three."]]

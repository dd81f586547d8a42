"""A session of the Cline CLI in its exact shape: measured as Cline sends it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from headroom_report.reading.formats import cline_messages
from tests.report.agent_files import cline
from tests.report.conftest import Notes
from tests.report.conftest import requests_of
from tests.report.reads import ROWS


def test_a_session(tmp_path: Path, notes: Notes) -> None:
    cline(tmp_path / "some.messages.json")
    opening = notes.opening(tmp_path / "some.messages.json")
    assert cline_messages.recognises(opening)
    (session,) = cline_messages.read(opening)
    (stretch,) = session.stretches
    assert (session.name, session.fixed, session.options) == ("some", ("Be brief.",), {"truncation": "auto"})
    assert requests_of(session) == [1, 3, 5]
    output = json.dumps([{"query": "cat values.py", "result": ROWS, "success": True}], separators=(",", ":"))
    assert stretch.items[2] == {"type": "function_call_output", "call_id": "call_1", "output": output}


@pytest.mark.parametrize(
    "content", ["plain", [{"type": "text", "text": "a"}, {"type": "image"}]], ids=["a text", "parts"]
)
def test_a_result_of_another_form(tmp_path: Path, notes: Notes, content: object) -> None:
    path = tmp_path / "some.messages.json"
    result = {"type": "tool_result", "tool_use_id": "a", "content": content}
    path.write_text(json.dumps({"messages": [{"role": "user", "content": [result]}]}))
    (session,) = cline_messages.read(notes.opening(path))
    parts = [{"type": "input_text", "text": "a"}, {"type": "input_image"}]
    assert session.stretches[0].items[0]["output"] == (content if isinstance(content, str) else parts)


def test_a_compaction_is_told(tmp_path: Path, notes: Notes) -> None:
    path = tmp_path / "some.messages.json"
    cline(path)
    (tmp_path / "some.compaction.json").touch()
    assert len(list(cline_messages.read(notes.opening(path)))) == 1
    assert notes == [f"{path}: was compacted, and is measured as if it were not"]


def test_a_request_of_the_messages_api_is_none(tmp_path: Path, notes: Notes) -> None:
    path = tmp_path / "request.json"
    cline(path)
    path.write_text(json.dumps({"max_tokens": 5, **json.loads(path.read_text())}))
    assert not cline_messages.recognises(notes.opening(path))

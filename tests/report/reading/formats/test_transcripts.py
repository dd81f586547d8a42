"""A transcript that Claude Code 2.1 wrote (without attachments and copies of results), and other lines of it."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from headroom_report.reading.formats import transcripts
from headroom_report.reading.formats.opening import ForeignFileError
from headroom_report.values.items import is_output
from headroom_report.values.usage_sums import UsageSum
from tests.report.conftest import Notes
from tests.report.conftest import requests_of
from tests.report.reads import RECORDED

RESULT = {
    "type": "tool_result",
    "tool_use_id": "toolu_1",
    "content": [{"type": "text", "text": "a"}, {"type": "image"}],
}


def line(role: str, content: object, **members: Any) -> str:
    message = {"role": role, "content": content}
    return json.dumps({"type": role, "sessionId": "some", "message": message, **members}) + "\n"


def test_a_session(notes: Notes) -> None:
    opening = notes.opening(RECORDED / "claude_code.transcript.jsonl")
    assert transcripts.recognises(opening)
    (session,) = transcripts.read(opening)
    assert requests_of(session) == [1, 3, 5, 7, 9]
    (stretch,) = session.stretches
    calls = (item["arguments"] for item in stretch.items if item["type"] == "function_call")
    assert next(calls) == '{"command":"nl -ba areas.py","description":"Read areas.py"}'
    assert sum(map(is_output, stretch.items)) == 4
    assert session.usage == UsageSum(10, 0, 10), "each block of a message repeats its usage"
    assert notes == []


def test_agents_and_compactions_are_kept_apart(tmp_path: Path, notes: Notes) -> None:
    path = tmp_path / "file"
    path.write_text(
        line("user", "One.")
        + line("user", "Look around.", isSidechain=True, agentId="a1")
        + line("assistant", [{"type": "text", "text": "Around."}, {"type": "thinking", "thinking": "Hm."}])
        + json.dumps({"type": "system", "subtype": "compact_boundary", "sessionId": "some"})
        + "\n"
        + line("user", [RESULT, {"type": "text", "text": "Two."}])
    )
    main, agent = transcripts.read(notes.opening(path))
    assert [[item.get("content") for item in stretch.items] for stretch in main.stretches] == [
        ["One.", "Around."],
        [None, "Two."],
    ]
    assert main.stretches[1].items[0]["output"] == [{"type": "input_text", "text": "a"}, {"type": "input_image"}]
    assert (agent.name, agent.stretches[0].items[0]["content"]) == ("some a1", "Look around.")


def test_agents_without_a_name_are_kept_apart(tmp_path: Path, notes: Notes) -> None:
    path = tmp_path / "file"
    path.write_text(
        line("user", "One.", uuid="u1")
        + line("user", "Look.", uuid="s1", isSidechain=True)
        + line("user", "Listen.", uuid="t1", isSidechain=True)
        + line("assistant", "Seen.", uuid="s2", parentUuid="s1", isSidechain=True)
        + line("assistant", "Heard.", uuid="t2", parentUuid="t1", isSidechain=True)
    )
    _, one, other = transcripts.read(notes.opening(path))
    assert [item["content"] for item in one.stretches[0].items] == ["Look.", "Seen."]
    assert [item["content"] for item in other.stretches[0].items] == ["Listen.", "Heard."]


def test_turns_that_were_taken_back_are_not_sent_with_what_came_after(tmp_path: Path, notes: Notes) -> None:
    path = tmp_path / "file"
    path.write_text(
        line("user", "One.", uuid="1")
        + line("assistant", "Yes.", uuid="2", parentUuid="1")
        + line("user", "Two.", uuid="3", parentUuid="2")
        + line("assistant", "Well.", uuid="4", parentUuid="3")
        + line("user", "Three.", uuid="5", parentUuid="2")
        + line("assistant", "Done.", uuid="6", parentUuid="5")
    )
    (session,) = transcripts.read(notes.opening(path))
    assert [[item["content"] for item in stretch.items] for stretch in session.stretches] == [
        ["One.", "Yes.", "Two.", "Well."],
        ["One.", "Yes.", "Three.", "Done."],
    ]
    assert [list(stretch.ends) for stretch in session.stretches] == [[1, 3], [3]]


def test_lines_without_an_id_take_nothing_back(tmp_path: Path, notes: Notes) -> None:
    path = tmp_path / "file"
    snapshot = json.dumps({"type": "file-history-snapshot", "messageId": "some"}) + "\n"
    path.write_text(
        snapshot
        + line("user", "One.", uuid="1", parentUuid=None)
        + line("assistant", "Yes.", uuid="2", parentUuid="1")
        + line("user", "Two.", uuid="3", parentUuid=None)
    )
    (session,) = transcripts.read(notes.opening(path))
    assert [[item["content"] for item in stretch.items] for stretch in session.stretches] == [["One.", "Yes.", "Two."]]


def test_calls_made_at_once_stay_together(tmp_path: Path, notes: Notes) -> None:
    path = tmp_path / "file"
    calls = [{"type": "tool_use", "id": f"toolu_{number}", "name": "Read", "input": {}} for number in (1, 2)]
    results = [{"type": "tool_result", "tool_use_id": call["id"], "content": "a"} for call in calls]
    path.write_text(
        line("user", "One.", uuid="1")
        + line("assistant", calls[:1], uuid="2", parentUuid="1")
        + line("assistant", calls[1:], uuid="3", parentUuid="2")
        + line("user", results[:1], uuid="4", parentUuid="2")
        + line("user", results[1:], uuid="5", parentUuid="3")
        + line("user", "Two.", uuid="6", parentUuid="5")
    )
    (session,) = transcripts.read(notes.opening(path))
    assert [len(stretch.items) for stretch in session.stretches] == [6]


def test_a_transcript_without_messages_is_foreign(tmp_path: Path, notes: Notes) -> None:
    path = tmp_path / "file"
    path.write_text('{"type":"summary","summary":"Done","leafUuid":"some"}\n')
    opening = notes.opening(path)
    assert transcripts.recognises(opening)
    with pytest.raises(ForeignFileError, match="without messages"):
        list(transcripts.read(opening))


@pytest.mark.parametrize("key", ["uuid", "parentUuid", "agentId", "isSidechain", "sessionId", "timestamp", "cwd"])
@pytest.mark.parametrize("value", [["u2"], {"id": "u2"}, 2, None])
def test_an_id_of_another_kind_loses_no_text(key: str, value: object, tmp_path: Path, notes: Notes) -> None:
    path = tmp_path / "file"
    strange = {"uuid": "u2", "parentUuid": "u1", key: value}
    path.write_text(line("user", "One.", uuid="u1") + line("assistant", "Two.", **strange) + line("user", "Three."))
    stretches = [stretch for session in transcripts.read(notes.opening(path)) for stretch in session.stretches]
    assert sorted(item["content"] for stretch in stretches for item in stretch.items) == ["One.", "Three.", "Two."]


def test_to_tell_agents_without_a_name_apart_takes_no_time_of_its_own(tmp_path: Path, notes: Notes) -> None:
    named, unnamed = (
        min(seconds_for(5000, tmp_path, notes, has_names=has_names) for _ in range(3)) for has_names in (True, False)
    )
    assert unnamed < 3 * named


def seconds_for(agents: int, folder: Path, notes: Notes, *, has_names: bool) -> float:
    """CPU of a file in which so many agents begin."""
    path = folder / "file"
    names = ({"agentId": f"a{number}"} if has_names else {} for number in range(agents))
    lines = (line("user", "Look.", uuid=f"s{at}", isSidechain=True, **name) for at, name in enumerate(names))
    path.write_text("".join(lines))
    start = time.process_time()
    assert len(list(transcripts.read(notes.opening(path)))) == agents
    return time.process_time() - start

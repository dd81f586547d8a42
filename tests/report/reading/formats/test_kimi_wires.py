"""Sessions of Kimi Code: what its user takes back, what is compacted, and how results reach the model."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from headroom_report.reading.formats import kimi_wires
from headroom_report.reading.formats.opening import ForeignFileError
from headroom_report.values.items import Item
from headroom_report.values.sessions import Session
from headroom_report.values.usage_sums import UsageSum
from tests.report.conftest import Notes

BEGINNING = {"type": "metadata", "protocol_version": "1.5", "created_at": 1_795_962_015_334}
USED = {"inputOther": 60, "output": 5, "inputCacheRead": 40, "inputCacheCreation": 0}


def said(text: str) -> dict[str, Any]:
    message = {"role": "user", "content": [{"type": "text", "text": text}], "origin": {"kind": "user"}}
    return {"type": "context.append_message", "message": message}


def event(**fields: object) -> dict[str, Any]:
    return {"type": "context.append_loop_event", "event": fields}


def answer(text: str) -> dict[str, Any]:
    return event(type="content.part", part={"type": "text", "text": text})


def called(tool: str, **result: object) -> list[dict[str, Any]]:
    call = {"toolCallId": "call_1"}
    return [event(type="tool.call", name=tool, args={"a": 1}, **call), event(type="tool.result", result=result, **call)]


def read(folder: Path, notes: Notes, *lines: dict[str, Any]) -> Session:
    path = folder / "session_5d2c0e66" / "agents" / "main" / "wire.jsonl"
    path.parent.mkdir(parents=True)
    path.write_text("".join(f"{json.dumps(line)}\n" for line in (BEGINNING, *lines)))
    opening = notes.opening(path)
    assert kimi_wires.recognises(opening)
    (session,) = kimi_wires.read(opening)
    return session


def words(session: Session) -> list[list[object]]:
    return [[item["content"] for item in stretch.items] for stretch in session.stretches]


def test_a_session(tmp_path: Path, notes: Notes) -> None:
    session = read(tmp_path, notes, said("Look."), {"type": "usage.record", "usage": USED}, answer("Done."))
    assert (session.name, session.kind) == ("5d2c0e66", "Kimi Code session")
    assert session.usage == UsageSum(100, 40, 5)
    assert words(session) == [["Look.", "Done."]]


@pytest.mark.parametrize(
    ("tool", "result", "texts"),
    [
        (
            "Read",
            {"output": "1\ta", "durationMs": 7, "note": "<system>1 line.</system>"},
            ["1\ta\n<system>1 line.</system>"],
        ),
        ("Bash", {"output": "a\n", "durationMs": 1234}, ["Wall time: 1.234 seconds\na\n"]),
        ("mcp__fs__read", {"output": "a", "durationMs": 5.4}, ["Wall time: 0.005 seconds\na"]),
        ("Write", {"output": ""}, ["<system>Tool output is empty.</system>"]),
        ("Edit", {"output": "No.", "isError": True}, ["<system>ERROR: Tool execution failed.</system>\nNo."]),
        (
            "Edit",
            {"output": " ", "isError": True},
            ["<system>ERROR: Tool execution failed. Tool output is empty.</system>"],
        ),
        (
            "Read",
            {"output": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}], "isError": True, "note": "n"},
            ["<system>ERROR: Tool execution failed.</system>", "a", "b", "n"],
        ),
    ],
    ids=["a note", "a time", "a time of an MCP server", "empty", "failed", "failed and empty", "several texts"],
)
def test_a_result_as_the_model_gets_it(
    tmp_path: Path, notes: Notes, tool: str, result: dict[str, object], texts: list[str]
) -> None:
    (stretch,) = read(tmp_path, notes, *called(tool, **result)).stretches
    output: list[Item] = [{"type": "input_text", "text": text} for text in texts]
    assert stretch.items == [
        {"type": "function_call", "call_id": "call_1", "name": tool, "arguments": '{"a":1}'},
        {"type": "function_call_output", "call_id": "call_1", "output": output},
    ]


def test_turns_that_were_taken_back(tmp_path: Path, notes: Notes) -> None:
    turns = [line for word in "abc" for line in (said(word), answer(word.upper()))]
    session = read(tmp_path, notes, *turns, {"type": "context.undo", "count": 2}, said("d"), answer("D"))
    assert words(session) == [["a", "A", "b", "B", "c", "C"], ["a", "A", "d", "D"]]


@pytest.mark.parametrize(
    "summary",
    [
        {"summary": "Summed up."},
        {"contextSummary": "Summed up.", "summary": "For people."},
        {"summary": {"role": "user", "content": [{"type": "text", "text": "Summed up."}]}},
    ],
    ids=["a text", "one for the model", "a message"],
)
def test_a_summary_takes_the_place_of_what_was_before(tmp_path: Path, notes: Notes, summary: dict[str, Any]) -> None:
    compacted = {"type": "context.apply_compaction", "compactedCount": 2, **summary}
    session = read(tmp_path, notes, said("a"), answer("A"), compacted, said("b"), answer("B"))
    assert words(session) == [["a", "A"], ["Summed up.", "b", "B"]]


def test_a_context_that_was_cleared(tmp_path: Path, notes: Notes) -> None:
    session = read(tmp_path, notes, said("a"), answer("A"), {"type": "context.clear"}, said("b"), answer("B"))
    assert words(session) == [["a", "A"], ["b", "B"]]


def test_a_file_without_messages_is_told(tmp_path: Path, notes: Notes) -> None:
    with pytest.raises(ForeignFileError, match="without messages"):
        read(tmp_path, notes)

"""Sessions of Mistral Vibe: the pieces of a history, and those that are missing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from headroom_report.reading.formats import vibe_stores
from headroom_report.reading.formats.opening import ForeignFileError
from headroom_report.values.items import Item
from headroom_report.values.sessions import Session
from tests.report.conftest import Notes
from tests.report.conftest import requests_of

GENERATION = "0000000000000047"
STORE = {
    "store_format": "mistral.vibe.unified-session-store/v1",
    "generation": GENERATION,
    "session_id": "87dc1ae8-5d2c",
}
CALL = {"type": "tool_call", "id": "call_1", "name": "bash", "arguments": {"raw": '{"command": "ls"}', "value": {}}}


def said(role: str, *parts: object, **others: object) -> dict[str, Any]:
    return {"message": {"role": role, "content": list(parts), **others}, "source": "history"}


def text(words: str) -> dict[str, str]:
    return {"type": "text", "text": words}


def read(folder: Path, notes: Notes, chunks: dict[str, object], latest: list[object], names: list[str]) -> Session:
    place = folder / "generations" / GENERATION
    place.mkdir(parents=True)
    (folder / "chunks").mkdir()
    for name, piece in chunks.items():
        (folder / "chunks" / f"{name}.json").write_text(json.dumps(piece))
    (place / "manifest.json").write_text(json.dumps({"checkpoint": {"chunks": names}}))
    (place / "checkpoint.json").write_text(json.dumps({"context": {"messages": latest}}))
    (folder / "CURRENT").write_text(json.dumps(STORE))
    opening = notes.opening(folder / "CURRENT")
    assert vibe_stores.recognises(opening)
    (session,) = vibe_stores.read(opening)
    return session


def test_a_session_in_pieces(tmp_path: Path, notes: Notes) -> None:
    meta = {"start_time": "2026-11-30T04:27:24+00:00", "origin_directory": "/home/dev/app"}
    (tmp_path / "meta.json").write_text(json.dumps(meta))
    chunks: dict[str, object] = {
        "aa": [said("user", text("Look.")), said("assistant", text("Hm."), CALL, {"type": "tool_call"})],
        "bb": [said("tool", text("a.py"), text("b.py"), tool_call_id="call_1"), "odd"],
        "cc": {"not": "a piece"},
        "dd": [said("user", text("Of another session."))],
    }
    session = read(tmp_path, notes, chunks, [said("assistant", text("Done."))], ["aa", "../chunks/bb", "cc"])
    assert (session.name, session.kind) == ("2026-11-30 04:27 app ae8-5d2c", "Mistral Vibe session")
    (stretch,) = session.stretches
    expected: list[Item] = [
        {"type": "message", "role": "user", "content": "Look."},
        {"type": "message", "role": "assistant", "content": "Hm."},
        {"type": "function_call", "call_id": "call_1", "name": "bash", "arguments": '{"command": "ls"}'},
        {"type": "function_call_output", "call_id": "call_1", "output": "a.py\nb.py"},
        {"type": "message", "role": "assistant", "content": "Done."},
    ]
    assert stretch.items == expected
    assert requests_of(session) == [1, 4]


def test_contents_and_arguments_in_other_forms(tmp_path: Path, notes: Notes) -> None:
    call = {"type": "tool_call", "id": "call_1", "name": "bash", "arguments": {"command": "ls"}}
    asked = {"message": {"role": "user", "content": "Look."}}
    session = read(tmp_path, notes, {}, [asked, said("assistant", call)], [])
    assert session.name == "ae8-5d2c"
    (stretch,) = session.stretches
    assert [item.get("content") or item["arguments"] for item in stretch.items] == ["Look.", '{"command":"ls"}']


def test_without_a_word_it_is_no_session(tmp_path: Path, notes: Notes) -> None:
    with pytest.raises(ForeignFileError, match="without messages"):
        read(tmp_path, notes, {}, [], [])


def test_a_piece_that_is_missing_is_told(tmp_path: Path, notes: Notes) -> None:
    with pytest.raises(ForeignFileError, match="No such file"):
        read(tmp_path, notes, {}, [said("user", text("Look."))], ["aa"])

"""Sessions as one JSON object a file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from headroom_report.reading.formats import recordings
from tests.report.conftest import Notes
from tests.report.conftest import requests_of
from tests.report.reads import reads


@pytest.mark.parametrize("owner", ["source", "agent"])
def test_a_session(tmp_path: Path, notes: Notes, owner: str) -> None:
    path = tmp_path / "session.json"
    path.write_text(json.dumps({owner: "some agent", "model": "some", "input": [*reads(2), None]}))
    assert recordings.recognises(notes.opening(path))
    (session,) = recordings.read(notes.opening(path))
    assert (session.name, session.kind, requests_of(session)) == ("session", "some agent", [1, 3, 5])


@pytest.mark.parametrize(
    ("owner", "kind"),
    [
        pytest.param("a\x1b[2J\u202eb", "a\\x1b[2J\\u202eb", id="what a terminal obeys"),
        pytest.param("a\n\tb", "a b", id="several lines"),
        pytest.param("a" * 1000, "a" * 39 + "…", id="a long one"),
    ],
)
def test_a_kind_can_be_printed(tmp_path: Path, notes: Notes, owner: str, kind: str) -> None:
    path = tmp_path / "session.json"
    path.write_text(json.dumps({"source": owner, "input": reads(1)}))
    (session,) = recordings.read(notes.opening(path))
    assert session.kind == kind


def test_a_request_is_none(tmp_path: Path, notes: Notes) -> None:
    path = tmp_path / "body.json"
    path.write_text(json.dumps({"model": "some", "input": reads(2)}))
    assert not recordings.recognises(notes.opening(path))

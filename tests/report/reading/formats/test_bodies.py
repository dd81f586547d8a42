"""Recorded bodies in the forms that people keep them in."""

from __future__ import annotations

from pathlib import Path

import pytest

from headroom_report.reading.formats import bodies
from tests.compression.support.bodies import message
from tests.compression.support.bodies import request_body
from tests.report.conftest import Notes

BODY = request_body(message("Hi."))


@pytest.mark.parametrize(
    ("content", "count"),
    [
        pytest.param(BODY, 1, id="one"),
        pytest.param(BODY.replace(b",", b",\n"), 1, id="one over several lines"),
        pytest.param(b"[" + BODY + b"," + BODY + b"]", 2, id="a list"),
        pytest.param(BODY + b"\n" + BODY + b"\n", 2, id="lines"),
        pytest.param(BODY + b"\n" + b'{"other":1}\n', 1, id="a line of something else"),
        pytest.param(b'{"input":"Hi.","model":"some"}', 1, id="input that is a text"),
    ],
)
def test_bodies_are_recognised_and_read(tmp_path: Path, notes: Notes, content: bytes, count: int) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    assert bodies.recognises(notes.opening(path))
    assert len(list(bodies.read(notes.opening(path)))) == count


@pytest.mark.parametrize("content", [b"{}", b"[1]", b'{"input":1}', b"text", b'{"messages":[]}'])
def test_other_json_is_none_of_it(tmp_path: Path, notes: Notes, content: bytes) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    assert not bodies.recognises(notes.opening(path))

"""A file as its readers see it, whatever it holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from headroom_proxy.encodings import CODINGS
from headroom_report.reading.formats.opening import ForeignFileError
from tests.report.conftest import Notes

ZSTD = CODINGS["zstd"][0].encode
LINES = b'{"a":1}\n{"b":"\\ud800"}\n'


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "file"


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(LINES, id="plain"),
        pytest.param(b"\xef\xbb\xbf" + LINES, id="byte order mark"),
        pytest.param(ZSTD(LINES), id="zstd"),
        pytest.param(LINES + b"\n", id="an empty line"),
        pytest.param(LINES.rstrip(), id="no newline at the end"),
    ],
)
def test_lines(path: Path, notes: Notes, content: bytes) -> None:
    path.write_bytes(content)
    assert list(notes.opening(path).objects()) == notes.opening(path).first_lines == [{"a": 1}, {"b": "\ud800"}]
    assert notes == []


def test_lines_that_are_no_objects_are_left_out_and_told(path: Path, notes: Notes) -> None:
    path.write_bytes(LINES + b'[1]\n{"cut')
    assert list(notes.opening(path).objects()) == [{"a": 1}, {"b": "\ud800"}]
    assert notes == [f"{path}: 2 lines are no JSON and left out"]


@pytest.mark.parametrize(
    ("content", "document"),
    [
        pytest.param(b'{\n "a": [1]\n}', {"a": [1]}, id="object over several lines"),
        pytest.param(b" [1]", [1], id="list"),
        pytest.param(LINES, None, id="several objects"),
        pytest.param(b"text", None, id="text"),
        pytest.param(b"", None, id="empty"),
    ],
)
def test_document(path: Path, notes: Notes, content: bytes, document: object) -> None:
    path.write_bytes(content)
    assert notes.opening(path).document == document


def test_a_file_that_cannot_be_read_says_why(path: Path, notes: Notes) -> None:
    with pytest.raises(ForeignFileError, match="No such file"):
        _ = notes.opening(path).head
    path.write_bytes(ZSTD(LINES)[:4] + b"\xff" * 100)
    with pytest.raises(ForeignFileError, match="broken zstd"):
        list(notes.opening(path).objects())


def test_requests_that_are_left_out_are_noted_unless_it_is_none(path: Path, notes: Notes) -> None:
    opening = notes.opening(path)
    opening.note_left_out(0, "refused")
    opening.note_left_out(1, "refused")
    opening.note_left_out(2, "streamed")
    assert notes == [f"{path}: 1 request is left out: refused", f"{path}: 2 requests are left out: streamed"]

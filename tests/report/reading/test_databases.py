"""Databases: the newest is read where it lies, and nothing is written beside it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from headroom_report.reading import databases
from headroom_report.reading.formats.opening import ForeignFileError
from headroom_report.values.sessions import Session
from tests.report.agent_files import fill
from tests.report.conftest import Notes
from tests.report.conftest import requests_of


def read(path: Path, notes: Notes) -> list[Session]:
    opening = notes.opening(path)
    assert databases.recognises(opening)
    return list(databases.read(opening))


def test_what_lies_in_the_log_is_read_and_nothing_is_written(tmp_path: Path, notes: Notes) -> None:
    path = tmp_path / "opencode.db"
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA wal_autocheckpoint = 0")
        fill(database)
        before = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
        assert before["opencode.db-wal"]
        assert [requests_of(session) for session in read(path, notes)] == [[1, 3, 5]]
        assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == before
        database.execute("DELETE FROM session")  # no lock is left


def test_without_a_log_nothing_is_made_beside_it(tmp_path: Path, notes: Notes) -> None:
    path = tmp_path / "opencode.db"
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA journal_mode = WAL")
        fill(database)
    assert [file.name for file in tmp_path.iterdir()] == ["opencode.db"]
    assert len(read(path, notes)) == 1
    assert [file.name for file in tmp_path.iterdir()] == ["opencode.db"]


@pytest.mark.parametrize("content", [b"", b"\xff" * 5000], ids=["of something else", "broken"])
def test_another_database_is_told(tmp_path: Path, notes: Notes, content: bytes) -> None:
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE bookmarks (id TEXT)")
        database.commit()
    if content:
        path.write_bytes(path.read_bytes()[:100] + content)
    with pytest.raises(ForeignFileError, match="SQLite, but"):
        read(path, notes)


def test_what_has_the_tables_of_two_agents_is_of_neither_alone(tmp_path: Path, notes: Notes) -> None:
    """crush names its tables as goose does, and has others beside them."""
    path = tmp_path / "crush.db"
    with closing(sqlite3.connect(path)) as database:
        database.executescript("CREATE TABLE sessions (id); CREATE TABLE messages (id); CREATE TABLE files (id);")
    with pytest.raises(ForeignFileError, match="no database of opencode, kilo, goose, Hermes or OpenClaw"):
        read(path, notes)

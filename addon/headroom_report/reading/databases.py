"""SQLite databases of agents, told apart by their tables.

Nothing is written and no lock is taken: a database with a write-ahead log, which may hold its latest rows, is copied
first.
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from contextlib import contextmanager
from pathlib import Path

from headroom_report.reading.formats import goose_databases
from headroom_report.reading.formats import openclaw_databases
from headroom_report.reading.formats import opencode_databases
from headroom_report.reading.formats.opening import ForeignFileError
from headroom_report.reading.formats.opening import Opening
from headroom_report.values.sessions import Session

_SIGN = b"SQLite format 3\x00"
_READERS = (opencode_databases, goose_databases, openclaw_databases)
_MAX_SESSIONS = 50  # the newest of a database, as many as of files
_TRIES = 3  # to copy it while its program writes
_LOG = "-wal"


def recognises(opening: Opening) -> bool:
    return opening.head.startswith(_SIGN)


def read(opening: Opening) -> Iterator[Session]:
    try:
        with _copied(opening.path) as place, closing(sqlite3.connect(place, uri=True)) as database:
            yield from _sessions(database, opening)
    except (sqlite3.Error, OSError) as error:
        raise ForeignFileError(f"SQLite, but not to be read ({type(error).__name__})") from error


def _sessions(database: sqlite3.Connection, opening: Opening) -> Iterator[Session]:
    names = {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    database.row_factory = sqlite3.Row
    reader = next((reader for reader in _READERS if names >= reader.TABLES), None)
    if reader is None:
        raise ForeignFileError("SQLite, but no database of opencode, kilo, goose or OpenClaw")
    rows = reader.session_rows(database)
    if len(rows) > _MAX_SESSIONS:
        opening.note(f"{opening.path}: the newest {_MAX_SESSIONS} of its {len(rows)} sessions are read")
    sessions = (reader.session(database, row, opening.path) for row in rows[-_MAX_SESSIONS:])
    yield from (session for session in sessions if session)


@contextmanager
def _copied(path: Path) -> Iterator[str]:
    """The URI of a database that nobody writes to: a copy, or itself where no log lies beside it."""
    log = path.with_name(path.name + _LOG)
    if not log.exists() or not log.stat().st_size:
        yield _address(path, "immutable=1")
        return
    with tempfile.TemporaryDirectory(prefix="headroom-") as folder:  # 0700
        copy = Path(folder, "copy.db")
        for _ in range(_TRIES):
            before = _states(path, log)
            shutil.copyfile(path, copy)
            shutil.copyfile(log, copy.with_name(copy.name + _LOG))
            if before == _states(path, log):
                break
        yield _address(copy, "mode=rw")  # SQLite has to rebuild the index of the log


def _address(path: Path, how: str) -> str:
    return f"{path.resolve().as_uri()}?{how}"


def _states(*paths: Path) -> list[tuple[int, int]]:
    return [(state.st_mtime_ns, state.st_size) for state in (path.stat() for path in paths)]

"""Databases of opencode and kilo: ~/.local/share/opencode/opencode.db, ~/.local/share/kilo/kilo.db (SQLite).

Tables `session`, `message` and `part`, the last two with their content as JSON in `data`. A tool part holds a call and
its output. What opencode has cleared of a long session (`time.compacted`) is measured as it was sent before; what an
agent keeps hidden (`ignored`) is left out. Instructions and tools are not kept.

Nothing is written and no lock is taken: a database with a write-ahead log, which may hold the newest, is copied first.
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from collections.abc import Mapping
from contextlib import closing
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from headroom_report.reading.formats.opening import ForeignFileError
from headroom_report.reading.formats.opening import Opening
from headroom_report.reading.growing import GrowingHistory
from headroom_report.reading.growing import answered
from headroom_report.reading.growing import called
from headroom_report.reading.growing import count_of
from headroom_report.reading.growing import said
from headroom_report.values import json_text
from headroom_report.values.items import Item
from headroom_report.values.sessions import Session
from headroom_report.values.sessions import name_of
from headroom_report.values.usage_sums import UsageSum

KIND = "opencode database"
_SIGN = b"SQLite format 3\x00"
_TABLES = {"session", "message", "part"}
_MAX_SESSIONS = 50  # the newest of a database, as many as of files
_TRIES = 3  # to copy it while its program writes
_LOG = "-wal"
_MESSAGES = "SELECT * FROM message WHERE session_id = ? ORDER BY id"
_PARTS = "SELECT * FROM part WHERE session_id = ? ORDER BY id"
_SUMMARY_OF = "What did we do so far?"


def recognises(opening: Opening) -> bool:
    return opening.head.startswith(_SIGN)


def read(opening: Opening) -> Iterator[Session]:
    try:
        with _copied(opening.path) as place, closing(sqlite3.connect(place, uri=True)) as database:
            yield from _sessions(database, opening)
    except (sqlite3.Error, OSError) as error:
        raise ForeignFileError(f"SQLite, but not to be read ({type(error).__name__})") from error


@contextmanager
def _copied(path: Path) -> Iterator[str]:
    """The address of a database that nobody else has: itself where no log lies beside it, for then nobody writes."""
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
        yield _address(copy, "mode=rw")  # the index of the log is made anew


def _address(path: Path, how: str) -> str:
    return f"{path.resolve().as_uri()}?{how}"


def _states(*paths: Path) -> list[tuple[int, int]]:
    return [(state.st_mtime_ns, state.st_size) for state in (path.stat() for path in paths)]


def _sessions(database: sqlite3.Connection, opening: Opening) -> Iterator[Session]:
    names = {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if not names >= _TABLES:
        raise ForeignFileError("SQLite, but no database of opencode or kilo")
    database.row_factory = sqlite3.Row
    rows = [dict(row) for row in database.execute("SELECT * FROM session")]
    rows.sort(key=lambda row: (count_of(row.get("time_updated")), str(row.get("id"))))
    if len(rows) > _MAX_SESSIONS:
        opening.note(f"{opening.path}: the newest {_MAX_SESSIONS} of its {len(rows)} sessions are read")
    for row in rows[-_MAX_SESSIONS:]:
        session = _session(database, row, opening.path)
        if session:
            yield session


def _session(database: sqlite3.Connection, row: Mapping[str, Any], path: Path) -> Session | None:
    key = row.get("id")
    messages = [(entry["id"], _data(entry)) for entry in database.execute(_MESSAGES, (key,))]
    messages.sort(key=lambda entry: (_created(entry[1]), entry[0]))
    parts: dict[str, list[Mapping[str, Any]]] = {}
    for entry in database.execute(_PARTS, (key,)):
        parts.setdefault(entry["message_id"], []).append(_data(entry))
    history, usage = GrowingHistory(), UsageSum()
    for identity, message in messages:
        _add(history, message, parts.get(identity, []))
        usage += _usage(message)
    kind = "kilo database" if path.name.startswith("kilo") else KIND
    name = name_of(_time(database, row.get("time_created")), row.get("directory"), str(key))
    stretches = history.stretches()
    return Session(name, kind, stretches, usage=usage if usage.input else None) if stretches else None


def _data(entry: sqlite3.Row) -> Mapping[str, Any]:
    try:
        data = json_text.parse(entry["data"])
    except ValueError:
        return {}
    return data if isinstance(data, dict) else {}


def _created(message: Mapping[str, Any]) -> int:
    match message:
        case {"time": {"created": int(created)}}:
            return created
    return 0


def _time(database: sqlite3.Connection, milliseconds: object) -> object:
    """As ISO 8601 writes it; nothing where it is no time."""
    seconds = count_of(milliseconds) // 1000
    return database.execute("SELECT strftime('%Y-%m-%dT%H:%M', ?, 'unixepoch')", (seconds,)).fetchone()[0]


def _add(history: GrowingHistory, message: Mapping[str, Any], parts: list[Mapping[str, Any]]) -> None:
    """A message that sums up what was before takes its place."""
    role = "assistant" if message.get("role") == "assistant" else "user"
    items = [item for part in parts for item in _items(role, part)]
    if message.get("summary") is True:
        history.replace([*said("user", _SUMMARY_OF), *items])
    else:
        history.add(items)


def _items(role: str, part: Mapping[str, Any]) -> Iterator[Item]:
    match part:
        case {"type": "text", "text": text} if not part.get("ignored"):
            yield from said(role, text)
        case {"type": "tool", "callID": str(call), "tool": name, "state": dict(state)}:
            yield called(call, name, state.get("input") or {})
            output = state.get("error") if state.get("status") == "error" else state.get("output")
            if isinstance(output, str):
                yield answered(call, output)


def _usage(message: Mapping[str, Any]) -> UsageSum:
    """Its input is what the cache did not have."""
    match message:
        case {"tokens": {"input": sent, "output": made, "cache": {"read": cached, "write": written}}}:
            in_cache = count_of(cached)
            return UsageSum(count_of(sent) + in_cache + count_of(written), in_cache, count_of(made))
    return UsageSum()

"""The user's own history: which files there are, which program wrote each, and the sessions in them."""

from __future__ import annotations

import os
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from headroom_report.reading import databases
from headroom_report.reading.formats import bodies
from headroom_report.reading.formats import cline_messages
from headroom_report.reading.formats import continue_sessions
from headroom_report.reading.formats import copilot_events
from headroom_report.reading.formats import fast_agent_sessions
from headroom_report.reading.formats import flows
from headroom_report.reading.formats import har
from headroom_report.reading.formats import kimi_wires
from headroom_report.reading.formats import mini_trajectories
from headroom_report.reading.formats import pi_sessions
from headroom_report.reading.formats import qwen_chats
from headroom_report.reading.formats import recordings
from headroom_report.reading.formats import rollouts
from headroom_report.reading.formats import transcripts
from headroom_report.reading.formats import vibe_stores
from headroom_report.reading.formats.opening import ForeignFileError
from headroom_report.reading.formats.opening import Opening
from headroom_report.reading.requests import Conversations
from headroom_report.reading.requests import RecordedRequest
from headroom_report.values.sessions import Session

# The order matters: readers that look only at the first lines come first; a chat of Qwen Code would also pass for a
# transcript of Claude Code, and a recording for the body of a request.
_OF_SESSIONS = (
    *(rollouts, qwen_chats, transcripts, copilot_events, pi_sessions, kimi_wires, databases),
    *(cline_messages, continue_sessions, mini_trajectories, fast_agent_sessions, vibe_stores, recordings),
)
_OF_REQUESTS = (flows, har)
_PACKED = {b"\x1f\x8b": "gzip", b"PK\x03\x04": "zip", b"BZh": "bzip2", b"\xfd7zXZ": "xz"}


def files_in(path: Path, note: Callable[[str], None] = lambda _: None) -> list[Path]:
    """The file itself, or all files in a folder and its folders, sorted by name, without hidden ones.

    note: is told of folders that cannot be read.
    """
    if not path.is_dir():
        return [path]
    found = (Path(folder) / name for folder, _, names in _visible(path, note) for name in names)
    return sorted(file for file in found if not file.name.startswith(".") and _is_file(file))


def _visible(path: Path, note: Callable[[str], None]) -> Iterator[tuple[str, list[str], list[str]]]:
    for folder, folders, names in os.walk(path, onerror=lambda error: note(f"{error.filename}: {error.strerror}")):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield folder, folders, names


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:
        return True  # opening it will tell what is wrong


def read_history(
    paths: Iterable[Path], note: Callable[[str], None], begins: Callable[[Path], None] = lambda _: None
) -> Iterator[Session]:
    """The sessions in files, one after the other. Never raises: `note` is told of a file that cannot be read.

    The files of a folder that hold one request each form sessions together. begins: is given each file before it is
    read.
    """
    for folder, files in groupby(paths, key=lambda path: path.parent):
        single = Conversations()
        for path in files:
            begins(path)
            yield from _told(path, note, _sessions(Opening(path, note), single))
        yield from single.sessions(folder.resolve().name or str(folder), bodies.KIND)
        _tell_what_is_missing(folder, single, note)


def _told(path: Path, note: Callable[[str], None], sessions: Iterator[Session]) -> Iterator[Session]:
    try:
        yield from sessions
    except ForeignFileError as error:
        note(f"{path}: {error}")
    except Exception as error:  # noqa: BLE001  a file may hold anything, and the others are still to be read
        note(f"{path}: cannot be read ({type(error).__name__})")


def _sessions(opening: Opening, single: Conversations) -> Iterator[Session]:
    """The sessions of a file; recorded bodies of requests are added to `single` instead."""
    if not opening.head:
        raise ForeignFileError("empty")
    for sessions_reader in _OF_SESSIONS:
        if sessions_reader.recognises(opening):
            yield from sessions_reader.read(opening)
            return
    for requests_reader in _OF_REQUESTS:
        if requests_reader.recognises(opening):
            yield from _of_requests(opening, requests_reader.read(opening), requests_reader.KIND)
            return
    if not bodies.recognises(opening):
        raise ForeignFileError(_why_foreign(opening))
    for request in bodies.read(opening):
        single.add(request)


def _of_requests(opening: Opening, requests: Iterator[RecordedRequest], kind: str) -> Iterator[Session]:
    conversations = Conversations()
    count = 0
    try:
        for count, request in enumerate(requests, 1):  # noqa: B007  counts them
            conversations.add(request)
    except ForeignFileError as error:
        opening.note(f"{opening.path}: {error}")
    if not count:
        raise ForeignFileError("no requests to the Responses API that could be measured")
    _tell_what_is_missing(opening.path, conversations, opening.note)
    yield from conversations.sessions(opening.path.name, kind)


def _tell_what_is_missing(path: Path, conversations: Conversations, note: Callable[[str], None]) -> None:
    count = conversations.without_beginning
    if count == 1:
        note(f"{path}: 1 request continues an answer that was not recorded, and counts as a beginning")
    elif count:
        note(f"{path}: {count} requests continue answers that were not recorded, and count as beginnings")


def _why_foreign(opening: Opening) -> str:
    match opening.document:
        case {"messages": list()}:
            return "a request of another API (`messages`, not `input`)"
        case None:
            packed = next((name for sign, name in _PACKED.items() if opening.head.startswith(sign)), None)
            return f"{packed}: unpack it first" if packed else "no JSON, and no mitmproxy flows"
    return "JSON, but no session or request that is known here"

"""Sessions of Mistral Vibe: ~/.vibe/logs/session/unified/SESSION/, of which CURRENT names the latest generation.

The manifest of a generation names the pieces of its history in `chunks`, each a list of messages; what was said since
the last piece stands in its checkpoint. What was compacted is gone from there. Instructions and tools are left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from headroom_report.reading.formats.opening import ForeignFileError
from headroom_report.reading.formats.opening import Opening
from headroom_report.reading.growing import answered
from headroom_report.reading.growing import called
from headroom_report.reading.growing import part_texts
from headroom_report.reading.growing import said
from headroom_report.values.items import Item
from headroom_report.values.sessions import Session
from headroom_report.values.sessions import Stretch
from headroom_report.values.sessions import name_of

KIND = "Mistral Vibe session"
_STORE = "mistral.vibe.unified-session-store/"


def recognises(opening: Opening) -> bool:
    match opening.document:
        case {"store_format": str(name), "generation": str()}:
            return name.startswith(_STORE)
    return False


def read(opening: Opening) -> Iterator[Session]:
    place = opening.path.parent
    match opening.document:
        case {"generation": str(generation), **others}:
            items = [item for entry in _entries(place, _name(generation), opening) for item in _items(entry)]
            if not items:
                raise ForeignFileError("a session without messages")
            yield Session(_title(place, others.get("session_id"), opening), KIND, [Stretch.of(items)])


def _title(place: Path, key: object, opening: Opening) -> str:
    file = place / "meta.json"
    told = _document(file, opening) if file.exists() else None
    meta = told if isinstance(told, dict) else {}
    return name_of(meta.get("start_time"), meta.get("origin_directory"), str(key or place.name))


def _entries(place: Path, generation: str, opening: Opening) -> Iterator[object]:
    """Of the history, in order. Raises ForeignFileError where a piece of it is missing."""
    folder = place / "generations" / generation
    match _document(folder / "manifest.json", opening):
        case {"checkpoint": {"chunks": list(chunks)}}:
            for chunk in chunks:
                piece = _document(place / "chunks" / f"{_name(chunk)}.json", opening)
                yield from piece if isinstance(piece, list) else ()
    match _document(folder / "checkpoint.json", opening):
        case {"context": {"messages": list(messages)}}:
            yield from messages


def _document(path: Path, opening: Opening) -> object:
    return Opening(path, opening.note).document


def _name(value: object) -> str:
    """Of a file in its folder, whatever path stands there."""
    return Path(str(value)).name


def _items(entry: object) -> Iterator[Item]:
    match entry:
        case {"message": {"role": "tool", "tool_call_id": str(call), "content": content}}:
            yield answered(call, "\n".join(part_texts(content)))
        case {"message": {"role": "system" | "user" | "assistant" as role, "content": content}}:
            for part in content if isinstance(content, list) else [{"type": "text", "text": content}]:
                yield from _of_part(role, part)


def _of_part(role: str, part: Any) -> Iterator[Item]:
    match part:
        case {"type": "text", "text": text}:
            yield from said(role, text)
        case {"type": "tool_call", "id": str(call), "name": name}:
            arguments = part.get("arguments")
            raw = arguments.get("raw") if isinstance(arguments, dict) else None
            yield called(call, name, raw if isinstance(raw, str) else arguments or {})

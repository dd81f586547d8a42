"""Sessions kept as one JSON object a file: the items under `input`, and whose they are under `source` or `agent`."""

from __future__ import annotations

from collections.abc import Iterator

from headroom_report.reading.formats.opening import Opening
from headroom_report.values.plain_text import one_line
from headroom_report.values.sessions import Session
from headroom_report.values.sessions import Stretch

_MAX_KIND_LENGTH = 40  # the kinds of all sessions stand in one line


def recognises(opening: Opening) -> bool:
    match opening.document:
        case {"input": list(), "source": str()} | {"input": list(), "agent": str()}:
            return True
    return False


def read(opening: Opening) -> Iterator[Session]:
    document = opening.document
    if isinstance(document, dict):
        items = [item for item in document["input"] if isinstance(item, dict)]
        kind = document.get("source") or document.get("agent")
        yield Session(opening.path.stem, one_line(str(kind), _MAX_KIND_LENGTH), [Stretch.of(items)])

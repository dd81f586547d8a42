"""Sessions of pi: ~/.pi/agent/sessions/FOLDER/TIME_ID.jsonl.

The first line is {"type": "session"}; the others name the one that they follow, so that a branch begins where one
follows no last one. Several texts of one result are sent as one, a line each. What its user ran (`bashExecution`) is
sent as the user's words. Newer versions keep what the model is told first: a system message of named sections, which
later ones change, with the tools.
"""

from __future__ import annotations

from collections.abc import Iterator

from headroom_report.reading.formats.opening import ForeignFileError
from headroom_report.reading.formats.opening import Opening
from headroom_report.reading.pi_records import session_of
from headroom_report.values.sessions import Session

KIND = "pi session"


def recognises(opening: Opening) -> bool:
    return any(line.get("type") == "session" and ("cwd" in line or "version" in line) for line in opening.first_lines)


def read(opening: Opening) -> Iterator[Session]:
    session = session_of(opening.objects(), opening.path.stem, KIND)
    if session is None:
        raise ForeignFileError("a session without messages")
    yield session

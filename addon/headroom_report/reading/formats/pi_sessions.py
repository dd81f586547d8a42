"""Sessions of pi: ~/.pi/agent/sessions/FOLDER/TIME_ID.jsonl.

The first line is {"type": "session"}; each other one names the line that it follows: where that is not the last one, a
branch begins. Several texts of one result are sent as one, a line each. Commands that the user ran (`bashExecution`)
are sent as the user's words. Newer versions also keep the system message, in named sections that later ones change, and
the tools.
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

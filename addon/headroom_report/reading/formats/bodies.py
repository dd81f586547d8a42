"""Bodies of requests to the Responses API as they were sent: a JSON object a file, a list of them, or one a line."""

from __future__ import annotations

from collections.abc import Iterator

from headroom_report.reading.formats.opening import Opening
from headroom_report.reading.requests import RecordedRequest
from headroom_report.reading.requests import read_members

KIND = "recorded requests"


def recognises(opening: Opening) -> bool:
    if any(read_members(line) for line in opening.first_lines):
        return True
    document = opening.document
    return any(read_members(member) for member in (document if isinstance(document, list) else [document]))


def read(opening: Opening) -> Iterator[RecordedRequest]:
    document = opening.document if len(opening.first_lines) < 2 else None  # noqa: PLR2004  one line may be all of it
    members = document if isinstance(document, list) else [document] if document else opening.objects()
    yield from filter(None, map(read_members, members))

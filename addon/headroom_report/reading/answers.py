"""What a recorded answer says: its id, the items that the model made, and the tokens that the provider counted."""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Iterator
from dataclasses import dataclass

from headroom_compression import AnswerEvent
from headroom_compression import Progress
from headroom_compression import read_answer
from headroom_compression import read_answer_event
from headroom_report.values import json_text
from headroom_report.values.items import Item
from headroom_report.values.usage_sums import UsageSum

_EVENT_END = re.compile(rb"\r\n\r\n|\n\n|\r\r")
_LINE_END = re.compile(rb"\r\n|\n|\r")


@dataclass(frozen=True, slots=True)
class RecordedAnswer:
    """is_refused: it says that it failed, so that no model has read the request, or not all of it."""

    response_id: str | None = None
    items: tuple[Item, ...] = ()
    usage: UsageSum | None = None
    is_refused: bool = False


REFUSED = RecordedAnswer(is_refused=True)


def read_body(body: bytes) -> RecordedAnswer:
    """Read the body of an answer, an event stream or JSON; an empty RecordedAnswer for all else."""
    if body.lstrip()[:1] == b"{":
        event = read_answer(body)
        is_whole = event.progress is not Progress.BROKEN
        if not is_whole and _says_failure(body):
            return REFUSED
        return RecordedAnswer(event.response_id if is_whole else None, event.items, _sum_of(event))
    return read_events(_event_data(body))


def read_events(events: Iterable[bytes]) -> RecordedAnswer:
    """Read the events of one answer, each as JSON."""
    response_id: str | None = None
    items: tuple[Item, ...] = ()
    usage: UsageSum | None = None
    has_ended = has_failed = False
    for data in events:
        event = read_answer_event(data)
        if event is None or event.progress is Progress.BROKEN:
            has_failed = has_failed or (event is not None and _says_failure(data))
            continue
        response_id = event.response_id or response_id
        if event.progress is Progress.ITEM:
            items += event.items
        if event.progress is Progress.ENDED:
            has_ended = True
            items = items or event.items
            usage = _sum_of(event)
    return REFUSED if has_failed and not has_ended else RecordedAnswer(response_id, items, usage)


def _says_failure(broken: bytes) -> bool:
    """Whether an unfinished answer or its event says that it failed; others broke off, or are fetched elsewhere."""
    match json_text.parse_or_none(broken):
        case {"type": "error" | "response.failed" | "response.cancelled"}:
            return True
        case {"status": "failed" | "cancelled"} | {"error": dict() | str()}:
            return True
    return False


def _event_data(stream: bytes) -> Iterator[bytes]:
    for event in _EVENT_END.split(stream):
        lines = (line[5:].removeprefix(b" ") for line in _LINE_END.split(event) if line.startswith(b"data:"))
        yield b"\n".join(lines)


def _sum_of(event: AnswerEvent) -> UsageSum | None:
    return UsageSum.of(event.usage) if event.usage else None

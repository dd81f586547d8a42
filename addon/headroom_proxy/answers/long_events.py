"""A server-sent event of megabytes, of which the event loop copies nothing while it comes."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING
from typing import Final

from headroom_compression import read_answer_event
from headroom_compression import telling_events
from headroom_proxy.answers.continuations import KNOWN_OF_ANSWERS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Sequence

    from headroom_compression import AnswerEvent

# Behind a line feed an empty line.
_END: Final = re.compile(rb"\n\r?\n")
_CUT: Final = 2  # so much of it may have come before


class LongEvent:
    """begun: what has come of it, after a line feed. most: so long it may get."""

    def __init__(self, begun: bytes, most: int) -> None:
        self._parts = [begun]
        self._room = most - len(begun)
        self._end = begun[-_CUT:]

    def take(self, text: bytes) -> int | None:
        """How much of the text belongs to it when it ends there. Raises ValueError when it gets too long."""
        found = _END.search(self._end + text)
        stop = found.end() - len(self._end) if found else None
        self._parts.append(text[:stop])
        self._room -= len(self._parts[-1])
        if self._room < 0:
            raise ValueError("an event over the limit")
        self._end = (self._end + text[-_CUT:])[-_CUT:]
        return stop

    def whole(self) -> bytes:
        """Its lines end in line feeds. For the thread: it is long."""
        return b"".join(self._parts).replace(b"\r\n", b"\n")


def events_of(ended: bytes | LongEvent, most: int) -> Sequence[AnswerEvent]:
    """What events that have ended tell. Raises ValueError when more than `most` tell something."""
    stream = ended if isinstance(ended, bytes) else ended.whole()
    events = map(read_answer_event, at_most(most, telling_events(stream)))
    return tuple(lean(event) for event in events if event)


def lean(event: AnswerEvent) -> AnswerEvent:
    """Without the items that nobody looks at: to give back what millions of values took would hold the event loop."""
    return replace(event, items=tuple(item for item in event.items if item.get("type") in KNOWN_OF_ANSWERS))


def at_most(most: int, events: Iterable[bytes]) -> Iterator[bytes]:
    for number, event in enumerate(events):
        if number == most:
            raise ValueError("too many events at once")
        yield event

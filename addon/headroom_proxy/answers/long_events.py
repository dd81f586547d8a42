"""A server-sent event of megabytes, which the event loop must not copy as it grows."""

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

# The end of a line, and an empty line.
_END: Final = re.compile(rb"\n\r?\n")
_CUT: Final = 2  # bytes of it that may have come at the end of the text before


class LongEvent:
    """begun: the line feed before it, and what has come of it. most: how many bytes it may have."""

    def __init__(self, begun: bytes, most: int) -> None:
        self._parts = [begun]
        self._room = most - len(begun)
        self._end = begun[-_CUT:]

    def take(self, text: bytes) -> int | None:
        """Add a text; return where in it the event ends, if it does. Raises ValueError when it gets too long."""
        found = _END.search(self._end + text)
        stop = found.end() - len(self._end) if found else None
        self._parts.append(text[:stop])
        self._room -= len(self._parts[-1])
        if self._room < 0:
            raise ValueError("an event over the limit")
        self._end = (self._end + text[-_CUT:])[-_CUT:]
        return stop

    def whole(self) -> bytes:
        """All of it, with line feeds at the ends of lines. Only a thread has the time for that."""
        return b"".join(self._parts).replace(b"\r\n", b"\n")


def events_of(ended: bytes | LongEvent, most: int) -> Sequence[AnswerEvent]:
    """Read events that have ended. Raises ValueError when there are more than `most` worth reading."""
    stream = ended if isinstance(ended, bytes) else ended.whole()
    events = map(read_answer_event, at_most(most, telling_events(stream)))
    return tuple(lean(event) for event in events if event)


def lean(event: AnswerEvent) -> AnswerEvent:
    """The event without items that nobody looks at: freeing millions of values would block the event loop."""
    return replace(event, items=tuple(item for item in event.items if item.get("type") in KNOWN_OF_ANSWERS))


def at_most(most: int, events: Iterable[bytes]) -> Iterator[bytes]:
    for number, event in enumerate(events):
        if number == most:
            raise ValueError("too many events at once")
        yield event

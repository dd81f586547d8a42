"""A clock for the watchdog, which stands still while the process does: paused containers, Ctrl-Z, machines that sleep.

To the monotonic clock such a pause is time like any other (not that of a machine that sleeps, on Linux and macOS). Work
that was begun before it would count as too slow, and its session would never be compressed again.
"""

from __future__ import annotations

from contextlib import contextmanager
from time import monotonic
from time import process_time
from typing import TYPE_CHECKING
from typing import Final

if TYPE_CHECKING:
    from collections.abc import Iterator

# How often whoever watches has to look.
LOOK_SECONDS: Final = 1.0
# So much later than it should be, and with less work done than half of that by all threads: then nothing of it ran. An
# event loop that a thread holds up is late too, but that thread takes processor time.
MIN_PAUSE: Final = 1.0


class AwakeClock:
    """Seconds of the monotonic clock, without the pauses that were noticed while somebody watched."""

    def __init__(self) -> None:
        self._watching = 0
        self._paused = 0.0
        self._looked_at = self._worked = 0.0

    def now(self) -> float:
        return monotonic() - self._paused

    @contextmanager
    def watched(self) -> Iterator[None]:
        """To be held by who calls `look` each LOOK_SECONDS."""
        if self._watching:
            self.look()  # the first thing after a pause may be a request
        else:
            self._looked_at, self._worked = monotonic(), process_time()
        self._watching += 1
        try:
            yield
        finally:
            self._watching -= 1

    def look(self) -> None:
        """Notice a pause since the last look."""
        now, worked = monotonic(), process_time()
        late = now - self._looked_at - LOOK_SECONDS
        if late >= MIN_PAUSE and worked - self._worked < late / 2:
            self._paused += late
        self._looked_at, self._worked = now, worked

"""The two threads for the work on requests: which one does a piece of it, and when, by how much is new."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Final
from typing import NamedTuple
from typing import Self
from typing import TypeVar

from headroom_proxy.work.worker import Worker

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable

Result = TypeVar("Result")

# What takes 20 ms to work out, and three times as long where it is a log.
MAX_NEW_BESIDE_OTHERS: Final = 256 * 1024
# Two hundred users who come at once with 200 kB each are seconds of work, which whoever has little to do goes before.
# But not for ever: so much later is due what is new, and then it is done, whatever comes.
NEW_A_SECOND: Final = 32 * 1024
MAX_SECONDS_LATER: Final = 10.0


class Size(NamedTuple):
    """How many bytes of a request may be new, and for how many of them it may be put off."""

    new: int
    put_off_for: int

    @classmethod
    def of(cls, body: bytes, known: int) -> Self:
        """known: how many of its bytes are. What is encoded, and begins as no request does, may be known as well."""
        new = len(body) - known
        return cls(new, new if body.startswith(b"{") else min(new, NEW_A_SECOND))


class TwoThreads:
    """The second is for what is much, so that nobody who sends little waits for all of it."""

    def __init__(self) -> None:
        stuck: list[threading.Thread] = []
        self.first, self.second = Worker(stuck), Worker(stuck, is_kept=False)

    def open(self) -> None:
        self.first.open()
        self.second.open()

    def stop(self) -> None:
        self.first.stop()
        self.second.stop()

    async def run(self, work: Callable[[], Result], seconds: float, size: Size, since: float) -> Result:
        """As `Worker.run`, for work that came at `since`, by the monotonic clock."""
        worker = self.second if size.new > MAX_NEW_BESIDE_OTHERS else self.first
        return await worker.run(work, seconds, since + min(size.put_off_for / NEW_A_SECOND, MAX_SECONDS_LATER))

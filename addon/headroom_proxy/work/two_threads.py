"""The two threads for the work on requests: which one does a piece of it, and when, by how much is new."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Final
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

    async def run(self, work: Callable[[], Result], seconds: float, new: int) -> Result:
        """As `Worker.run`. new: how many bytes of its request are new."""
        worker = self.second if new > MAX_NEW_BESIDE_OTHERS else self.first
        return await worker.run(work, seconds, min(new / NEW_A_SECOND, MAX_SECONDS_LATER))

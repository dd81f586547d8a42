"""The two threads that work on requests: the amount of new text decides which of them takes a request, and when."""

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

# Bytes that are new. So many take 20 ms, three times as long in a log; requests with more go to the second thread.
MAX_NEW_BESIDE_OTHERS: Final = 256 * 1024
# Two hundred users who send 200 kB each at the same time are seconds of work; small requests overtake them. So that no
# request waits for ever, its due time is later by a second only for each so many new bytes, and by ten at most.
NEW_A_SECOND: Final = 32 * 1024
MAX_SECONDS_LATER: Final = 10.0


class Size(NamedTuple):
    """Of a request: how many bytes may be new, and how many of them its due time is reckoned by."""

    new: int
    put_off_for: int

    @classmethod
    def of(cls, body: bytes, known: int) -> Self:
        """known: how many bytes of the body were in an earlier request.

        Of an encoded body, which does not begin with a brace, nobody knows that yet: it is put off by a second at most.
        """
        new = len(body) - known
        return cls(new, new if body.startswith(b"{") else min(new, NEW_A_SECOND))


class TwoThreads:
    """The second is for large requests, so that small ones do not wait for them."""

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
        """As `Worker.run`. since: when the request came, by the monotonic clock."""
        worker = self.second if size.new > MAX_NEW_BESIDE_OTHERS else self.first
        return await worker.run(work, seconds, since + min(size.put_off_for / NEW_A_SECOND, MAX_SECONDS_LATER))

"""What no request and no answer waits for: counting them, reading whole answers, log lines."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING

from headroom_proxy.guards import answer_goes_on

if TYPE_CHECKING:
    from collections.abc import Callable


class Afterwards:
    """Pieces of work for the event loop, done one after the other in the order in which they came."""

    def __init__(self) -> None:
        self._work: deque[Callable[[], object]] = deque()

    def add(self, work: Callable[[], object], seconds: float) -> None:
        """Do it in so many seconds, or when all is finished before."""
        self._work.append(work)
        asyncio.get_running_loop().call_later(seconds, self.finish)

    def finish(self) -> None:
        """Do all that is left; what one piece raises keeps no other from being done. For what depends on it."""
        while self._work:
            with answer_goes_on():
                self._work.popleft()()

"""What no request and no answer waits for: counting them, reading answers, log lines."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING
from typing import Final

from headroom_proxy.guards import answer_goes_on

if TYPE_CHECKING:
    from collections.abc import Callable

# An agent runs a tool before it asks again. With many at once several pieces are done together, while the code for
# them is in the processor's cache: then each takes a third of the time.
LATEST_SECONDS: Final = 0.1
MOST_PIECES: Final = 20  # each holds a flow, with its bodies


class Afterwards:
    """Pieces of work for the event loop, done one after the other in the order in which they came."""

    def __init__(self) -> None:
        self._work: deque[Callable[[], object]] = deque()

    def add(self, work: Callable[[], object]) -> None:
        """Do it soon, or when all is finished before."""
        self._work.append(work)
        if len(self._work) == 1:
            asyncio.get_running_loop().call_later(LATEST_SECONDS, self._go_on)
        elif len(self._work) == MOST_PIECES:
            asyncio.get_running_loop().call_soon(self._go_on)

    def finish(self) -> None:
        """Do all that is left; what one piece raises keeps no other from being done. For what depends on it."""
        while self._work:
            self._do_one()

    def _go_on(self) -> None:
        """Between two pieces the event loop sees to what else waits: one may be an answer of megabytes."""
        if self._work:
            self._do_one()
            asyncio.get_running_loop().call_soon(self._go_on)

    def _do_one(self) -> None:
        with answer_goes_on():
            self._work.popleft()()

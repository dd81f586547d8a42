"""Counting for a budget, in the time when nobody waits, what the next turn of a session may ask for."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING
from typing import Final
from weakref import ref

from headroom_proxy.work.worker import Worker

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Sequence

    from headroom_compression import Conversation

# The request should have gone on by then. An agent runs a tool before it asks again.
SECONDS_BEFORE: Final = 0.1
# More sessions are not remembered to be counted; those that are left out are at their next turn.
MAX_WAITING: Final = 100


class CountingAhead:
    """Has a thread of its own: no request waits for it, and while tiktoken counts no other thread does.

    is_busy: whether others are at work on a request. Then the thread ends with the text that it is at, and goes on
    when another request has gone on. What is to be counted is kept by those only who remember the session.
    """

    def __init__(self, is_busy: Callable[[], bool]) -> None:
        self._is_busy = is_busy
        self._worker = Worker()
        self._waiting: deque[ref[Conversation]] = deque(maxlen=MAX_WAITING)
        self._steps: deque[Callable[[], object]] = deque()  # for the thread alone

    def open(self) -> None:
        self._worker.open()

    def stop(self) -> None:
        self._waiting.clear()
        self._worker.stop()

    def begin_soon(self, conversation: Conversation) -> None:
        """In the event loop: count what is worth it, when the request that has come to this point has gone on."""
        if conversation.tally and conversation.tally.is_worth_counting:
            asyncio.get_running_loop().call_later(SECONDS_BEFORE, self._begin, ref(conversation))

    def _begin(self, conversation: ref[Conversation]) -> None:
        self._waiting.append(conversation)
        self._worker.start(self._go_on)

    def _go_on(self) -> None:
        while (self._steps or self._waiting) and not self._is_busy():
            if self._steps:
                self._steps.popleft()()
            else:
                self._steps.extend(_steps_of(self._waiting.popleft()))


def _steps_of(conversation: ref[Conversation]) -> Sequence[Callable[[], object]]:
    point = conversation()
    return point.tally.steps_ahead() if point and point.tally else ()

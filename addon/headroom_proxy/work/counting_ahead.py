"""With a budget: counts in idle time the tokens that the next turn of a session may need."""

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

# By then the request has been forwarded; the next one comes later, since an agent runs a tool before it asks again.
SECONDS_BEFORE: Final = 0.1
# Sessions waiting to be counted. For one that is dropped the next turn itself counts.
MAX_WAITING: Final = 100


class CountingAhead:
    """Has a thread of its own: no request waits for it, and while tiktoken counts it holds up no other thread.

    is_busy: whether others are working on a request. If so, the thread stops after the text that it is counting, and
    continues after a later request has been forwarded. It keeps no session alive that the memory has forgotten.
    """

    def __init__(self, is_busy: Callable[[], bool]) -> None:
        self._is_busy = is_busy
        self._worker = Worker()
        self._waiting: deque[ref[Conversation]] = deque(maxlen=MAX_WAITING)
        self._steps: deque[Callable[[], object]] = deque()  # used by the thread only

    def open(self) -> None:
        self._worker.open()

    def stop(self) -> None:
        self._waiting.clear()
        self._worker.stop()

    def begin_soon(self, conversation: Conversation) -> None:
        """In the event loop: count, if that is worth it, after the request that led to this point was forwarded."""
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

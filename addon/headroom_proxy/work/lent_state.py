"""What is remembered, lent to one piece of work: whoever gives the work up takes it back.

A thread cannot be stopped from outside. What it still does after it was given up must reach nothing that others use.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from headroom_compression import Memory
from headroom_proxy.work.lending import Lending

if TYPE_CHECKING:
    from headroom_compression import Conversation
    from headroom_compression import RememberedPrefix
    from headroom_proxy.answers.continuations import Continuations
    from headroom_proxy.answers.continuations import Scope


class TakenBackError(Exception):
    """The work was given up; nobody waits for what comes of it."""


class LentState(Memory):
    """A memory for the core, and the answers that can be continued, until they are taken back.

    body: what is worked on, None before it is known. position: where in it the item ends that the work has come to, 0
    before the first. is_over: whether the thread has done with it.
    """

    def __init__(self, lending: Lending | None = None) -> None:
        super().__init__(0)
        self._lending = lending or Lending()
        self.body: bytes | None = None
        self.position = 0
        self.is_over = False
        self._lock = threading.Lock()
        self._is_taken_back = False
        self._memory: Memory | None = None
        self._continuations: Continuations | None = None
        self._reached: Conversation | None = None
        self._made: Conversation | None = None

    @property
    def has_ended(self) -> bool:
        return self.is_over or self._is_taken_back

    @property
    def made(self) -> Conversation | None:
        """The point to which the work has come, where it is remembered."""
        return self._made

    def begin(self, body: bytes, memory: Memory | None, continuations: Continuations) -> None:
        """In the thread: take what there is now."""
        with self._lock:
            self._check()
            self.body, self._memory, self._continuations = body, memory, continuations
            self._lending.enter(self)

    def end(self) -> None:
        self.is_over = True
        self._lending.leave(self)

    def continue_answer(self, scope: Scope, answer: str) -> Conversation | None:
        """The point after an answer; the memory is not used then. Raise MetError where others are at its session."""
        with self._lock, self._lending.lock:
            self._check()
            self._memory = None
            self._lending.require_noted(self, scope)
            point = self._continuations.point(scope, answer) if self._continuations else None
            if point and self._continuations:
                self._lending.require_alone(self, point)
                self._reached = self._continuations.find(scope, answer)
            return self._reached

    def known_part(self, body: bytes) -> RememberedPrefix | None:
        """The same as `longest_prefix`, to look at only: others may be at its session."""
        with self._lock, self._lending.lock:
            self._check()
            return self._memory.longest_prefix(body) if self._memory else None

    def longest_prefix(self, body: bytes) -> RememberedPrefix | None:
        """Raise MetError where others are at its session."""
        with self._lock, self._lending.lock:
            self._check()
            found = self._memory.longest_prefix(body) if self._memory else None
            if found:
                self._lending.require_alone(self, found.conversation)
            self._reached = found.conversation if found else None
            return found

    def remember(self, prefix: RememberedPrefix, continued: RememberedPrefix | None) -> None:
        with self._lock, self._lending.lock:
            self._check()
            self._made = prefix.conversation
            if self._memory:
                self._memory.remember(prefix, continued)

    def begin_item(self, end: int) -> None:
        """Work that goes through the items again has come as far as it did before."""
        self._check()
        self.position = max(self.position, end)

    def take_back(self) -> bool:
        """In the event loop, which must not wait: whether the thread was not just using what it was lent."""
        self._is_taken_back = True
        is_free = self._lock.acquire(blocking=False)
        if is_free:
            self._lock.release()
        return is_free

    def reaches(self, conversation: Conversation) -> bool:
        """Whether the work writes into what this point holds."""
        points = (self._reached, self._made)
        return any(point is not None and point.shares_with(conversation) for point in points)

    def _check(self) -> None:
        if self._is_taken_back:
            raise TakenBackError

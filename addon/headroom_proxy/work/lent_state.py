"""The shared state, lent to one piece of work, and taken back if that work is given up.

A thread cannot be stopped from outside. Whatever it still does after its work was given up must not reach what others
use.
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
    """The work was given up; nobody waits for its result."""


class LentState(Memory):
    """The memory for the core, and the answers that can be continued, until they are taken back.

    body: the request being worked on, None before it is known. position: the end, in bytes of the body, of the item
    that the work has reached; 0 before the first. is_over: whether the thread has finished.
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
        """The point of the conversation that the work has reached and remembered; None before that."""
        return self._made

    def begin(self, body: bytes, memory: Memory | None, continuations: Continuations) -> None:
        """In the thread: borrow the memory and the answers as they are now. Raise TakenBackError if it is too late."""
        with self._lock:
            self._check()
            self.body, self._memory, self._continuations = body, memory, continuations
            self._lending.enter(self)

    def end(self) -> None:
        self.is_over = True
        self._lending.leave(self)

    def continue_answer(self, scope: Scope, answer: str) -> Conversation | None:
        """The point after an answer, None if it is not known; from then on the memory is not used.

        Raise MetError if others are using its session.
        """
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
        """As `longest_prefix`, but only to look at: others may be using its session."""
        with self._lock, self._lending.lock:
            self._check()
            return self._memory.longest_prefix(body) if self._memory else None

    def longest_prefix(self, body: bytes) -> RememberedPrefix | None:
        """The longest known prefix of the body. Raise MetError if others are using its session."""
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
        """Note how far the work has come; when it goes through the items a second time, the furthest point counts."""
        self._check()
        self.position = max(self.position, end)

    def take_back(self) -> bool:
        """In the event loop, which must not wait: take it all back. Return False if the thread is just using it."""
        self._is_taken_back = True
        is_free = self._lock.acquire(blocking=False)
        if is_free:
            self._lock.release()
        return is_free

    def reaches(self, conversation: Conversation) -> bool:
        """Whether the work may write into what this point of a conversation holds."""
        points = (self._reached, self._made)
        return any(point is not None and point.shares_with(conversation) for point in points)

    def _check(self) -> None:
        if self._is_taken_back:
            raise TakenBackError

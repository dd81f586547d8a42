"""Keeps pieces of work that run at the same time apart: one accesses the memory at a time, and no two share a session.

The lists of texts and calls in a session are not thread-safe. Work that continues a session in use waits until the
other work has ended; everything else in the memory is accessed under one lock, held for moments only.
"""

from __future__ import annotations

import threading
from collections import deque
from typing import TYPE_CHECKING
from typing import Final
from typing import NamedTuple
from typing import Protocol
from typing import TypeVar

from headroom_compression import Memory
from headroom_proxy.guards import answer_goes_on

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Hashable

    from headroom_compression import Conversation
    from headroom_compression import RememberedPrefix

Result = TypeVar("Result")

# How long the event loop waits for the lock. Looking a prefix up, which others hold it for, takes a third of that.
_SECONDS_TO_LOOK: Final = 0.001


class Borrower(Protocol):
    """A piece of work, as far as others need to know it."""

    @property
    def has_ended(self) -> bool:
        """Whether nothing that it writes can be seen by others any more."""

    def reaches(self, conversation: Conversation) -> bool:
        """Whether it may write into what this point of a conversation holds."""


class _Note(NamedTuple):
    """conversation: the point that it is about, whose session nobody may be working on; None where it is about none."""

    user: Hashable
    conversation: Conversation | None
    do: Callable[[], object]


class MetError(Exception):
    """Another piece of work is using the same session. other: which one."""

    def __init__(self, other: Borrower) -> None:
        super().__init__()
        self.other = other


class Lending:
    """Knows which pieces of work are under way, and makes notes about a session once none of them uses it."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self._under_way: list[Borrower] = []
        self._notes: deque[_Note] = deque()  # appended without the lock: the event loop must not wait for it

    def enter(self, borrower: Borrower) -> None:
        with self.lock:
            self._note_what_can_be()
            self._under_way.append(borrower)

    def leave(self, borrower: Borrower) -> None:
        with self.lock:
            self._under_way = [other for other in self._under_way if other is not borrower and not other.has_ended]
            self._note_what_can_be()

    @property
    def is_in_use(self) -> bool:
        """Whether some piece of work is under way."""
        return any(not other.has_ended for other in self._under_way)

    def met(self, conversation: Conversation, besides: Borrower | None = None) -> Borrower | None:
        """Under the lock: the work under way, other than `besides`, that may write into what the point holds."""
        others = (other for other in self._under_way if other is not besides and not other.has_ended)
        return next((other for other in others if other.reaches(conversation)), None)

    def require_alone(self, borrower: Borrower, conversation: Conversation) -> None:
        """Under the lock: raise MetError if another piece of work is using the session."""
        other = self.met(conversation, borrower)
        if other:
            raise MetError(other)

    def require_noted(self, borrower: Borrower, user: Hashable) -> None:
        """Under the lock: raise MetError if a note about this user still waits for other work to end."""
        self._note_what_can_be()
        for note in self._notes:
            if note.user == user and note.conversation:
                self.require_alone(borrower, note.conversation)

    def note(self, user: Hashable, conversation: Conversation | None, note: Callable[[], object]) -> None:
        """In the event loop: make a note before any later work looks, but not while others use the session.

        Notes of one user are made in the order in which they came.
        """
        self._notes.append(_Note(user, conversation, note))
        self.at_once(lambda: None)

    def forget_notes(self) -> None:
        self._notes.clear()

    def at_once(self, work: Callable[[], Result]) -> Result | None:
        """In the event loop: do the work under the lock, return its result; None if others hold the lock too long."""
        if not self.lock.acquire(timeout=_SECONDS_TO_LOOK):
            return None
        try:
            self._note_what_can_be()
            return work()
        finally:
            self.lock.release()

    def _note_what_can_be(self) -> None:
        waiting: list[_Note] = []
        while self._notes:
            try:
                note = self._notes.popleft()
            except IndexError:  # `forget_notes` came in between
                break
            is_behind = any(note.user == before.user for before in waiting)
            if is_behind or (note.conversation and self.met(note.conversation)):
                waiting.append(note)
                continue
            with answer_goes_on():
                note.do()
        self._notes.extendleft(reversed(waiting))


class UnmetMemory(Memory):
    """A memory in which sessions that others are using cannot be found. Used under the lock."""

    def __init__(self, memory: Memory, lending: Lending) -> None:
        super().__init__(0)
        self._memory, self._lending = memory, lending

    def longest_prefix(self, body: bytes) -> RememberedPrefix | None:
        found = self._memory.longest_prefix(body)
        return None if found and self._lending.met(found.conversation) else found

    def remember(self, prefix: RememberedPrefix, continued: RememberedPrefix | None) -> None:
        self._memory.remember(prefix, continued)

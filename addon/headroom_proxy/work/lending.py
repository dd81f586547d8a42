"""Pieces of work that go on at the same time: one uses what is remembered at a time, and no two meet in a session.

A session's texts and calls are no lists for several threads. Who comes to one that another piece of work goes on from
waits until that has ended; all else that is remembered is used under one lock, for moments.
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

# To look for a prefix takes a third of it.
_SECONDS_TO_LOOK: Final = 0.001


class Borrower(Protocol):
    """A piece of work with what it is lent."""

    @property
    def has_ended(self) -> bool:
        """Whether nothing that it writes can be seen any more."""

    def reaches(self, conversation: Conversation) -> bool: ...


class _Note(NamedTuple):
    """conversation: a point that is to be looked at, so that nobody may be at its session."""

    user: Hashable
    conversation: Conversation | None
    do: Callable[[], object]


class MetError(Exception):
    """Another piece of work goes on from the same session. other: which."""

    def __init__(self, other: Borrower) -> None:
        super().__init__()
        self.other = other


class Lending:
    """Which pieces of work are under way, and what is to be noted when they have left a session."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self._under_way: list[Borrower] = []
        self._notes: deque[_Note] = deque()  # appended by the event loop, which waits for no lock for long

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
        """Under the lock: the work under way, but for one, that writes into what the point holds."""
        others = (other for other in self._under_way if other is not besides and not other.has_ended)
        return next((other for other in others if other.reaches(conversation)), None)

    def require_alone(self, borrower: Borrower, conversation: Conversation) -> None:
        """Under the lock: raise MetError where another piece of work goes on from the session."""
        other = self.met(conversation, borrower)
        if other:
            raise MetError(other)

    def require_noted(self, borrower: Borrower, user: Hashable) -> None:
        """Under the lock: raise MetError where something of the user is not noted yet."""
        self._note_what_can_be()
        for note in self._notes:
            if note.user == user and note.conversation:
                self.require_alone(borrower, note.conversation)

    def note(self, user: Hashable, conversation: Conversation | None, note: Callable[[], object]) -> None:
        """In the event loop: do it before any later work looks, each user's in their order, and while nobody is at the
        session."""
        self._notes.append(_Note(user, conversation, note))
        self.at_once(lambda: None)

    def forget_notes(self) -> None:
        self._notes.clear()

    def at_once(self, work: Callable[[], Result]) -> Result | None:
        """In the event loop: do it unless somebody else is looking something up, and for long."""
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
            except IndexError:  # all was forgotten meanwhile
                break
            is_behind = any(note.user == before.user for before in waiting)
            if is_behind or (note.conversation and self.met(note.conversation)):
                waiting.append(note)
                continue
            with answer_goes_on():
                note.do()
        self._notes.extendleft(reversed(waiting))


class UnmetMemory(Memory):
    """A memory that does not know the sessions that others are at. Used under the lock."""

    def __init__(self, memory: Memory, lending: Lending) -> None:
        super().__init__(0)
        self._memory, self._lending = memory, lending

    def longest_prefix(self, body: bytes) -> RememberedPrefix | None:
        found = self._memory.longest_prefix(body)
        return None if found and self._lending.met(found.conversation) else found

    def remember(self, prefix: RememberedPrefix, continued: RememberedPrefix | None) -> None:
        self._memory.remember(prefix, continued)

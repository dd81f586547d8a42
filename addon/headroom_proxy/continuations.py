"""What `previous_response_id` means: the conversation up to an answer of a server.

Unlike a memory this decides what is sent: without it earlier calls and texts are unknown. An id counts only for the
host that gave it and the credentials that it was given to.
"""

from __future__ import annotations

import secrets
from collections import OrderedDict
from dataclasses import dataclass
from hashlib import blake2b
from operator import itemgetter
from typing import TYPE_CHECKING
from typing import Any
from typing import Final
from typing import NamedTuple

from headroom_compression import CALLS
from headroom_compression import COMPACTIONS

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Mapping

    from mitmproxy.http import Request

    from headroom_compression import Conversation

CREDENTIALS: Final = frozenset({b"authorization", b"api-key", b"x-api-key", b"chatgpt-account-id", b"cookie"})
KNOWN_OF_ANSWERS: Final = CALLS | COMPACTIONS
BYTES_PER_ANSWER: Final = 2_000
IDS_PER_SESSION: Final = 1000  # a client goes back a turn or two, not to the beginning of a day

_KEY: Final = secrets.token_bytes(32)


class Scope(NamedTuple):
    """Where an id counts. Holds no credential, only a hash under a key that dies with the process."""

    host: str
    port: int
    credentials: bytes


def scope_of(request: Request) -> Scope:
    digest = blake2b(key=_KEY, digest_size=16)
    credentials = [(lower, value) for name, value in request.headers.fields if (lower := name.lower()) in CREDENTIALS]
    for credential in sorted(credentials, key=itemgetter(0)):
        digest.update(b"%b\0%b\0" % credential)
    return Scope(request.host, request.port, digest.digest())


@dataclass(slots=True)
class _Kept:
    """A point, and the items of the answer after it. size: in bytes, of these items and of what keeps them."""

    conversation: Conversation
    items: tuple[Mapping[str, Any], ...]
    size: int


class Continuations:
    """The conversations of the latest sessions, up to `limit` bytes in all, by the answers they can be continued from.

    Not safe for several threads at once.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._size = 0
        self._sessions: OrderedDict[int, OrderedDict[tuple[Scope, str], _Kept]] = OrderedDict()
        self._sizes: dict[int, int] = {}
        self._session_of: dict[tuple[Scope, str], int] = {}

    def find(self, scope: Scope, answer: str) -> Conversation | None:
        """The point after an answer. Its items are taken up now: most clients send all of their history instead."""
        session = self._session_of.get((scope, answer))
        if session is None:
            return None
        kept = self._sessions[session][scope, answer]
        if not kept.items:
            return kept.conversation
        conversation = kept.conversation.after(kept.items)
        self.keep(scope, answer, conversation)
        return conversation

    def keep(
        self, scope: Scope, answer: str, conversation: Conversation, items: tuple[Mapping[str, Any], ...] = ()
    ) -> None:
        """items: of the answer, those that the conversation has to know of."""
        key = scope, answer
        self._forget(key)
        identity = conversation.session
        session = self._sessions.setdefault(identity, OrderedDict())
        self._sessions.move_to_end(identity)
        known = tuple(item for item in items if item.get("type") in KNOWN_OF_ANSWERS)
        session[key] = _Kept(conversation, known, BYTES_PER_ANSWER + sum(map(_size_of, known)))
        self._session_of[key] = identity
        if len(session) > IDS_PER_SESSION:
            self._forget(next(iter(session)))
        self._measure(identity)
        while self._size > self._limit:
            oldest, answers = self._sessions.popitem(last=False)
            self._size -= self._sizes.pop(oldest)
            for forgotten in answers:
                del self._session_of[forgotten]

    def forget(self, is_forgotten: Callable[[Conversation], bool]) -> None:
        """Drop each answer that continues a point of which that is true."""
        for answers in list(self._sessions.values()):
            for key in [key for key, kept in answers.items() if is_forgotten(kept.conversation)]:
                self._forget(key)

    def _forget(self, key: tuple[Scope, str]) -> None:
        identity = self._session_of.pop(key, None)
        if identity is None:
            return
        del self._sessions[identity][key]
        if not self._sessions[identity]:
            del self._sessions[identity]
            self._size -= self._sizes.pop(identity)

    def _measure(self, identity: int) -> None:
        """Its points share what they hold."""
        session = self._sessions[identity]
        size = next(reversed(session.values())).conversation.size + sum(kept.size for kept in session.values())
        self._size += size - self._sizes.get(identity, 0)
        self._sizes[identity] = size


def _size_of(item: Mapping[str, Any]) -> int:
    return BYTES_PER_ANSWER + sum(len(value) for value in item.values() if isinstance(value, str))

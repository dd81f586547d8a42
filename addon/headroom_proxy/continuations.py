"""What `previous_response_id` means: the conversation up to an answer of a server.

Unlike a memory this decides what is sent: without it earlier calls and texts are unknown. An id counts only for the
host that gave it and the credentials that it was given to.
"""

from __future__ import annotations

import secrets
from collections import OrderedDict
from hashlib import blake2b
from typing import TYPE_CHECKING
from typing import Final
from typing import NamedTuple

if TYPE_CHECKING:
    from mitmproxy.http import Request

    from headroom_compression import Conversation

CREDENTIALS: Final = ("authorization", "api-key", "x-api-key", "chatgpt-account-id", "cookie")
IDS_PER_SESSION: Final = 1000  # a client goes back a turn or two, not to the beginning of a day

_KEY: Final = secrets.token_bytes(32)


class Scope(NamedTuple):
    """Where an id counts. Holds no credential, only a hash under a key that dies with the process."""

    host: str
    port: int
    credentials: bytes


def scope_of(request: Request) -> Scope:
    digest = blake2b(key=_KEY, digest_size=16)
    for name in CREDENTIALS:
        for value in request.headers.get_all(name):
            digest.update(b"%b\0%b\0" % (name.encode(), value.encode(errors="surrogateescape")))
    return Scope(request.host, request.port, digest.digest())


class Continuations:
    """The conversations of the latest sessions, up to `limit` bytes in all, by the answers they can be continued from.

    Not safe for several threads at once.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._sessions: OrderedDict[int, OrderedDict[tuple[Scope, str], Conversation]] = OrderedDict()
        self._session_of: dict[tuple[Scope, str], int] = {}

    def find(self, scope: Scope, answer: str) -> Conversation | None:
        session = self._session_of.get((scope, answer))
        return None if session is None else self._sessions[session][scope, answer]

    def keep(self, scope: Scope, answer: str, conversation: Conversation) -> None:
        key = scope, answer
        self._forget(key)
        identity = conversation.session
        session = self._sessions.setdefault(identity, OrderedDict())
        self._sessions.move_to_end(identity)
        session[key] = conversation
        self._session_of[key] = identity
        if len(session) > IDS_PER_SESSION:
            self._forget(next(iter(session)))
        while sum(self._sizes()) > self._limit:
            _, oldest = self._sessions.popitem(last=False)
            for forgotten in oldest:
                del self._session_of[forgotten]

    def _forget(self, key: tuple[Scope, str]) -> None:
        identity = self._session_of.pop(key, None)
        if identity is None:
            return
        del self._sessions[identity][key]
        if not self._sessions[identity]:
            del self._sessions[identity]

    def _sizes(self) -> list[int]:
        """Of each session, whose points share what they hold."""
        return [next(reversed(session.values())).size for session in self._sessions.values()]

"""What `previous_response_id` means: the conversation up to an answer of a server.

Unlike the memory this decides what is sent: without it, earlier calls and texts are unknown. An id is valid only where
it was issued: for the same host and path, and for requests of the same user.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections import OrderedDict
from dataclasses import dataclass
from dataclasses import field
from hashlib import blake2b
from operator import itemgetter
from typing import TYPE_CHECKING
from typing import Any
from typing import Final
from typing import NamedTuple

import orjson

from headroom_compression import CALLS
from headroom_compression import COMPACTIONS
from headroom_compression import Holding
from headroom_compression import Holdings
from headroom_compression.wire.paths import responses_target
from headroom_proxy.headers import identifying_headers

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterator
    from collections.abc import Mapping

    from mitmproxy.http import Request

    from headroom_compression import Conversation

KNOWN_OF_ANSWERS: Final = CALLS | COMPACTIONS
BYTES_PER_ANSWER: Final = 2_000
IDS_PER_SESSION: Final = 1000  # a client goes back a turn or two, not to the beginning of a day

_KEY: Final = secrets.token_bytes(32)


class Scope(NamedTuple):
    """Where an id is valid. user: a hash of path and headers, under a key of this process: credentials are in them."""

    host: str
    port: int
    user: bytes


def scope_of(request: Request) -> Scope:
    """The scope of a request, the same for a WebSocket and for the paths below `/responses` (compact, input_tokens)."""
    told = identifying_headers(request.headers.fields)
    if request.data.authority and (request.is_http2 or request.is_http3):
        told.append((b"host", request.data.authority))
    told.sort(key=itemgetter(0))
    told.append((b"", responses_target(request.path).encode(errors="surrogateescape")))
    digest = blake2b(key=_KEY, digest_size=16)
    digest.update(b"".join(b"%d:%b%d:%b" % (len(name), name, len(value), value) for name, value in told))
    return Scope(request.host, request.port, digest.digest())


@dataclass(slots=True)
class _Kept:
    """A conversation up to a request, and the items of the answer to it, as JSON. held: what is to be released."""

    conversation: Conversation
    items: bytes
    held: tuple[int, ...] = ()

    @property
    def holdings(self) -> Iterator[Holding]:
        yield Holding(id(self), BYTES_PER_ANSWER + len(self.items))
        yield from self.conversation.holdings


@dataclass(slots=True)
class _Session:
    """left: the number of the session that it branched off from, None for none."""

    left: int | None
    answers: OrderedDict[tuple[Scope, str], _Kept] = field(default_factory=OrderedDict)


class Continuations:
    """The conversations of the latest sessions, up to `limit` bytes in all, by the answers they can be continued from.

    A branch takes only what it adds to the session that it branched off from; that stays as long as a branch of it.
    Not safe for several threads at once.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._held = Holdings()
        self._sessions: OrderedDict[int, _Session] = OrderedDict()
        self._branches: Counter[int | None] = Counter()  # how many branched off from each session
        self._session_of: dict[Scope, dict[str, int]] = {}

    @property
    def size(self) -> int:
        """About how many bytes all of it takes."""
        return self._held.size

    def point(self, scope: Scope, answer: str) -> Conversation | None:
        """What `find` returns but for the items of the answer; does not count as a use."""
        number = self._session_of.get(scope, {}).get(answer)
        return None if number is None else self._sessions[number].answers[scope, answer].conversation

    def find(self, scope: Scope, answer: str) -> Conversation | None:
        """The conversation after an answer. Its items are parsed only now: most clients never continue by an id."""
        number = self._session_of.get(scope, {}).get(answer)
        if number is None:
            return None
        session = self._sessions[number]
        kept = session.answers[scope, answer]
        session.answers.move_to_end((scope, answer))
        self._sessions.move_to_end(number)
        if not kept.items:
            return kept.conversation
        conversation = kept.conversation.after(orjson.loads(kept.items))
        self.keep(scope, answer, conversation)
        return conversation

    def keep(
        self, scope: Scope, answer: str, conversation: Conversation, items: tuple[Mapping[str, Any], ...] = ()
    ) -> None:
        """Keep a conversation up to a request under the id of the answer. items: those of the answer."""
        self.forget(scope, answer)
        kept = _Kept(conversation, _written(items))
        kept.held = self._held.add(kept.holdings)
        session = self._session(conversation)
        session.answers[scope, answer] = kept
        self._session_of.setdefault(scope, {})[answer] = conversation.session
        if len(session.answers) > IDS_PER_SESSION:
            self.forget(*next(iter(session.answers)))
        while self._held.size > self._limit and self._sessions:
            self._forget_session()

    def forget_where(self, is_forgotten: Callable[[Conversation], bool]) -> None:
        """Forget each answer of which that is true of the conversation."""
        for session in list(self._sessions.values()):
            for (scope, answer), kept in list(session.answers.items()):
                if is_forgotten(kept.conversation):
                    self.forget(scope, answer)

    def forget(self, scope: Scope, answer: str) -> None:
        """Forget what this id stands for, if it stands for anything."""
        known = self._session_of.get(scope, {})
        number = known.pop(answer, None)
        if number is None:
            return
        if not known:
            del self._session_of[scope]
        self._held.remove(self._sessions[number].answers.pop((scope, answer)).held)
        if not self._sessions[number].answers:
            self._end_session(number)

    def forget_all_of(self, scope: Scope) -> None:
        for answer in list(self._session_of.get(scope, ())):
            self.forget(scope, answer)

    def _session(self, conversation: Conversation) -> _Session:
        number = conversation.session
        if number not in self._sessions:
            self._sessions[number] = _Session(conversation.left_session)
            self._branches[conversation.left_session] += 1
        self._sessions.move_to_end(number)
        return self._sessions[number]

    def _end_session(self, number: int) -> None:
        left = self._sessions.pop(number).left
        self._branches[left] -= 1
        if not self._branches[left]:
            del self._branches[left]

    def _forget_session(self) -> None:
        """Forget the least recently used session that no other one branched off from."""
        number = next(number for number in self._sessions if number not in self._branches)
        for scope, answer in list(self._sessions[number].answers):
            self.forget(scope, answer)


def _written(items: tuple[Mapping[str, Any], ...]) -> bytes:
    """What a conversation needs of the items, as JSON: that takes as much memory as it is long, whatever it holds."""
    known = [_told(item) for item in items if item.get("type") in KNOWN_OF_ANSWERS]
    return orjson.dumps(known) if known else b""


def _told(item: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"type": item["type"]} if item["type"] in COMPACTIONS else item

"""The remembered beginning of a request, in few pieces: how it is recognised, and what was sent in it."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING
from typing import Self
from typing import TypeAlias

from headroom_compression.fingerprints import FingerprintOf
from headroom_compression.fingerprints import fingerprint
from headroom_compression.holdings import Holding
from headroom_compression.holdings import size_of
from headroom_compression.record import record
from headroom_compression.wire.json_spans import Span

if TYPE_CHECKING:
    from headroom_compression.session.conversation import Conversation

# What stands in the request, by its place there, and what was sent instead.
Change: TypeAlias = tuple[Span, bytes]

# By sys.getsizeof: the pair, the span with its two numbers, and what an object of bytes takes beside them.
_BYTES_PER_CHANGE = 220
_BYTES_PER_PIECE = 500
# With more, the older ones are joined. To look at one takes 0.3 microseconds, where it is in no cache of the processor.
_MAX_PIECES = 16
# But for these, from which clients go back.
_LATEST_PIECES = 6
# So that nearly all other sessions are told from this one without a fingerprint.
_LENGTH_OF_ENDING = 32
_BYTES_PER_PREFIX = 2_000


@record
class Piece:
    """What a turn added to a request, from `start` to `stop`.

    ending: the last bytes of it. changes: what was sent instead of literals in it. conversation: the state after it.
    size: about how many bytes it takes, beside what the conversation holds.
    """

    start: int
    stop: int
    fingerprint: bytes
    ending: bytes
    changes: tuple[Change, ...]
    conversation: Conversation
    size: int

    @classmethod
    def of(cls, body: bytes, start: int, stop: int, changes: Sequence[Change], conversation: Conversation) -> Self:
        ending = body[max(start, stop - _LENGTH_OF_ENDING) : stop]
        size = _BYTES_PER_PIECE + sum(len(literal) + _BYTES_PER_CHANGE for _, literal in changes)
        return cls(start, stop, fingerprint(memoryview(body)[start:stop]), ending, tuple(changes), conversation, size)

    def is_in(self, body: bytes, fingerprint_of: FingerprintOf) -> bool:
        """Whether the body has the same bytes there."""
        has_ending = body.startswith(self.ending, self.stop - len(self.ending))
        return has_ending and fingerprint_of(self.start, self.stop) == self.fingerprint


@record
class RememberedPrefix:
    """A request up to the end of its last input item, in pieces, so that a turn does not look at all of its session.

    keys: the top-level keys before `input`. moves_history: one of them lets the server shorten the history.
    overhead: tokens of what stands before the items, where they are counted.
    names_history: what stands there names a history that the server holds. is_unsure: it may make it longer, or shorten
    it in another way than by dropping what is oldest of a request that is too long. goes_on: it says where the items
    go on.
    """

    pieces: tuple[Piece, ...]
    keys: frozenset[str]
    moves_history: bool
    overhead: int = 0
    names_history: bool = False
    is_unsure: bool = False
    goes_on: bool = False

    @property
    def length(self) -> int:
        """Of the request as it came."""
        return self.pieces[-1].stop

    @property
    def conversation(self) -> Conversation:
        return self.pieces[-1].conversation

    @property
    def changes(self) -> Iterator[Change]:
        return (change for piece in self.pieces for change in piece.changes)

    @property
    def holdings(self) -> Iterator[Holding]:
        """What it holds, now: the conversation may grow when it is continued. Forks hold most of it together."""
        yield Holding(id(self), _BYTES_PER_PREFIX)
        for piece in self.pieces:
            yield Holding(id(piece), piece.size)
        sessions = {piece.conversation.session: piece.conversation for piece in self.pieces}
        for conversation in sessions.values():
            yield from conversation.holdings

    @property
    def size(self) -> int:
        """About how many bytes of memory it takes, if nobody shares it."""
        return size_of(self.holdings)

    @property
    def key(self) -> tuple[bytes, ...]:
        """Of each piece: sessions that differ in their beginning only may go on with the same bytes."""
        return tuple(piece.fingerprint for piece in self.pieces)

    def continued(self, body: bytes, piece: Piece) -> RememberedPrefix:
        """With what the body has beyond it."""
        return replace(self, pieces=(*_joined(body, self.pieces), piece))

    def shared_with(self, body: bytes, fingerprint_of: FingerprintOf) -> RememberedPrefix | None:
        """The part that the body begins with: all of it, or what it has in common with a session that was forked."""
        for count, piece in enumerate(self.pieces):
            if not piece.is_in(body, fingerprint_of):
                return replace(self, pieces=self.pieces[:count]) if count else None
        return self


def _joined(body: bytes, pieces: tuple[Piece, ...]) -> tuple[Piece, ...]:
    """The pieces, fewer when they are many: a joined one stays as it is until what follows is half as long as it.

    So each byte is looked at a few times in all, and who goes back further begins with most of what is shared.
    """
    if len(pieces) < _MAX_PIECES:
        return pieces
    groups: list[list[Piece]] = []
    length = 0
    for piece in reversed(pieces[:-_LATEST_PIECES]):
        own = piece.stop - piece.start
        if groups and own < 2 * length:
            groups[-1].append(piece)
            length += own
        else:
            groups.append([piece])
            length = own
    return (*(_one_piece(body, group[::-1]) for group in reversed(groups)), *pieces[-_LATEST_PIECES:])


def _one_piece(body: bytes, pieces: Sequence[Piece]) -> Piece:
    if len(pieces) == 1:
        return pieces[0]
    changes = [change for piece in pieces for change in piece.changes]
    return Piece.of(body, pieces[0].start, pieces[-1].stop, changes, pieces[-1].conversation)

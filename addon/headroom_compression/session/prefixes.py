"""The beginning of a request as it came and as it was sent, in few pieces."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import replace

from headroom_compression.holdings import Holding
from headroom_compression.holdings import size_of
from headroom_compression.record import record
from headroom_compression.session.conversation import Conversation

# What calls and all else takes for each byte of a request, by tracemalloc on recorded sessions.
_OTHER_BYTES = 0.6
# Then the older ones are joined. To look at a piece takes 0.3 microseconds, where it is in no cache of the processor.
_MAX_PIECES = 16
# But for these, from which clients go back.
_LATEST_PIECES = 6
_LENGTH_OF_KEY = 256
_BYTES_PER_PREFIX = 2_000


@record
class Piece:
    """What a turn added to a request: as it came, as it was sent (the same object when unchanged), the state after."""

    original: bytes
    sent: bytes
    conversation: Conversation

    @property
    def size(self) -> int:
        """About how many bytes it takes, beside what the conversation holds."""
        sent = 0 if self.sent is self.original else len(self.sent)
        return int(len(self.original) * (1 + _OTHER_BYTES)) + sent


@record
class RememberedPrefix:
    """A request up to the end of its last input item, in pieces, so that a turn does not copy all of its session.

    length: of the request as it came. keys: the top-level keys before `input`.
    moves_history: one of them lets the server shorten the history.
    changed_bytes: of the pieces that were not sent as they came, as they were sent.
    overhead: tokens of what stands before the items, where they are counted.
    names_history: what stands there names a history that the server holds.
    """

    pieces: tuple[Piece, ...]
    length: int
    keys: frozenset[str]
    moves_history: bool
    changed_bytes: int
    overhead: int = 0
    names_history: bool = False

    @property
    def conversation(self) -> Conversation:
        return self.pieces[-1].conversation

    @property
    def is_changed(self) -> bool:
        return self.changed_bytes > 0

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
    def key(self) -> tuple[int, bytes]:
        """Cheap: hashing all of 10 MB takes 3 ms. Of two sessions with the same key the later one is remembered."""
        return self.length, self.pieces[-1].original[-_LENGTH_OF_KEY:]

    def continued(self, piece: Piece) -> RememberedPrefix:
        pieces = _joined(self.pieces)
        known = self.changed_bytes if pieces is self.pieces else count_changed_bytes(pieces)
        length, changed_bytes = self.length + len(piece.original), known + count_changed_bytes((piece,))
        return replace(self, pieces=(*pieces, piece), length=length, changed_bytes=changed_bytes)

    def shared_with(self, body: bytes) -> RememberedPrefix | None:
        """The part that the body begins with: all of it, or what it has in common with a session that was forked."""
        position = 0
        for count, piece in enumerate(self.pieces):
            if not body.startswith(piece.original, position):
                return self._cut(count, position) if count else None
            position += len(piece.original)
        return self

    def _cut(self, count: int, length: int) -> RememberedPrefix:
        pieces = self.pieces[:count]
        return replace(self, pieces=pieces, length=length, changed_bytes=count_changed_bytes(pieces))


def count_changed_bytes(pieces: Iterable[Piece]) -> int:
    return sum(len(piece.sent) for piece in pieces if piece.sent is not piece.original)


def _joined(pieces: tuple[Piece, ...]) -> tuple[Piece, ...]:
    """The pieces, fewer when they are many: a joined one stays as it is until what follows is half as long as it.

    So each byte is copied a few times in all, and who goes back further begins with most of what is shared.
    """
    if len(pieces) < _MAX_PIECES:
        return pieces
    groups: list[list[Piece]] = []
    length = 0
    for piece in reversed(pieces[:-_LATEST_PIECES]):
        if groups and len(piece.original) < 2 * length:
            groups[-1].append(piece)
            length += len(piece.original)
        else:
            groups.append([piece])
            length = len(piece.original)
    return (*(_one_piece(group[::-1]) for group in reversed(groups)), *pieces[-_LATEST_PIECES:])


def _one_piece(pieces: Sequence[Piece]) -> Piece:
    if len(pieces) == 1:
        return pieces[0]
    original = b"".join(piece.original for piece in pieces)
    is_changed = any(piece.sent is not piece.original for piece in pieces)
    sent = b"".join(piece.sent for piece in pieces) if is_changed else original
    return Piece(original, sent, pieces[-1].conversation)

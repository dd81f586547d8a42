"""Token counts that are made when they matter: until then it is enough to know how many tokens there are at most.

A count is a constant of its texts, so when it is made changes nothing that is sent. To count takes a quarter of what a
turn takes, since a few short texts find nothing of the tokenizer in the caches of the processor; many at once take a
third of that.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Sequence
from functools import partial
from sys import getsizeof
from threading import Lock
from weakref import ref

from headroom_compression import tokens
from headroom_compression.fingerprints import text_fingerprint
from headroom_compression.holdings import Holding

# Beside its texts, by sys.getsizeof: the object, what it knows of them, its place among the others.
_BYTES_PER_COUNT = 300
# A branch of as many branches as that is told of as if it shared nothing.
_MAX_LEFT = 16
# Texts that come often, about 100 bytes each. Of two agents with other tools each has two.
_MAX_KNOWN = 1_000
_KNOWN: dict[bytes, int] = {}
_NOTING = Lock()  # several threads may count at once

logger = logging.getLogger(__name__)


def count_safely(text: str) -> int:
    """The tokens of a text; of one at which the tokenizer fails, as many as it has bytes at most."""
    try:
        return tokens.count(text)
    except BaseException as error:  # noqa: BLE001  tiktoken's panics are BaseExceptions
        logger.warning("headroom: the tokens of %d characters are estimated: %s", len(text), type(error))
        return len(text)


def count_known(text: str) -> int:
    """The same, of a text that comes often: instructions and tools come again with each request, and may have 100 kB.

    By its fingerprint, so that no text of a request is kept.
    """
    key = text_fingerprint(text)
    count = _KNOWN.get(key)
    if count is None:
        count = count_safely(text)
        with _NOTING:
            _KNOWN[key] = count
            if len(_KNOWN) > _MAX_KNOWN:
                del _KNOWN[next(iter(_KNOWN))]
    return count


class TokenCount:
    """Some tokens that are known, and those of texts, which are counted at the first question and then forgotten.

    most: an upper bound of `tokens`, as a token has a byte or more. Several threads may ask at once.
    """

    __slots__ = ("__weakref__", "_state", "most")

    def __init__(self, known: int, *texts: str) -> None:
        self._state = known, texts
        self.most = known + sum(map(_bytes, texts))

    @property
    def is_counted(self) -> bool:
        return not self._state[1]

    @property
    def size(self) -> int:
        """About how many bytes of memory it takes now."""
        return _BYTES_PER_COUNT + sum(map(getsizeof, self._state[1]))

    @property
    def tokens(self) -> int:
        known, texts = self._state
        if texts:
            known += self._counted(texts)
            self._state, self.most = (known, ()), known
        return known

    def _counted(self, texts: Sequence[str]) -> int:
        return sum(map(count_safely, texts))


def _bytes(text: str) -> int:
    """In UTF-8; half of a surrogate pair counts as the three bytes of U+FFFD."""
    return len(text) if text.isascii() else len(text.encode(errors="surrogatepass"))


class Held:
    """What the points of one branch of a session hold in memory.

    size: in bytes, up to the latest of them that was asked. left: what it shares with the branches that it has left.
    """

    __slots__ = ("left", "size")

    def __init__(self, left: tuple[tuple[Held, int], ...] = (), size: int = 0) -> None:
        self.left = left
        self.size = size

    def going_on_at(self, size: int) -> tuple[Held, int]:
        """What goes on from the point at which it had that size, and what that holds there."""
        if self.size == size:
            return self, size
        left = *self.left, (self, size)
        return (Held(left), 0) if len(left) <= _MAX_LEFT else (Held(), sum(shared for _, shared in left))


class Uncounted:
    """The counts that are left to make, the latest first; a point holds those before it together with later points.

    most: an upper bound of the tokens of all of them. known: how many these are, once somebody has asked. held: of
    which branch it is, and what that holds up to it, once somebody has asked. Several threads may ask at once.
    """

    __slots__ = ("__weakref__", "before", "count", "held", "known", "most")

    def __init__(self, count: TokenCount, before: Uncounted | None = None) -> None:
        self.count = count
        self.before = before
        self.most: int = count.most + before.most if before else count.most
        self.known: int | None = None
        self.held: tuple[Held, int] | None = None

    @property
    def tokens(self) -> int:
        found = self.known
        if found is None:
            found = sum(count.tokens for count in self._counts())
            self.most = self.known = found
            self.before = None  # and with it what no earlier point needs
        return found

    def _counts(self) -> Iterator[TokenCount]:
        """What it is the sum of, the latest first."""
        point: Uncounted | None = self
        while point:
            known = point.known
            yield point.count if known is None else TokenCount(known)
            point = point.before if known is None else None

    @property
    def holdings(self) -> Iterator[Holding]:
        """What it holds in memory; told in few numbers, however many counts are left, as each turn asks for it."""
        if self.known is None:
            held, size = self.held = self.held or self._find_held()
            yield from (Holding(id(branch), shared) for branch, shared in (*held.left, (held, size)))

    def _find_held(self) -> tuple[Held, int]:
        size = 0
        point: Uncounted | None = self
        while point and point.held is None and point.known is None:
            size += point.count.size
            point = point.before
        held, before = point.held[0].going_on_at(point.held[1]) if point and point.held else (Held(), 0)
        held.size = before + size
        return held, held.size

    def steps(self) -> Sequence[Callable[[], object]]:
        """What makes the counts, a text a step. It holds none of them: where nobody else does, it does nothing."""
        left = [ref(count) for count in self._counts() if not count.is_counted]
        return [*(partial(_ask, count) for count in reversed(left)), partial(_ask, ref(self))]


def _ask(counted: Callable[[], TokenCount | Uncounted | None]) -> None:
    held = counted()
    if held:
        _ = held.tokens

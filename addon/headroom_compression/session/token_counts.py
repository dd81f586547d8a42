"""How many tokens texts have, counted when it matters: until then it is enough to know how many they are at most.

A count is a constant of its texts, so when it is made changes nothing that is sent. To count takes a quarter of what a
turn takes, since a few short texts find nothing of the tokenizer in the caches of the processor; many at once take a
third of that.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from sys import getsizeof

from headroom_compression import tokens
from headroom_compression.holdings import Holding

# Beside its texts, by sys.getsizeof: the object, what it knows of them, its place among the others.
_BYTES_PER_COUNT = 300

logger = logging.getLogger(__name__)


def count_safely(text: str) -> int:
    """The tokens of a text; of one at which the tokenizer fails, as many as it has bytes at most."""
    try:
        return tokens.count(text)
    except BaseException as error:  # noqa: BLE001  tiktoken's panics are BaseExceptions
        logger.warning("headroom: the tokens of %d characters are estimated: %s", len(text), type(error))
        return len(text)


@lru_cache(maxsize=64)  # instructions and tools come again with each request, and may have 100 kB
def count_known(text: str) -> int:
    """The same, of a text that comes often."""
    return count_safely(text)


class TokenCount:
    """Some tokens that are known, and those of texts, which are counted at the first question and then forgotten.

    most: no fewer than there are; a token has a byte or more. Several threads may ask at once.
    """

    __slots__ = ("_state", "most")

    def __init__(self, known: int, *texts: str) -> None:
        self._state = known, texts
        self.most = known + sum(map(_bytes, texts))

    @property
    def is_counted(self) -> bool:
        return not self._state[1]

    @property
    def holding(self) -> Holding:
        """What it holds in memory now."""
        return Holding(id(self), _BYTES_PER_COUNT + sum(map(getsizeof, self._state[1])))

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


@dataclass(frozen=True, slots=True, eq=False, repr=False)  # a long chain is too deep to be compared or shown
class Uncounted:
    """The counts that are left to make, the latest first; a point holds those before it together with later points.

    most: no fewer tokens than all of them have.
    """

    count: TokenCount
    before: Uncounted | None
    most: int

    @classmethod
    def after(cls, before: Uncounted | None, count: TokenCount) -> Uncounted:
        return cls(count, before, count.most + (before.most if before else 0))

    @property
    def counts(self) -> Iterator[TokenCount]:
        point: Uncounted | None = self
        while point:
            yield point.count
            point = point.before

    @property
    def tokens(self) -> int:
        return sum(count.tokens for count in self.counts)

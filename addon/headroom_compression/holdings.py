"""What several objects hold in memory, counted once however many of them share it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Holding(NamedTuple):
    """An object that is held, by its `id()`, and about how many bytes it takes now."""

    identity: int
    size: int


class Holdings:
    """Sums up what all holders hold. A holder keeps what it holds alive, so that an identity stays what it was."""

    def __init__(self) -> None:
        self.size = 0
        self._sizes: dict[int, int] = {}
        self._holders: dict[int, int] = {}

    def add(self, held: Iterable[Holding]) -> tuple[int, ...]:
        """Add what one more holder holds; what is held already counts as much as the one says that knows of most.

        Return what to give to `remove`.
        """
        sizes = dict(held)
        for identity, size in sizes.items():
            known = self._sizes.get(identity, 0)
            self._sizes[identity] = max(size, known)
            self.size += self._sizes[identity] - known
            self._holders[identity] = self._holders.get(identity, 0) + 1
        return tuple(sizes)

    def remove(self, identities: Iterable[int]) -> None:
        """A holder is gone: what nobody else holds is gone with it."""
        for identity in identities:
            self._holders[identity] -= 1
            if not self._holders[identity]:
                del self._holders[identity]
                self.size -= self._sizes.pop(identity)


def size_of(held: Iterable[Holding]) -> int:
    return sum(dict(held).values())

"""Where runs of rows begin, by the ids of their first rows: 32 bytes each, where a dictionary takes 215."""

from __future__ import annotations

from array import array
from collections.abc import Sequence

# Runs are found by the first rows they share, or by a long one; another run that is shorter is never found.
SEED_ROWS = 4
# About 90 tokens, three times those of a marker.
LONG_ROW = 360
# The code of an id of a row: what `hash` gives.
ID_CODE = "q"
# Of the slots at most a fourth is taken, so that most rows are known to be new at the first look.
_SLOTS_PER_SEED = 4
_FIRST_SLOTS = 64


class Seeds:
    """A table with open addressing. Places are a text and a row in it; of those with the same seed the latest stays."""

    def __init__(self) -> None:
        self._slots = array("I", bytes(4 * _FIRST_SLOTS))
        """In each the number of a seed, from 1 on; 0 where there is none."""
        self._keys = array("q")
        self._texts = array("I")
        self._rows = array("I")

    @property
    def size(self) -> int:
        """About how many bytes of memory they take."""
        numbers = (self._slots, self._keys, self._texts, self._rows)
        return sum(values.itemsize * len(values) for values in numbers)

    def note(self, seed: tuple[int, ...], text: int, row: int) -> None:
        """seed: the first rows of a run that begins in a row of the text with that number."""
        key, keys, slots = hash(seed), self._keys, self._slots
        slot = self._slot(key)
        number = slots[slot]
        if number:
            self._texts[number - 1], self._rows[number - 1] = text, row
            return
        keys.append(key)
        self._texts.append(text)
        self._rows.append(row)
        slots[slot] = number = len(keys)
        if _SLOTS_PER_SEED * number > len(slots):
            self._grow()

    def find(self, seed: tuple[int, ...]) -> tuple[int, int] | None:
        """The latest place whose first rows have the same hash as the seed."""
        number = self._slots[self._slot(hash(seed))] - 1
        return (self._texts[number], self._rows[number]) if number >= 0 else None

    def known_rows(self, seeds: Sequence[int]) -> list[int]:
        """The rows from which `find` finds a place: all at once takes 0.1 microseconds a row, one by one 0.8.

        seeds: the keys of theirs.
        """
        if not self._keys:
            return []
        slots, keys, mask = self._slots, self._keys, len(self._slots) - 1
        # Nearly all rows that are not known are told by their own slot, and the others by the one behind it.
        return [
            row
            for row, key in enumerate(seeds)
            if (seed := slots[key & mask])
            and (keys[seed - 1] == key or (slots[(key + 1) & mask] and slots[self._slot(key)]))
        ]

    def _slot(self, key: int) -> int:
        """That of a key, or the one where it belongs."""
        slots, keys, mask = self._slots, self._keys, len(self._slots) - 1
        slot = key & mask
        while (number := slots[slot]) and keys[number - 1] != key:
            slot = (slot + 1) & mask
        return slot

    def _grow(self) -> None:
        self._slots = slots = array("I", bytes(2 * self._slots.itemsize * len(self._slots)))
        mask = len(slots) - 1
        for number, key in enumerate(self._keys, 1):  # all of them are different
            slot = key & mask
            while slots[slot]:
                slot = (slot + 1) & mask
            slots[slot] = number


def seed_keys(rows: array[int]) -> list[int]:
    """For each row what stands for the seed that begins there."""
    ids = rows.tolist()
    return [*map(hash, zip(*(ids[first:] for first in range(SEED_ROWS)), strict=False))]


def long_rows(lines: Sequence[str]) -> list[int]:
    """The rows from each of which alone a run is found."""
    lengths = [*map(len, lines)]
    if max(lengths, default=0) < LONG_ROW:  # of nearly all texts, in a third of the time
        return []
    return [row for row, length in enumerate(lengths) if length >= LONG_ROW]


def is_long(line: str) -> bool:
    return len(line) >= LONG_ROW

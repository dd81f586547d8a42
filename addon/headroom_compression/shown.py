"""The tool texts that the model has seen so far, as rows, and where in them a run of lines stands.

Only rows that were sent verbatim can be found or referred to. The store grows at its end only, so that an earlier
state of it is a number of texts; `continued` gives a store that ends there.
"""

from __future__ import annotations

import sys
from array import array
from bisect import bisect_right
from collections.abc import Sequence
from typing import TYPE_CHECKING
from typing import Self

from headroom_compression.frozen import frozen
from headroom_compression.sent_rows import Rows
from headroom_compression.text import has_cut

if TYPE_CHECKING:
    from headroom_compression.sights import Sight

# Runs are found by the first rows they share; a shorter run is never found.
SEED_ROWS = 4
# Stands for a row that equals no other: left out, cut by the client, or the end of the text.
NOT_SHOWN = 0
_SEED_BYTES = SEED_ROWS * array("I").itemsize
# Bytes by sys.getsizeof: the places of a line in a dict and a list, and its number; a seed's bytes, pair and place.
_BYTES_PER_LINE = 170
_BYTES_PER_SEED = 215


@frozen
class Numbering:
    """Rows `start` to `stop` are called by the numbers from `first` on."""

    first: int
    start: int
    stop: int

    def number(self, row: int) -> int:
        return self.first + row - self.start


@frozen
class ShownText:
    """title: what it may be called whatever else was shown; "" for an output whose call has no words.

    call: digest of the call whose only output it is. subject: the path or command. rows: the ids of its lines.
    numbering: of its rows, by the numbers in front of them (`is_labelled`) or counted from 1; its parts ascend.
    says: the words of its call. path: the file whose lines it shows.
    claimed_line: the number in the file of its first row, as the call says.
    folder: in which its path and command mean something; None where they do everywhere.
    body: what was sent of it, without what the client put before it. has_markers: those in it are ours.
    whole: digest of the output as the tool wrote it. is_elided: level recall left lines out.
    is_later: another text of the same output stands before it.
    opening: the id of its first row, where its rows are counted.
    """

    title: str
    call: bytes | None
    subject: str
    rows: array[int]
    numbering: tuple[Numbering, ...]
    says: str = ""
    path: str | None = None
    claimed_line: int | None = None
    folder: str | None = None
    body: str = ""
    whole: bytes = b""
    is_labelled: bool = False
    has_markers: bool = False
    is_elided: bool = False
    is_command: bool = False
    is_later: bool = False
    opening: int = NOT_SHOWN

    @property
    def first_line(self) -> int:
        return self.claimed_line or 1

    @property
    def sure_line(self) -> int | None:
        """The number in its file of its first row, where nothing else seems to stand before the file."""
        return self.claimed_line if self.path else None

    def numbering_at(self, row: int) -> Numbering | None:
        index = bisect_right(self.numbering, row, key=lambda part: part.start) - 1
        return self.numbering[index] if index >= 0 and row < self.numbering[index].stop else None


class _LineIds(dict[str, int]):
    """A number for each line that is asked for, from 1 on. lines: by their numbers. size: of them, in bytes."""

    def __init__(self) -> None:
        super().__init__()
        self.lines = [""]
        self.size = 0

    def __missing__(self, line: str) -> int:
        number = self[line] = len(self.lines)
        self.lines.append(line)
        self.size += sys.getsizeof(line)
        return number


class ShownTexts:
    """seed_step: every how many rows of a text a run can be found from; a run of seed_step + 3 rows always is.

    But not from four equal rows: empty lines are everywhere, and would be compared with each other everywhere.
    """

    def __init__(self, seed_step: int) -> None:
        self._seed_step = seed_step
        self._texts: list[ShownText] = []
        self._seeds: dict[bytes, tuple[ShownText, int]] = {}
        self._wholes: dict[tuple[bytes, bytes], ShownText] = {}
        self.sights: dict[int, Sight] = {}
        """Of outputs that pointers may lead to, by their places among `texts`: those that were read last."""
        self._ids = _LineIds()
        self._bytes_of_texts = 0
        self._latest_rows: Rows | None = None
        self._latest_ids = array("I")

    @property
    def size(self) -> int:
        """About how many bytes of memory it takes."""
        return (
            self._ids.size
            + self._bytes_of_texts
            + _BYTES_PER_LINE * len(self._ids)
            + _BYTES_PER_SEED * len(self._seeds)
        )

    @property
    def texts(self) -> Sequence[ShownText]:
        return self._texts

    def __len__(self) -> int:
        return len(self._texts)

    def continued(self, length: int) -> Self:
        """The store with its first `length` texts: itself when it has no more."""
        if length == len(self._texts):
            return self
        other = type(self)(self._seed_step)
        other._ids = self._ids  # noqa: SLF001  they only ever grow: safe to share
        for text in self._texts[:length]:
            other.add(text)
        return other

    def row_ids(self, rows: Rows) -> array[int]:
        """The ids of the lines, as many as the tool wrote."""
        if self._latest_rows is not rows:  # which are asked for twice: to look for references, and to be found later
            self._latest_rows, self._latest_ids = rows, self._ids_of(rows)
        return self._latest_ids

    def row_id(self, line: str) -> int:
        return self._ids[line]

    def _ids_of(self, rows: Rows) -> array[int]:
        known = self._ids
        if rows.is_whole:
            ids = array("I", map(known.__getitem__, rows.contents))
        else:
            ids = array("I")
            for row in rows:
                is_shown = not row.marker and not has_cut(row.content)
                ids.extend([known[row.content]] if is_shown else [NOT_SHOWN] * row.height)
        if ids and ids[-1] == known[""]:
            ids[-1] = NOT_SHOWN
        return ids

    def add(self, text: ShownText) -> None:
        self._texts.append(text)
        self._bytes_of_texts += sys.getsizeof(text.rows) + sys.getsizeof(text.body)
        if text.call and (text.is_elided or any(text.rows)):  # not one that itself says "ran again"
            self._wholes[text.call, text.whole] = text
        for part in text.numbering:
            first = part.start + -part.start % self._seed_step
            for row in range(first, part.stop - SEED_ROWS + 1, self._seed_step):
                seed = text.rows[row : row + SEED_ROWS]
                if seed.count(seed[0]) < SEED_ROWS:
                    self._seeds[seed.tobytes()] = (text, row)

    def ran_before(self, call: bytes | None, whole: bytes) -> ShownText | None:
        """The latest output of the same call that was the same as a whole, and is in sight."""
        return None if call is None else self._wholes.get((call, whole))

    def find(self, rows: array[int], row: int) -> tuple[ShownText, int] | None:
        """The latest place whose first rows equal those of `rows` at `row`."""
        found = self._seeds.get(_seed(rows, row))
        return None if found is None or NOT_SHOWN in rows[row : row + SEED_ROWS] else found

    def known_rows(self, rows: array[int]) -> list[int]:
        """The rows from which `find` may find a place: all at once takes 0.3 microseconds a row, one by one 0.5."""
        memory = rows.tobytes()
        stops = range(_SEED_BYTES, len(memory) + 1, rows.itemsize)
        seeds = self._seeds
        return [row for row, stop in enumerate(stops) if memory[stop - _SEED_BYTES : stop] in seeds]

    def lines(self, rows: array[int]) -> list[str]:
        return [self._ids.lines[row] for row in rows]


def _seed(rows: array[int], row: int) -> bytes:
    """The ids of the rows that a run begins with, as they lie in memory."""
    return rows[row : row + SEED_ROWS].tobytes()

"""The tool texts that the model has seen so far, as rows, and where in them a run of lines stands.

Only rows that were sent verbatim can be found or referred to. The store grows at its end only, so that an earlier
state of it is a number of texts; `continued` gives a store that ends there.
"""

from __future__ import annotations

import sys
from array import array
from bisect import bisect_right
from collections.abc import Iterator
from collections.abc import Sequence
from itertools import count
from typing import Self

from headroom_compression.client_text import has_cut
from headroom_compression.holdings import Holding
from headroom_compression.holdings import size_of
from headroom_compression.record import record
from headroom_compression.references.fittings import Fittings
from headroom_compression.references.lines_in_sight import Sights
from headroom_compression.references.rows import Rows

# Runs are found by the first rows they share; a shorter run is never found.
SEED_ROWS = 4
# Stands for a row that equals no other: left out, cut by the client, or the end of the text.
NOT_SHOWN = 0
_SEED_BYTES = SEED_ROWS * array("I").itemsize
# Bytes by sys.getsizeof: the places of a line in a dict and a list, and its number; a seed's bytes, pair and place.
_BYTES_PER_LINE = 170
_BYTES_PER_SEED = 215
# Each is looked at for each request; a branch of a branch of a branch is rare.
_MAX_SEGMENTS = 16
# The number of a branch, unlike its identity, is never given again.
_numbers = count()


@record
class Numbering:
    """Rows `start` to `stop` are called by the numbers from `first` on."""

    first: int
    start: int
    stop: int

    def number(self, row: int) -> int:
        return self.first + row - self.start


@record
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


class _Segment:
    """Texts that one branch added, from the place `start` on. size: of all of them, in bytes."""

    def __init__(self, start: int) -> None:
        self.start = start
        self.size = 0


class ShownTexts:
    """seed_step: every how many rows of a text a run can be found from; a run of seed_step + 3 rows always is.

    But not from four equal rows: empty lines are everywhere, and would be compared with each other everywhere.

    number: of the branch of a session that these are the texts of. left: that of the branch that it began as.
    """

    def __init__(self, seed_step: int, left: int | None = None) -> None:
        self.number = next(_numbers)
        self.left = left
        self._seed_step = seed_step
        self._texts: list[ShownText] = []
        self._seeds: dict[bytes, tuple[ShownText, int]] = {}
        self._wholes: dict[tuple[bytes, bytes], ShownText] = {}
        self.sights = Sights()
        """Of outputs that pointers may lead to, by their places among `texts`."""
        self.fittings = Fittings()
        """Which of `texts` a name may mean."""
        self.openings: dict[int, dict[tuple[int | None, str], None]] = {}
        """Of all outputs, by their first rows: the number of that row in its file, if sure, and the subject."""
        self._ids = _LineIds()
        self._left_segments: tuple[tuple[_Segment, int], ...] = ()  # with the bytes of what is in here of them
        self._own = _Segment(0)

    @property
    def size(self) -> int:
        """About how many bytes of memory it takes."""
        return size_of(self.holdings)

    @property
    def holdings(self) -> tuple[Holding, ...]:
        """What it shares with its branches and those that it left, and its own."""
        ids = self._ids
        shared = Holding(id(ids), ids.size + _BYTES_PER_LINE * len(ids))
        left = (Holding(id(segment), size) for segment, size in self._left_segments)
        own = Holding(id(self._own), self._own.size)
        found = Holding(id(self), _BYTES_PER_SEED * len(self._seeds) + self.sights.size + self.fittings.size)
        return shared, *left, own, found

    @property
    def texts(self) -> Sequence[ShownText]:
        return self._texts

    def __len__(self) -> int:
        return len(self._texts)

    def continued(self, length: int) -> Self:
        """The store with its first `length` texts: itself when it has no more."""
        if length == len(self._texts):
            return self
        other = type(self)(self._seed_step, self.number)
        other._ids = self._ids  # noqa: SLF001  they only ever grow: safe to share
        for text in self._texts[:length]:
            other._note(text)  # noqa: SLF001  its own, of another object
        left = tuple(self._segments_before(length))
        is_far = len(left) > _MAX_SEGMENTS  # then it counts all of its texts
        other._left_segments = () if is_far else left  # noqa: SLF001
        other._own = _Segment(0 if is_far else length)  # noqa: SLF001
        other._own.size = sum(size for _, size in left) if is_far else 0  # noqa: SLF001
        return other

    def _segments_before(self, length: int) -> Iterator[tuple[_Segment, int]]:
        segments = [*(segment for segment, _ in self._left_segments), self._own]
        stops = [*(segment.start for segment in segments[1:]), length]
        for segment, stop in zip(segments, stops, strict=True):
            if segment.start < length:
                yield segment, sum(map(_size_of, self._texts[segment.start : min(stop, length)]))

    def shares_lines(self, other: Self) -> bool:
        """Whether texts that are added to the one write into what the other holds, too."""
        return self._ids is other._ids

    def row_ids(self, rows: Rows) -> array[int]:
        """The ids of the lines, as many as the tool wrote."""
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

    def row_id(self, line: str) -> int:
        return self._ids[line]

    def add(self, text: ShownText) -> None:
        self._own.size += _size_of(text)
        self._note(text)

    def _note(self, text: ShownText) -> None:
        self._texts.append(text)
        if text.opening != NOT_SHOWN:
            self.openings.setdefault(text.opening, {})[text.sure_line, text.subject] = None
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


@record
class RowsAccess:
    """What the session knows of the lines before a text, and what it allows.

    references: how readily lines are pointed at, as in the settings. gutters: whether numbers may still be thinned.
    is_wanted: the model has opened what level recall left out of another output of the tool.
    """

    shown: ShownTexts
    references: str
    gutters: bool
    is_wanted: bool = False

    def before(self, call: bytes | None, whole: bytes) -> ShownText | None:
        """The latest output of the same call that was the same as a whole, and that may be pointed at."""
        text = self.shown.ran_before(call, whole) if self.references != "off" else None
        return None if text is None or (text.is_elided and self.is_wanted) else text


def _seed(rows: array[int], row: int) -> bytes:
    """The ids of the rows that a run begins with, as they lie in memory."""
    return rows[row : row + SEED_ROWS].tobytes()


def _size_of(text: ShownText) -> int:
    return sys.getsizeof(text.rows) + sys.getsizeof(text.body)

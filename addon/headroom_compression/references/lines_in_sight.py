"""The lines of a sent output under the numbers by which a reader finds them, and what of them is kept in memory."""

from __future__ import annotations

import sys
from array import array
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Sequence
from itertools import accumulate
from itertools import count
from itertools import islice
from itertools import repeat
from operator import add
from operator import attrgetter
from threading import Lock

from headroom_compression.client_text import has_cut
from headroom_compression.record import record
from headroom_compression.references.markers import Marker

# They are asked for again for each output that shows the same file: fifty of 1,000 numbered lines.
_MAX_KEPT_BYTES = 4_000_000
# By sys.getsizeof: a piece with its numbers.
_BYTES_PER_PIECE = 200
# Gives the lines that a marker stands for; None where nobody knows them.
Marked = Callable[[Marker], list[str] | None]
_FIRST = attrgetter("first")


@record
class Line:
    """full: as it stands there. rest: what stands behind its number. is_shown: not behind a marker."""

    full: str
    rest: str
    is_shown: bool = True


# What a number's separator is can be seen by all lines together only: "12: x" may be "12:" before " x".
_READINGS: tuple[Callable[[Line], str], ...] = (
    lambda line: line.full,
    lambda line: line.rest,
    lambda line: line.rest.removeprefix(" "),
    lambda line: line.rest.removeprefix(" ") if line.rest != line.full else line.full,  # some have no number at all
)


@record
class NumberedLines:
    """`count` lines by the numbers from `first` on.

    marker: that stands for them, behind `skipped` others; else they stand in the rows from `row` on.
    """

    first: int
    count: int
    row: int = 0
    marker: Marker | None = None
    skipped: int = 0

    @property
    def stop(self) -> int:
        return self.first + self.count

    def part(self, first: int, stop: int) -> NumberedLines:
        """What of it has these numbers."""
        if first == self.first and stop == self.stop:
            return self
        after = first - self.first
        if self.marker:
            return NumberedLines(first, stop - first, marker=self.marker, skipped=self.skipped + after)
        return NumberedLines(first, stop - first, self.row + after)


@record
class BodyLines:
    """The lines of a body, by the places where they begin: four bytes a line.

    rests: where begins what stands behind their numbers; None where they have no numbers.
    """

    body: str
    starts: array[int]
    rests: array[int] | None

    @classmethod
    def of(cls, body: str, lines: Sequence[str], labels: Sequence[int] | None) -> BodyLines:
        """labels: how long what stands before the rest is in each line."""
        code = "L" if len(body) >> 32 else "I"
        starts = array(code, map(add, accumulate(map(len, lines), initial=0), count()))  # each line feed takes one
        rests = None if labels is None else array(code, map(int.__add__, starts, labels))
        return cls(body, starts, rests)

    @property
    def size(self) -> int:
        rests = 0 if self.rests is None else sys.getsizeof(self.rests)
        return sys.getsizeof(self.body) + sys.getsizeof(self.starts) + rests

    def text(self, row: int) -> str:
        return self.body[self.starts[row] : self.starts[row + 1] - 1]

    def texts(self, row: int, stop: int) -> list[str]:
        return self.body[self.starts[row] : self.starts[stop] - 1].split("\n")

    def rests_of(self, row: int, stop: int) -> list[str]:
        if self.rests is None:
            return self.texts(row, stop)
        ends = self.starts[row + 1 : stop + 1]
        return [self.body[begin : end - 1] for begin, end in zip(self.rests[row:stop], ends, strict=True)]


class Sight:
    """pieces: do not overlap, in ascending order.

    unknown_from: from this number on nobody knows what the lines are; None where all are known.
    """

    def __init__(
        self, rows: BodyLines, pieces: Sequence[NumberedLines], unknown_from: int | None, marked: Marked | None
    ) -> None:
        self._rows = rows
        self._pieces = pieces
        self._first, self._stop = (pieces[0].first, pieces[-1].stop) if pieces else (0, 0)
        self._unknown_from = unknown_from
        self._marked = marked
        self._may_be_cut = rows.rests is not None and has_cut(rows.body)
        self.size = rows.size + _BYTES_PER_PIECE * len(pieces)
        """About how many bytes of memory it takes."""

    def has_all(self, first: int, last: int) -> bool:
        """Whether it is known what all of these lines are."""
        return self._first <= first and last < self._stop and self._known(first, last) == last + 1 - first

    def is_unknown(self, last: int) -> bool:
        """Whether nobody knows what the lines up to this number are."""
        return self._unknown_from is not None and last >= self._unknown_from

    def lines_at(self, first: int, last: int) -> list[str] | None:
        """What stands behind the numbers of lines that all are in sight."""
        if not self._may_be_cut:
            found = self._in_one_piece(first, last)
            if found is not None:
                return found
        rests: list[str] = []
        for line in self._lines(first, last):
            if line is None or not line.is_shown:
                return None
            rests.append(line.rest)
        return rests

    def shows(self, first: int, lines: Sequence[str]) -> bool:
        """Whether all of them are in sight from this number on."""
        last = first + len(lines) - 1
        if not (self._first <= first and last < self._stop):
            return False
        if not self._may_be_cut and self._in_one_piece(first, last) == [*lines]:
            return True
        if self._known(first, last, hidden=False) < len(lines):
            return False
        found = [*self._lines(first, last)]
        return all(line and line.is_shown for line in found) and any(
            all(reading(line) == wanted for line, wanted in zip(found, lines, strict=True) if line)
            for reading in _READINGS
        )

    def contradicts(self, first: int, lines: Sequence[str]) -> bool:
        """Whether other lines stand under one of the numbers from `first` on, as far as they are known."""
        pieces = self._pieces_among(first, first + len(lines) - 1)
        return any(self._differs(piece, lines[piece.first - first : piece.stop - first]) for piece in pieces)

    def _differs(self, piece: NumberedLines, lines: Sequence[str]) -> bool:
        """Whether one of the lines of a piece is another one, however its number is read."""
        if piece.marker:
            known = self._behind(piece)
            return known is not None and any(
                one not in {other, other.removeprefix(" ")} for other, one in zip(known, lines, strict=True)
            )
        rests = self._rows.rests_of(piece.row, piece.row + piece.count)
        if rests == [*lines]:  # nearly always, and found with less work
            return False
        return any(
            rest != wanted
            and all(reading(Line(self._rows.text(piece.row + place), rest)) != wanted for reading in _READINGS)
            for place, (rest, wanted) in enumerate(zip(rests, lines, strict=True))
        )

    def _in_one_piece(self, first: int, last: int) -> list[str] | None:
        """What stands behind these numbers, where all stand in rows in a row."""
        index = bisect_right(self._pieces, first, key=_FIRST) - 1
        if index < 0 or last < first:
            return None
        piece = self._pieces[index]
        if piece.marker is not None or last >= piece.stop:
            return None
        row = piece.row + first - piece.first
        return self._rows.rests_of(row, row + last - first + 1)

    def _pieces_among(self, first: int, last: int) -> Iterator[NumberedLines]:
        """What of the pieces lies among these numbers."""
        index = max(bisect_right(self._pieces, first, key=_FIRST) - 1, 0)
        for piece in islice(self._pieces, index, None):
            if piece.first > last:
                break
            start, stop = max(first, piece.first), min(piece.stop, last + 1)
            if start < stop:
                yield piece.part(start, stop)

    def _known(self, first: int, last: int, *, hidden: bool = True) -> int:
        """Of how many of these lines it is known what they are; hidden: also behind markers."""
        pieces = self._pieces_among(first, last)
        return sum(piece.count for piece in pieces if not piece.marker or (hidden and self._behind(piece) is not None))

    def _lines(self, first: int, last: int) -> Iterator[Line | None]:
        """What is in sight of the lines under these numbers."""
        number = first
        for piece in self._pieces_among(first, last):
            yield from repeat(None, piece.first - number)
            yield from repeat(None, piece.count) if piece.marker else self._in_rows(piece)
            number = piece.stop
        yield from repeat(None, last + 1 - number)

    def _in_rows(self, piece: NumberedLines) -> Iterator[Line]:
        texts, rests = (read(piece.row, piece.row + piece.count) for read in (self._rows.texts, self._rows.rests_of))
        is_shown = not self._may_be_cut
        return (Line(text, rest, is_shown or not has_cut(text)) for text, rest in zip(texts, rests, strict=True))

    def _behind(self, piece: NumberedLines) -> Sequence[str] | None:
        """The lines of a piece that a marker stands for; None where nobody knows them."""
        marked = self._marked(piece.marker) if self._marked and piece.marker else None
        return None if marked is None else marked[piece.skipped : piece.skipped + piece.count]


class KeptSights:
    """Those that were looked at last, of all sessions of the process. size: about how many bytes of memory they take.

    Safe for several threads: one that was given up may still be at work.
    """

    def __init__(self, limit: int = _MAX_KEPT_BYTES) -> None:
        self.size = 0
        self._limit = limit
        self._sights: OrderedDict[tuple[int, int], Sight] = OrderedDict()
        self._lock = Lock()

    def get(self, key: tuple[int, int]) -> Sight | None:
        with self._lock:
            sight = self._sights.get(key)
            if sight is not None:
                self._sights.move_to_end(key)
            return sight

    def keep(self, key: tuple[int, int], sight: Sight) -> None:
        with self._lock:
            self._forget(key)
            self._sights[key] = sight
            self.size += sight.size
            while self.size > self._limit and len(self._sights) > 1:  # the last one is asked for again at once
                self._forget(next(iter(self._sights)))

    def _forget(self, key: tuple[int, int]) -> None:
        sight = self._sights.pop(key, None)
        if sight is not None:
            self.size -= sight.size


_KEPT = KeptSights()
_numbers = count()


class Sights:
    """Those of the outputs of one session, by the places of the outputs, as far as they are kept."""

    def __init__(self, kept: KeptSights = _KEPT) -> None:
        self._kept = kept
        self._number = next(_numbers)  # unlike an identity it is never given again

    def get(self, index: int) -> Sight | None:
        return self._kept.get((self._number, index))

    def keep(self, index: int, sight: Sight) -> None:
        self._kept.keep((self._number, index), sight)

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
from headroom_compression.references.kept_bodies import NO_BODY
from headroom_compression.references.kept_bodies import KeptBodies
from headroom_compression.references.kept_bodies import KeptBody
from headroom_compression.references.lines_in_sight import Sights
from headroom_compression.references.rows import Numbering
from headroom_compression.references.rows import Rows
from headroom_compression.references.seeds import ID_CODE
from headroom_compression.references.seeds import SEED_ROWS
from headroom_compression.references.seeds import Seeds

# Stands for a row that equals no other: left out, cut by the client, or the end of the text. `hash` never gives it.
NOT_SHOWN = -1
_EMPTY_LINE = hash("")
# By tracemalloc: a text beside its rows and its body, its numbering, its chunk, and its places in a list and in
# dictionaries.
_BYTES_PER_TEXT = 760
# Each is looked at for each request; a branch of a branch of a branch is rare.
_MAX_SEGMENTS = 16
# The number of a branch, unlike its identity, is never given again.
_numbers = count()


@record
class ShownText:
    """title: what it may be called whatever else was shown; "" for an output whose call has no words.

    call: digest of the call whose only output it is. subject: the path or command. rows: the ids of its lines, which
    are their hashes: that two lines have the same one is less likely than a fault of the machine, and what is found so
    is read back before it is sent. long_rows: of them those from each of which alone a run is found.
    numbering: of its rows, by the numbers in front of them (`is_labelled`) or counted from 1; its parts ascend.
    says: the words of its call. path: the file whose lines it shows.
    claimed_line: the number in the file of its first row, as the call says.
    folder: in which its path and command mean something; None where they do everywhere.
    kept: what was sent of it, without what the client put before it. has_markers: those in it are ours.
    whole: digest of the output as the tool wrote it. is_elided: level recall left lines out.
    is_numbered: each of its rows has a number in front, be they few.
    is_later: another text of the same output stands before it. is_again: it only says that it ran again.
    opening: the id of its first row, where its rows are counted.
    chunk: Codex's own name of the output, in its header. is_hidden: nothing is known of it, it may have any name.
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
    kept: KeptBody = NO_BODY
    whole: bytes = b""
    is_labelled: bool = False
    is_numbered: bool = False
    has_markers: bool = False
    is_elided: bool = False
    is_command: bool = False
    is_later: bool = False
    is_again: bool = False
    opening: int = NOT_SHOWN
    chunk: str = ""
    is_hidden: bool = False
    long_rows: tuple[int, ...] = ()

    @property
    def body(self) -> str:
        return self.kept.text

    @property
    def first_line(self) -> int:
        return self.claimed_line or 1

    @property
    def sure_line(self) -> int | None:
        """The number in its file of its first row, where nothing else seems to stand before the file."""
        return self.claimed_line if self.path else None

    def counts_to(self, stop: int) -> bool:
        """Whether its lines can be counted up to this row, or have numbers of their own."""
        return self.is_labelled or not self.numbering or self.numbering[-1].stop >= stop

    def numbering_at(self, row: int) -> Numbering | None:
        index = bisect_right(self.numbering, row, key=lambda part: part.start) - 1
        return self.numbering[index] if index >= 0 and row < self.numbering[index].stop else None


class Names:
    """The names of texts, side by side: all of them are looked at for each new title that a pointer may have.

    said: the words of their calls. paths: the files that they show. titles: what else they may be called.
    outputs: the places of the first texts of their outputs.
    """

    __slots__ = ("outputs", "paths", "said", "titles")

    def __init__(self) -> None:
        self.outputs: list[int] = []
        self.said: list[str] = []
        self.paths: list[str | None] = []
        self.titles: list[str] = []

    def add(self, text: ShownText) -> None:
        self.outputs.append(self.outputs[-1] if text.is_later and self.outputs else len(self.outputs))
        self.said.append(text.says)
        self.paths.append(text.path)
        self.titles.append(text.title)


class _Segment:
    """Texts that one branch added, from the place `start` on. size: of all of them, in bytes."""

    def __init__(self, start: int) -> None:
        self.start = start
        self.size = 0


class ShownTexts:
    """seed_step: every how many rows of a text a run can be found from; a run of seed_step + 3 rows always is.

    But not from four equal rows: empty lines are everywhere, and would be compared with each other everywhere.

    number: of the branch of a session that these are the texts of. left: that of the branch that it began as.
    goes_on: others stand before them, of which nothing is known. hidden_stop: where the last such one ends, if any.
    """

    def __init__(self, seed_step: int, left: int | None = None, *, goes_on: bool = False) -> None:
        self.number = next(_numbers)
        self.left = left
        self.goes_on = goes_on
        self.hidden_stop = 0 if goes_on else None
        self._seed_step = seed_step
        self._texts: list[ShownText] = []
        self.names = Names()
        self._seeds = Seeds()
        self._wholes: dict[tuple[bytes, bytes], ShownText] = {}
        self.sights = Sights()
        """Of outputs that pointers may lead to, by their places among `texts`."""
        self.fittings = Fittings()
        self.openings: dict[int, dict[tuple[int | None, str], None]] = {}
        """Of all outputs, by their first rows: the number of that row in its file, if sure, and the subject."""
        self._bodies = KeptBodies()
        self._left_segments: tuple[tuple[_Segment, int], ...] = ()  # with the bytes of what is in here of them
        self._own = _Segment(0)

    @property
    def size(self) -> int:
        """About how many bytes of memory it takes."""
        return size_of(self.holdings)

    @property
    def holdings(self) -> tuple[Holding, ...]:
        """What it shares with its branches and those that it left, and its own."""
        left = (Holding(id(segment), size) for segment, size in self._left_segments)
        own = Holding(id(self._own), self._own.size + self._bodies.size)
        found = Holding(id(self), self._seeds.size + self.fittings.size)
        return *left, own, found

    @property
    def texts(self) -> Sequence[ShownText]:
        return self._texts

    def __len__(self) -> int:
        return len(self._texts)

    def continued(self, length: int) -> Self:
        """The store with its first `length` texts: itself when it has no more."""
        if length == len(self._texts):
            return self
        other = type(self)(self._seed_step, self.number, goes_on=self.goes_on)
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

    def row_ids(self, rows: Rows) -> array[int]:
        """The ids of the lines, as many as the tool wrote."""
        if rows.is_whole:
            ids = array(ID_CODE, list(map(hash, rows.contents)))
        else:
            ids = array(ID_CODE)
            for content, _, _, marker, _ in rows:
                if marker:
                    ids.extend([NOT_SHOWN] * marker.count)
                else:
                    ids.append(NOT_SHOWN if has_cut(content) else hash(content))
        if ids and ids[-1] == _EMPTY_LINE:
            ids[-1] = NOT_SHOWN
        return ids

    def row_id(self, line: str) -> int:
        return hash(line)

    def keep(self, body: str) -> KeptBody:
        """The body in the form in which a text that is added holds it."""
        return self._bodies.keep(body)

    def add(self, text: ShownText) -> None:
        self._own.size += _BYTES_PER_TEXT + sys.getsizeof(text.rows)
        self._note(text)

    def _note(self, text: ShownText) -> None:
        index = len(self._texts)
        self._texts.append(text)
        self.names.add(text)
        self.hidden_stop = index + 1 if text.is_hidden else self.hidden_stop
        if text.opening != NOT_SHOWN:
            self.openings.setdefault(text.opening, {})[text.sure_line, text.subject] = None
        if text.call and not text.is_again:
            self._wholes[text.call, text.whole] = text
        rows = text.rows.tolist()
        for part in text.numbering:
            first = part.start + -part.start % self._seed_step
            for row in range(first, part.stop - SEED_ROWS + 1, self._seed_step):
                seed = tuple(rows[row : row + SEED_ROWS])
                if seed.count(seed[0]) < SEED_ROWS and NOT_SHOWN not in seed:
                    self._seeds.note(seed, index, row)
        for row in text.long_rows:
            if rows[row] != NOT_SHOWN and text.numbering_at(row):
                self._seeds.note((rows[row],), index, row)

    def ran_before(self, call: bytes | None, whole: bytes) -> ShownText | None:
        """The latest output of the same call that was the same as a whole, and is in sight."""
        return None if call is None else self._wholes.get((call, whole))

    def find(self, seed: array[int]) -> tuple[ShownText, int] | None:
        """The latest place whose first rows equal those of the seed: SEED_ROWS of them, or a long one."""
        found = self._seeds.find(tuple(seed))
        if found is None or NOT_SHOWN in seed:
            return None
        text, there = self._texts[found[0]], found[1]
        return (text, there) if text.rows[there : there + len(seed)] == seed else None

    def known_rows(self, rows: array[int], keys: Sequence[int], long_rows: Sequence[int] = ()) -> list[int]:
        """The rows from which `find` may find a place; keys: of their seeds."""
        known = self._seeds.known_rows(keys)
        found = [row for row in long_rows if self.find(rows[row : row + 1])]
        return sorted({*known, *found}) if found else known


@record
class RowsAccess:
    """What the session knows of the lines before a text, and what it allows.

    references: how readily lines are pointed at, as in the settings. gutters: whether numbers may still be thinned.
    is_wanted: the model has opened what level recall left out of another output of the tool.
    is_same_state: the text ends with what its shell last said of itself.
    """

    shown: ShownTexts
    references: str
    gutters: bool
    is_wanted: bool = False
    is_same_state: bool = False

    def before(self, call: bytes | None, whole: bytes) -> ShownText | None:
        """The latest output of the same call that was the same as a whole, and that may be pointed at."""
        text = self.shown.ran_before(call, whole) if self.references != "off" else None
        return None if text is None or (text.is_elided and self.is_wanted) else text


def _size_of(text: ShownText) -> int:
    return _BYTES_PER_TEXT + sys.getsizeof(text.rows) + text.kept.size

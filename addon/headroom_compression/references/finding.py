"""Runs of rows that an earlier tool output shows verbatim, so that a text can leave them out."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from bisect import bisect_right
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence
from itertools import takewhile

from headroom_compression.client_text import is_footer
from headroom_compression.formats.blocks import heading_above
from headroom_compression.formats.blocks import is_heading
from headroom_compression.record import record
from headroom_compression.references.anchors import says_where
from headroom_compression.references.file_numbers import is_same_subject
from headroom_compression.references.markers import Marker
from headroom_compression.references.pointer_names import PointerNames
from headroom_compression.references.pointer_names import Spot
from headroom_compression.references.pointer_reader import PointerReader
from headroom_compression.references.seeds import LONG_ROW
from headroom_compression.references.seeds import SEED_ROWS
from headroom_compression.references.seeds import is_long
from headroom_compression.references.shown_texts import NOT_SHOWN
from headroom_compression.references.shown_texts import ShownText
from headroom_compression.references.shown_texts import ShownTexts

# A marker has about 3.5 characters a token, source code 3.7: below this many times its length it hardly pays.
_WORTH = 2
# For each marker that a text may have so many runs are named, which takes as long as there are outputs; in recorded
# sessions nearly all that are found have a name.
_MAX_TRIED = 4
_MIN_MARKER_LENGTH = len(Marker(1, 9, "a").line()) + 1


@record
class Limits:
    """minimum: rows of a run, but for one of WORTH_FEWER_ROWS characters. markers: per text; beyond them one only for
    what saves WORTH_ANOTHER.
    """

    minimum: int
    markers: int

    @property
    def seed_step(self) -> int:
        """The widest step at which no run of so many rows is missed."""
        return self.minimum - SEED_ROWS + 1


# By --curve, careful: a minimum of 8 instead of 12 saves about 80 tokens for each marker more of Claude Code's outputs
# and those of mini-swe-agent; 6 instead of 8 about 60 and 20, for what is found then hides what later ones could name.
LIMITS = {"careful": Limits(minimum=8, markers=4), "eager": Limits(minimum=4, markers=16)}
# About 60 tokens. Beyond the fourth marker such runs save 170 tokens each of Claude Code's outputs, 30 to 40 of others.
WORTH_ANOTHER = 240
# About 90 tokens, three times those of a marker: the frames of an error that comes again, paragraphs. They save 70 to
# 80 tokens for each marker more of Claude Code's outputs, Codex's and those of Terminal-Bench, 30 of mini-swe-agent's.
# Such a run is found where it lies over a seed: seeds at each row would take five times the memory.
WORTH_FEWER_ROWS = LONG_ROW


@record
class Reference:
    """`marker` stands for the rows `start` to `stop`; `gain` is how many characters fewer that is."""

    start: int
    stop: int
    marker: Marker
    gain: int


@record
class Match:
    """Rows `start` to `stop` equal the rows of `text` from `there` on."""

    start: int
    stop: int
    text: ShownText
    there: int


@record
class Place:
    """What the rows are in which references are looked for.

    before: an output of the same call that was the same as a whole.
    numbered: some rows have a gutter. folder: where the call runs.
    first_line: the number of the file's line that they begin with, by the call. is_sure: nothing speaks against it.
    opening: the id of the first row, where it says anything. ending: rows at the end that are none of the tool's.
    blocks: where runs have to begin and end, with the end of what the tool wrote; empty where they may do so anywhere.
    entries: where they may, too, if the first row of the block stays in sight.
    """

    subject: str
    numbered: bool
    folder: str
    before: ShownText | None = None
    first_line: int | None = None
    is_sure: bool = False
    opening: int = NOT_SHOWN
    ending: int = 0
    blocks: tuple[int, ...] = ()
    entries: tuple[int, ...] = ()


@record
class Search:
    """Looks for references in the rows of one text. rows: their ids. lines: their contents.

    reader: of pointers in that text.
    known: the rows from which a run may be found, in ascending order.
    """

    rows: array[int]
    lines: Sequence[str]
    place: Place
    shown: ShownTexts
    limits: Limits
    reader: PointerReader
    known: Sequence[int]

    def best(self, segments: Sequence[tuple[int, int]]) -> list[Reference]:
        """The references that save most, in the order of the text. A run never leaves its segment."""
        again = self._ran_again()
        if again:
            return [again]
        matches = [match for start, stop in segments for match in self._in_segment(start, stop)]
        matches.sort(key=lambda match: (-self._size(match), match.start))
        references = enumerate(self._named(matches[: self.limits.markers * _MAX_TRIED]))
        found = takewhile(lambda each: each[0] < self.limits.markers or each[1].gain >= WORTH_ANOTHER, references)
        return sorted((reference for _, reference in found), key=lambda reference: reference.start)

    def _size(self, match: Match) -> int:
        return sum(map(len, self.lines[match.start : match.stop]))

    def _named(self, matches: Iterable[Match]) -> Iterator[Reference]:
        """A reference for each match that has a name and pays: one that has none does not cost the others."""
        names = PointerNames(self.reader)
        return filter(None, (self._reference(match, names) for match in matches))

    def _ran_again(self) -> Reference | None:
        """The reference for all of an output that came again."""
        text = self.place.before
        if text is None:
            return None
        stop = len(self.rows) - self.place.ending
        if not text.is_elided and NOT_SHOWN in self.rows[:stop]:
            return None
        hidden = [line if row != NOT_SHOWN else "" for line, row in zip(self.lines, self.rows[:stop], strict=False)]
        names = PointerNames(self.reader)
        is_counted = not self.place.numbered and text.counts_to(stop) and text.rows[:stop] == self.rows[:stop]
        marker = self._marker(Match(0, stop, text, 0), names, whole=True) if is_counted else names.of_uncounted(text)
        return None if marker is None else self.paying(0, stop, marker, hidden)

    def _in_segment(self, start: int, stop: int) -> Iterator[Match]:
        known = self.known
        place = bisect_left(known, start)
        while place < len(known) and known[place] < stop:
            match = self._match_at(known[place], start, stop)
            if match is None or not self._is_long_enough(match):
                place += 1
                continue
            yield from self.parts(match)
            start = match.stop
            place = bisect_left(known, start)

    def parts(self, match: Match) -> Iterator[Match]:
        """What of a run may go."""
        return (part for readable in self._readable(match) for part in self._between_anchors(readable))

    def _is_long_enough(self, match: Match) -> bool:
        return match.stop - match.start >= self.limits.minimum or self._size(match) >= WORTH_FEWER_ROWS

    def _match_at(self, row: int, start: int, stop: int) -> Match | None:
        ids, height = self.rows, SEED_ROWS
        found = self.shown.find(ids[row : row + height]) if row + height <= stop else None
        if found is None and is_long(self.lines[row]):
            found, height = self.shown.find(ids[row : row + 1]), 1
        part = found[0].numbering_at(found[1]) if found else None
        if found is None or part is None or self._may_be_of_another_folder(found[0]):
            return None
        text, there = found
        others, offset = text.rows, there - row
        first, last = row, row + height
        start, stop = max(start, part.start - offset), min(stop, part.stop - offset)
        while first > start and ids[first - 1] == others[first - 1 + offset] != NOT_SHOWN:
            first -= 1
        while last < stop and ids[last] == others[last + offset] != NOT_SHOWN:
            last += 1
        return Match(first, last, text, first + offset)

    def _readable(self, match: Match) -> Iterator[Match]:
        """The parts of the run in which no row in sight below it belongs to a heading that it hides.

        They end where that is seen too, or the end would be moved. Of a block that goes on below its end the first row
        begins a part, and stays: it is where the part begins.
        """
        bounds = self.place.blocks
        if not bounds:
            yield from filter(self._is_long_enough, self._below_heading(match))
            return
        within = sorted({*_among(bounds, match), *_among(self.place.entries, match)})
        stop = next((row for row in reversed(within) if self._is_clear_behind(row)), match.start)
        if not within or stop <= within[0]:
            return
        start, heading = within[0], bounds[bisect_right(bounds, stop) - 1]
        if start < heading < stop:
            yield from self._readable(_part(match, start, heading))
            start = heading
        yield _part(match, start, stop)

    def _below_heading(self, match: Match) -> Iterator[Match]:
        """The run, in parts: headings of a tool's own stay in sight where rows in sight below it belong to them."""
        while (heading := heading_above(self.lines, match.start + 1, self._hidden_until(match))) is not None:
            yield _part(match, heading, match.stop)
            match = _part(match, match.start, heading)
        yield match

    def _may_be_of_another_folder(self, text: ShownText) -> bool:
        """Whether the name could be taken for that of another file, or of the same command elsewhere."""
        if text.folder is None or text.folder == self.place.folder:
            return False
        return bool(text.folder and self.place.folder) or text.subject == self.place.subject

    def _between_anchors(self, match: Match) -> Iterator[Match]:
        """What of the rows may go: not the first that says where one is, nor the last where what follows does not.

        Long rows may go all the same, but for headings: for one of them alone a marker is as clear.
        """
        rows = range(match.start, match.stop)
        anchor = next((row for row in rows if says_where(self.lines[row])), match.stop - 1)
        start = anchor + (not is_long(self.lines[anchor]) or is_heading(self.lines, anchor))
        part = _part(match, start, self._hidden_until(match))
        yield from [part] if self._may_pay(self.lines[part.start : part.stop]) else []

    def _hidden_until(self, match: Match) -> int:
        last = self.lines[match.stop - 1]
        is_clear = is_long(last) or self._is_clear_behind(match.stop)
        return match.stop - (is_footer(last) or not is_clear)

    def _is_clear_behind(self, row: int) -> bool:
        """Whether it can be seen where a run stops that ends before this row: the text ends, or the row says where."""
        behind = self.rows[row : row + 2]
        return not behind or behind.tolist() == [NOT_SHOWN] or (behind[0] != NOT_SHOWN and says_where(self.lines[row]))

    def _reference(self, match: Match, names: PointerNames) -> Reference | None:
        marker = self._marker(match, names, whole=False)
        hidden = self.lines[match.start : match.stop]
        return None if marker is None else self.paying(match.start, match.stop, marker, hidden)

    def _may_pay(self, hidden: Sequence[str]) -> bool:
        """Before a name is looked for, which takes longer."""
        return sum(map(len, hidden)) + len(hidden) >= _WORTH * _MIN_MARKER_LENGTH

    def paying(self, start: int, stop: int, marker: Marker, hidden: Sequence[str]) -> Reference | None:
        cost = len(marker.line()) + 1
        gain = sum(map(len, hidden)) + len(hidden) - cost
        return None if gain < (_WORTH - 1) * cost else Reference(start, stop, marker, gain)

    def _marker(self, match: Match, names: PointerNames, *, whole: bool) -> Marker | None:
        text = match.text
        part = text.numbering_at(match.there)
        if part is None:
            return None
        first = part.number(match.there)
        lines = self.lines[match.start : match.stop]
        spots = []
        if text.path and (text.is_labelled or not self._is_doubtful(match)):
            spots.append(Spot(first + (0 if text.is_labelled else text.first_line - 1), is_of_file=True))
        if not text.is_labelled or not text.path or part.first == part.start + 1:
            spots.append(Spot(first, is_of_file=False))
        return names.marker(text, spots, lines, whole=whole)

    def _is_doubtful(self, match: Match) -> bool:
        """Whether something speaks against the numbers that a target's lines have in its file."""
        text, place = match.text, self.place
        if text.opening != NOT_SHOWN:
            if place.opening == text.opening and not self._begins_like(place.first_line, place.subject, text):
                return True
            others = self.shown.openings.get(text.opening, ())  # what a shell says before each output
            if any(not self._begins_like(line, subject, text) for line, subject in others):
                return True
        if place.first_line is None or not is_same_subject(text.subject, place.subject):
            return False
        return not place.is_sure or match.start + place.first_line != match.there + text.first_line

    def _begins_like(self, first_line: int | None, subject: str, text: ShownText) -> bool:
        """Whether the same first row is no wonder: the same line of the same file."""
        return first_line == text.claimed_line and is_same_subject(subject, text.subject)


def _among(rows: Sequence[int], match: Match) -> Sequence[int]:
    """What of ascending rows lies in the run, or where it stops."""
    return rows[bisect_left(rows, match.start) : bisect_right(rows, match.stop)]


def _part(match: Match, start: int, stop: int) -> Match:
    return Match(start, stop, match.text, match.there + start - match.start)

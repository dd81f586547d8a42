"""Runs of rows that an earlier tool output shows verbatim, so that a text can leave them out."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterator
from collections.abc import Sequence

from headroom_compression.frozen import frozen
from headroom_compression.markers import Marker
from headroom_compression.shown import NOT_SHOWN
from headroom_compression.shown import SEED_ROWS
from headroom_compression.shown import ShownText
from headroom_compression.shown import ShownTexts

# A marker has about 3.5 characters a token, source code 3.7: below this many times its length it hardly pays.
_WORTH = 2


@frozen
class Limits:
    """minimum: rows of a run; of one about the same path or command. markers: per text."""

    minimum: int
    minimum_same_subject: int
    markers: int

    @property
    def seed_step(self) -> int:
        """The widest step at which no run that is long enough is missed."""
        return min(self.minimum, self.minimum_same_subject) - SEED_ROWS + 1


# Careful, on recorded sessions: saved of tool output | markers per output, Claude Code and mini-swe-agent, by the two
# minimums: 16 and 8 22.7% | 0.14, 9.7% | 0.14; 12 and 8 22.8% | 0.15, 10.5% | 0.16; 8 and 8 23.1% | 0.17, 11.3% | 0.19;
# 6 and 6 23.3% | 0.19, 11.5% | 0.23. More than four markers a text gain 0.2%.
LIMITS = {
    "careful": Limits(minimum=12, minimum_same_subject=8, markers=4),
    "eager": Limits(minimum=4, minimum_same_subject=4, markers=16),
}


@frozen
class Reference:
    """`marker` stands for the rows `start` to `stop`; `gain` is how many characters fewer that is."""

    start: int
    stop: int
    marker: Marker
    gain: int


@frozen
class _Match:
    """Rows `start` to `stop` equal the rows of `text` from `there` on."""

    start: int
    stop: int
    text: ShownText
    there: int


@frozen
class Search:
    """Looks for references in the rows of one text.

    call: digest of the call whose only output it is. numbered: some rows have a gutter. folder: where the call runs.
    """

    rows: array[int]
    call: bytes | None
    subject: str
    numbered: bool
    shown: ShownTexts
    limits: Limits
    folder: str

    def best(self, segments: Sequence[tuple[int, int]]) -> list[Reference]:
        """The references that save most, in the order of the text. A run never leaves its segment."""
        known = self.shown.known_rows(self.rows)
        found = [reference for start, stop in segments for reference in self._in_segment(start, stop, known)]
        found.sort(key=lambda reference: (-reference.gain, reference.start))
        return sorted(found[: self.limits.markers], key=lambda reference: reference.start)

    def _in_segment(self, start: int, stop: int, known: Sequence[int]) -> Iterator[Reference]:
        """known: the rows from which a run may be found, in ascending order."""
        place = bisect_left(known, start)
        while place < len(known) and known[place] + SEED_ROWS <= stop:
            match = self._match_at(known[place], start, stop)
            if match is None or match.stop - match.start < self._minimum(match.text):
                place += 1
                continue
            reference = self._reference(match)
            if reference:
                yield reference
            start = match.stop
            place = bisect_left(known, start)

    def _match_at(self, row: int, start: int, stop: int) -> _Match | None:
        found = self.shown.find(self.rows, row)
        part = found[0].numbering_at(found[1]) if found else None
        if found is None or part is None:
            return None
        text, there = found
        if self._may_be_of_another_folder(text):
            return None
        offset = there - row
        first, last = row, row + SEED_ROWS
        while first > max(start, part.start - offset) and self._equal(first - 1, text, offset):
            first -= 1
        while last < min(stop, part.stop - offset) and self._equal(last, text, offset):
            last += 1
        return _Match(first, last, text, first + offset)

    def _may_be_of_another_folder(self, text: ShownText) -> bool:
        """Whether the title could be taken for that of another file, or of the same command elsewhere."""
        if text.folder is None or text.folder == self.folder:
            return False
        return bool(text.folder and self.folder) or text.subject == self.subject

    def _equal(self, row: int, text: ShownText, offset: int) -> bool:
        return self.rows[row] == text.rows[row + offset] != NOT_SHOWN

    def _minimum(self, text: ShownText) -> int:
        same = is_same_subject(text.subject, self.subject)
        return self.limits.minimum_same_subject if same else self.limits.minimum

    def _reference(self, match: _Match) -> Reference | None:
        """The reference for all of an output that came again, else for the rows between the first and the last."""
        whole = self._is_whole(match)
        margin = 0 if whole else 1
        start, stop = match.start + margin, match.stop - margin
        part = match.text.numbering_at(match.there)
        if part is None:
            return None
        first = part.number(match.there + margin)
        marker = Marker(first, first + stop - start - 1, match.text.title, whole)
        hidden = self.rows[start:stop]
        cost = len(marker.line()) + 1
        gain = sum(len(line) + 1 for line in self.shown.lines(hidden)) - cost
        if gain < (_WORTH - 1) * cost or self.shown.resolve(marker.title, marker.first, marker.last) != hidden:
            return None
        return Reference(start, stop, marker, gain)

    def _is_whole(self, match: _Match) -> bool:
        is_all = match.start == 0 and not any(self.rows[match.stop :])
        return is_all and not self.numbered and self.call is not None and self.call == match.text.call


def is_same_subject(one: str, other: str) -> bool:
    """Whether two paths or commands are the same, a relative path being the end of an absolute one."""
    one, other = one.removeprefix("./"), other.removeprefix("./")
    if not one or not other:
        return False
    return one == other or one.endswith("/" + other) or other.endswith("/" + one)

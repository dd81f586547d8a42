"""Runs of lines that an output shows twice: a pointer leads from the second to the first, further up in the text."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from collections.abc import Sequence
from itertools import pairwise

from headroom_compression.client_text import was_cut
from headroom_compression.formats.gap_markers import holds_gap_marker
from headroom_compression.formats.wrapped_results import count_titles
from headroom_compression.record import record
from headroom_compression.references.finding import Match
from headroom_compression.references.finding import Reference
from headroom_compression.references.finding import Search
from headroom_compression.references.labels import all_label_runs
from headroom_compression.references.markers import OWN
from headroom_compression.references.markers import Marker
from headroom_compression.references.rows import Rows
from headroom_compression.references.seeds import ID_CODE
from headroom_compression.references.seeds import SEED_ROWS
from headroom_compression.references.shown_texts import NOT_SHOWN
from headroom_compression.references.shown_texts import ShownText

_MIN_ROWS = 8
# By how readily lines are pointed at: the fewest characters that a pointer has to save. A text that was never seen is
# read with more care than one that comes again.
OWN_WORTH = {"careful": 360, "eager": 240}
# What its matches are found in.
_THIS = ShownText(OWN, None, "", array(ID_CODE), ())


@record
class OwnRows:
    """keys: of the seeds that begin in the rows."""

    rows: Rows
    keys: Sequence[int]


def may_show_twice(keys: Sequence[int]) -> bool:
    """Whether a run of rows may come again among those with these keys."""
    return len(keys) - len(set(keys)) > _MIN_ROWS - SEED_ROWS


def with_own(references: list[Reference], search: Search, own: OwnRows, worth: int) -> list[Reference]:
    """The references, with those to lines above in the same text, in the order of the text.

    worth: the fewest characters that each of these saves.
    """
    if any(reference.marker.whole for reference in references):
        return references
    numbers = _Numbers.of(own.rows)
    found = [*_OwnLines(search, own.keys, numbers, references).references(worth)] if numbers else []
    return sorted([*references, *found], key=lambda reference: reference.start)


@record
class _Numbers:
    """By which numbers the rows may be called: by those in front of them, else counted from 1, up to `stop`."""

    rows: Rows
    stop: int

    @classmethod
    def of(cls, rows: Rows) -> _Numbers | None:
        """None where a number may mean several lines, or other lines may count as well: those that a program left out,
        titles that were written above texts.
        """
        text = "\n".join(rows.contents)
        may_be_titled = 1 if rows.is_numbered else 0
        if holds_gap_marker(text) or count_titles(text) > may_be_titled:
            return None
        if rows.is_numbered:
            runs = dict.fromkeys(row.run for row in rows if row.run)
            ascend = all(one.number(one.stop) <= other.first for one, other in pairwise(runs))
            return cls(rows, len(rows)) if ascend else None
        if all_label_runs(rows.contents):
            return None
        lines = enumerate(rows.contents if was_cut(text) else ())
        return cls(rows, next((row for row, line in lines if was_cut(line)), len(rows)))

    def stop_at(self, row: int) -> int:
        """Up to which row those from this one on are called by numbers in a row; that itself where it has none."""
        if not self.rows.is_numbered:
            return max(row, self.stop)
        run = self.rows[row].run
        return run.stop if run else row

    def number(self, row: int) -> int:
        return self.rows[row].number if self.rows.is_numbered else row + 1

    def is_clear(self, first: int, last: int) -> bool:
        """Whether one who counts lines of which not all have numbers sees by other numbers that these are meant."""
        counted = self.rows[first - 1 : last] if self.rows.is_numbered else ()
        return 2 * sum(row.run is None for row in counted) <= len(counted)


class _OwnLines:
    """taken: references that the text has already; what is behind them is not in sight."""

    def __init__(self, search: Search, keys: Sequence[int], numbers: _Numbers, taken: Sequence[Reference]) -> None:
        self._search = search
        self._keys = keys
        self._numbers = numbers
        self._hidden = {row for reference in taken for row in range(reference.start, reference.stop)}

    def references(self, worth: int) -> Iterator[Reference]:
        for match in self._matches():
            for part in self._search.parts(match):
                first = self._numbers.number(part.there)
                lines = self._search.lines[part.start : part.stop]
                last = first + len(lines) - 1
                marker = Marker(first, last, OWN)
                reference = self._search.paying(part.start, part.stop, marker, lines)
                if reference and reference.gain >= worth and self._numbers.is_clear(first, last):
                    self._hidden.update(range(part.start, part.stop))
                    yield reference

    def _matches(self) -> Iterator[Match]:
        """Runs in sight that equal one in sight above them."""
        seen: dict[int, int] = {}
        keys, row = self._keys, 0
        while row < len(keys):
            there = seen.setdefault(keys[row], row)
            stop = self._stop_of(row, there) if there < row else row
            if stop - row >= _MIN_ROWS:
                yield Match(row, stop, _THIS, there)
                row = stop
            else:
                row += 1

    def _stop_of(self, row: int, there: int) -> int:
        """Where the run of rows from this one on stops that are equal to those from `there` on."""
        ids, hidden = self._search.rows, self._hidden
        end = self._numbers.stop_at(row) if self._numbers.rows.is_numbered else len(ids)
        size = max(0, min(end - row, self._numbers.stop_at(there) - there, row - there))
        for place in range(size):
            is_same = ids[row + place] == ids[there + place] != NOT_SHOWN
            if not is_same or row + place in hidden or there + place in hidden:
                return row + place
        return row + size

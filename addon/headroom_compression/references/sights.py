"""Reads a sent output as one who looks for lines by number: by the numbers in front of them, or by counting."""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Sequence
from itertools import pairwise

from headroom_compression.client_text import is_footer
from headroom_compression.client_text import was_cut
from headroom_compression.formats.gap_markers import read_gap_marker
from headroom_compression.references.gutter import reads_like_the_clients
from headroom_compression.references.lines_in_sight import BodyLines
from headroom_compression.references.lines_in_sight import Marked
from headroom_compression.references.lines_in_sight import NumberedLines
from headroom_compression.references.lines_in_sight import Sight
from headroom_compression.references.markers import read_marker

# Fewer rows may be numbered by chance.
MIN_ROWS = 5
_NUMBER = re.compile(r"[ \t]*[L#]?0*([1-9][0-9]{0,8})(?=[ \t]?[\t|│:→#)-])")

_BARS = " | "
_KEPT_WHEN_THINNED = frozenset({"\t", "→", ":", "|", _BARS})
# Each tenth number stays.
_MAX_BARE = 9


def has_number_in_each_row(body: str) -> bool:
    """Whether each row that says anything begins with a number of a line, as in a search of one file."""
    return all(_NUMBER.match(line) for line in body.split("\n") if line)


def read_sight(
    body: str, *, is_labelled: bool, marked: Marked | None, is_open: bool, min_rows: int = MIN_ROWS
) -> Sight:
    """The lines of an output, without what the client put before it.

    marked: gives the lines that a marker stands for; None where a marker is not ours. is_open: lines are missing.
    min_rows: so many with numbers that go on from each other are no chance.
    """
    lines = body.split("\n")
    if lines and lines[-1] == "":
        lines.pop()
    if lines and is_footer(lines[-1]):
        lines.pop()
    reading = _Reading(body, lines, marked, is_open=is_open)
    return reading.labelled(min_rows) if is_labelled else reading.counted()


class _Reading:
    def __init__(self, body: str, lines: Sequence[str], marked: Marked | None, *, is_open: bool) -> None:
        self._body = body
        self._lines = lines
        self._marked = marked
        self._is_open = is_open

    def counted(self) -> Sight:
        rows = BodyLines.of(self._body, self._lines, None)
        pieces: list[NumberedLines] = []
        number, begin = 1, 0
        is_cut = was_cut("\n".join(self._lines))
        for row in self._special_rows(is_cut=is_cut):
            line = self._lines[row]
            marker = read_marker(line)
            is_gap = self._is_open and (marker or read_gap_marker(line))
            if not is_gap and not (marker and self._marked) and not (is_cut and was_cut(line)):
                continue
            if row > begin:
                pieces.append(NumberedLines(number, row - begin, begin))
                number += row - begin
            if is_gap or not (marker and self._marked):
                return Sight(rows, pieces, number if is_gap else None, self._marked)
            pieces.append(NumberedLines(number, marker.count, marker=marker))
            number += marker.count
            begin = row + 1
        pieces.append(NumberedLines(number, len(self._lines) - begin, begin))
        return Sight(rows, pieces, None, self._marked)

    def _special_rows(self, *, is_cut: bool) -> Sequence[int]:
        """Where a line may be no line of the output."""
        if is_cut:
            return range(len(self._lines))
        if not self._is_open and self._marked is None:
            return ()
        return [row for row, line in enumerate(self._lines) if line.startswith("[")]

    def labelled(self, min_rows: int) -> Sight:
        labels = [0] * len(self._lines)
        runs: list[list[NumberedLines]] = []
        row = 0
        while row < len(self._lines):
            run, stop = self._run(row, labels)
            if sum(piece.count for piece in self._known(run)) >= min_rows:
                runs.append(run)
            row = max(stop, row + 1)
        unknown = min((run[0].first for run in runs), default=1) if self._is_open else None
        rows = BodyLines.of(self._body, self._lines, labels)
        return Sight(rows, self._apart([piece for run in runs for piece in run]), unknown, self._marked)

    def _run(self, row: int, labels: list[int]) -> tuple[list[NumberedLines], int]:
        """The pieces of a run of numbers that begins in this row, and where it stops."""
        pieces: list[NumberedLines] = []
        opening = _NUMBER.match(self._lines[row])
        if opening is None:
            return pieces, row
        number = int(opening[1])
        rest = self._lines[row][opening.end() :]
        mark = _BARS if rest.startswith(_BARS) else rest[:1]
        first, begin, bare = number, row, 0
        while row < len(self._lines):
            line = self._lines[row]
            marker = read_marker(line) if self._marked else None
            if marker:
                pieces += [NumberedLines(first, row - begin, begin), NumberedLines(number, marker.count, marker=marker)]
                number += marker.count
                first, begin = number, row + 1
            else:
                label = self._label(line, number, mark)
                if not label and row >= bare:
                    bare = self._bare_stop(row, number, mark)
                if not label and row >= bare:
                    break
                labels[row] = label
                number += 1
            row += 1
        return [*pieces, NumberedLines(first, row - begin, begin)], row

    def _label(self, line: str, number: int, mark: str) -> int:
        """How long what stands before the rest of the line with this number is; 0 where it is another line."""
        label = _NUMBER.match(line)
        if label and int(label[1]) == number:
            end = label.end()
            if line[end] == mark != " ":  # nearly always
                return end + 1
            return min(end + _mark_length(line[end : end + len(_BARS)]), len(line))
        is_thinned = self._marked and mark in _KEPT_WHEN_THINNED and line.startswith(mark)
        return len(mark) if is_thinned else 0

    def _bare_stop(self, row: int, number: int, mark: str) -> int:
        """Up to which row lines without a number stand before one with the number that it has by its place.

        What clients or searches write between lines had kept a number if it were one of them.
        """
        if not self._marked or mark not in _KEPT_WHEN_THINNED or reads_like_the_clients(self._lines[row]):
            return 0
        for ahead, line in enumerate(self._lines[row + 1 : row + 1 + _MAX_BARE], 1):
            label = _NUMBER.match(line)
            if label and int(label[1]) == number + ahead and line.startswith(mark, label.end()):
                return row + ahead
            if reads_like_the_clients(line) or read_marker(line):
                return 0
        return 0

    def _known(self, pieces: Sequence[NumberedLines]) -> Iterator[NumberedLines]:
        """Those whose lines are known. To look behind markers would be to read all outputs that lead to one another."""
        return (piece for piece in pieces if not piece.marker or self._marked)

    def _apart(self, pieces: list[NumberedLines]) -> Sequence[NumberedLines]:
        """In ascending order, without the numbers that stand in front of several lines."""
        pieces.sort(key=lambda piece: piece.first)
        if all(one.stop <= other.first for one, other in pairwise(pieces)):
            return [piece for piece in pieces if piece.count]
        found: dict[int, NumberedLines] = {}
        twice: set[int] = set()
        for piece in self._known(pieces):
            numbers = range(piece.first, piece.stop)
            twice.update(number for number in numbers if number in found)
            found |= {number: piece.part(number, number + 1) for number in numbers}
        return [found[number] for number in sorted(found.keys() - twice)]


def _mark_length(rest: str) -> int:
    """How long the mark between a number and the line is."""
    if rest.startswith(_BARS):
        return len(_BARS)
    return 2 if rest[:1] == " " else 1

"""The lines of a sent output under the numbers by which a reader finds them."""

from __future__ import annotations

import re
from collections.abc import Callable
from collections.abc import Sequence

from headroom_compression.client_text import has_cut
from headroom_compression.client_text import is_footer
from headroom_compression.client_text import was_cut
from headroom_compression.formats.gap_markers import read_gap_marker
from headroom_compression.record import record
from headroom_compression.references.markers import Marker
from headroom_compression.references.markers import read_marker

# Fewer rows may be numbered by chance.
_MIN_ROWS = 5
_NUMBER = re.compile(r"[ \t]*[L#]?0*([1-9][0-9]{0,8})(?=[ \t]?[\t|│:→#)-])")

_BARS = " | "
_KEPT_WHEN_THINNED = frozenset({"\t", "→", ":", "|", _BARS})


@record
class Line:
    """full: as it stands there. rest: what stands behind its number. is_shown: not behind a marker."""

    full: str
    rest: str
    is_shown: bool = True


@record
class Sight:
    """unknown_from: from this number on nobody knows what the lines are; None where all are known."""

    lines: dict[int, Line]
    unknown_from: int | None

    def has_all(self, first: int, last: int) -> bool:
        return all(number in self.lines for number in range(first, last + 1))

    def lines_at(self, first: int, last: int) -> list[str] | None:
        """What stands behind the numbers of lines that all are in sight."""
        found = [self.lines.get(number) for number in range(first, last + 1)]
        return None if not all(line and line.is_shown for line in found) else [line.rest for line in found if line]

    def shows(self, first: int, lines: Sequence[str]) -> bool:
        """Whether all of them are in sight from this number on."""
        found = [self.lines.get(number) for number in range(first, first + len(lines))]
        return all(line and line.is_shown for line in found) and any(
            all(reading(line) == wanted for line, wanted in zip(found, lines, strict=True) if line)
            for reading in _READINGS
        )

    def contradicts(self, first: int, lines: Sequence[str]) -> bool:
        """Whether other lines stand, or may stand, under one of the numbers from `first` on."""
        if self.unknown_from is not None and first + len(lines) > self.unknown_from:
            return True
        numbers = range(first, first + len(lines))
        return any(
            (line := self.lines.get(number)) is not None and all(reading(line) != wanted for reading in _READINGS)
            for number, wanted in zip(numbers, lines, strict=True)
        )


# What a number's separator is can be seen by all lines together only: "12: x" may be "12:" before " x".
_READINGS: tuple[Callable[[Line], str], ...] = (
    lambda line: line.full,
    lambda line: line.rest,
    lambda line: line.rest.removeprefix(" "),
)


def read_sight(
    body: str, *, is_labelled: bool, marked: Callable[[Marker], list[str] | None] | None, is_open: bool
) -> Sight:
    """The lines of an output, without what the client put before it.

    marked: gives the lines that a marker stands for; None where a marker is not ours. is_open: lines are missing.
    """
    lines = body.split("\n")
    if lines and lines[-1] == "":
        lines.pop()
    if lines and is_footer(lines[-1]):
        lines.pop()
    reading = _Reading(marked, is_open=is_open)
    return reading.labelled(lines) if is_labelled else reading.counted(lines)


class _Reading:
    def __init__(self, marked: Callable[[Marker], list[str] | None] | None, *, is_open: bool) -> None:
        self._marked = marked
        self._is_open = is_open

    def counted(self, lines: Sequence[str]) -> Sight:
        found: dict[int, Line] = {}
        number = 1
        is_cut = was_cut("\n".join(lines))
        for line in lines:
            marker = read_marker(line)
            if self._is_open and (marker or read_gap_marker(line)):
                return Sight(found, number)
            if marker and self._marked:
                found.update(self._hidden(marker, number))
                number += marker.count
            elif is_cut and was_cut(line):
                break
            else:
                found[number] = Line(line, line)
                number += 1
        return Sight(found, None)

    def labelled(self, lines: Sequence[str]) -> Sight:
        found: dict[int, Line] = {}
        twice: set[int] = set()
        row = 0
        while row < len(lines):
            run, stop = self._run(lines, row)
            if len(run) >= _MIN_ROWS:
                twice |= found.keys() & run.keys()
                found.update(run)
            row = max(stop, row + 1)
        unknown = min(found, default=1) if self._is_open else None
        return Sight({number: line for number, line in found.items() if number not in twice}, unknown)

    def _run(self, lines: Sequence[str], row: int) -> tuple[dict[int, Line], int]:
        """The lines of a run of numbers that begins in this row, and where it stops."""
        run: dict[int, Line] = {}
        opening = _NUMBER.match(lines[row])
        if opening is None:
            return run, row
        number = int(opening[1])
        rest = lines[row][opening.end() :]
        mark = _BARS if rest.startswith(_BARS) else rest[:1]
        while row < len(lines):
            line = lines[row]
            label = _NUMBER.match(line)
            marker = read_marker(line) if self._marked else None
            if marker:
                run.update(self._hidden(marker, number))
                number += marker.count
            elif label and int(label[1]) == number:
                rest = line[label.end() :]
                rest = rest[_mark_length(rest) :]
                run[number] = Line(line, rest, is_shown=not has_cut(line))
                number += 1
            elif self._marked and mark in _KEPT_WHEN_THINNED and line.startswith(mark):
                run[number] = Line(line, line[len(mark) :], is_shown=not has_cut(line))
                number += 1
            else:
                break
            row += 1
        return run, row

    def _hidden(self, marker: Marker, number: int) -> dict[int, Line]:
        behind = self._marked(marker) if self._marked else None
        if behind is None:
            return {}
        return {place: Line(line, line, is_shown=False) for place, line in enumerate(behind, number)}


def _mark_length(rest: str) -> int:
    """How long the mark between a number and the line is."""
    if rest.startswith(_BARS):
        return len(_BARS)
    return 2 if rest[:1] == " " else 1

"""The line that stands where level recall left lines out. One form each way: written here, read here.

    [412 lines, 18,220 characters, left out here: passed tests; they are lines 14-425 of /state/3f9a2c81d0b4e6f7.txt]
    [1 line, 48,211 characters, left out here: base64; it is line 7 of /state/3f9a2c81d0b4e6f7.txt]
    [46 rows, 9,310 characters, left out here: only path,line of each stands below; all is in /state/3f9a2c81d0.txt]

The file holds the complete text, so that `sed -n 14,425p` of it shows what is missing: its path is quoted where a shell
needs it. No programming language has a
comment of this shape.
"""

from __future__ import annotations

import re

from headroom_compression.formats.shell_paths import quoted
from headroom_compression.formats.shell_paths import unquoted
from headroom_compression.record import record

_SIGN = ", left out here: "
_MARKER = re.compile(
    r"\[([1-9][0-9,]{0,11}) (?:lines?|rows?), ([1-9][0-9,]{0,11}) characters?, left out here: (.+); "
    r"(?:they are lines ([1-9][0-9]{0,8})-([1-9][0-9]{0,8}) of|it is line ([1-9][0-9]{0,8}) of|all is in) "
    r"(.+)\]"
)
_ABSOLUTE = re.compile("/.|[A-Z]:.")


@record
class GapMarker:
    """first: the number of the first line left out in the file, from 1; None for rows, which are no lines of it."""

    count: int
    characters: int
    what: str
    path: str
    first: int | None

    @property
    def last(self) -> int | None:
        return None if self.first is None else self.first + self.count - 1

    def line(self) -> str:
        unit = "row" if self.first is None else "line"
        return (
            f"[{_counted(self.count, unit)}, {_counted(self.characters, 'character')}, left out here: {self.what}; "
            f"{self._place()} {quoted(self.path)}]"
        )

    def _place(self) -> str:
        if self.first is None:
            return "all is in"
        return f"it is line {self.first} of" if self.count == 1 else f"they are lines {self.first}-{self.last} of"


def read_gap_marker(line: str) -> GapMarker | None:
    """The marker that a line is, if it is one that can be written so."""
    match = _MARKER.fullmatch(line) if line.startswith("[") and line.endswith("]") else None
    if match is None:
        return None
    first = match[4] or match[6]
    count, characters = int(match[1].replace(",", "")), int(match[2].replace(",", ""))
    path = unquoted(match[7])
    marker = GapMarker(count, characters, match[3], path, int(first) if first else None)
    return marker if _ABSOLUTE.match(path) and marker.line() == line else None


def holds_gap_marker(text: str) -> bool:
    """Whether the text has anything that could be taken for such a marker."""
    return _SIGN in text


def _counted(number: int, unit: str) -> str:
    return f"{number:,} {unit}{'' if number == 1 else 's'}"

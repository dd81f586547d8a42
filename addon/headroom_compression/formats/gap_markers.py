"""The line that stands where level recall left lines out. One form each way: written here, read here.

The first three stand in an output, the last two for all of an old one that was put away to make room:

    [412 lines, 18,220 characters, left out here: passed tests; they are lines 14-425 of /state/3f9a2c81d0b4e6f7.txt]
    [1 line, 48,211 characters, left out here: base64; it is line 7 of /state/3f9a2c81d0b4e6f7.txt]
    [46 rows, 9,310 characters, left out here: only path,line of each stands below; all is in /state/3f9a2c81d0.txt]
    [318 lines, 12,400 characters, left out here to make room; they are lines 1-318 of /state/720ae45e02440fb0.txt]
    [318 lines, 12,400 characters, left out here to make room; read the file again, or as it was then: /state/720a.txt]

The file holds the complete text, so that `sed -n 14,425p` of it shows what is missing: its path is quoted where a shell
needs it. No programming language has a comment of this shape.
"""

from __future__ import annotations

import re

from headroom_compression.formats.shell_paths import quoted
from headroom_compression.formats.shell_paths import unquoted
from headroom_compression.formats.words_in_lines import stands_in
from headroom_compression.record import record

_SIGN = ", left out here"
_SIGNS = (f"{_SIGN}: ", f"{_SIGN} to make room; ")
_MARKER = re.compile(
    r"\[([1-9][0-9,]{0,11}) (?:lines?|rows?), ([1-9][0-9,]{0,11}) characters?, left out here: (.+); "
    r"(?:they are lines ([1-9][0-9]{0,8})-([1-9][0-9]{0,8}) of|it is line ([1-9][0-9]{0,8}) of|all is in) "
    r"(.+)\]"
)
_PUT_AWAY = re.compile(
    r"\[([1-9][0-9,]{0,11}) lines?, ([1-9][0-9,]{0,11}) characters?, left out here to make room; "
    r"(?:they are lines ([1-9][0-9]{0,8})-[1-9][0-9]{0,8} of|it is line ([1-9][0-9]{0,8}) of"
    r"|read the file again, or as it was then:) (.+)\]"
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
        return _place(self.first, self.count)


@record
class PutAwayMarker:
    """first: the number in the file of the first line of the output; None where it shows a file that can be read again.

    The stored file holds all of the output, also what the client put before it.
    """

    count: int
    characters: int
    path: str
    first: int | None

    def line(self) -> str:
        again = "read the file again, or as it was then:"
        place = again if self.first is None else _place(self.first, self.count)
        return (
            f"[{_counted(self.count, 'line')}, {_counted(self.characters, 'character')}, left out here to make room; "
            f"{place} {quoted(self.path)}]"
        )


def read_put_away_marker(line: str) -> PutAwayMarker | None:
    """The marker that a line is, if it is one that can be written so."""
    match = _PUT_AWAY.fullmatch(line) if line.startswith("[") and line.endswith("]") else None
    if match is None:
        return None
    first = match[3] or match[4]
    count, characters = int(match[1].replace(",", "")), int(match[2].replace(",", ""))
    path = unquoted(match[5])
    marker = PutAwayMarker(count, characters, path, int(first) if first else None)
    return marker if _ABSOLUTE.match(path) and marker.line() == line else None


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
    return stands_in(text, _SIGN) and any(stands_in(text, sign) for sign in _SIGNS)


def _place(first: int, count: int) -> str:
    return f"it is line {first} of" if count == 1 else f"they are lines {first}-{first + count - 1} of"


def _counted(number: int, unit: str) -> str:
    return f"{number:,} {unit}{'' if number == 1 else 's'}"

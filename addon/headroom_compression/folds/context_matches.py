"""Write each line of a search once, where the tool shows lines of context with every match: as `rg --heading -C2`.

    src/a.py:12:5                    src/a.py
      11: class A:                   11-class A:
    > 12:     left = 1               12:5:    left = 1
      13:     right = 2              13:5:    right = 2
      14:                            14-
                                     15-
    src/a.py:13:5
      11: class A:
      12:     left = 1
    > 13:     right = 2
      14:
      15:

What stands behind the number of a match is its column, as with `rg --column`; two of them where the line has two. Only
for tools that search (Cline's).
Byte-exact: each match has the rows with the numbers around its own, in the order of the matches.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from collections.abc import Sequence

from headroom_compression.calls.searches import is_searching_tool
from headroom_compression.client_text import has_cut
from headroom_compression.document import Document
from headroom_compression.document import Stage
from headroom_compression.formats.words_in_lines import stands_in
from headroom_compression.record import record

STAGE = Stage.KIND
MIN_LINES = 1

_TITLE = re.compile(r"([^\n:]{1,300}):([1-9][0-9]{0,8}):([1-9][0-9]{0,5})")
_ROW = re.compile(r"([> ]) ([1-9][0-9]{0,8}): (.*)")
_SIGN = "\n> "
_MATCH = re.compile(r"([1-9][0-9]{0,8}):((?:[1-9][0-9]{0,5},){0,99}[1-9][0-9]{0,5}):(.*)")
_CONTEXT = re.compile(r"([1-9][0-9]{0,8})-(.*)")
_AROUND = 2


@record
class _Match:
    """A match with its rows: their numbers and texts. height: of its lines, with the title."""

    path: str
    number: int
    column: str
    rows: tuple[tuple[int, str], ...]

    @property
    def height(self) -> int:
        return len(self.rows) + 1


def fold(document: Document) -> str | None:
    if document.call is None or not stands_in(document.body, _SIGN) or not is_searching_tool(document.call):
        return None
    return None if has_cut(document.body) else "\n".join(_folded(document.body.split("\n")))


def is_exact(document: Document, folded: str) -> bool:
    return document.body == "\n".join(_unfolded(folded.split("\n")))


def _folded(lines: Sequence[str]) -> Iterator[str]:
    place = 0
    while place < len(lines):
        matches = _matches_at(lines, place)
        if matches:
            yield from _written(matches)
            place += sum(match.height for match in matches) + len(matches) - 1
        else:
            yield lines[place]
            place += 1


def _matches_at(lines: Sequence[str], place: int) -> list[_Match]:
    """The matches in one file that begin there, an empty line between them; up to a line that has another text."""
    matches: list[_Match] = []
    texts: dict[int, str] = {}
    while match := _match_at(lines, place):
        if any(texts.setdefault(number, text) != text for number, text in match.rows):
            break
        if matches and match.path != matches[0].path:
            break
        matches.append(match)
        place += match.height + 1
        if place > len(lines) or lines[place - 1]:
            break
    return matches


def _match_at(lines: Sequence[str], place: int) -> _Match | None:
    title = _TITLE.fullmatch(lines[place]) if place < len(lines) else None
    if title is None:
        return None
    found = [_ROW.fullmatch(line) for line in lines[place + 1 : place + 2 + 2 * _AROUND]]
    rows = [row for row in found[: found.index(None) if None in found else None] if row]
    marked = [row[2] for row in rows if row[1] == ">"]
    if marked != [title[2]]:
        return None
    return _Match(title[1], int(title[2]), title[3], tuple((int(row[2]), row[3]) for row in rows))


def _written(matches: Sequence[_Match]) -> Iterator[str]:
    texts = {number: text for match in matches for number, text in match.rows}
    yield matches[0].path
    columns_of: defaultdict[int, list[str]] = defaultdict(list)
    for match in matches:
        columns_of[match.number].append(match.column)
    for number in sorted(texts):
        columns = ",".join(columns_of[number]) if number in columns_of else ""
        yield f"{number}:{columns}:{texts[number]}" if columns else f"{number}-{texts[number]}"


def _unfolded(lines: Sequence[str]) -> Iterator[str]:
    place = 0
    while place < len(lines):
        stop = place + 1
        while stop < len(lines) and (_MATCH.fullmatch(lines[stop]) or _CONTEXT.fullmatch(lines[stop])):
            stop += 1
        if stop > place + 1:
            yield from _each_with_context(lines[place], lines[place + 1 : stop])
        else:
            yield lines[place]
        place = stop


def _each_with_context(path: str, rows: Sequence[str]) -> Iterator[str]:
    """The matches of a file as the tool wrote them."""
    matches = [match for match in map(_MATCH.fullmatch, rows) if match]
    texts = {int(match[1]): match[3] for match in matches}
    texts |= {int(row[1]): row[2] for row in map(_CONTEXT.fullmatch, rows) if row}
    places = [(int(match[1]), column) for match in matches for column in match[2].split(",")]
    for place, (number, column) in enumerate(places):
        if place:
            yield ""
        yield f"{path}:{number}:{column}"
        for near in range(number - _AROUND, number + _AROUND + 1):
            if near in texts:
                yield f"{'>' if near == number else ' '} {near}: {texts[near]}"

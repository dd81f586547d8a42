"""Rows of a search, `src/a.py:12:content` and `src/a.py-13-content`: which file and line each is certainly about.

A name with a number in it can be read in two ways (`a-1-b.py:3:x`). Decided by the files that have matches and by the
numbers of the rows next to it, which in context are one more or less; where that decides nothing, the text is left.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import NamedTuple

from headroom_compression.client_text import has_cut

# src/a.py:12:content    C:\src\a.py:12:content
_MATCH = re.compile(r"((?:[A-Za-z]:[\\/])?[^:\x00-\x1f\"<>|*?]{1,300}):(?=([1-9][0-9]{0,8})(:))")
# the "-13-" of src/a.py-13-content
_CONTEXT = re.compile(r"-(?=([1-9][0-9]{0,8})(-))")
# 12:content    13-content: what stands under a heading
NUMBERED = re.compile("([1-9][0-9]{0,8})([:-])")
# A longer way to the number is no path.
_MAX_PATH_LENGTH = 300
# Dates have two such places; a row with many would cost the square of them.
_MAX_READINGS = 8


class SearchRow(NamedTuple):
    """`rest` is the row without the path and the mark behind it: "12:content"."""

    path: str
    number: int
    mark: str
    rest: str


def read_search_rows(lines: list[str], revisions: tuple[str, ...] = ()) -> list[SearchRow | None]:
    """A row for each line that is one. ValueError where a line could be a row of two files.

    revisions: what may stand in front of a path, which has no colon otherwise: "origin/main:".
    """
    readings = [_readings(line) or _readings_behind(line, revisions) for line in lines]
    matched = {row.path for rows in readings for row in rows if row.mark == ":" and not _CONTEXT.search(row.path)}
    decided: list[SearchRow | None] = []
    for position, rows in enumerate(readings):
        before = decided[-1] if decided else None
        following = readings[position + 1] if position + 1 < len(readings) else []
        decided.append(_decide([row for row in rows if _is_possible(row, matched, before, following)]))
    return decided


def begins_with_match(text: str) -> bool:
    """Whether its first line is a match with the place where it stands."""
    return _MATCH.match(text) is not None


def _readings_behind(line: str, revisions: tuple[str, ...]) -> list[SearchRow]:
    """The readings of a line that begins with a revision, which is a part of the path."""
    if not line.startswith(revisions):  # always where there are none
        return []
    before = next(revision for revision in revisions if line.startswith(revision))
    return [row._replace(path=before + row.path) for row in _readings(line.removeprefix(before))]


def _readings(line: str) -> list[SearchRow]:
    if has_cut(line):
        return []
    found = [match for match in (_MATCH.match(line),) if match]
    found += islice(_CONTEXT.finditer(line, 1, _MAX_PATH_LENGTH), _MAX_READINGS)
    rows = []
    for match in found:
        path = line[: match.end() - 1]
        if path == path.strip() and not NUMBERED.match(path):
            rows.append(SearchRow(path, int(match[match.re.groups - 1]), match[match.re.groups], line[match.end() :]))
    return rows


def _is_possible(row: SearchRow, matched: set[str], before: SearchRow | None, following: list[SearchRow]) -> bool:
    if row.mark == ":" and row.path in matched:
        return True
    is_next = before is not None and (before.path, before.number + 1) == (row.path, row.number)
    continues = is_next or any((next_.path, next_.number) == (row.path, row.number + 1) for next_ in following)
    return continues if row.mark == "-" else continues or not _begins_with_file(row.path, matched)


def _begins_with_file(path: str, matched: set[str]) -> bool:
    return any(path[: match.start()] in matched for match in _CONTEXT.finditer(path))


def _decide(rows: list[SearchRow]) -> SearchRow | None:
    if len(rows) > 1:
        raise ValueError("a row of two files")
    return rows[0] if rows else None

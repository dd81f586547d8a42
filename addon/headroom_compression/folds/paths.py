"""Write a list of paths as `ls -R` does: a folder with a colon, then what it holds, each without the folder.

    src/main/java/org/example/Alpha.java        src/main/java/org/example:
    src/main/java/org/example/Beta.java         Alpha.java
    src/main/java/org/example/io/Reader.java    Beta.java
    README.md                                   io/Reader.java

                                                .:
                                                README.md

Byte-exact, the order of the rows included. Names may be paths from the folder on, where that costs less than another
folder. Nothing is left out; lines of the tool before and after the list stay as they are.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Sequence
from functools import partial
from operator import itemgetter
from typing import NamedTuple

from headroom_compression.calls.searches import counts_paths_first
from headroom_compression.calls.searches import prints_paths
from headroom_compression.client_text import has_cut
from headroom_compression.document import Document
from headroom_compression.document import Stage
from headroom_compression.formats.path_rows import is_path
from headroom_compression.formats.path_rows import lists_in
from headroom_compression.formats.words_in_lines import stands_times

STAGE = Stage.KIND
MIN_LINES = 4

# Two folders with two names each are the least that could pay.
_MIN_ROWS = 4
# What a heading costs in characters besides its own: the colon, two line ends and the words that no longer merge.
_HEADING_COST = 8
# Folders deeper than that are not tried as headings: the work is rows times depth.
_DEEPEST = 40
# 0.3 s of work. No client sends that many: Codex cuts at 10,000 tokens, Claude Code at 100 files.
_MAX_ROWS = 50_000


def fold(document: Document) -> str | None:
    if not stands_times(document.body, "/", _MIN_ROWS) or not prints_paths(document.call):
        return None
    lines = document.body.split("\n")
    parts = lists_in(lines)
    if counts_paths_first(document.call) and any(not part.start for part in parts):
        return None
    folded = "\n".join(_with_lists(lines, parts, _folded))
    return folded if folded != document.body else None


def is_exact(document: Document, folded: str) -> bool:
    lines = folded.split("\n")
    rebuilt = "\n".join(_with_lists(lines, lists_in(lines), _read_listing))
    return rebuilt == document.body != folded


def _with_lists(
    lines: list[str], parts: Sequence[range], written: Callable[[list[str]], list[str] | None]
) -> Iterator[str]:
    """The lines, each list in them written in another way where there is one."""
    position = 0
    for part in parts:
        rows = lines[part.start : part.stop]
        yield from lines[position : part.start]
        yield from written(rows) or rows
        position = part.stop
    yield from lines[position:]


def _folded(rows: list[str]) -> list[str] | None:
    if not _MIN_ROWS <= len(rows) <= _MAX_ROWS or not all(map(is_path, rows)) or any(map(has_cut, rows)):
        return None
    if 0 < sum(row.startswith("./") for row in rows) < len(rows):
        return None
    folders = _choose_folders(rows)
    if rows[0].startswith("./") and set(folders) == {"."}:
        return None  # a heading "." alone does not say whether "./" stood before the paths
    return [*_listing(rows, folders)]


class _Choice(NamedTuple):
    """The cheapest way to write the rows so far with the last one under `folder`.

    order: of choices that cost the same the deepest folder counts, which is the row's own where it stands alone.
    """

    cost: int
    order: int
    folder: str
    before: _Choice | None


_CHOICE = partial(tuple.__new__, _Choice)  # in C, a third of the time
_COST_AND_ORDER = itemgetter(0, 1)


def _choose_folders(rows: list[str]) -> list[str]:
    """For each row the folder whose heading it stands under, so that characters are fewest."""
    choices: dict[str, _Choice] = {}
    cheapest: _Choice | None = None
    for row in rows:
        following: dict[str, _Choice] = {}
        heading = (cheapest.cost if cheapest else 0) + _HEADING_COST
        length = len(row)
        for folder in _folders_above(row):
            # What stands under the heading is shorter by the folder.
            same, depth = choices.get(folder), len(folder)
            if same and same.cost <= heading + depth:
                following[folder] = _CHOICE((same.cost + length - depth, -depth, folder, same))
            else:
                following[folder] = _CHOICE((heading + length, -depth, folder, cheapest))
        choices = following
        cheapest = min(choices.values(), key=_COST_AND_ORDER)
    folders = []
    while cheapest:
        folders.append(cheapest.folder)
        cheapest = cheapest.before
    return folders[::-1]


def _folders_above(row: str) -> Iterator[str]:
    """The folders that a path can be written under; "." for the place that relative paths begin at."""
    if not row.startswith(("/", "./")):
        yield "."
    position = row.find("/", 1)
    for _ in range(_DEEPEST):
        if position < 0 or position == len(row) - 1:
            break
        yield row[:position]
        position = row.find("/", position + 1)


def _listing(rows: list[str], folders: list[str]) -> Iterator[str]:
    current = None
    for row, folder in zip(rows, folders, strict=True):
        if folder != current:
            if current is not None:
                yield ""
            yield f"{folder}:"
            current = folder
        is_below = folder != "." or row.startswith("./")
        yield row[len(folder) + 1 :] if is_below else row


def _read_listing(lines: list[str]) -> list[str] | None:
    """The paths that a listing stands for; None when it is none."""
    # `find .` writes "./" in front of every path, other tools in front of none.
    here = "./" if any(line.startswith("./") and line.endswith(":") for line in lines) else ""
    paths = []
    prefix = None
    is_heading_due = True
    for line in lines:
        if line.endswith(":") and is_heading_due:
            prefix = here if line == ".:" else line[:-1] + "/"
            is_heading_due = False
        elif line and prefix is not None and not is_heading_due:
            paths.append(prefix + line)
        elif line or is_heading_due:
            return None
        else:
            is_heading_due = True
    return None if is_heading_due else paths

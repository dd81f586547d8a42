"""Long lists of paths: of each part of the tree the first and the last row, and below which folder the others are.

Never left out: what is no path, such as a folder that cannot be read; the rows of folders with few of them; lists of
fewer rows than two or three screens. Nothing where the list is what a search for words found.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Sequence
from itertools import groupby

from headroom_compression.calls.asked_words import asked_words
from headroom_compression.calls.searches import prints_paths
from headroom_compression.document import Document
from headroom_compression.document import Stage
from headroom_compression.formats.gaps import Gap
from headroom_compression.formats.path_rows import cut_out_list
from headroom_compression.formats.path_rows import is_path
from headroom_compression.formats.path_rows import shared_folder

WORKS_ON = Stage.TERMINAL
WORKS_BESIDE_CUTS = True
HALLMARKS = ("/",)

# About 1,500 tokens under the names of their folders. What is shorter can be read at a glance.
_MIN_ROWS = 250
# A part of the tree with fewer rows stays: a marker with the two rows around it takes as much as 25 names.
_MIN_PART = 50
_MAX_PARTS = 8
_ROWS_PER_PART = 100
# Of the rows that parts with enough of them hold, where a part is divided.
_MIN_SHARE = 0.8


def find(document: Document, lines: Sequence[str]) -> Iterator[Gap]:
    call = document.call
    if call is None or len(lines) < _MIN_ROWS or not prints_paths(call) or asked_words(call):
        return
    before, rows, _ = cut_out_list(list(lines))
    for are_paths, group in groupby(range(len(rows)), key=lambda row: is_path(rows[row])):
        numbers = list(group)
        if are_paths and len(numbers) >= _MIN_ROWS:
            for part in _parts(rows, range(numbers[0], numbers[-1] + 1)):
                folder = shared_folder(rows[part.start : part.stop])
                what = f"paths below {folder}/" if folder else "paths"
                start = part.start + len(before)
                yield Gap(start, start + len(part), what, is_judged=True)


def _parts(rows: Sequence[str], whole: range) -> list[range]:
    """Neighbouring rows of the tree, divided at the folders that hold most, in their order."""
    parts, undivided = [whole], {whole}
    most = max(_MAX_PARTS, len(whole) // _ROWS_PER_PART)
    while undivided:
        largest = max(undivided, key=lambda part: (len(part), -part.start))
        undivided.remove(largest)
        smaller = [part for part in _below(rows, largest) if len(part) >= _MIN_PART]
        is_worth_it = sum(map(len, smaller)) >= _MIN_SHARE * len(largest)
        if is_worth_it and len(smaller) + len(parts) - 1 <= most:
            parts.remove(largest)
            parts += smaller
            undivided.update(smaller)
    return sorted(parts, key=lambda part: part.start)


def _below(rows: Sequence[str], part: range) -> Iterator[range]:
    """Neighbours that are in the same folder, one level below the one that all are in."""
    folder = shared_folder(rows[part.start : part.stop])
    start = len(folder) + 1 if folder else 0
    for _, group in groupby(part, key=lambda row: rows[row][start : rows[row].find("/", start) + 1] or rows[row]):
        numbers = list(group)
        if len(numbers) < len(part):
            yield range(numbers[0], numbers[-1] + 1)

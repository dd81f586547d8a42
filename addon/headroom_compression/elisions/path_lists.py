"""Long lists of all files of a tree: of each folder with many the first and the last row, and a marker that names it.

Never left out: the name of any folder; what is no path, such as a folder that cannot be read; the rows of folders with
few files; lists of fewer rows than two or three screens. Nothing where the call picked the rows by more than an ending.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Sequence
from itertools import groupby

from headroom_compression.calls.plain_listings import lists_all_files
from headroom_compression.document import Document
from headroom_compression.document import Stage
from headroom_compression.formats.gaps import Gap
from headroom_compression.formats.path_rows import cut_out_list
from headroom_compression.formats.path_rows import is_path

WORKS_ON = Stage.TERMINAL
WORKS_BESIDE_CUTS = True
HALLMARKS = ("/",)

# About 1,500 tokens under the names of their folders. What is shorter can be read at a glance.
_MIN_ROWS = 250
# Of a folder with fewer files all stay: a marker with the two rows around it takes as much as 25 names.
_MIN_FILES = 50


def find(document: Document, lines: Sequence[str]) -> Iterator[Gap]:
    if document.call is None or len(lines) < _MIN_ROWS or not lists_all_files(document.call):
        return
    before, rows, _ = cut_out_list(list(lines))
    folders = [_folder_of(row) for row in rows]
    if sum(map(bool, folders)) < _MIN_ROWS:
        return
    are_folders = set(folders)
    stop = len(before)
    for folder, group in groupby("" if row in are_folders else folders[at] for at, row in enumerate(rows)):
        start, stop = stop, stop + sum(1 for _ in group)
        if folder and stop - start >= _MIN_FILES and ";" not in folder:  # which ends what a marker says
            yield Gap(start, stop, f"paths in {folder}/", is_judged=True)


def _folder_of(row: str) -> str:
    """ "" where the row is not surely a path: among paths one without a `/` may be a message."""
    return row.rpartition("/")[0] if is_path(row) else ""

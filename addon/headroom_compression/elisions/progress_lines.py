"""Rows of progress that became lines, one below the other, where a terminal would have drawn each over the one before.

Never left out: the first row and the last one of each task, a row that says less than the one before, those in which
what is measured beside, such as `loss=0.31`, is lowest and highest, any other line, rows of alarm. Nothing where the
command shows a file.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence

from headroom_compression.calls.shown_files import may_show_file
from headroom_compression.document import Document
from headroom_compression.document import Stage
from headroom_compression.formats.gaps import Gap
from headroom_compression.formats.progress_rows import Progress
from headroom_compression.formats.progress_rows import may_have_progress
from headroom_compression.formats.progress_rows import read_progress

WORKS_ON = Stage.TERMINAL
WORKS_BESIDE_CUTS = True

_WHAT = "rows of progress"


def find(document: Document, lines: Sequence[str]) -> Iterator[Gap]:
    call = document.call
    if call is None or call.command is None or not may_have_progress(document.body) or may_show_file(call):
        return
    rows = {row: progress for row, line in enumerate(lines) if (progress := read_progress(line))}
    between = rows.keys() - _ends(rows) - _extremes(rows)
    stop = 0
    for row in sorted(between):
        if row < stop:
            continue
        # The rows next to a gap stay: here those are ends, where such stand there.
        start = row - (row > stop and row - 1 in rows)
        stop = row
        while stop in between:
            stop += 1
        stop += stop in rows
        yield Gap(start, stop, _WHAT)


def _ends(rows: Mapping[int, Progress]) -> set[int]:
    """The first row and the last one of each task; it begins anew where less is done than before."""
    ends: set[int] = set()
    latest: dict[str, int] = {}
    for row, progress in rows.items():
        before = latest.get(progress.task)
        if before is None or progress.percent < rows[before].percent:
            ends.update({row} if before is None else {before, row})
        latest[progress.task] = row
    return ends.union(latest.values())


def _extremes(rows: Mapping[int, Progress]) -> set[int]:
    """The rows in which a value of a task is lowest and highest, the first ones of several."""
    lowest: dict[tuple[str, str], tuple[float, int]] = {}
    highest: dict[tuple[str, str], tuple[float, int]] = {}
    for row, progress in rows.items():
        for name, value in progress.values:
            key = progress.task, name
            lowest[key] = min(lowest.get(key, (value, row)), (value, row))
            highest[key] = max(highest.get(key, (value, -row)), (value, -row))
    return {row for _, row in lowest.values()} | {-row for _, row in highest.values()}

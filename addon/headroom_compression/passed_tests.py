"""What the elisions of test runners share: tests that a run counts at its end, and the gaps that passed ones make."""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from itertools import chain
from itertools import pairwise
from math import inf
from statistics import median

from headroom_compression.document import Gap
from headroom_compression.gaps import judged_gaps

# 0.006s   (5 ms)   95.1 s   0.01 sec
_DURATION = re.compile(r"(?<![\w.])([0-9]{1,7}(?:\.[0-9]{1,9})?) ?(us|µs|ms|s|sec|seconds?)(?!\w)")
_UNITS = {"us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1.0, "sec": 1.0, "second": 1.0, "seconds": 1.0}
_LEAST_SLOW = 1.0  # seconds
_TIMES_USUAL = 8
_LONGEST_LINE = 1_000

TESTS = "passed tests"
FILES = "passed test files"
CLASSES = "passed test classes"
TREES = "passed tests and the headings above them"


def add_up(passed: Sequence[tuple[int, int]], totals: Sequence[tuple[int, int]]) -> bool:
    """Whether each run counts as many passed tests as are listed above its total, and none is listed below the last.

    passed: (row, how many) of what is listed. totals: (row, how many) of each run. Both in the order of the text.
    """
    position = 0
    for row, total in totals:
        count = 0
        while position < len(passed) and passed[position][0] < row:
            count += passed[position][1]
            position += 1
        if count != total:
            return False
    return position == len(passed)


def usual_rows(rows: Iterable[int], lines: Sequence[str]) -> list[int]:
    """The rows without those of tests that took much longer than the others: that may be why somebody looks."""
    seconds = {row: _seconds(lines[row]) for row in sorted(set(rows))}
    timed = [time for time in seconds.values() if time is not None]
    limit = max(_LEAST_SLOW, _TIMES_USUAL * median(timed)) if timed else inf
    return [row for row, time in seconds.items() if time is None or time < limit]


def _seconds(line: str) -> float | None:
    """How long a test took, by what its line says last of that; None where it says nothing."""
    found = _DURATION.findall(line, 0, _LONGEST_LINE)
    return float(found[-1][0]) * _UNITS[found[-1][1]] if found else None


def passed_gaps(rows: Sequence[int], lines: Sequence[str], what: str) -> Iterator[Gap]:
    """Gaps of such rows but slow ones, each as long as nothing but empty lines is between them."""
    rows = usual_rows(rows, lines)
    between = (range(row + 1, following) for row, following in pairwise(rows))
    empty = (row for gap in between if not any(lines[row].strip() for row in gap) for row in gap)
    return judged_gaps(chain(rows, empty), what)


@dataclass(slots=True)
class FileReport:
    """What is read of a report that lists files, tests or both, and counts both at the end of each run.

    files, tests: (row, how many) of passed ones. file_totals, test_totals: (row, how many) passed, by the summaries.
    rows: those that need no look.
    """

    files: list[tuple[int, int]] = field(default_factory=list)
    tests: list[tuple[int, int]] = field(default_factory=list)
    file_totals: list[tuple[int, int]] = field(default_factory=list)
    test_totals: list[tuple[int, int]] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)

    def adds_up(self) -> bool:
        """Whether each summary counts both, and as many as are listed of what is listed at all."""
        has_files = not self.files or add_up(self.files, self.file_totals)
        has_tests = not self.tests or add_up(self.tests, self.test_totals)
        return has_files and has_tests and len(self.file_totals) == len(self.test_totals) > 0

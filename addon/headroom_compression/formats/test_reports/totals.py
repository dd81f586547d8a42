"""What the elisions of test runners share: tests that a run counts at its end, and the gaps that passed ones make.

Tests that passed and took far longer than the others are told apart: they say why a run is slow.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from itertools import chain
from itertools import pairwise
from statistics import median_low
from typing import Protocol
from typing import TypeVar

from headroom_compression.formats.gaps import Gap
from headroom_compression.formats.gaps import judged_gaps

TESTS = "passed tests"
FILES = "passed test files"
CLASSES = "passed test classes"
TREES = "passed tests and the headings above them"

# 9123ms   45.20s   120.01 sec   1,203.4 s   1m 2.5s   2m5s
_PART_OF_TIME = re.compile(
    r"([0-9][0-9,]{0,12}(?:\.[0-9]{1,12})?) {0,2}(us|µs|ms|sec|s|m|h)(?:\b|(?=[0-9.]{1,12}[a-zµ]))"
)
_SECONDS = {"us": 1e-6, "µs": 1e-6, "ms": 1e-3, "sec": 1.0, "s": 1.0, "m": 60.0, "h": 3600.0}
_SLOW = 1.0  # seconds
_TIMES_THE_MEDIAN = 8


def slow_rows(rows: Iterable[int], lines: Sequence[str], time: re.Pattern[str]) -> set[int]:
    """The rows whose time is at least a second and at least eight times the median (of two, the lower).

    rows: those of what passed, tests or files. time: finds a time in their lines, as its only group. Where some rows
    show no time, the runner leaves it out of short ones: they count as 0.
    """
    times = {row: _seconds(found[1]) if (found := time.search(lines[row])) else 0.0 for row in rows}
    return slow_times(times)


def slow_times(times: Mapping[int, float]) -> set[int]:
    """The rows whose time is that long. times: in seconds, of each row of what passed."""
    limit = max(_SLOW, _TIMES_THE_MEDIAN * median_low(times.values())) if times else _SLOW
    return {row for row, seconds in times.items() if seconds >= limit}


def _seconds(time: str) -> float:
    parts = _PART_OF_TIME.findall(time)
    return sum((float(number.replace(",", "")) * _SECONDS[unit] for number, unit in parts), 0.0)


def add_up(
    passed: Sequence[tuple[int, int]], totals: Sequence[tuple[int, int]], possible: Sequence[tuple[int, int]] = ()
) -> bool:
    """Whether each run counts as many passed tests as are listed above its total, and none is listed below the last.

    passed: (row, how many) of what is listed. totals: (row, how many) of each run. possible: (row, how many) of what
    may be of passed tests, such as a status behind half a line that a test prints. All in the order of the text.
    """
    counts = _counts(passed, totals)
    runs = zip(totals, counts, _counts(possible, totals), strict=False)
    return counts[-1] == 0 and all(count <= total <= count + more for (_, total), count, more in runs)


def _counts(listed: Sequence[tuple[int, int]], totals: Sequence[tuple[int, int]]) -> list[int]:
    """How many are listed above each total and below the one before it, and at the end how many below the last."""
    counts, position = [0], 0
    for row, _ in totals:
        while position < len(listed) and listed[position][0] < row:
            counts[-1] += listed[position][1]
            position += 1
        counts.append(0)
    counts[-1] = len(listed) - position
    return counts


class Run(Protocol):
    """What is read of one run of a runner, line by line up to its total."""

    @property
    def is_begun(self) -> bool:
        """Whether a test was read, so that its total has to follow."""

    def read(self, row: int, lines: Sequence[str]) -> None: ...

    def adds_up(self, total: re.Match[str]) -> bool: ...


OneRun = TypeVar("OneRun", bound=Run)


def whole_runs(lines: Sequence[str], begin: Callable[[], OneRun], total: re.Pattern[str]) -> list[OneRun]:
    """The runs of a text. None where one does not add up, or has no end: then another program wrote it, or it is cut.

    begin: makes the next one. total: matches the whole line with which a run ends, but for spaces behind it.
    """
    runs: list[OneRun] = []
    run = begin()
    for row, line in enumerate(lines):
        if match := total.fullmatch(line.rstrip()):
            if not run.adds_up(match):
                return []
            runs.append(run)
            run = begin()
        else:
            run.read(row, lines)
    return [] if run.is_begun else runs


def passed_gaps(
    rows: Sequence[int], lines: Sequence[str], what: str, heading: re.Pattern[str] | None = None
) -> Iterator[Gap]:
    """Gaps of such rows, each as long as nothing but empty lines is between them. rows: in the order of the text.

    heading: matches outermost headings, where the tests under them are not indented.
    """
    between = (range(row + 1, following) for row, following in pairwise(rows))
    empty = (row for gap in between if not any(lines[row].strip() for row in gap) for row in gap)
    return (replace(gap, is_tree=True, heading=heading) for gap in judged_gaps(chain(rows, empty), what))


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

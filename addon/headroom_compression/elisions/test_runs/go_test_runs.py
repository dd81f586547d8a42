"""Passed tests of `go test -v` and packages that passed or have no tests.

Never left out: failed and skipped tests, slow ones, what tests print and log with the line above it that names the
test, panics, coverage, `[no tests to run]`. Of a package only where each test that was begun has ended once: else it
panicked, ran out of time, or its text is not whole, and all its tests stay.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace

from headroom_compression.calls.launchers import may_run
from headroom_compression.document import Document
from headroom_compression.document import Stage
from headroom_compression.formats.gaps import Gap
from headroom_compression.formats.gaps import inner_rows
from headroom_compression.formats.gaps import judged_gaps
from headroom_compression.formats.test_reports.totals import TESTS
from headroom_compression.formats.test_reports.totals import slow_rows

WORKS_ON = Stage.TERMINAL
WORKS_BESIDE_CUTS = True
HALLMARKS = ("\t",)  # of a package

_PROGRAMS = frozenset({"go", "gotestsum"})
# === RUN   TestOrders/two_lines
_EVENT = re.compile(r"=== (RUN|PAUSE|CONT|NAME) {1,3}([^\s]{1,300})")
#     --- PASS: TestOrders/two_lines (0.00s)
_STATUS = re.compile(r" {0,80}--- (PASS|FAIL|SKIP): ([^\s]{1,300}) \([0-9.]{1,12}s\)")
# half a line--- PASS: TestOrders (0.00s)      half a line=== RUN   TestOrders/two_lines
# Such a line may as well be one that a test prints: it counts only where the test lacks one.
_BESIDE_OUTPUT = re.compile(
    r"[^\n]{1,2000}?(?:=== (RUN)   ([^\s]{1,300})|--- (PASS|FAIL|SKIP): ([^\s]{1,300}) \([0-9.]{1,12}s\))"
)
# ok  	example.org/shop/orders	0.010s
_PASSED_PACKAGE = re.compile(r"ok  \t[^\s]{1,300}\t(?:[0-9.]{1,12}s|\(cached\))")
# ?   	example.org/shop/web	[no test files]
_UNTESTED_PACKAGE = re.compile(r"\?   \t[^\s]{1,300}\t\[no test files\]")
_TIME = re.compile(r"\(([0-9.]{1,12}s)\)$")
_TIME_OF_PACKAGE = re.compile(r"\t([0-9.]{1,12}s)$")
# By the first character of a line.
_WHATS = {"=": TESTS, "o": "passed packages", "?": "packages without test files"}
# What is said of a package begins so, and comes after its tests.
_PACKAGE = ("ok  \t", "FAIL\t", "?   \t")


@dataclass(slots=True)
class _Package:
    """The tests of a package and the rows that are about each."""

    begun: Counter[str] = field(default_factory=Counter)
    ended: Counter[str] = field(default_factory=Counter)
    begun_beside: Counter[str] = field(default_factory=Counter)
    ended_beside: Counter[str] = field(default_factory=Counter)
    without_pass: set[str] = field(default_factory=set)
    rows: dict[int, str] = field(default_factory=dict)

    def read(self, row: int, line: str) -> None:
        if match := _EVENT.fullmatch(line):
            self.rows[row] = match[2]
            self.begun[match[2]] += match[1] == "RUN"
        elif match := _STATUS.fullmatch(line):
            self.rows[row] = match[2]
            self.ended[match[2]] += 1
            if match[1] != "PASS":
                self.without_pass.add(match[2])
        elif match := _BESIDE_OUTPUT.fullmatch(line):
            self.read_beside_output(match)

    def read_beside_output(self, match: re.Match[str]) -> None:
        if match[1]:
            self.begun_beside[match[2]] += 1
        else:
            self.ended_beside[match[4]] += 1
            if match[3] != "PASS":
                self.without_pass.add(match[4])

    def is_whole(self) -> bool:
        begun, ended = self.begun, self.ended
        return ended - begun <= self.begun_beside and begun - ended <= self.ended_beside

    def passed_rows(self) -> list[int]:
        if not self.is_whole():
            return []
        return [row for row, name in self.rows.items() if name not in self.without_pass]


def find(document: Document, lines: Sequence[str]) -> Iterator[Gap]:
    if not may_run(document.call, _PROGRAMS) or not any(mark in document.body for mark in _PACKAGE):
        return
    rows = list(_passed(lines))
    tests = [row for row in rows if _STATUS.fullmatch(lines[row])]
    packages = [row for row in rows if _PASSED_PACKAGE.fullmatch(lines[row])]
    slow = slow_rows(tests, lines, _TIME) | slow_rows(packages, lines, _TIME_OF_PACKAGE)
    inner = inner_rows(lines)
    for gap in judged_gaps(set(rows) - slow, TESTS):
        yield replace(gap, what=_what(lines[max(gap.start, inner.start) : min(gap.stop, inner.stop)]))


def _what(run: Sequence[str]) -> str:
    """What is left out of lines of passed tests and packages: all but the first and the last one."""
    found = {line[0] for line in run[1:-1]}
    return " and ".join(what for first, what in _WHATS.items() if first in found) or TESTS


def _passed(lines: Sequence[str]) -> Iterator[int]:
    package = _Package()
    for row, line in enumerate(lines):
        if not line.startswith(_PACKAGE):
            package.read(row, line)
            continue
        yield from package.passed_rows()
        package = _Package()
        if _PASSED_PACKAGE.fullmatch(line) or _UNTESTED_PACKAGE.fullmatch(line):
            yield row
            if row and lines[row - 1] == "PASS":
                yield row - 1

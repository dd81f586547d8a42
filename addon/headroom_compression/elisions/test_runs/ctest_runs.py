"""Passed tests of ctest, with the lines that begin them, those of `ctest -V` too.

Never left out: tests that failed, were slow, skipped, timed out or were tried again, what tests print, the summary.
Only where the summary counts as many passed tests as were recognised; else the run was another one, or is not whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field

from headroom_compression.calls.launchers import may_run
from headroom_compression.document import Document
from headroom_compression.document import Stage
from headroom_compression.formats.gaps import Gap
from headroom_compression.formats.gaps import judged_gaps
from headroom_compression.formats.test_reports.totals import TESTS
from headroom_compression.formats.test_reports.totals import slow_rows
from headroom_compression.formats.test_reports.totals import whole_runs

WORKS_ON = Stage.TERMINAL
WORKS_ACROSS_CUTS = True
HALLMARKS = ("% tests passed, ",)

_PROGRAMS = frozenset({"cmake", "ctest"})
#  8/43 Test  #8: orders.adds_a_line .................   Passed    0.01 sec
# Without the first numbers where a test is tried again.
_STATUS = re.compile(
    r" {0,12}(?:[0-9]{1,6}/[0-9]{1,6} )?Test {1,8}#([0-9]{1,6}): ([^\n]{1,500}?) \.{1,300}"
    r"(?:   (Passed) {1,8}[0-9.]{1,10} sec|\*\*\*[^\n]{1,200})"
)
_TIME = re.compile(r" Passed {1,8}([0-9.]{1,10} sec)$")
#       Start  8: orders.adds_a_line
# test 8
# 8: Test command: /usr/bin/sh "-c" "true"
# 8: Working Directory: /home/dev/shop/build
# 8: Test timeout computed to be: 1500
_BEFORE = re.compile(
    r" {1,12}Start {1,8}([0-9]{1,6}): [^\n]{1,500}|test ([0-9]{1,6})"
    r"|([0-9]{1,6}): Test command: [^\n]{0,2000}|([0-9]{1,6}): Working Directory: [^\n]{0,500}"
    r"|([0-9]{1,6}): Test timeout computed to be: [0-9.]{1,12}"
)
# 90% tests passed, 4 tests failed out of 42
# Skipped tests are counted as passed there, disabled ones not at all.
_TOTAL = re.compile(r"[0-9]{1,3}% tests passed, ([0-9]{1,6}) tests? failed out of ([0-9]{1,6})")
_SKIPPED = "***Skipped "
# After all tests of `ctest -V`, a name a row behind a tab.
_LIST = "The following tests passed:"


@dataclass(slots=True)
class _Run:
    """The number of the test that a row is about, how the tests ended, and the numbers of the passed ones by name."""

    rows: dict[int, str] = field(default_factory=dict)
    passed: set[str] = field(default_factory=set)
    not_passed: set[str] = field(default_factory=set)
    skipped: int = 0
    names: dict[str, str] = field(default_factory=dict)
    is_listed: bool = False

    def read(self, row: int, lines: Sequence[str]) -> None:
        line = lines[row]
        if line == _LIST:
            self.is_listed = True
        elif self.is_listed:
            self.rows[row] = self.names.get(line.removeprefix("\t"), "")
        elif match := _STATUS.fullmatch(line):
            self.rows[row] = match[1]
            if match[3]:
                self.passed.add(match[1])
                self.names[match[2]] = match[1]
            else:
                self.not_passed.add(match[1])
                self.skipped += _SKIPPED in line
        elif match := _BEFORE.fullmatch(line):
            self.rows[row] = match[match.lastindex or 1]

    @property
    def is_begun(self) -> bool:
        return bool(self.passed)

    def adds_up(self, total: re.Match[str]) -> bool:
        return len(self.passed) + self.skipped + int(total[1]) == int(total[2])

    def passed_rows(self, lines: Sequence[str]) -> Iterator[int]:
        """With the empty rows between them."""
        numbers = self.passed - self.not_passed
        rows = [row for row, number in self.rows.items() if number in numbers]
        yield from rows
        yield from (row + 1 for row in rows if not lines[row + 1] and self.rows.get(row + 2) in numbers)


def find(document: Document, lines: Sequence[str]) -> Iterator[Gap]:
    if may_run(document.call, _PROGRAMS):
        rows = [row for run in whole_runs(lines, _Run, _TOTAL) for row in run.passed_rows(lines)]
        tests = [row for row in rows if _STATUS.fullmatch(lines[row])]
        yield from judged_gaps(set(rows) - slow_rows(tests, lines, _TIME), TESTS)

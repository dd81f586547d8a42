"""Passed tests of Minitest and Rails, verbose: `TestOrders#test_adds_a_line = 0.00 s = .`

Never left out: any other outcome, slow tests, what tests print, details of failures, the summary. Only where as many
passed tests are listed as the summary of each run leaves.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Sequence

from headroom_compression.calls.launchers import may_run
from headroom_compression.document import Document
from headroom_compression.document import Stage
from headroom_compression.formats.gaps import Gap
from headroom_compression.formats.test_reports.totals import TESTS
from headroom_compression.formats.test_reports.totals import add_up
from headroom_compression.formats.test_reports.totals import passed_gaps
from headroom_compression.formats.test_reports.totals import slow_rows

WORKS_ON = Stage.TERMINAL
WORKS_ACROSS_CUTS = True
HALLMARKS = (" assertions, ",)

_PROGRAMS = frozenset({"m", "minitest", "rails", "rake", "ruby"})
# Each row is as TestOrders#test_adds_a_line = 0.00 s = .
# It begins elsewhere where the test printed something before its status.
_PASSED = re.compile(r"[^\s#]{1,300}#[^\n]{1,500}? = [0-9.]{1,12} s = \.")
_PASSED_AFTER_OUTPUT = re.compile(r"(?:[^\n]{0,2000}\D)?[0-9.]{1,12} s = \.")
_TIME = re.compile(r" = ([0-9.]{1,12} s) = \.$")
# 120 runs, 119 assertions, 1 failures, 0 errors, 0 skips
_TOTAL = re.compile(
    r"([0-9]{1,7}) (?:runs|tests), [0-9]{1,9} assertions, "
    r"([0-9]{1,7}) failures, ([0-9]{1,7}) errors, ([0-9]{1,7}) skips[^\n]{0,100}"
)


def find(document: Document, lines: Sequence[str]) -> Iterator[Gap]:
    if not may_run(document.call, _PROGRAMS):
        return
    passed = [(row, 1) for row, line in enumerate(lines) if _is_listed(line)]
    ends = [(row, 1) for row, line in enumerate(lines) if _PASSED_AFTER_OUTPUT.fullmatch(line)]
    after = [end for end in ends if not _is_listed(lines[end[0]])]
    totals = [(row, _passed_of(match)) for row, line in enumerate(lines) if (match := _TOTAL.fullmatch(line))]
    if totals and add_up(passed, totals, after):
        rows = [row for row, _ in passed]
        slow = slow_rows(rows, lines, _TIME)
        yield from passed_gaps([row for row in rows if row not in slow], lines, TESTS)


def _is_listed(line: str) -> bool:
    return line.count(" = ") == 2 and _PASSED.fullmatch(line) is not None  # noqa: PLR2004  else a test printed one


def _passed_of(total: re.Match[str]) -> int:
    runs, *others = map(int, total.groups())
    return runs - sum(others)

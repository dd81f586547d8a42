"""Passed tests of `python -m unittest -v`, nose2 and Django's `manage.py test -v 2`: `test_b (tests.T.test_b) ... ok`.

Migrations that Django applied to its test database go too. Never left out: slow ones, any other status, what a test
prints, tracebacks, warnings, the summary. Only where the tests with a status are as many as "Ran 120 tests" says; else
the run was another one, or the text is not whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace

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
HALLMARKS = ("Ran ", " test")

_PROGRAMS = frozenset({"django-admin", "manage.py", "nose2", "runtests.py", "setup.py", "unittest"})
# test_total (tests.test_orders.OrdersTest.test_total) ... ok
# begins with its name; a test with a docstring has its status behind the first line of that, in the next row.
_NAMED = re.compile(r"[^\s()]{1,300} \([^\s()]{1,500}\)")
# test_total (tests.test_orders.OrdersTest.test_total) ... skipped 'needs a gateway'      nose2: skipped no bank
_STATUS = re.compile(r"(ok|FAIL|ERROR|skipped .{0,500}|expected failure|unexpected success)")
_SEPARATOR = " ... "
# They are no tests, and are not counted as such.
_AROUND_TESTS = ("setUpClass (", "tearDownClass (", "setUpModule (", "tearDownModule (")
# A test of which only parts failed has no status; its parts come below it.
_PARTS = "  "
# Ran 120 tests in 3.214s
_TOTAL = re.compile(r"Ran ([0-9]{1,7}) tests? in [0-9.]{1,12}s")
_FAILURES = "=" * 70
#   Applying auth.0007_alter_validators_add_error_messages... OK
_MIGRATED = re.compile(r"  Applying [^\s]{1,300}\.\.\. OK(?: \([0-9.]{1,9}s\))?")

_TIME_OF_MIGRATION = re.compile(r"\(([0-9.]{1,9}s)\)$")


@dataclass(slots=True)
class _Run:
    """How many tests have a status, and the rows of the passed ones and of the migrations.

    is_over: the tracebacks of failed tests have begun.
    """

    tests: int = 0
    is_over: bool = False
    passed: list[int] = field(default_factory=list)
    migrated: list[int] = field(default_factory=list)

    def read(self, row: int, lines: Sequence[str]) -> None:
        line = lines[row]
        self.is_over = self.is_over or line == _FAILURES
        if self.is_over:
            return
        if _MIGRATED.fullmatch(line):
            self.migrated.append(row)
        if _STATUS.fullmatch(line):
            self.tests += 1  # something was printed between the name and this
            return
        test, separator, status = line.rpartition(_SEPARATOR)
        rows = _rows_of_test(row, test, lines) if separator else []
        if not rows or lines[rows[0]].startswith(_AROUND_TESTS):
            return
        has_parts = not status and lines[row + 1 : row + 2] and lines[row + 1].startswith(_PARTS)
        if has_parts or _STATUS.fullmatch(status):
            self.tests += 1
        if status == "ok" and _SEPARATOR not in test:  # else something was printed beside it
            self.passed += rows

    @property
    def is_begun(self) -> bool:
        return self.tests > 0

    def adds_up(self, total: re.Match[str]) -> bool:
        return self.tests == int(total[1])


def _rows_of_test(row: int, test: str, lines: Sequence[str]) -> list[int]:
    """The row of a test with its name, or that and the row of its docstring; none where it is neither."""
    if _NAMED.fullmatch(test):
        return [row]
    return [row - 1, row] if row and _NAMED.fullmatch(lines[row - 1]) else []


def find(document: Document, lines: Sequence[str]) -> Iterator[Gap]:
    if not may_run(document.call, _PROGRAMS):
        return
    for run in whole_runs(lines, _Run, _TOTAL):
        slow = slow_rows(run.migrated, lines, _TIME_OF_MIGRATION)
        yield from judged_gaps(set(run.migrated) - slow, "migrations that were applied to the test database")
        for gap in judged_gaps(run.passed, TESTS):
            yield replace(
                gap, start=gap.start + _is_name(lines[gap.start]), stop=gap.stop - _is_name(lines[gap.stop - 2])
            )


def _is_name(line: str) -> bool:
    """Whether the status stands in the next row. Such a pair stays whole at the beginning and the end of a gap."""
    return _NAMED.fullmatch(line) is not None

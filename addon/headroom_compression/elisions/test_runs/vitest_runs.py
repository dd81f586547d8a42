"""Passed tests of Vitest: files ` ✓ src/cart.test.ts (12 tests) 5ms`, and the tests that some reporters list.

Never left out: files with a test that failed, was skipped or slow, such tests, repeated ones; what tests print; details
of failures, the summary. Only where the summary of each run counts as many passed files and tests as were recognised.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from headroom_compression.calls.launchers import may_run
from headroom_compression.document import Document
from headroom_compression.document import Stage
from headroom_compression.formats.gaps import Gap
from headroom_compression.formats.test_reports.totals import FILES
from headroom_compression.formats.test_reports.totals import TESTS
from headroom_compression.formats.test_reports.totals import FileReport
from headroom_compression.formats.test_reports.totals import passed_gaps
from headroom_compression.formats.test_reports.totals import slow_rows
from headroom_compression.formats.test_reports.trees import Kind
from headroom_compression.formats.test_reports.trees import TreeRow
from headroom_compression.formats.test_reports.trees import indent_of
from headroom_compression.formats.test_reports.trees import passed_rows

WORKS_ON = Stage.TERMINAL
WORKS_ACROSS_CUTS = True
HALLMARKS = ("Test Files ", "Tests ")

_PROGRAMS = frozenset({"ng", "vitest"})
_SIGNS = "✓√×↓❯"  # noqa: RUF001  the signs that Vitest prints
_TIME = r"(?: {1,2}[0-9.]{1,9}m?s)?(?: [0-9]{1,7} MB heap used)?\s{0,9}"
_TIME_SHOWN = re.compile(r" ([0-9.]{1,9}m?s)(?: [0-9]{1,7} MB heap used)?\s{0,9}$")
#  ✓ src/cart.test.ts (12 tests) 5ms
#  ↓ src/orders.test.ts  (5 tests | 5 skipped) 9ms
_FILE = re.compile(
    rf" ([{_SIGNS}]) [^\n]{{1,400}}? {{1,2}}\(([0-9]{{1,6}}) tests?((?: \| [0-9]{{1,6}} [a-z]{{1,12}}){{0,4}})\){_TIME}"
)
_COUNT_OF_FILE = re.compile(r"\| ([0-9]{1,6}) [a-z]{1,12}")
#  ✓ src/cart.test.ts > cart > adds an item 2ms
_TEST = re.compile(r" [✓√] [^>\n]{1,400} > \S")
#    ✓ cart > adds an item 2ms      ↓ counts items      → expected 1 to be 2
_BELOW = re.compile(rf" {{3,200}}([{_SIGNS}→]) \S")
# A test that passed at another try, and one that ran several times: (retry x2) (repeat x3)
_REPEATED = re.compile(r" \((?:retry|repeat) x[0-9]{1,6}\)")
#  Test Files  1 failed | 6 passed (7)
#       Tests  1 failed | 166 passed | 1 skipped (168)
_TOTAL = re.compile(
    r" {1,6}(Test Files|Tests) {1,2}(?:[0-9]{1,7} [a-z ]{1,20} \| ){0,5}[0-9]{1,7} [a-z ]{1,20} \([0-9]{1,7}\)\s{0,9}"
)
#       Tests  1 failed | 149 passed | 1 expected fail (151)
# A test that is expected to fail and does is listed among the passed ones.
_COUNTED = re.compile(r" ([0-9]{1,7}) (?:passed|expected fail)\b")


def find(document: Document, lines: Sequence[str]) -> Iterator[Gap]:
    if not may_run(document.call, _PROGRAMS):
        return
    report = _read(lines)
    if report.adds_up():
        has_files_only = {row for row, _ in report.files}.issuperset(report.rows)
        yield from passed_gaps(report.rows, lines, FILES if has_files_only else TESTS)


def _read(lines: Sequence[str]) -> FileReport:
    report = FileReport()
    slow = _slow(lines)
    for row, line in enumerate(lines):
        if match := _FILE.fullmatch(line):
            _read_file(report, row, match, _tree(lines, row + 1), slow)
        elif _TEST.match(line):
            report.tests.append((row, 1))
            report.rows += [] if _REPEATED.search(line) or row in slow else [row]
        elif match := _TOTAL.fullmatch(line):
            totals = report.test_totals if match[1] == "Tests" else report.file_totals
            totals.append((row, sum(map(int, _COUNTED.findall(line)))))
    return report


def _slow(lines: Sequence[str]) -> set[int]:
    files = [row for row, line in enumerate(lines) if (found := _FILE.fullmatch(line)) and found[1] in "✓√"]
    tests = [
        row
        for row, line in enumerate(lines)
        if _TEST.match(line) or ((found := _BELOW.match(line)) and found[1] in "✓√")
    ]
    return slow_rows(files, lines, _TIME_SHOWN) | slow_rows(set(tests) - set(files), lines, _TIME_SHOWN)


def _read_file(
    report: FileReport, row: int, match: re.Match[str], tree: Sequence[TreeRow], slow: Collection[int]
) -> None:
    """The line of a file and the tests listed below it; where only some are, they stand out and stay."""
    others = sum(map(int, _COUNT_OF_FILE.findall(match[3])))
    passed = int(match[2]) - others
    is_passed = match[1] in "✓√"
    report.files += [(row, 1)] if is_passed else []
    report.tests.append((row, passed))
    listed = [below.kind for below in tree if below.kind is not Kind.HEADING]
    is_listed = bool(tree) and listed.count(Kind.PASSED) == passed
    is_slow = not {row, *(below.row for below in tree)}.isdisjoint(slow)
    if is_passed and not others and not is_slow and (is_listed or not tree):
        report.rows.append(row)
    if is_listed:
        report.rows += passed_rows(tree, slow)


def _tree(lines: Sequence[str], start: int) -> list[TreeRow]:
    """The lines below that of a file. The reason of a failure stands right of its test: `→ expected 1 to be 2`."""
    rows: list[TreeRow] = []
    for row in range(start, len(lines)):
        line = lines[row]
        match = _BELOW.match(line)
        if match is None:
            break
        is_passed = match[1] in "✓√" and not _REPEATED.search(line)
        rows.append(TreeRow(row, indent_of(line), Kind.PASSED if is_passed else Kind.OTHER))
    return [
        replace(row, kind=Kind.HEADING) if below.indent > row.indent and row.kind is Kind.PASSED else row
        for row, below in pairwise([*rows, TreeRow(len(lines), 0, Kind.OTHER)])
    ]

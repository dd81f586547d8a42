"""Passed tests of Jest: the files `PASS src/cart.test.js`, and with --verbose the tests and groups of tests in them.

Never left out: tests that failed, were slow, were skipped or are to be written, with the headings above them; what
tests print; snapshots, coverage, details of failures, the summary. Only where the summary of each run counts as many
passed files, and as many passed tests if there are any, as were recognised above it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Sequence
from itertools import takewhile

from headroom_compression.calls.launchers import may_run
from headroom_compression.document import Document
from headroom_compression.document import Stage
from headroom_compression.formats.gaps import Gap
from headroom_compression.formats.test_reports.totals import FILES
from headroom_compression.formats.test_reports.totals import TREES
from headroom_compression.formats.test_reports.totals import FileReport
from headroom_compression.formats.test_reports.totals import passed_gaps
from headroom_compression.formats.test_reports.totals import slow_rows
from headroom_compression.formats.test_reports.trees import Kind
from headroom_compression.formats.test_reports.trees import TreeRow
from headroom_compression.formats.test_reports.trees import indent_of
from headroom_compression.formats.test_reports.trees import passed_rows
from headroom_compression.formats.test_reports.trees import reads_like_a_message

WORKS_ON = Stage.TERMINAL
WORKS_ACROSS_CUTS = True
HALLMARKS = ("Test Suites: ", "Tests: ")

_PROGRAMS = frozenset({"craco", "jest", "react-app-rewired", "react-scripts", "vue-cli-service", "wp-scripts"})
# PASS src/cart.test.js
# FAIL server src/orders.test.js (5.12 s, 84 MB heap size)
# Where it colours the word, spaces are around it.
_FILE = re.compile(r" ?(PASS|FAIL) {1,2}\S[^\n]{0,400}?\.[cm]?[jt]sx?(?: \([0-9][^()\n]{0,60}\))?\s{0,9}")
#       ✓ adds an item (2 ms)
_PASSED = re.compile(r" {2,200}[✓√] \S")
#       ✕ removes an item      ○ skipped counts items      ✎ todo empties the cart      ● Console      • total 1
_OTHER = re.compile(r" {1,200}[✕×○✎●›•]")  # noqa: RUF001  the signs that Jest prints
# Short times are not shown.
_TIME = re.compile(r" \(([0-9][0-9.,]{0,12} m?s)[^()]{0,50}\)\s{0,9}$")
# Test Suites: 1 failed, 6 passed, 7 total
# Tests:       1 failed, 1 skipped, 166 passed, 168 total
_TOTAL = re.compile(r"(Test Suites|Tests): {1,9}(?:[0-9]{1,7} [a-z]{1,20}, ){0,9}[0-9]{1,7} total\s{0,9}")
_COUNTED = re.compile(r" ([0-9]{1,7}) passed,")


# A file of which something fails outside of its tests: they are counted, but not listed.
_FAILED_SUITE = re.compile(r" {2}● Test suite failed to run\s{0,9}")


def find(document: Document, lines: Sequence[str]) -> Iterator[Gap]:
    if not may_run(document.call, _PROGRAMS):
        return
    report = _read(lines)
    if report.adds_up():
        yield from passed_gaps(report.rows, lines, TREES if report.tests else FILES)


def _read(lines: Sequence[str]) -> FileReport:
    report = FileReport()
    slow = _slow(lines)
    row = 0
    while row < len(lines):
        if match := _FILE.fullmatch(lines[row]):
            tree = list(_tree(lines, row))
            report.files += [(row, 1)] if match[1] == "PASS" else []
            report.tests += [(below.row, 1) for below in tree[1:] if below.kind is Kind.PASSED]
            report.rows += passed_rows(tree, slow)
            row = tree[-1].row
        elif match := _TOTAL.fullmatch(lines[row]):
            counted = _COUNTED.search(lines[row])
            total = int(counted[1]) if counted else 0
            if match[1] == "Tests":
                report.tests += _unlisted(report, row, total, lines)
                report.test_totals.append((row, total))
            else:
                report.file_totals.append((row, total))
        row += 1
    return report


def _unlisted(report: FileReport, row: int, total: int, lines: Sequence[str]) -> list[tuple[int, int]]:
    """What the tests of failed suites must be that passed: as many as the run lists too few, if it lists any."""
    start = report.test_totals[-1][0] if report.test_totals else -1
    listed = sum(count for _, count in takewhile(lambda test: test[0] > start, reversed(report.tests)))
    has_failed = any(map(_FAILED_SUITE.fullmatch, lines[start + 1 : row]))
    return [(row - 1, total - listed)] if has_failed and 0 < listed < total else []


def _slow(lines: Sequence[str]) -> set[int]:
    files = [row for row, line in enumerate(lines) if (found := _FILE.fullmatch(line)) and found[1] == "PASS"]
    tests = [row for row, line in enumerate(lines) if _PASSED.match(line)]
    return slow_rows(files, lines, _TIME) | slow_rows(tests, lines, _TIME)


def _tree(lines: Sequence[str], start: int) -> Iterator[TreeRow]:
    """The line of a file and what stands below it, up to an empty line. Jest writes all of it at once."""
    stop = start + 1
    while stop < len(lines) and lines[stop].startswith(" ") and lines[stop].strip():
        stop += 1
    yield TreeRow(start, 0, _kind_of_file(lines[start], is_alone=stop == start + 1))
    for row in range(start + 1, stop):
        yield TreeRow(row, indent_of(lines[row]), _kind(lines[row]))


def _kind_of_file(line: str, *, is_alone: bool) -> Kind:
    if line.lstrip().startswith("FAIL"):
        return Kind.OTHER
    return Kind.PASSED if is_alone else Kind.HEADING


def _kind(line: str) -> Kind:
    if _PASSED.match(line):
        return Kind.PASSED
    return Kind.OTHER if _OTHER.match(line) or reads_like_a_message(line) else Kind.HEADING

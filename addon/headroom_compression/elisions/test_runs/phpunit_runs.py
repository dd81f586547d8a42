"""Passed tests of `phpunit --testdox`: ` ✔ Adds a line`, with the names of classes that hold nothing else.

Never left out: any other outcome, slow tests, what tests print, details of failures, the summary. Only where as many
tests are listed as the last line counts, and as many failed ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Sequence

from headroom_compression.calls.launchers import may_run
from headroom_compression.document import Document
from headroom_compression.document import Stage
from headroom_compression.formats.gaps import Gap
from headroom_compression.formats.test_reports.totals import TREES
from headroom_compression.formats.test_reports.totals import passed_gaps
from headroom_compression.formats.test_reports.totals import slow_rows
from headroom_compression.formats.test_reports.trees import Kind
from headroom_compression.formats.test_reports.trees import TreeRow
from headroom_compression.formats.test_reports.trees import passed_rows

WORKS_ON = Stage.TERMINAL
WORKS_ACROSS_CUTS = True
HALLMARKS = ("ssertion",)  # Assertions: 103   OK (160 tests, 160 assertions)

_PROGRAMS = frozenset({"artisan", "paratest", "pest", "phpunit", "phpunit.phar", "simple-phpunit"})
_SIGNS = "✔✘↩∅☢⚠"
#  ✔ Adds a line      ✔ Adds a line with data set "two"      ✔ Waits for the bank [1203.11 ms]
_TEST = re.compile(rf" ([{_SIGNS}]) [^\n]{{1,1000}}")
_TIME = re.compile(r" \[([0-9.]{1,12} {0,1}m?s)\]$")
# Some versions list these again.
_AGAIN = "Summary of non-successful tests:"
# Tests: 106, Assertions: 103, Errors: 1, Failures: 1, Skipped: 1, Risky: 1.
_TOTAL = re.compile(r"Tests: ([0-9]{1,7}), Assertions: [0-9]{1,9}((?:, [A-Z][A-Za-z ]{2,40}: [0-9]{1,7}){0,12})\.")
_FAILED = re.compile(r", (?:Errors|Failures): ([0-9]{1,7})")
# OK (160 tests, 160 assertions)
_ALL_PASSED = re.compile(r"OK \(([0-9]{1,7}) tests?, [0-9]{1,9} assertions?\)")


def find(document: Document, lines: Sequence[str]) -> Iterator[Gap]:
    if not may_run(document.call, _PROGRAMS):
        return
    totals = [total for line in lines if (total := _total(line))]
    stop = next((row for row, line in enumerate(lines) if line == _AGAIN), len(lines))
    signs = {row: match[1] for row in range(stop) if (match := _TEST.fullmatch(lines[row]))}
    outcomes = list(signs.values())
    if totals == [(len(outcomes), outcomes.count("✘"))]:
        slow = slow_rows([row for row, sign in signs.items() if sign == "✔"], lines, _TIME)
        yield from passed_gaps(passed_rows(_tree(lines, stop, signs), slow), lines, TREES)


def _total(line: str) -> tuple[int, int] | None:
    """How many tests a run had, and how many of them failed."""
    if match := _ALL_PASSED.fullmatch(line):
        return int(match[1]), 0
    match = _TOTAL.fullmatch(line)
    return (int(match[1]), sum(map(int, _FAILED.findall(match[2])))) if match else None


def _tree(lines: Sequence[str], stop: int, signs: dict[int, str]) -> Iterator[TreeRow]:
    """A class stands right above its first test, below an empty line. All else is of a test, or printed."""
    for row in range(stop):
        if row in signs:
            yield TreeRow(row, 1, Kind.PASSED if signs[row] == "✔" else Kind.OTHER)
        elif row + 1 in signs and row and not lines[row - 1].strip() and not lines[row].startswith(" "):
            yield TreeRow(row, 0, Kind.HEADING)
        elif lines[row].strip():
            yield TreeRow(row, 1, Kind.OTHER)

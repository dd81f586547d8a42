"""Passed tests of `deno test`: `adds an item ... ok (787µs)`, with the files that hold nothing else.

Never left out: failed, ignored and slow tests, those with steps or output of their own, what they print, the summary.
Only where the last line counts as many passed tests and steps as are listed.
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
HALLMARKS = ("| ", " passed")

_PROGRAMS = frozenset({"deno"})
# adds an item ... ok (787µs)
# What a test prints stands between "prints ..." and "prints ... ok (308µs)", and so do its steps.
_PASSED = re.compile(r"( {0,200})([^\s][^\n]{0,1000}?) \.\.\. ok \([0-9a-zµ.]{1,20}\)")
_BEGUN = re.compile(r" {0,200}([^\s][^\n]{0,1000}?) \.\.\.")
_TIME = re.compile(r" \(([0-9a-zµ.]{1,20})\)$")
# running 25 tests from ./test/orders.test.js
_FILE = re.compile(r"running [0-9]{1,7} tests? from [^\n]{1,500}")
# FAILED | 103 passed (3 steps) | 2 failed (1 step) | 1 ignored (2s)
_TOTAL = re.compile(
    r"(?:ok|FAILED) \| ([0-9]{1,7}) passed(?: \(([0-9]{1,7}) steps?\))? \| [0-9]{1,7} failed[^\n]{0,200}"
)


def find(document: Document, lines: Sequence[str]) -> Iterator[Gap]:
    if not may_run(document.call, _PROGRAMS):
        return
    totals = [match.groups(default="0") for line in lines if (match := _TOTAL.fullmatch(line))]
    passed = {row: match for row, line in enumerate(lines) if (match := _PASSED.fullmatch(line))}
    steps = sum(1 for match in passed.values() if match[1])
    if [tuple(map(int, total)) for total in totals] == [(len(passed) - steps, steps)]:
        slow = slow_rows(passed, lines, _TIME)
        yield from passed_gaps(passed_rows(_tree(lines, passed), slow), lines, TREES, _FILE)


def _tree(lines: Sequence[str], passed: dict[int, re.Match[str]]) -> Iterator[TreeRow]:
    """Files, and right of them all that is said of their tests. The end of a test stays with its beginning."""
    begun = {match[1] for line in lines if (match := _BEGUN.fullmatch(line))}
    for row, line in enumerate(lines):
        if _FILE.fullmatch(line):
            yield TreeRow(row, 0, Kind.HEADING)
        elif row in passed and not passed[row][1] and passed[row][2] not in begun:
            yield TreeRow(row, 1, Kind.PASSED)
        elif line.strip():
            yield TreeRow(row, 1, Kind.OTHER)

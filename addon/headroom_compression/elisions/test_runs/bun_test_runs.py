"""Passed tests of `bun test`: `(pass) cart > adds an item [0.18ms]`, with the names of files that hold nothing else.

Never left out: any other outcome, tests that passed at another try or were slow, what tests print, the summary. Only
where the summary of each run counts as many passed tests as are listed above it.
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
from headroom_compression.formats.test_reports.totals import add_up
from headroom_compression.formats.test_reports.totals import passed_gaps
from headroom_compression.formats.test_reports.totals import slow_rows
from headroom_compression.formats.test_reports.trees import Kind
from headroom_compression.formats.test_reports.trees import TreeRow
from headroom_compression.formats.test_reports.trees import passed_rows

WORKS_ON = Stage.TERMINAL
WORKS_ACROSS_CUTS = True
HALLMARKS = (" pass",)

_PROGRAMS = frozenset({"bun"})
# (pass) cart > adds an item [0.18ms]
_PASSED = re.compile(r"\(pass\) [^\n]{1,1000}")
# ✓ cart > adds an item [0.18ms]   of terminals, where no row has the other sign: then a test prints this one
_TICKED = re.compile(r"✓ [^\n]{1,1000}")
# What a test prints without a new line stands before its outcome.
_SIGN = "(pass) "
# (pass) cart > adds an item [0.18ms] (attempt 2)
_REPEATED = re.compile(r"\((?:attempt|run|retry) [0-9]{1,6}[^\n]{0,50}$")
_TIME = re.compile(r" \[([0-9.]{1,12}(?:us|µs|ms|s|m))\]$")
# test/orders.test.js:
_FILE = re.compile(r"\S[^\n]{0,500}\.[cm]?[jt]sx?:")
#  102 pass
_TOTAL = re.compile(r" ([0-9]{1,7}) pass")


def find(document: Document, lines: Sequence[str]) -> Iterator[Gap]:
    if not may_run(document.call, _PROGRAMS):
        return
    form = _PASSED if any(_SIGN in line for line in lines) else _TICKED
    passed = [(row, 1) for row, line in enumerate(lines) if form.fullmatch(line)]
    beside = [(row, 1) for row, line in enumerate(lines) if line.rfind(_SIGN) > 0]
    totals = [(row, int(match[1])) for row, line in enumerate(lines) if (match := _TOTAL.fullmatch(line))]
    if totals and add_up(passed, totals, beside):
        slow = slow_rows([row for row, _ in passed], lines, _TIME)
        yield from passed_gaps(passed_rows(_tree(lines, form), slow), lines, TREES, _FILE)


def _tree(lines: Sequence[str], passed: re.Pattern[str]) -> Iterator[TreeRow]:
    """Files, and one step right of them all that is said of their tests, which bun does not indent."""
    for row, line in enumerate(lines):
        if _FILE.fullmatch(line) and row and not lines[row - 1]:
            yield TreeRow(row, 0, Kind.HEADING)
        elif passed.fullmatch(line):
            yield TreeRow(row, 1, Kind.OTHER if _REPEATED.search(line) else Kind.PASSED)
        elif line.strip():
            yield TreeRow(row, 1, Kind.OTHER)

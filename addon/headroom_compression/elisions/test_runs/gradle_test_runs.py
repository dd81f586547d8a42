"""Passed tests of Gradle where the build logs them: `com.example.CartTest > addsAnItem() PASSED`.

Never left out: any other outcome, what tests print, stack traces, tasks, the result. Only in a build that tells its
result. Gradle counts tests only where one failed: there must be as many failed ones, and at least as many tests.
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
from headroom_compression.formats.test_reports.totals import passed_gaps

WORKS_ON = Stage.TERMINAL
WORKS_ACROSS_CUTS = True
HALLMARKS = ("BUILD ", " PASSED")

_PROGRAMS = frozenset({"gradle", "gradlew"})
# com.example.CartTest > addsAnItem() PASSED
# com.example.CartTest > Totals > rounds(int) > [1] 2.5 PASSED
_TEST = re.compile(r"[\w.$]{1,300} > [^\n]{1,500} (PASSED|FAILED|SKIPPED)\s{0,9}")
# 168 tests completed, 1 failed, 1 skipped
_TOTAL = re.compile(r"([0-9]{1,7}) tests? completed, ([0-9]{1,7}) failed(?:, ([0-9]{1,7}) skipped)?\s{0,9}")
# BUILD SUCCESSFUL in 3s
_RESULT = re.compile(r"BUILD (?:SUCCESSFUL|FAILED)(?: in [0-9hms ]{1,20})?\s{0,9}")


def find(document: Document, lines: Sequence[str]) -> Iterator[Gap]:
    if not may_run(document.call, _PROGRAMS) or sum(map(bool, map(_RESULT.fullmatch, lines))) != 1:
        return
    tests = {row: match[1] for row, line in enumerate(lines) if (match := _TEST.fullmatch(line))}
    outcomes = list(tests.values())
    totals = [match for line in lines if (match := _TOTAL.fullmatch(line))]
    failed = sum(int(total[2]) for total in totals)
    completed = sum(int(total[1]) for total in totals)
    if outcomes.count("FAILED") == failed and len(outcomes) >= completed:
        yield from passed_gaps([row for row, outcome in tests.items() if outcome == "PASSED"], lines, TESTS)

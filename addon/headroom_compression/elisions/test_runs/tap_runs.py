"""Passed tests in the Test Anything Protocol, `ok 12 - adds an item`, as bats, `prove -v`, busted and others print it.

Never left out: tests that failed, are skipped, slow or to be written, such with lines of their own below them,
diagnostics, what tests print, the plan. Only where each plan, `1..120`, has as many tests as it says, numbered so.
Of tape, which counts tests in the end, `# adds an item` is the name of the test whose checks stand below it.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from collections.abc import Iterator
from collections.abc import Sequence

from headroom_compression.calls.launchers import may_run
from headroom_compression.document import Document
from headroom_compression.document import Stage
from headroom_compression.formats.gaps import Gap
from headroom_compression.formats.test_reports.totals import TESTS
from headroom_compression.formats.test_reports.totals import TREES
from headroom_compression.formats.test_reports.totals import passed_gaps
from headroom_compression.formats.test_reports.totals import slow_rows
from headroom_compression.formats.test_reports.trees import reads_like_a_message

WORKS_ON = Stage.TERMINAL
WORKS_ACROSS_CUTS = True
HALLMARKS = ("ok ", "1..")

_PROGRAMS = frozenset({"ava", "bats", "busted", "mocha", "prove", "tap", "tape", "vitest", "yath", "zunit"})
# not ok 12 - adds an item # SKIP no bank      ok 12 adds an item      ok 12
_TEST = re.compile(r"(not )?ok ([0-9]{1,7})(?: [^\n]{0,2000})?")
_DIRECTIVE = re.compile(r"(?i:# ?(?:skip|todo)\b)")
_PLAN = re.compile(r"1\.\.([0-9]{1,7})(?: #[^\n]{0,300})?")
# ok 12 adds an item in 1203ms      ok 12 - adds an item # time=1203.4ms
# adds an item      but not: adds an item: connection refused
_NAME = re.compile(r"# [^\n]{1,1000}")
# What tape writes below the plan: # tests 102
_COUNT_OF_TAPE = re.compile(r"# tests [0-9]{1,7}")
_TIME = re.compile(r" (?:in |# time=)([0-9.]{1,12}(?:ms|s|sec))$")


def find(document: Document, lines: Sequence[str]) -> Iterator[Gap]:
    if may_run(document.call, _PROGRAMS) and _has_plans(lines):
        passed = [row for row in range(len(lines)) if _has_passed(lines, row)]
        slow = slow_rows(passed, lines, _TIME)
        rows = [row for row in passed if row not in slow]
        names = [*_names(set(rows), lines)] if any(map(_COUNT_OF_TAPE.fullmatch, lines)) else []
        yield from passed_gaps(sorted([*rows, *names]), lines, TREES if names else TESTS, _NAME if names else None)


def _names(passed: Collection[int], lines: Sequence[str]) -> Iterator[int]:
    """The rows of the names of tests all of whose checks passed."""
    heading, are_passed = None, False
    for row, line in enumerate(lines):
        if _NAME.fullmatch(line):
            if heading is not None and are_passed and row - 1 in passed:
                yield heading
            heading, are_passed = None if reads_like_a_message(line[2:]) else row, True
        are_passed = are_passed and (row in passed or row == heading)


def _has_passed(lines: Sequence[str], row: int) -> bool:
    match = _TEST.fullmatch(lines[row])
    is_alone = row + 1 == len(lines) or not lines[row + 1].startswith(" ")
    return is_alone and match is not None and not match[1] and not _DIRECTIVE.search(lines[row])


def _has_plans(lines: Sequence[str]) -> bool:
    """Whether each plan, above its tests or below them, has all of them, and each test has a plan."""
    plan, tests = None, 0
    for line in lines:
        if match := _TEST.fullmatch(line):
            if tests == plan:  # those of the plan above have ended
                plan, tests = None, 0
            tests += 1
            if int(match[2]) != tests:
                return False
        elif match := _PLAN.fullmatch(line):
            is_below = plan is None and tests > 0
            if tests != (int(match[1]) if is_below else plan or 0):
                return False
            plan, tests = None if is_below else int(match[1]), 0
    return tests == (plan or 0)

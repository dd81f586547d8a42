"""Passed tests of Playwright's reporter `list`: `  ✓   1 e2e/cart.spec.ts:3:3 ... (14ms)`; of `line` the tests as they
began, without an outcome.

Never left out: tests that failed, were skipped, slow or tried again, what tests print, details of failures, the
summary. Only where each try of a test has its number, and the summary counts as many passed tests as are listed.
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
from headroom_compression.formats.test_reports.totals import slow_rows

WORKS_ON = Stage.TERMINAL
WORKS_ACROSS_CUTS = True
HALLMARKS = ("Running ", " passed (")

_PROGRAMS = frozenset({"playwright"})
#   ✓   1 [chromium] e2e/cart.spec.ts:3:3 adds an item (14ms)
#   ✘  79 e2e/cart.spec.ts:33:1 is paid at the second try (retry #1) (20ms)
# Where the terminal has no such signs, "ok" and "x" stand there.
_TEST = re.compile(r" {2}(✓|✘|-|ok|x ) {1,8}([0-9]{1,7}) [^\n]{1,1500}")
_PASSED_SIGNS = frozenset({"✓", "ok"})
_REPEATED = re.compile(r" \(retry #[0-9]{1,4}\)")
_TIME = re.compile(r" \(([0-9.]{1,9}(?:ms|s|m|h))\)$")
# Running 81 tests using 2 workers
_BEGIN = re.compile(r"Running ([0-9]{1,7}) tests? using [0-9]{1,4} workers?[^\n]{0,100}")
#   82 passed (15.0s)
_TOTAL = re.compile(r" {2}([0-9]{1,7}) passed \([0-9a-z. ]{1,20}\)")
_FAILED = "✘x "
# [12/81] [chromium] e2e/cart.spec.ts:3:3 adds an item       [82/81] (retries) e2e/cart.spec.ts:33:1 (retry #1)
# As tests begin, with --reporter=line: what fails is told of below, with its name.
_STARTED = re.compile(r"\[([0-9]{1,7})/([0-9]{1,7})\] (\(retries\) )?[^\n]{1,1500}")
_NAMES = "names of tests as they began"


def find(document: Document, lines: Sequence[str]) -> Iterator[Gap]:
    if not may_run(document.call, _PROGRAMS):
        return
    begun = [int(match[1]) for line in lines if (match := _BEGIN.fullmatch(line))]
    totals = [int(match[1]) for line in lines if (match := _TOTAL.fullmatch(line))]
    tests = {row: match for row, line in enumerate(lines) if (match := _TEST.fullmatch(line))}
    if not len(begun) == len(totals) == 1:
        return
    yield from passed_gaps(_started(lines, begun[0]), lines, _NAMES)
    if _adds_up(tests, lines, begun[0], totals[0]):
        passed = _passed(tests, lines)
        slow = slow_rows(passed, lines, _TIME)
        yield from passed_gaps([row for row in passed if row not in slow], lines, TESTS)


def _started(lines: Sequence[str], begun: int) -> list[int]:
    """The rows of tests that printed nothing, since another one's is the next; none where not all tests are there."""
    started = {row: match for row, line in enumerate(lines) if (match := _STARTED.fullmatch(line))}
    numbers = [int(match[1]) for match in started.values()]
    if numbers != list(range(1, len(numbers) + 1)) or len(numbers) < begun:
        return []
    return [row for row, match in started.items() if row + 1 in started and not match[3]]


def _passed(tests: dict[int, re.Match[str]], lines: Sequence[str]) -> list[int]:
    """The rows of tests that passed at their first try."""
    return [row for row, match in tests.items() if match[1] in _PASSED_SIGNS and not _REPEATED.search(lines[row])]


def _adds_up(tests: dict[int, re.Match[str]], lines: Sequence[str], begun: int, total: int) -> bool:
    """A test that is expected to fail, and does, has the sign of a failed one, and is counted as passed."""
    numbers = sorted(int(match[2]) for match in tests.values())
    failed = sum(1 for match in tests.values() if match[1] in _FAILED)
    passed = len(_passed(tests, lines))
    is_whole = numbers == list(range(1, len(numbers) + 1)) and len(numbers) >= begun
    return is_whole and passed <= total <= passed + failed

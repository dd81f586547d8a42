"""Passed tests of runners that list each test in a row of one form and count them at the end.

GoogleTest, XCTest and Swift Testing, VSTest (`dotnet test -v normal`), ExUnit (`mix test --trace`), Meson, Bazel,
Robot Framework, Pest, ScalaTest, Zig, AVA, Trial of Twisted, test-unit of Ruby. Never left out: any other outcome, slow
tests, what tests print, details of failures, the summary. Only where as many tests are listed as the summary counts.
What stands around passed tests goes with them: that they began, and which suite they are of, where each test names it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection
from collections.abc import Iterator
from collections.abc import Sequence
from itertools import takewhile

from headroom_compression.calls.launchers import may_run
from headroom_compression.calls.shown_files import may_show_file
from headroom_compression.calls.tool_call import ToolCall
from headroom_compression.client_text import was_cut
from headroom_compression.document import Document
from headroom_compression.document import Stage
from headroom_compression.formats.gaps import Gap
from headroom_compression.formats.gaps import judged_gaps
from headroom_compression.formats.test_reports.listed_tests import RUNNERS
from headroom_compression.formats.test_reports.listed_tests import Runner
from headroom_compression.formats.test_reports.totals import TESTS
from headroom_compression.formats.test_reports.totals import TREES
from headroom_compression.formats.test_reports.totals import passed_gaps
from headroom_compression.formats.test_reports.totals import slow_rows

WORKS_ON = Stage.TERMINAL
WORKS_ACROSS_CUTS = True


def find(document: Document, lines: Sequence[str]) -> Iterator[Gap]:
    call = document.call
    for runner in RUNNERS:
        if call and runner.sign in document.body and _may_be_of(runner, call):
            rows = _passed(runner, lines, document)
            if rows:
                what = TREES if runner.heading else TESTS
                yield from passed_gaps(_with_what_is_around(runner, rows, lines), lines, what, runner.heading)
                return


def _may_be_of(runner: Runner, call: ToolCall) -> bool:
    return may_run(call, runner.programs) if runner.programs else not may_show_file(call)


def _passed(runner: Runner, lines: Sequence[str], document: Document) -> list[int]:
    """The rows of passed tests that are not slow; none where the summary counts others."""
    totals = [match for line in lines if (match := runner.total.fullmatch(line))]
    if not totals:
        return []
    tests = {row: match for row, line in enumerate(lines) if (match := runner.test.fullmatch(line))}
    if runner.is_nested:  # a suite looks as a test, with a total below it
        suites = {row for row in tests if any(map(runner.total.fullmatch, lines[row + 1 : row + 2]))}
        tests = {row: match for row, match in tests.items() if row not in suites}
    failed = {row for row, match in tests.items() if _has_failed(match) or _has_details(runner, lines, row)}
    passed = [row for row, match in tests.items() if match["passed"] is not None and row not in failed]
    halves = sum(runner.half.fullmatch(line) is not None for line in lines)
    listed = {"passed": len(passed) + halves, "all": len(tests) + halves, "failed": len(failed)}
    sums = {name: _sum(totals, name, is_nested=runner.is_nested) for name in listed}
    counted = {name: count for name, count in sums.items() if count is not None}
    is_counted = bool(counted.keys() & {"passed", "all"}) or (bool(counted) and not was_cut(document.text))
    if not is_counted or any(listed[name] != count for name, count in counted.items()):
        return []
    slow = slow_rows(passed, lines, runner.time)
    return [row for row in passed if row not in slow]


def _has_failed(test: re.Match[str]) -> bool:
    return test.groupdict().get("failed") is not None


def _has_details(runner: Runner, lines: Sequence[str], row: int) -> bool:
    below = lines[row + 1 : row + 3]
    return len(below) == 2 and not below[0] and runner.details.fullmatch(below[1]) is not None  # noqa: PLR2004


def _sum(totals: Sequence[re.Match[str]], name: str, *, is_nested: bool) -> int | None:
    """How many the summaries count; None where none counts these."""
    counts = [int(count) for total in totals if (count := total.groupdict().get(name))]
    return sum(counts[-1:] if is_nested else counts) if counts else None


def _with_what_is_around(runner: Runner, passed: Sequence[int], lines: Sequence[str]) -> list[int]:
    """The rows, with those right above them that begin them, and with what stands between nothing but such rows."""
    gone = set(passed)
    begun = {row for row, line in enumerate(lines) if runner.begun.fullmatch(line)}
    others = {*range(len(lines))} - begun if begun else set()
    open_names = (_names(runner, lines, begun) - _names(runner, lines, others)).keys()
    for row in sorted(begun, reverse=True):
        if (row + 1 in gone or row + 1 in begun) and open_names.isdisjoint(_names(runner, lines, {row})):
            gone.add(row)
    around = [row for row, line in enumerate(lines) if not line or runner.around.fullmatch(line)]
    for run in judged_gaps(around, ""):
        if run.start - 1 in gone and run.stop in gone:
            rows = [row for row in range(run.start, run.stop) if lines[row]]
            gone.update(row for row in rows if not _is_needed(runner, row, gone, lines))
    return sorted(gone)


def _names(runner: Runner, lines: Sequence[str], rows: Collection[int]) -> Counter[str]:
    """The names of tests in these rows, and in how many."""
    return Counter(match[1] for row in rows if (match := runner.name.search(lines[row])))


def _is_needed(runner: Runner, row: int, gone: Collection[int], lines: Sequence[str]) -> bool:
    """Whether it is the heading of a test that stays; an empty line is below its tests."""
    if runner.heading is None:
        return False
    below = takewhile(lambda at: lines[at], range(row + 1, len(lines)))
    return any(at not in gone for at in below)

"""Passed tests of runners that list each test in a row of one form and count them at the end.

GoogleTest, XCTest and Swift Testing, VSTest (`dotnet test -v normal`), ExUnit (`mix test --trace`), Meson, Bazel,
Robot Framework, Pest, ScalaTest, Zig, AVA. Never left out: any other outcome, slow tests, what tests print, details of
failures, the summary. Only where as many tests are listed as the summary counts. What stands around passed tests goes
with them: that they began, and which suite they are of, where each test names it.
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
from headroom_compression.formats.test_reports.totals import TESTS
from headroom_compression.formats.test_reports.totals import TREES
from headroom_compression.formats.test_reports.totals import passed_gaps
from headroom_compression.formats.test_reports.totals import slow_rows
from headroom_compression.record import record

WORKS_ON = Stage.TERMINAL
WORKS_ACROSS_CUTS = True

_NEVER = re.compile(r"(?!)")


@record
class _Runner:
    """sign: stands in every report. programs: empty where any program may be the tests themselves.

    test: a row of a test, with a group `passed` that only those have which passed. half: the end of such a row, behind
    what the test printed. total: what the summary counts, in groups `passed`, `all` and `failed`; nested: the last one
    is of all. begun, around: rows that begin a test, or stand between tests. name: finds that of a test that begins or
    has ended. time: finds the time of a passed test.
    heading: a line of `around` under which its tests stand, no matter how they are indented.
    details: the line that stands below an empty one, below a test that failed but looks as if it had passed.
    """

    sign: str
    programs: frozenset[str]
    test: re.Pattern[str]
    total: re.Pattern[str]
    half: re.Pattern[str] = _NEVER
    begun: re.Pattern[str] = _NEVER
    name: re.Pattern[str] = _NEVER
    around: re.Pattern[str] = _NEVER
    time: re.Pattern[str] = _NEVER
    heading: re.Pattern[str] | None = None
    details: re.Pattern[str] = _NEVER
    is_nested: bool = False


_CLASS = re.compile(r" {2,4}PASS {2}[\w\\./-]{1,300}")  # PASS  Tests\Unit\CartTest
_MODULE = re.compile(r"[A-Z][\w.]{0,300} \[[^\s\]]{1,300}\.exs\]")  # Shop.CartTest [test/cart_test.exs]
_DATE = r"[0-9][0-9:. -]{1,60}"  # 2026-11-23 12:00:00.001
_RUNNERS = (
    # [       OK ] CartTest.AddsALine (0 ms)
    _Runner(
        sign="[       OK ] ",
        programs=frozenset(),
        test=re.compile(r"\[ {7}(?P<passed>OK) \] \S{1,500} \([0-9]+ ms\)"),
        half=re.compile(r"(?!\[ {7}OK \] )[^\n]{0,2000}\[ {7}OK \] \S{1,500} \([0-9]+ ms\)"),
        total=re.compile(r"\[ {2}PASSED {2}\] (?P<passed>[0-9]{1,7}) tests?\."),
        begun=re.compile(r"\[ RUN {6}\] \S{1,500}"),
        name=re.compile(r"\[ {1,7}[A-Z]{2,7} {1,7}\] (\S{1,500}?)(?:,|\s|$)"),
        around=re.compile(
            r"\[-{10}\] [0-9]{1,7} tests? from \S{1,500}(?:, where [^\n]{1,500}|(?<!,))(?: \([0-9]{1,9} ms total\))?"
        ),
        time=re.compile(r" \(([0-9]{1,9} ms)\)$"),
    ),
    # Test Case 'CartTests.testAddsALine' passed (0.001 seconds)
    _Runner(
        sign="Test Case '",
        programs=frozenset({"swift", "xcodebuild", "xctest"}),
        test=re.compile(r"Test Case '[^'\n]{1,500}' (?:(?P<passed>passed)|failed|skipped) \([0-9.]{1,12} seconds\)\.?"),
        total=re.compile(r"\s{0,8}Executed (?P<all>[0-9]{1,7}) tests?, with [^\n]{1,200}"),
        begun=re.compile(rf"Test Case '[^'\n]{{1,500}}' started(?: at {_DATE}|\.)"),
        name=re.compile(r"Test Case '([^'\n]{1,500})'"),
        around=re.compile(
            rf"Test Suite '[^'\n]{{1,300}}' (?:started|passed) at {_DATE}"
            r"|\s{0,8}Executed [0-9]{1,7} tests?, with 0 failures \(0 unexpected\) in [0-9.() ]{1,40} seconds"
        ),
        time=re.compile(r" \(([0-9.]{1,12} s)econds\)\.?$"),
        is_nested=True,
    ),
    # ✔ Test addsALine() passed after 0.001 seconds.
    _Runner(
        sign=" Test run with ",
        programs=frozenset({"swift", "xcodebuild"}),
        test=re.compile(
            r"\S{1,3} {1,2}Test (?!run with |case )[^\n]{1,500}? "
            r"(?:(?P<passed>passed) after [0-9.]{1,12} seconds\.|(?:failed after|skipped)[^\n]{0,500})"
        ),
        total=re.compile(r"\S{1,3} {1,2}Test run with (?P<all>[0-9]{1,7}) tests? [^\n]{1,200}"),
        begun=re.compile(r"\S{1,3} {1,2}Test (?!run )[^\n]{1,500} started\."),
        name=re.compile(r" Test ([^\n]{1,500}?) (?:started\.|(?:passed|failed) after |skipped)"),
        around=re.compile(r"\S{1,3} {1,2}Suite [^\n]{1,500} (?:started\.|passed after [0-9.]{1,12} seconds\.)"),
        time=re.compile(r" passed after ([0-9.]{1,12} s)econds\.$"),
    ),
    #   Passed Shop.Tests.CartTests.AddsALine [12 ms]
    _Runner(
        sign="\nTotal tests: ",
        programs=frozenset({"dotnet", "vstest.console"}),
        test=re.compile(
            r" {2}(?![^\n]{1,1000} \[(?:< )?[0-9]{1,7} (?:ms|[smh])[0-9a-z ]{0,20}\][^\n])"
            r"(?:(?P<passed>Passed)|Failed|Skipped) [^\n]{1,1000}(?: \[<? ?[0-9][0-9a-z ]{0,30}\]|(?<=[\w)]))"
        ),
        total=re.compile(r" {5}Passed: (?P<passed>[0-9]{1,7})"),
        time=re.compile(r" \[([0-9][0-9a-z ]{0,30})\]$"),
    ),
    #   * test adds a line (0.01ms) [L#5]
    _Runner(
        sign="  * ",
        programs=frozenset({"mix"}),
        test=re.compile(
            r" {2}\* (?:test|doctest|property) [^\n]{1,1000} "
            r"(?:(?P<passed>\([0-9.]{1,12}ms\))|\((?:excluded|skipped)\)) \[L#[0-9]{1,7}\]"
        ),
        total=re.compile(
            r"(?:[0-9]{1,7} (?:doctests?|propert\w{1,3}), ){0,2}(?P<all>[0-9]{1,7}) tests?, (?P<failed>[0-9]{1,7}) "
            r"failures?(?:, [0-9]{1,7} \w{4,10}){0,3}"
        ),
        begun=re.compile(
            r" {2}\* (?:test|doctest|property) (?![^\n]{0,1000}(?:ms|ed)\) \[L#)[^\n]{1,1000} \[L#[0-9]{1,7}\]"
        ),
        name=re.compile(r"^ {2}\* ([^\n]{1,1000}?) (?:\((?:[0-9.]{1,12}ms|excluded|skipped)\) )?\[L#"),
        around=_MODULE,
        heading=_MODULE,
        time=re.compile(r" \(([0-9.]{1,12}ms)\) \[L#[0-9]{1,7}\]$"),
        details=re.compile(r" {2}[0-9]{1,7}\) [^\n]{1,2000}"),
    ),
    #  12/105 shop:carts / adds a line                OK              0.01s
    _Runner(
        sign="\nOk: ",
        programs=frozenset({"meson", "ninja"}),
        test=re.compile(
            r" {0,8}[0-9]{1,7}/[0-9]{1,7} [^\n]{1,700}? "
            r"(?:(?P<passed>OK) {1,20}[0-9.]{1,12}s(?: {1,20}[0-9/]{1,15} subtests passed)? {0,9}"
            r"|(?:FAIL|SKIP|EXPECTEDFAIL|UNEXPECTEDPASS|TIMEOUT|ERROR|INTERRUPT) {1,20}[0-9.]{1,12}s[^\n]{0,200})"
        ),
        total=re.compile(r"Ok: {1,30}(?P<passed>[0-9]{1,7}) {0,9}"),
        time=re.compile(r" OK {1,20}([0-9.]{1,12}s)"),
    ),
    # //src/cart:cart_test                                              (cached) PASSED in 0.4s
    _Runner(
        sign=" PASSED in ",
        programs=frozenset({"bazel", "bazelisk"}),
        test=re.compile(
            r"//\S{1,500} {1,200}(?:\(cached\) )?"
            r"(?:(?P<passed>PASSED) in [0-9.]{1,12}s"
            r"|(?:FAILED|FLAKY|TIMEOUT|INCOMPLETE|SKIPPED|NO STATUS|REMOTE FAILURE)\b[^\n]{0,300})"
        ),
        total=re.compile(r"Executed [0-9]{1,7} out of (?P<all>[0-9]{1,7}) tests?: [^\n]{1,300}"),
        time=re.compile(r" PASSED in ([0-9.]{1,12}s)"),
    ),
    # Adds A Line                                                           | PASS |
    _Runner(
        sign="| PASS |",
        programs=frozenset({"pabot", "robot", "robot.run"}),
        test=re.compile(r"[^\n|]{1,200}\| (?:(?P<passed>PASS)|FAIL|SKIP) \|"),
        half=re.compile(r"\| PASS \|"),
        total=re.compile(
            r"[0-9]{1,7} tests?, (?P<passed>[0-9]{1,7}) passed, [0-9]{1,7} failed(?:, [0-9]{1,7} skipped)?"
        ),
        around=re.compile(r"-{40,}"),
        is_nested=True,
    ),
    #   ✓ adds a line                                                          0.01s
    _Runner(
        sign=" assertions)",
        programs=frozenset({"artisan", "paratest", "pest", "phpunit", "sail"}),
        test=re.compile(r" {2}(?:(?P<passed>✓)|[^\w\s]) [^\n]{1,1000}"),
        total=re.compile(
            r" {2}Tests: {1,9}(?:[0-9]{1,7} [a-z]{3,12}, ){0,8}(?P<passed>[0-9]{1,7}) passed \([0-9]{1,9} assertions\)"
        ),
        around=_CLASS,
        heading=_CLASS,
        time=re.compile(r" {2}([0-9.]{1,9}s) {0,4}$"),
    ),
    # [info] - adds a line (12 milliseconds)
    _Runner(
        sign="[info] Tests: succeeded ",
        programs=frozenset({"sbt"}),
        test=re.compile(r"\[info\] {1,20}- (?:(?P<passed>(?![^\n]{1,1000} (?:\*\*\*|!!!|\(pending\)))))[^\n]{1,1000}"),
        total=re.compile(r"\[info\] Tests: succeeded (?P<passed>[0-9]{1,7}), failed [^\n]{1,200}"),
        time=re.compile(r" \(([0-9]{1,7} s)econds?[^\n)]{0,60}\)$"),
    ),
    # 12/81 cart.test.adds a line...OK
    _Runner(
        sign="...OK",
        programs=frozenset({"zig", "ziglang"}),
        test=re.compile(r"[0-9]{1,7}/[0-9]{1,7} [^\n]{1,1000}\.\.\.(?:(?P<passed>OK)|SKIP|FAIL[^\n]{0,300})"),
        total=re.compile(
            r"All (?P<all>[0-9]{1,7}) tests passed\."
            r"|(?P<passed>[0-9]{1,7}) passed; [0-9]{1,7} skipped; [0-9]{1,7} failed\."
        ),
    ),
    #   ✔ adds a line
    _Runner(
        sign="  ✔ ",
        programs=frozenset({"ava"}),
        test=re.compile(r" {2}(?:(?P<passed>✔(?! \[))|(?P<failed>✘ \[fail\]:)|[✔✘-]) [^\n]{1,1000}"),
        total=re.compile(r" {2}(?:(?P<failed>[0-9]{1,7}) tests? failed|(?P<passed>[0-9]{1,7}) tests? passed)"),
        time=re.compile(r" \(([0-9][0-9.a-z ]{0,20})\)$"),
    ),
)


def find(document: Document, lines: Sequence[str]) -> Iterator[Gap]:
    call = document.call
    for runner in _RUNNERS:
        if call and runner.sign in document.body and _may_be_of(runner, call):
            rows = _passed(runner, lines, is_cut=was_cut(document.text))
            if rows:
                what = TREES if runner.heading else TESTS
                yield from passed_gaps(_with_what_is_around(runner, rows, lines), lines, what, runner.heading)
                return


def _may_be_of(runner: _Runner, call: ToolCall) -> bool:
    return may_run(call, runner.programs) if runner.programs else not may_show_file(call)


def _passed(runner: _Runner, lines: Sequence[str], *, is_cut: bool) -> list[int]:
    """The rows of passed tests that are not slow; none where the summary counts others."""
    totals = [match for line in lines if (match := runner.total.fullmatch(line))]
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
    is_counted = bool(counted.keys() & {"passed", "all"}) or (bool(counted) and not is_cut)
    if not is_counted or any(listed[name] != count for name, count in counted.items()):
        return []
    slow = slow_rows(passed, lines, runner.time)
    return [row for row in passed if row not in slow]


def _has_failed(test: re.Match[str]) -> bool:
    return test.groupdict().get("failed") is not None


def _has_details(runner: _Runner, lines: Sequence[str], row: int) -> bool:
    below = lines[row + 1 : row + 3]
    return len(below) == 2 and not below[0] and runner.details.fullmatch(below[1]) is not None  # noqa: PLR2004


def _sum(totals: Sequence[re.Match[str]], name: str, *, is_nested: bool) -> int | None:
    """How many the summaries count; None where none counts these."""
    counts = [int(count) for total in totals if (count := total.groupdict().get(name))]
    return sum(counts[-1:] if is_nested else counts) if counts else None


def _with_what_is_around(runner: _Runner, passed: Sequence[int], lines: Sequence[str]) -> list[int]:
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


def _names(runner: _Runner, lines: Sequence[str], rows: Collection[int]) -> Counter[str]:
    """The names of tests in these rows, and in how many."""
    return Counter(match[1] for row in rows if (match := runner.name.search(lines[row])))


def _is_needed(runner: _Runner, row: int, gone: Collection[int], lines: Sequence[str]) -> bool:
    """Whether it is the heading of a test that stays; an empty line is below its tests."""
    if runner.heading is None:
        return False
    below = takewhile(lambda at: lines[at], range(row + 1, len(lines)))
    return any(at not in gone for at in below)

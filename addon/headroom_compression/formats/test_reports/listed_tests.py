"""Runners that list each test in a row of one form: how they write it, and what they count at the end."""

from __future__ import annotations

import re

from headroom_compression.record import record

_NEVER = re.compile(r"(?!)")


@record
class Runner:
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
RUNNERS = (
    # [       OK ] CartTest.AddsALine (0 ms)
    Runner(
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
    Runner(
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
    Runner(
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
    Runner(
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
    Runner(
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
    Runner(
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
    Runner(
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
    Runner(
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
    Runner(
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
    Runner(
        sign="[info] Tests: succeeded ",
        programs=frozenset({"sbt"}),
        test=re.compile(r"\[info\] {1,20}- (?:(?P<passed>(?![^\n]{1,1000} (?:\*\*\*|!!!|\(pending\)))))[^\n]{1,1000}"),
        total=re.compile(r"\[info\] Tests: succeeded (?P<passed>[0-9]{1,7}), failed [^\n]{1,200}"),
        time=re.compile(r" \(([0-9]{1,7} s)econds?[^\n)]{0,60}\)$"),
    ),
    # 12/81 cart.test.adds a line...OK
    Runner(
        sign="...OK",
        programs=frozenset({"zig", "ziglang"}),
        test=re.compile(r"[0-9]{1,7}/[0-9]{1,7} [^\n]{1,1000}\.\.\.(?:(?P<passed>OK)|SKIP|FAIL[^\n]{0,300})"),
        total=re.compile(
            r"All (?P<all>[0-9]{1,7}) tests passed\."
            r"|(?P<passed>[0-9]{1,7}) passed; [0-9]{1,7} skipped; [0-9]{1,7} failed\."
        ),
    ),
    #   ✔ adds a line
    Runner(
        sign="  ✔ ",
        programs=frozenset({"ava"}),
        test=re.compile(r" {2}(?:(?P<passed>✔(?! \[))|(?P<failed>✘ \[fail\]:)|[✔✘-]) [^\n]{1,1000}"),
        total=re.compile(r" {2}(?:(?P<failed>[0-9]{1,7}) tests? failed|(?P<passed>[0-9]{1,7}) tests? passed)"),
        time=re.compile(r" \(([0-9][0-9.a-z ]{0,20})\)$"),
    ),
    #     test_adds_a_line ...                                                   [OK]
    Runner(
        sign=" ...          ",
        programs=frozenset({"trial", "twisted.trial"}),
        test=re.compile(r" {2,40}\S{1,300} \.\.\. {1,80}\[(?:(?P<passed>OK)|ERROR|FAIL|SKIPPED|SUCCESS!\?!|TODO)\]"),
        total=re.compile(r"(?:PASSED|FAILED) \((?:[a-zA-Z]{4,20}=[0-9]{1,7}, ){0,6}successes=(?P<passed>[0-9]{1,7})\)"),
    ),
    #   test_adds_a_line:                                       .: (0.000371)
    Runner(
        sign="\t.: (",
        programs=frozenset({"rake", "ruby", "testrb"}),
        # What took a second or more counts as any other outcome: its time has no unit.
        test=re.compile(
            r" {2,40}\S[^\t\n]{0,300}:\t{1,20}(?:(?P<passed>\.: \(0\.[0-9]{1,12}\))|\.: \([0-9.]{1,12}\)|[EFNOP])"
        ),
        total=re.compile(r"(?P<all>[0-9]{1,7}) tests, [0-9]{1,9} assertions, [0-9]{1,7} failures, [^\n]{1,200}"),
    ),
)

"""Passed tests of Node's own runner: `node --test`, as TAP (to a pipe before Node 24) and in its reporter `spec`.

Never left out: tests that failed, were cancelled, skipped, slow or are to be written, with the suites and tests that
they are in; what tests print, diagnostics, the summary. Only of a run whose summary counts as many tests, suites and
passed tests as were recognised.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field

from headroom_compression.calls.launchers import may_run
from headroom_compression.document import Document
from headroom_compression.document import Stage
from headroom_compression.formats.gaps import Gap
from headroom_compression.formats.test_reports.totals import TREES
from headroom_compression.formats.test_reports.totals import passed_gaps
from headroom_compression.formats.test_reports.totals import slow_times
from headroom_compression.formats.test_reports.trees import indent_of

WORKS_ON = Stage.TERMINAL
WORKS_ACROSS_CUTS = True
HALLMARKS = (" tests ", " pass ")

_PROGRAMS = frozenset({"borp", "node", "tsx"})
# # tests 106
# The reporter `spec` has an "i" instead of the number sign.
_TOTAL = re.compile(r"(?:#|ℹ) (tests|suites|pass) ([0-9]{1,7})")  # noqa: RUF001  the sign that Node prints
# # Subtest: adds a line
_BEGUN = re.compile(r" {0,200}# Subtest: ([^\n]{1,1000})")
# not ok 4 - adds a line # SKIP no bank
_STATUS = re.compile(r" {0,200}(not )?ok [0-9]{1,7} - ([^\n]{1,1000}?)( # (?:SKIP|TODO)\b[^\n]*)?")
_PLAN = re.compile(r" {0,200}1\.\.[0-9]{1,7}")
_STEP = 4  # spaces by which what is in a test stands right of it
# What is said of a passed test, two spaces right of its status, between `---` and `...`.
_DETAIL = re.compile(r" {2,202}(?:duration_ms: ([0-9.]{1,20})|type: '(test|suite)')")
# ▶ Vouchers      ✔ adds a line (0.07ms)      ﹣ needs the bank (0.05ms) # SKIP
_ROW = re.compile(r" {0,200}([▶✔✖﹣⚠]) ([^\n]{1,1000}?)(?: \(([0-9.]{1,20})ms\)( # [^\n]*)?)?")
_SIGNS = "✔✖﹣⚠"
_MS = 1_000


@dataclass(slots=True)
class _Test:
    """A test or a suite, with the rows that are about it alone. within: the numbers of those in it."""

    name: str
    indent: int
    rows: list[int]
    within: list[int] = field(default_factory=list)
    has_passed: bool = False
    is_plain: bool = True
    is_suite: bool = False
    time: float = 0.0


@dataclass(slots=True)
class _Run:
    """Tests in the order in which they ended: what is in one comes before it.

    is_known: whether each line stands where Node would put it. beside: lines that may hold a status behind output.
    """

    tests: list[_Test] = field(default_factory=list)
    begun: list[_Test] = field(default_factory=list)
    loose: list[tuple[int, int]] = field(default_factory=list)  # ended ones of no ended test: (indent, number)
    is_known: bool = True
    beside: int = 0

    def end(self, test: _Test) -> None:
        while self.loose and self.loose[-1][0] > test.indent:
            test.within.append(self.loose.pop()[1])
        self.loose.append((test.indent, len(self.tests)))
        self.tests.append(test)

    def take_begun(self, name: str, indent: int) -> _Test | None:
        """The test that began last, if it is that one."""
        if self.begun and (self.begun[-1].name, self.begun[-1].indent) == (name, indent):
            return self.begun.pop()
        return None

    def rows(self) -> Iterator[int]:
        """Of tests and suites that passed with all that is in them."""
        times = {number: test.time for number, test in enumerate(self.tests) if test.has_passed and not test.within}
        slow = slow_times(times)
        whole: set[int] = set()
        for number, test in enumerate(self.tests):
            if test.has_passed and test.is_plain and number not in slow and whole.issuperset(test.within):
                whole.add(number)
                yield from test.rows


def find(document: Document, lines: Sequence[str]) -> Iterator[Gap]:
    if may_run(document.call, _PROGRAMS):
        rows = sorted(row for totals, start, stop in _totals(lines) for row in _passed(totals, lines, start, stop))
        yield from passed_gaps(rows, lines, TREES)


def _totals(lines: Sequence[str]) -> Iterator[tuple[dict[str, int], int, int]]:
    """What the summary of each run counts, and the rows that the run may have: from, and up to."""
    start, row = 0, 0
    while row < len(lines):
        stop, totals = row, {}
        while row < len(lines) and (match := _TOTAL.fullmatch(lines[row])) and match[1] not in totals:
            totals[match[1]] = int(match[2])
            row += 1
        if {"tests", "pass"} <= totals.keys():
            yield totals, start, stop
            start = row
        row += row == stop


def _passed(totals: dict[str, int], lines: Sequence[str], start: int, stop: int) -> Iterator[int]:
    run = _read_tap(lines, start, stop) if lines[stop].startswith("#") else _read_spec(lines, start, stop)
    if run.is_known and not run.begun and _adds_up(run, totals):
        yield from run.rows()


def _adds_up(run: _Run, totals: dict[str, int]) -> bool:
    """A suite of `spec` looks like a test with tests in it: such a one may be counted as either."""
    passed = sum(1 for test in run.tests if test.has_passed and not test.within)
    groups = sum(1 for test in run.tests if test.within and not test.is_suite)
    missing = totals["tests"] + totals.get("suites", 0) - len(run.tests)
    return 0 <= missing <= run.beside and passed <= totals["pass"] <= passed + groups + run.beside


def _read_tap(lines: Sequence[str], start: int, stop: int) -> _Run:
    run = _Run()
    row = start
    while row < stop:
        line, indent = lines[row], indent_of(lines[row])
        if match := _BEGUN.fullmatch(line):
            run.begun.append(_Test(match[1], indent, [row]))
        elif match := _STATUS.fullmatch(line):
            test = run.take_begun(match[2], indent)
            if test is None:
                run.is_known = False
                return run
            test.has_passed = not match[1] and not match[3]
            test.rows.append(row)
            row = _read_details(test, lines, row + 1, stop)
            run.end(test)
        elif _PLAN.fullmatch(line) and run.begun and indent == run.begun[-1].indent + _STEP:
            run.begun[-1].rows.append(row)
        row += 1
    return run


def _read_details(test: _Test, lines: Sequence[str], row: int, stop: int) -> int:
    """The last row of what is said of a test below its status."""
    before = " " * (test.indent + 2)
    if row >= stop or lines[row] != f"{before}---":
        return row - 1
    test.rows.append(row)
    for position in range(row + 1, stop):
        test.rows.append(position)
        if lines[position] == f"{before}...":
            return position
        match = _DETAIL.fullmatch(lines[position])
        test.is_plain = test.is_plain and match is not None
        if match and match[1]:
            test.time = _seconds(match[1])
        test.is_suite = test.is_suite or (match is not None and match[2] == "suite")
    return stop


def _read_spec(lines: Sequence[str], start: int, stop: int) -> _Run:
    run = _Run()
    for row in range(start, stop):
        line, indent = lines[row], indent_of(lines[row])
        match = _ROW.fullmatch(line)
        if match is None:
            run.beside += _has_status_beside_output(line)
        elif match[3] is None:
            run.begun += [_Test(match[2], indent, [row])] if match[1] == "▶" else []
        else:
            test = run.take_begun(match[2], indent) or _Test(match[2], indent, [])
            test.rows.append(row)
            test.time = _seconds(match[3])
            # Some versions end a group with the sign that it begins with, whatever became of it.
            test.has_passed = match[1] == "✔" and not match[4]
            run.end(test)
    return run


def _seconds(number: str) -> float:
    return float(number) / _MS if number.count(".") <= 1 and number != "." else 0.0


def _has_status_beside_output(line: str) -> bool:
    """Whether a row of the reporter may stand behind what a test printed: `half a line✔ adds a line (0.07ms)`."""
    last = max(map(line.rfind, _SIGNS))
    match = _ROW.fullmatch(line, last) if last > 0 else None
    return match is not None and match[3] is not None

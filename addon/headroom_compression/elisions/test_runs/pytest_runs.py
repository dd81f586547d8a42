"""Passed tests of pytest: lines of `pytest -v` (with xdist's too), rows of dots, and the list that `-rA` makes of them.
Of a row with a letter for each of hundreds of tests all, where the last line counts as many of each letter.

Never left out: any other outcome, slow tests, captured and live output, tracebacks, warnings, the summaries. Only where
the last line of each run counts as many passed tests as were recognised in it; else it was another run, or is not
whole.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from enum import Enum
from enum import auto

from headroom_compression.calls.launchers import may_run
from headroom_compression.document import Document
from headroom_compression.document import Stage
from headroom_compression.formats.gaps import Gap
from headroom_compression.formats.gaps import judged_gaps
from headroom_compression.formats.test_reports.totals import TESTS
from headroom_compression.formats.test_reports.totals import slow_rows
from headroom_compression.formats.test_reports.totals import whole_runs

WORKS_ON = Stage.TERMINAL
WORKS_ACROSS_CUTS = True
HALLMARKS = (" in ",)

_PROGRAMS = frozenset({"py.test", "pytest"})
_PROGRESS = r"\[ {0,6}[0-9]{1,7}(?:%|/[0-9]{1,7})\]|[0-9.]{1,8}(?:us|ms|s|m|h)"
# tests/test_orders.py::test_total[2-3] PASSED          300.9us      [gw0] 300.9us PASSED tests/test_orders.py::test_a
_TIME = re.compile(r" ([0-9.]{1,8}(?:us|ms|s|m|h))(?: PASSED | {0,20}$)")
# tests/test_orders.py::test_total[2-3]
# What a test prints may stand beside its name, not with -s alone: a name has spaces in [] only.
_NAME = r"([^\s:]{1,300}::[^\s\[]{1,500}(?:\[(?:[^\]\n]|\](?! )){0,500}\])?)"
# tests/test_orders.py::test_total[2-3] PASSED                             [ 12%]
_PASSED = re.compile(rf"{_NAME} PASSED(?: {{1,300}}(?:{_PROGRESS}))? {{0,20}}")
# [gw0] [ 12%] PASSED tests/test_orders.py::test_total[2-3]
_PASSED_BY_WORKER = re.compile(rf"\[gw[0-9]{{1,3}}\] (?:(?:{_PROGRESS}) )?PASSED {_NAME} {{0,20}}")
# tests/test_orders.py::test_total[2-3] what the test prints PASSED        [ 12%]
# [gw0] PASSED tests/test_orders.py::test_total[2-3] what the test prints
_PASSED_BESIDE_OUTPUT = re.compile(
    rf"[^\s:]{{1,300}}::[^\n]{{1,2000}}? PASSED {{1,300}}(?:{_PROGRESS}) {{0,20}}"
    rf"|\[gw[0-9]{{1,3}}\] (?:(?:{_PROGRESS}) )?PASSED {_NAME} [^\n]{{1,2000}}"
)
# tests/test_orders.py::test_total half a linePASSED                       [ 12%]      half a linePASSED
# The second may as well be what a test prints: it counts only where a status is lacking.
_PASSED_BEHIND_OUTPUT = re.compile(rf"[^\n]{{1,2000}}(?<!SUB)PASSED(?: {{1,300}}(?:{_PROGRESS}))? {{0,20}}")
# tests/test_orders.py::test_rows SUBPASSED[row] (i=3)                     [ 12%]
# [gw0] [ 12%] SUBPASSED[row] (i='3') tests/test_orders.py::test_rows
_SUBTEST = r"SUBPASSED(?:\[[^\n]{1,300}\])?(?: ?\([^\n]{1,500}\))?"
_SUBPASSED = re.compile(rf"{_NAME} {_SUBTEST}(?: {{1,300}}(?:{_PROGRESS}))? {{0,20}}")
_SUBPASSED_BY_WORKER = re.compile(rf"\[gw[0-9]{{1,3}}\] (?:(?:{_PROGRESS}) )?{_SUBTEST} {_NAME} {{0,20}}")
_BEGUN = re.compile(rf"{_NAME} ")
# PASSED                                                                   [ 12%]
_PASSED_AFTER_OUTPUT = re.compile(rf"PASSED(?: {{1,300}}(?:{_PROGRESS}))? {{0,20}}")
# tests/test_orders.py ..........F..s...                                   [ 12%]
# Where the dots fill the row, the progress stands alone in the next one.
_DOTS = re.compile(rf"(?:[^\s:]{{1,300}}\.[a-z]{{1,8}} )?([.A-Za-z,-]{{0,500}})(?: {{1,300}}(?:{_PROGRESS}))? {{0,20}}")
# tests/test_orders.py::test_total[2-3] PASSED       [100%]/srv/shop/a.py:9: CoverageWarning: No data was collected.
# No line ends behind the last test: what is said before the next section stands beside it.
_PASSED_BEFORE_OUTPUT = re.compile(
    rf"{_NAME} PASSED {{1,300}}\[(?:100%|(?P<all>[0-9]{{1,7}})/(?P=all))\][^\n]{{1,2000}}"
)
_PASSED_WITH_OUTPUT = (_PASSED_AFTER_OUTPUT, _PASSED_BESIDE_OUTPUT, _PASSED_BEFORE_OUTPUT)
# .....s..ssss..F...x...
# With console_output_style=classic xdist writes those of all tests into one row, without the files.
_LETTERS = {".": "passed", "F": "failed", "s": "skipped", "x": "xfailed", "X": "xpassed"}
_MANY_LETTERS = re.compile(rf"[{''.join(_LETTERS)}]{{501,1000000}}")
# PASSED tests/test_orders.py::test_total[2-3]
_LISTED = re.compile(r"PASSED [^\s:]{1,300}::[^\n]{1,500}")
# =========================== short test summary info ============================
_SECTION = re.compile(r"={3,} ([^=\n]{1,100}) ={3,}")
# ============= 1 failed, 120 passed, 2 warnings in 3.21s (0:01:02) =============
_TOTAL = re.compile(
    r"(?:=+ )?([0-9]{1,7} (?:passed|failed|error|skipped|deselected|warning|x)[0-9a-z ,]{0,200}|no tests ran) "
    r"in [0-9.:]{1,12}s(?: \([0-9:a-z, ]{1,30}\))?(?: =+)?"
)
_COUNTED = re.compile(r"(?:^|, )([0-9]{1,7}) ([a-z]{1,20}(?: passed)?)")


class _Area(Enum):
    PROGRESS = auto()
    LIST = auto()
    OTHER = auto()


_AREAS = {"test session starts": _Area.PROGRESS, "short test summary info": _Area.LIST}


@dataclass(slots=True)
class _Run:
    """What was recognised of a run: passed tests counted in its progress and in its list, and the rows of both.

    beside: how many lines may hold the status of a passed test behind what it prints.
    letters: of rows that have so many that nobody counts them, by these rows. area: in which part of it we are.
    """

    passed: int = 0
    beside: int = 0
    subtests: dict[int, str] = field(default_factory=dict)
    rows: list[int] = field(default_factory=list)
    dots: list[int] = field(default_factory=list)
    letters: dict[int, Counter[str]] = field(default_factory=dict)
    listed: list[int] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    begun: dict[int, str] = field(default_factory=dict)
    area: _Area = _Area.PROGRESS

    def read(self, row: int, lines: Sequence[str]) -> None:
        line = lines[row]
        if section := _SECTION.fullmatch(line):
            self.area = _AREAS.get(section[1], _Area.OTHER)
        elif self.area is _Area.PROGRESS:
            self.read_progress(row, line)
        elif self.area is _Area.LIST and _LISTED.fullmatch(line):
            self.listed.append(row)

    def read_progress(self, row: int, line: str) -> None:
        match = _PASSED.fullmatch(line) or _PASSED_BY_WORKER.fullmatch(line)
        if match:
            self.passed += 1
            self.rows.append(row)
            self.names.add(match[1])
        elif match := _SUBPASSED.fullmatch(line) or _SUBPASSED_BY_WORKER.fullmatch(line):
            self.subtests[row] = match[1]
        elif match := _BEGUN.fullmatch(line):
            self.begun[row] = match[1]
        elif any(form.fullmatch(line) for form in _PASSED_WITH_OUTPUT):
            self.passed += 1
        elif _PASSED_BEHIND_OUTPUT.fullmatch(line):
            self.beside += 1
        elif _MANY_LETTERS.fullmatch(line):
            self.letters[row] = Counter(line)
            self.passed += self.letters[row]["."]
        elif line.strip() and (match := _DOTS.fullmatch(line)):
            self.passed += match[1].count(".")
            if not match[1].strip("."):
                self.dots.append(row)

    @property
    def is_begun(self) -> bool:
        return bool(self.passed or self.listed)

    def adds_up(self, total: re.Match[str]) -> bool:
        counted = {what: int(number) for number, what in _COUNTED.findall(total[1])}
        passed = counted.get("passed", 0)
        self.leave_subtests(counted)
        self.leave_letters(counted)
        has_all = not self.passed or self.passed <= passed <= self.passed + self.beside
        return has_all and len(self.listed) in {0, passed}

    def leave_subtests(self, counted: Mapping[str, int]) -> None:
        """Take the subtests of passed tests for rows to leave out, if as many are listed as were counted."""
        if len(self.subtests) == counted.get("subtests passed", counted.get("subtest passed", 0)):
            self.rows += [row for row, name in self.subtests.items() if name in self.names]

    def leave_letters(self, counted: Mapping[str, int]) -> None:
        """Take rows of letters for rows to leave out, if as many of each are there as were counted.

        Files that are skipped before their tests are known have no letter.
        """
        found = sum(self.letters.values(), Counter())
        missing = {what: counted.get(what, 0) - found[letter] for letter, what in _LETTERS.items()}
        if missing["skipped"] < 0 or any(number for what, number in missing.items() if what != "skipped"):
            self.letters.clear()

    def gaps(self, lines: Sequence[str]) -> Iterator[Gap]:
        begun = {row for row, name in self.begun.items() if name in self.names}
        slow = slow_rows(self.rows, lines, _TIME) | slow_rows(self.dots, lines, _TIME)
        yield from judged_gaps({*self.rows, *begun} - slow, TESTS)
        yield from judged_gaps(set(self.dots) - slow, "dots of passed tests")
        yield from judged_gaps(self.letters, "progress, a letter for each of the tests that are counted below")
        yield from judged_gaps(self.listed, TESTS)


def find(document: Document, lines: Sequence[str]) -> Iterator[Gap]:
    if may_run(document.call, _PROGRAMS) and any(map(_TOTAL.fullmatch, map(str.rstrip, lines))):
        runs = whole_runs(lines, _Run, _TOTAL)
        yield from sorted((gap for run in runs for gap in run.gaps(lines)), key=lambda gap: gap.start)

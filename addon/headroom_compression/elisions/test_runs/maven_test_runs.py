"""Test classes without failures in the report of Maven's Surefire and Failsafe.

Never left out: classes with a failure, an error or a skipped test, slow ones, what tests print, stack traces, the
results. Only where the tests, failures, errors and skipped ones of the classes are as many as each module's result
counts.
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
from headroom_compression.formats.test_reports.totals import CLASSES
from headroom_compression.formats.test_reports.totals import passed_gaps
from headroom_compression.formats.test_reports.totals import slow_rows
from headroom_compression.formats.test_reports.totals import whole_runs

WORKS_ON = Stage.TERMINAL
WORKS_ACROSS_CUTS = True
HALLMARKS = ("Tests run: ", ", Time elapsed: ")

_PROGRAMS = frozenset({"mvn", "mvnw", "mvnd"})
# [INFO] Running com.example.shop.CartTest
_RUNNING = re.compile(r"(?:\[INFO\] )?Running ([A-Za-z_$][\w.$ -]{0,300})\s{0,9}")
_LEVEL = r"(?:\[(?:INFO|WARNING|WARN|ERROR)\] )?"
_COUNTS = r"Tests run: ([0-9]{1,7}), Failures: ([0-9]{1,7}), Errors: ([0-9]{1,7}), Skipped: ([0-9]{1,7})"
# [INFO] Tests run: 7, Failures: 0, Errors: 0, Skipped: 0, Time elapsed: 0.104 s - in com.example.shop.CartTest
_CLASS = re.compile(rf"{_LEVEL}{_COUNTS}, Time elapsed: ([^\n]{{1,400}})")
_NAMED = re.compile(r"[0-9.,]{1,12} s(?:ec)? --? in ([^\s].{0,300}?)\s{0,9}")
_UNNAMED = re.compile(r"[0-9.,]{1,12} s(?:ec)?\s{0,9}")
_TIME = re.compile(r", Time elapsed: ([0-9.,]{1,12} s)")
# [ERROR] Tests run: 168, Failures: 1, Errors: 0, Skipped: 1
_RESULT = re.compile(rf"{_LEVEL}{_COUNTS}\s{{0,9}}")


@dataclass(slots=True)
class _Module:
    """What was read of a module. classes: their rows, the one with the counts last.

    running: rows that wait for the end of their class, by its name.
    """

    counts: list[int] = field(default_factory=lambda: [0, 0, 0, 0])
    classes: list[tuple[int, ...]] = field(default_factory=list)
    running: dict[str, int] = field(default_factory=dict)

    @property
    def is_begun(self) -> bool:
        return any(self.counts) or bool(self.classes)

    def read(self, row: int, lines: Sequence[str]) -> None:
        line = lines[row]
        if match := _RUNNING.fullmatch(line):
            self.running[match[1].rstrip()] = row
        elif match := _CLASS.fullmatch(line):
            self.end_class(row, [int(match[group]) for group in range(1, 5)], match[5])

    def adds_up(self, total: re.Match[str]) -> bool:
        return self.counts == [int(total[group]) for group in range(1, 5)]

    def end_class(self, row: int, counts: Sequence[int], rest: str) -> None:
        self.counts = [before + count for before, count in zip(self.counts, counts, strict=True)]
        named, unnamed = _NAMED.fullmatch(rest), _UNNAMED.fullmatch(rest)
        if any(counts[1:]) or not (named or unnamed):
            return
        # Without a name it ends the class that began last.
        name = named[1] if named else next(reversed(self.running), "")
        begun = self.running.pop(name, None)
        self.classes.append((row,) if begun is None else (begun, row))


def find(document: Document, lines: Sequence[str]) -> Iterator[Gap]:
    if may_run(document.call, _PROGRAMS):
        classes = [rows for module in whole_runs(lines, _Module, _RESULT) for rows in module.classes]
        slow = slow_rows([rows[-1] for rows in classes], lines, _TIME)
        passed = sorted(row for rows in classes if rows[-1] not in slow for row in rows)
        yield from passed_gaps(passed, lines, CLASSES)

"""Passed tests of `cargo test`, of each binary and of the doc-tests, and binaries that had no test to run.

Never left out: failed, ignored and slow tests, benchmarks, what tests print, panics, warnings of the build, the result
of each binary that ran tests. Only where each result counts as many passed tests as were recognised before it; else a
binary crashed, or the text is not whole.
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
from headroom_compression.formats.gaps import judged_gaps
from headroom_compression.formats.test_reports.totals import TESTS
from headroom_compression.formats.test_reports.totals import slow_rows

WORKS_ON = Stage.TERMINAL
WORKS_ACROSS_CUTS = True
HALLMARKS = ("test result: ", " ... ok")

_PROGRAMS = frozenset({"cargo", "cross"})
#      Running tests/checkout.rs (target/debug/deps/checkout-c14cf28e64aa1592)
#    Doc-tests shop
_BINARY = re.compile(r" {3,5}(?:Running [^\n]{1,500} \([^\n]{1,500}\)|Doc-tests [^\s]{1,200})")
# running 14 tests
_BEGIN = re.compile(r"running ([0-9]{1,7}) tests?")
# test orders::tests::zero_is_refused - should panic ... ok
_PASSED = re.compile(r"test ([^\n]{1,500}?)(?: - should panic)? \.\.\. ok(?: <[0-9.]{1,9}s>)?")
_TIME = re.compile(r" <([0-9.]{1,9}s)>$")
_SEPARATOR = " ... "
# What tests printed comes after all of them, in these parts; then their names.
_SUCCESSES, _FAILURES = "successes:", "failures:"
_LISTED = "    "
_OK = "test result: ok."
# test result: FAILED. 47 passed; 1 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.22s
_RESULT = re.compile(
    r"test result: (?:ok|FAILED)\. ([0-9]{1,7}) passed; ([0-9]{1,7}) failed; ([0-9]{1,7}) ignored; "
    r"([0-9]{1,7}) measured; [0-9]{1,7} filtered out(?:; finished in [0-9.]{1,9}s)?"
)


@dataclass(slots=True)
class _Run:
    """Of one binary: the number of its tests, and the rows of the passed ones."""

    row: int
    tests: int
    passed: int = 0
    rows: list[int] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    part: str = ""

    def read(self, row: int, line: str) -> None:
        if line in {_SUCCESSES, _FAILURES}:
            self.part = line
        elif self.part == _SUCCESSES and line.startswith(_LISTED) and line[len(_LISTED) :] in self.names:
            self.rows.append(row)
        elif self.part:
            return
        elif (match := _PASSED.fullmatch(line)) and line.count(_SEPARATOR) == 1:
            self.passed += 1
            self.rows.append(row)
            self.names.add(match[1])
        elif line == "ok":
            self.passed += 1  # the test printed something before its status

    def adds_up(self, counts: Sequence[int]) -> bool:
        return self.passed == counts[0] and self.tests == sum(counts)

    def whole(self, stop: int, lines: Sequence[str]) -> range:
        """Its rows, from the empty one before the name of the binary to the empty one after its result.

        None where anything else is said in between, or it failed.
        """
        start = self.row - 3
        rows = range(start, stop + 2)
        if start < 0 or rows.stop > len(lines) or not _BINARY.fullmatch(lines[start + 1]):
            return range(0)
        is_quiet = not any(lines[row] for row in {*rows} - {start + 1, self.row, stop})
        return rows if is_quiet and lines[stop].startswith(_OK) else range(0)


def find(document: Document, lines: Sequence[str]) -> Iterator[Gap]:
    if may_run(document.call, _PROGRAMS):
        passed, empty = _rows(lines)
        slow = slow_rows([row for row in passed if _PASSED.fullmatch(lines[row])], lines, _TIME)
        gaps = [
            *judged_gaps(set(passed) - slow, TESTS),
            *judged_gaps(empty, "test binaries without a test to run"),
        ]
        yield from sorted(gaps, key=lambda gap: gap.start)


def _rows(lines: Sequence[str]) -> tuple[list[int], list[int]]:
    """Of passed tests and of binaries without tests; none where a run does not add up, or none has passed tests."""
    passed: list[int] = []
    empty: list[range] = []
    run: _Run | None = None
    for row, line in enumerate(lines):
        if begin := _BEGIN.fullmatch(line):
            if run:
                return [], []
            run = _Run(row, int(begin[1]))
        elif result := _RESULT.fullmatch(line):
            if run is None or not run.adds_up([int(count) for count in result.groups()]):
                return [], []
            passed += run.rows
            empty += [] if run.tests else [run.whole(row, lines)]
            run = None
        elif run:
            run.read(row, line)
        elif _PASSED.fullmatch(line):
            return [], []
    # The first and the last one show what they look like.
    return ([], []) if run or not passed else (passed, [row for rows in empty[1:-1] for row in rows])

"""Passed tests of `go test -json`: their events, and the lines of the runner among what they print.

Never left out: failed and skipped tests, slow ones, what tests print and log, events of packages and builds. Of a
package only where each test that was begun has ended once, and the package too: else it panicked, ran out of time, or
its text is not whole, and all its tests stay.
"""

from __future__ import annotations

import json
import re
from collections import Counter
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
from headroom_compression.formats.test_reports.totals import slow_times

WORKS_ON = Stage.TERMINAL
WORKS_ACROSS_CUTS = True
HALLMARKS = ('{"',)

_PROGRAMS = frozenset({"go", "gotestsum"})
_BEGIN = '{"'
_MAX_CHARACTERS = 10_000  # of an event: one line of output, seldom longer than a screen is wide
_MAX_SECONDS = 1_000_000  # eleven days; of larger numbers some are too large for a float
_KEYS = frozenset({"Time", "Action", "Package", "Test", "Output", "Elapsed", "OutputType"})
_ENDS = frozenset({"pass", "fail", "skip"})
_PLAIN = frozenset({"cont", "pause", "run"})
# What the runner says of a passed test, as an "output" of it.
_FRAME = re.compile(
    r"=== (?:RUN|PAUSE|CONT|NAME) {1,3}[^\s]{1,300}\n| {0,80}--- PASS: [^\s]{1,300} \([0-9.]{1,12}s\)\n"
)


@dataclass(slots=True)
class _Package:
    """The tests of a package, how often each was begun and ended, and the rows that tell no more than that."""

    begun: Counter[str] = field(default_factory=Counter)
    ended: Counter[str] = field(default_factory=Counter)
    without_pass: set[str] = field(default_factory=set)
    rows: dict[int, str] = field(default_factory=dict)
    times: dict[int, float] = field(default_factory=dict)

    def read(self, row: int, test: str, action: str, event: dict[str, object]) -> None:
        self.begun[test] += action == "run"
        self.ended[test] += action in _ENDS
        if action == "pass":
            self.times[row] = _seconds(event)
        elif action not in _PLAIN and action != "output":
            self.without_pass.add(test)
        output = event.get("Output")
        if action != "output" or (isinstance(output, str) and _FRAME.fullmatch(output)):
            self.rows[row] = test

    def passed_rows(self) -> list[int]:
        if self.begun != self.ended:
            return []
        return [row for row, test in self.rows.items() if test not in self.without_pass]


def find(document: Document, lines: Sequence[str]) -> Iterator[Gap]:
    if may_run(document.call, _PROGRAMS):
        yield from judged_gaps(_passed(lines), TESTS)


def _passed(lines: Sequence[str]) -> set[int]:
    """The rows of packages that ended, without those of slow tests."""
    packages: dict[str, _Package] = {}
    rows: set[int] = set()
    times: dict[int, float] = {}
    for row, line in enumerate(lines):
        event = _event(line)
        name, test, action = (event.get(key) for key in ("Package", "Test", "Action"))
        if not isinstance(name, str) or not isinstance(action, str):
            continue
        if isinstance(test, str):
            packages.setdefault(name, _Package()).read(row, test, action, event)
        elif action in _ENDS and name in packages:
            package = packages.pop(name)
            found = package.passed_rows()
            rows.update(found)
            times.update((row, package.times[row]) for row in found if row in package.times)
    return rows - slow_times(times)


def _event(line: str) -> dict[str, object]:
    """What an event of a test or package says; nothing of another line."""
    if not line.startswith(_BEGIN) or len(line) > _MAX_CHARACTERS:
        return {}
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) and value.keys() <= _KEYS else {}


def _seconds(event: dict[str, object]) -> float:
    elapsed = event.get("Elapsed")
    # Go writes whole seconds without a point.
    return float(min(elapsed, _MAX_SECONDS)) if isinstance(elapsed, int | float) else 0.0

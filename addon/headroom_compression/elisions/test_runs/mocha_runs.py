"""Passed tests of Mocha's reporter `spec`, with the groups of tests that hold nothing else.

Never left out: tests that failed, are pending or were slow, with the headings above them; what tests print; the counts
and details at the end. Only where each run counts as many passing tests as are listed above its counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Sequence

from headroom_compression.calls.launchers import may_run
from headroom_compression.document import Document
from headroom_compression.document import Stage
from headroom_compression.formats.gaps import Gap
from headroom_compression.formats.test_reports.totals import TREES
from headroom_compression.formats.test_reports.totals import add_up
from headroom_compression.formats.test_reports.totals import passed_gaps
from headroom_compression.formats.test_reports.totals import slow_rows
from headroom_compression.formats.test_reports.trees import Kind
from headroom_compression.formats.test_reports.trees import TreeRow
from headroom_compression.formats.test_reports.trees import indent_of
from headroom_compression.formats.test_reports.trees import passed_rows
from headroom_compression.formats.test_reports.trees import reads_like_a_message

WORKS_ON = Stage.TERMINAL
WORKS_ACROSS_CUTS = True
HALLMARKS = (" passing (",)

_PROGRAMS = frozenset({"_mocha", "cypress", "electron-mocha", "mocha", "wdio"})
_STEP = 2  # spaces by which a group stands right of the one that it is in
#       ✔ adds an item (52ms)      ✓ adds an item
_PASSED = re.compile(r" {2,200}[✔✓√] \S")
_TIME = re.compile(r" \(([0-9]{1,9}ms)\)\s{0,9}$")
#       1) removes an item         - counts items
_OTHER = re.compile(r" {2,200}(?:[0-9]{1,6}\) |- )\S")
#   166 passing (15ms)
_TOTAL = re.compile(r" {2}([0-9]{1,7}) passing \([0-9a-z .]{1,20}\)\s{0,9}")


def find(document: Document, lines: Sequence[str]) -> Iterator[Gap]:
    if not may_run(document.call, _PROGRAMS):
        return
    passed = [(row, 1) for row, line in enumerate(lines) if _PASSED.match(line)]
    totals = [(row, int(match[1])) for row, line in enumerate(lines) if (match := _TOTAL.fullmatch(line))]
    if totals and add_up(passed, totals):
        slow = slow_rows([row for row, _ in passed], lines, _TIME)
        yield from passed_gaps(passed_rows(_tree(lines), slow), lines, TREES)


def _tree(lines: Sequence[str]) -> Iterator[TreeRow]:
    """Tests and groups. All else is what tests print, and so is a line below such a line that is no test."""
    groups: list[int] = []
    has_printed = False
    for row, line in enumerate(lines):
        indent = indent_of(line)
        if _PASSED.match(line) or _OTHER.match(line):
            has_printed = False
            yield TreeRow(row, indent, Kind.PASSED if _PASSED.match(line) else Kind.OTHER)
        elif not has_printed and _is_heading(lines, row, groups):
            groups[indent // _STEP - 1 :] = [indent]
            yield TreeRow(row, indent, Kind.HEADING)
        else:
            has_printed = bool(line.strip())


def _is_heading(lines: Sequence[str], row: int, groups: Sequence[int]) -> bool:
    """Whether the line stands where a group begins, and its first test or group a step right of it."""
    line, above = lines[row], lines[row - 1] if row else ""
    indent = indent_of(line)
    has_below = row + 1 < len(lines) and bool(lines[row + 1].strip()) and indent_of(lines[row + 1]) == indent + _STEP
    if not has_below or reads_like_a_message(line):
        return False
    # Outermost groups stand below an empty line or a test that is in no group, others a step right of their group.
    is_outermost = not above.strip() or (indent_of(above) == _STEP and _PASSED.match(above) is not None)
    return is_outermost if indent == _STEP else indent - _STEP in groups

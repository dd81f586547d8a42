"""Passed tests of `cargo nextest run`: `PASS [   0.006s] ( 39/126) shop orders::tests::adds_a_line`.

Never left out: tests that failed, were slow, leaky, skipped or tried again, what tests print, the summary. Only where
the summary counts as many passed tests as were recognised before it; else the run was another one, or is not whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Sequence

from headroom_compression.calls.launchers import may_run
from headroom_compression.document import Document
from headroom_compression.document import Stage
from headroom_compression.formats.gaps import Gap
from headroom_compression.formats.gaps import judged_gaps
from headroom_compression.formats.test_reports.totals import TESTS
from headroom_compression.formats.test_reports.totals import add_up
from headroom_compression.formats.test_reports.totals import slow_rows

WORKS_ON = Stage.TERMINAL
WORKS_ACROSS_CUTS = True
HALLMARKS = (" Summary [",)

_PROGRAMS = frozenset({"cargo", "cargo-nextest"})
#         PASS [   0.006s] ( 39/126) shop orders::tests::adds_a_line
#   TRY 2 PASS [   0.004s] ( 40/126) shop orders::tests::is_reserved
#         LEAK [   0.105s] ( 41/126) shop orders::tests::starts_a_worker
_PASSED = re.compile(
    r" {1,12}(TRY [0-9]{1,3} |)(PASS|LEAK) \[ {0,8}[0-9.]{1,12}s\] (?:\( {0,8}[0-9]{1,7}/[0-9]{1,7}\) )?[^\n]{1,500}"
)
_TIME = re.compile(r"^ {1,12}PASS \[ {0,8}([0-9.]{1,12}s)\]")
#      Summary [   0.735s] 126 tests run: 125 passed (1 leaky), 1 failed, 1 skipped
_SUMMARY = re.compile(
    r" {1,12}Summary \[ {0,8}[0-9.]{1,12}s\] (?:[0-9]{1,7}/)?[0-9]{1,7} tests? run: ([0-9]{1,7}) passed[^\n]{0,200}"
)


def find(document: Document, lines: Sequence[str]) -> Iterator[Gap]:
    if not may_run(document.call, _PROGRAMS):
        return
    passed = {row: match for row, line in enumerate(lines) if (match := _PASSED.fullmatch(line))}
    totals = [(row, int(match[1])) for row, line in enumerate(lines) if (match := _SUMMARY.fullmatch(line))]
    if add_up([(row, 1) for row in passed], totals):
        rows = [row for row, match in passed.items() if not match[1] and match[2] == "PASS"]
        yield from judged_gaps(set(rows) - slow_rows(rows, lines, _TIME), TESTS)

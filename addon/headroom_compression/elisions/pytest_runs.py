"""Passed tests of pytest: the lines `tests/test_a.py::test_b PASSED [ 12%]` of `pytest -v`, with xdist's too.

Never left out: any other outcome, captured output, tracebacks, warnings, the summaries. Only where the last line of
the run counts as many passed tests as there are such lines; else the run was another one, or the text is not whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Sequence

from headroom_compression.document import Document
from headroom_compression.document import Gap
from headroom_compression.document import Stage
from headroom_compression.program_runs import programs_run

WORKS_ON = Stage.TERMINAL

_PROGRAMS = frozenset({"pytest", "py.test", "tox", "nox", "hatch", "make"})
# tests/test_orders.py::test_total[2-3] PASSED                             [ 12%]
# [gw0] [ 12%] PASSED tests/test_orders.py::test_total[2-3]
_PASSED = re.compile(
    r"[^\s:]{1,300}::[^\n]{1,500} PASSED(?: {1,80}\[ {0,2}[0-9]{1,3}%\])? {0,20}"
    r"|\[gw[0-9]{1,3}\] \[ {0,2}[0-9]{1,3}%\] PASSED [^\s:]{1,300}::[^\n]{1,500}"
)
# ============= 1 failed, 120 passed, 2 warnings in 3.21s (0:01:02) =============
_TOTAL = re.compile(
    r"=+ (?:[0-9a-z ,]{0,200}, )?([0-9]{1,7}) passed(?:, [0-9a-z ,]{1,200})? in [0-9.:]{1,12}s[^=]{0,20} =+"
)


def find(document: Document, lines: Sequence[str]) -> Iterator[Gap]:
    if not any(words[0] in _PROGRAMS for words in programs_run(document.call)):
        return
    passed = [row for row, line in enumerate(lines) if _PASSED.fullmatch(line)]
    totals = [int(match[1]) for line in lines if (match := _TOTAL.fullmatch(line.rstrip()))]
    if not passed or totals != [len(passed)]:
        return
    start = passed[0]
    for row, following in zip(passed, [*passed[1:], -1], strict=True):
        if following != row + 1:
            yield Gap(start, row + 1, "passed tests", is_judged=True)
            start = following

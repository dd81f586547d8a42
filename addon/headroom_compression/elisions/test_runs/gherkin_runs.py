"""Passed scenarios of behave, with their steps: `Scenario: adds an item  # features/cart.feature:9`.

Never left out: scenarios that failed, are undefined or skipped, with their features; what steps print, with all of its
scenario; slow steps; the lists and totals at the end. Only where as many whole scenarios are listed as each run counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Sequence

from headroom_compression.calls.launchers import may_run
from headroom_compression.document import Document
from headroom_compression.document import Stage
from headroom_compression.formats.gaps import Gap
from headroom_compression.formats.test_reports.totals import add_up
from headroom_compression.formats.test_reports.totals import passed_gaps
from headroom_compression.formats.test_reports.totals import slow_rows
from headroom_compression.record import record

WORKS_ON = Stage.TERMINAL
WORKS_ACROSS_CUTS = True
HALLMARKS = (" scenarios passed, ",)

_PROGRAMS = frozenset({"behave"})
_WHAT = "passed scenarios and their steps"
#   Scenario Outline: adds <a> -- @1.1 small  # features/cart.feature:9
_SCENARIO = re.compile(
    r" {2,12}(?:Scenario|Example)(?: Outline)?: [^\n#]{0,1500}(?:# ([^\n#]{1,400}:[1-9][0-9]{0,8}))?"
)
# A step that was not reached has "# None", and without --no-source none has nothing.
#     Given a cart with 0 and 1 # features/steps/steps.py:3         # features/steps/steps.py:3 0.001s
#     Given a cart with 0 and 1 ... passed in 0.000s
_STEP = re.compile(
    r" {4,14}(?:Given|When|Then|And|But|\*) [^\n]{0,1500}"
    r"(?: # [^\n#]{1,400}:[1-9][0-9]{0,8}(?: [0-9.]{1,9}s)?| \.\.\. passed in [0-9.]{1,9}s)"
)
_TIME = re.compile(r" ([0-9.]{1,9}s)$")
# Of a step, the table and the text below it.
_ARGUMENT = re.compile(r" {6,16}\|[^\n]{0,2000}\|")
_QUOTES = '"""'
_TAGS = re.compile(r" {2,12}@[^\n]{1,500}")
# 62 scenarios passed, 1 failed, 1 error, 0 skipped
_TOTAL = re.compile(r"([0-9]{1,7}) scenarios? passed, [0-9]{1,7} failed, [^\n]{1,100}")
#   features/orders.feature:78  rounds half up
_LISTED = re.compile(r"  ([^\n]{1,400}?:[1-9][0-9]{0,8})  [^\n]{1,1500}")


@record
class _Scenario:
    """The rows `start` up to `stop`; those before it that are its tags too."""

    start: int
    stop: int
    place: str


def find(document: Document, lines: Sequence[str]) -> Iterator[Gap]:
    if not may_run(document.call, _PROGRAMS):
        return
    listed = {match[1] for line in lines if (match := _LISTED.fullmatch(line))}
    passed = [scenario for scenario in _scenarios(lines) if scenario.place not in listed]
    rows_of = {scenario.start for scenario in passed}
    others = [(row, 1) for row, line in enumerate(lines) if row not in rows_of and _SCENARIO.fullmatch(line)]
    totals = [(row, int(match[1])) for row, line in enumerate(lines) if (match := _TOTAL.fullmatch(line))]
    if totals and add_up([(row, 1) for row in sorted(rows_of)], totals, others):
        steps = [row for scenario in passed for row in range(scenario.start, scenario.stop)]
        slow = slow_rows(steps, lines, _TIME)
        whole = [scenario for scenario in passed if slow.isdisjoint(range(scenario.start, scenario.stop))]
        rows = (row for scenario in whole for row in range(_with_tags(scenario, lines), scenario.stop))
        yield from passed_gaps(list(rows), lines, _WHAT)


def _scenarios(lines: Sequence[str]) -> Iterator[_Scenario]:
    """Those of which nothing but their steps is listed, each of which has its definition."""
    for start, line in enumerate(lines):
        match = _SCENARIO.fullmatch(line)
        if match is None:
            continue
        stop, quotes = start + 1, ""
        while stop < len(lines) and (_is_below(lines[stop], quotes) if quotes else _is_of_step(lines[stop])):
            if lines[stop].strip() == _QUOTES:
                quotes = "" if quotes else lines[stop]
            stop += 1
        if stop == len(lines) or not lines[stop].strip():
            yield _Scenario(start, stop, match[1] or "")


def _is_of_step(line: str) -> bool:
    return bool(_STEP.fullmatch(line) or _ARGUMENT.fullmatch(line) or line.strip() == _QUOTES)


def _is_below(line: str, quotes: str) -> bool:
    """Whether it is of the text between quotes, which is indented as they are; what a step prints is not."""
    return not line or line.startswith(quotes.removesuffix(_QUOTES))


def _with_tags(scenario: _Scenario, lines: Sequence[str]) -> int:
    """Where its tags begin."""
    start = scenario.start
    while start and _TAGS.fullmatch(lines[start - 1]):
        start -= 1
    return start

"""Logs of a CI: what the runner and git tell of fetching, and groups that the log folds, where nothing tells of trouble.

What a step's own program wrote is handed on, without the time before each line, to the elisions that know its form.
Lines that stand above already are left out too, unless they are beside a line of trouble.
Never left out: what opens and closes a group, and any line of a group in which one tells of an error or a failure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Sequence
from itertools import groupby
from itertools import pairwise

from headroom_compression.calls.programs import programs_run
from headroom_compression.calls.tool_call import ToolCall
from headroom_compression.document import Document
from headroom_compression.document import Stage
from headroom_compression.formats.alarms import alarm_rows
from headroom_compression.formats.gaps import Gap
from headroom_compression.formats.logs.ci_lines import FETCH_LINES
from headroom_compression.formats.logs.ci_lines import CiLines
from headroom_compression.formats.logs.ci_lines import read_ci_lines
from headroom_compression.formats.passages import Passage

WORKS_ON = Stage.TERMINAL

_REPEATED = "lines that the log has above as well, at other times"
_IN_GROUPS = "lines of a group without a word of trouble"
_KINDS = tuple((what, re.compile("|".join(rows))) for what, rows in FETCH_LINES.items())
_LOG_OPTIONS = frozenset({"--log", "--log-failed"})
# repos/acme/shop/actions/jobs/4711/logs
_LOG_PATH = re.compile(r"/?repos/[^\s/]{1,100}/[^\s/]{1,100}/actions/(?:jobs|runs)/[^\s/]{1,40}/logs")
# What a step runs, may stand in any file: its report has to prove what wrote it.
_ANY_PROGRAM = "make"
_ANY_LOG = ("docker", "logs")
# What is shorter cannot be left out: `kept_lines` wants 450 characters beside the first and the last line of a gap.
_MIN_LINES = 5
_RUN = 3  # lines in a row that must be the same: one or two may be so by chance
_NEAR = 3  # lines before and after one of trouble, which belong to it


def find(document: Document, lines: Sequence[str]) -> Iterator[Gap]:
    log = _read(document, lines)
    if log is None:
        return
    fetched = {row: what for row, line in enumerate(log.lines) if (what := _fetched(line))}
    alarms = alarm_rows(log.lines)
    whats = dict.fromkeys(_said_before(log, alarms), _REPEATED) | dict.fromkeys(_calm(log, alarms), _IN_GROUPS) | fetched
    start = 0
    for what, rows in groupby(map(whats.get, range(len(lines)))):
        stop = start + len(list(rows))
        if what:
            yield Gap(start, stop, what, is_judged=what not in {_REPEATED, _IN_GROUPS})
        start = stop


def passages(document: Document, lines: Sequence[str]) -> Iterator[Passage]:
    """What stands between the lines that open and close groups, and of each step on its own."""
    log = _read(document, lines)
    for start, stop in pairwise(log.breaks if log else ()):
        if log and stop - start >= _MIN_LINES:
            yield Passage(start, log.lines[start:stop], _ANY_PROGRAM, _ANY_LOG)


def _read(document: Document, lines: Sequence[str]) -> CiLines | None:
    return read_ci_lines(lines) if _prints_log(document.call) else None


def _prints_log(call: ToolCall | None) -> bool:
    """gh run view 4711 --log-failed | tail -300; gh api repos/acme/shop/actions/jobs/4711/logs"""
    return any(
        words[:3] == ("gh", "run", "view") and not _LOG_OPTIONS.isdisjoint(words)
        or words[:2] == ("gh", "api") and any(map(_LOG_PATH.fullmatch, words))
        for words in programs_run(call)
    )


def _fetched(line: str) -> str | None:
    return next((what for what, form in _KINDS if form.fullmatch(line)), None)


def _calm(log: CiLines, alarms: set[int]) -> Iterator[int]:
    for start, stop in log.groups:
        if alarms.isdisjoint(range(start, stop)):
            yield from range(start, stop)


def _said_before(log: CiLines, alarms: set[int]) -> Iterator[int]:
    """Rows of runs that stand above already, but for those near to a line of trouble."""
    near = {row + away for row in alarms for away in range(-_NEAR, _NEAR + 1)}
    known: set[tuple[str, ...]] = set()
    runs = zip(*(log.lines[first:] for first in range(_RUN)), strict=False)
    for row, run in enumerate(runs):
        if run in known:
            yield from (own for own in range(row, row + _RUN) if own not in near)
        else:
            known.add(run)

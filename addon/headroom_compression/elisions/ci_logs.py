"""Logs of a CI: what was fetched and is there, and groups that the log folds, without a word of trouble.

What a step's own program wrote is handed on, without the time before each line, to the elisions that know its form.
Lines that stand above already are left out too, unless they are beside a line of trouble.
Never left out: what opens and closes a group, and all of one that tells of trouble or whose step fails.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from collections.abc import Sequence
from itertools import groupby
from itertools import pairwise

from headroom_compression.calls.programs import prints_file
from headroom_compression.calls.programs import programs_run
from headroom_compression.calls.tool_call import ToolCall
from headroom_compression.document import Document
from headroom_compression.document import Stage
from headroom_compression.formats.alarms import alarm_rows
from headroom_compression.formats.gaps import Gap
from headroom_compression.formats.line_kinds import LineKinds
from headroom_compression.formats.logs.ci_lines import FETCH_LINES
from headroom_compression.formats.logs.ci_lines import CiLines
from headroom_compression.formats.logs.ci_lines import read_ci_lines
from headroom_compression.formats.passages import Passage

WORKS_ON = Stage.TERMINAL

_REPEATED = "lines that the log has above as well, at other times"
_IN_GROUPS = "lines of a group without a word of trouble"
_KINDS = LineKinds(FETCH_LINES)
_LOG_OPTIONS = frozenset({"--log", "--log-failed"})
# repos/acme/shop/actions/jobs/4711/logs
_LOG_PATH = re.compile(r"/?repos/[^\s/]{1,100}/[^\s/]{1,100}/actions/(?:jobs|runs)/[^\s/]{1,40}/logs")
# What a step runs, may stand in any file: its report has to prove what wrote it.
_ANY_PROGRAM = "make"
_ANY_LOG = ("docker", "logs")
_MARK = "##["
_STEP = "##[group]Run "  # followed by the inputs and variables of the step
_ERROR = "##[error]"
# What is shorter cannot be left out: `kept_lines` wants 450 characters beside the first and the last line of a gap.
_MIN_LINES = 5
_RUN = 3  # lines in a row that must be the same: one or two may be so by chance
_NEAR = 3  # lines before and after one of trouble, which belong to it


def find(document: Document, lines: Sequence[str]) -> Iterator[Gap]:
    return unwrap(document, lines)[1]


def unwrap(document: Document, lines: Sequence[str]) -> tuple[Sequence[Passage], Iterator[Gap]]:
    """What stands between the lines that open and close groups, and of each step on its own; and what it finds."""
    log = read_ci_lines(lines) if _prints_log(document.call) else None
    return (list(_passages(log)), _gaps(log)) if log else ((), iter(()))


def _gaps(log: CiLines) -> Iterator[Gap]:
    repeated = set(_said_before(log.lines))
    trouble = _trouble(log, repeated)
    near = {row + away for row in trouble for away in range(-_NEAR, _NEAR + 1)}
    whats = dict.fromkeys(repeated - near, _REPEATED) | dict.fromkeys(_calm(log, trouble), _IN_GROUPS)
    whats |= _fetched(log.lines)
    start = 0
    for what, rows in groupby(map(whats.get, range(len(log.lines)))):
        stop = start + len(list(rows))
        if what:
            yield Gap(start, stop, what, is_judged=what not in {_REPEATED, _IN_GROUPS})
        start = stop


def _passages(log: CiLines) -> Iterator[Passage]:
    for start, stop in pairwise(log.breaks):
        if stop - start >= _MIN_LINES:
            yield Passage(start, log.lines[start:stop], _ANY_PROGRAM, _ANY_LOG)


def _prints_log(call: ToolCall | None) -> bool:
    """gh run view 4711 --log-failed | tail -300; gh api repos/acme/shop/actions/jobs/4711/logs"""
    programs = programs_run(call)
    return any(map(_is_log, programs)) and not any(map(prints_file, programs))


def _is_log(words: Sequence[str]) -> bool:
    if tuple(words[:3]) == ("gh", "run", "view"):
        return not _LOG_OPTIONS.isdisjoint(words)
    return tuple(words[:2]) == ("gh", "api") and any(map(_LOG_PATH.fullmatch, words))


def _fetched(lines: Sequence[str]) -> dict[int, str]:
    """What the rows are of in which something was fetched, without a word of trouble."""
    found = {row: what for row, what in enumerate(_KINDS.kinds_of(lines)) if what}
    bad = alarm_rows([line if row in found else "" for row, line in enumerate(lines)]) if found else ()
    return {row: what for row, what in found.items() if row not in bad}


def _trouble(log: CiLines, repeated: set[int]) -> set[int]:
    """The rows that tell of trouble, of those that matter for the groups and for what is said again.

    Runs have as many rows as count as near, so what is so far away from one of their rows is all that is near to them.
    """
    asked = repeated | {row for group in log.groups for row in range(*group)}
    asked |= {row + away for row in repeated for away in (-_NEAR, _NEAR)}
    return alarm_rows([line if row in asked else "" for row, line in enumerate(log.lines)]) if asked else set()


def _calm(log: CiLines, trouble: set[int]) -> Iterator[int]:
    """The rows of groups without any, of steps that went on; what a step is given says nothing of how it went."""
    failing = set(_before_failures(log.lines)) if log.groups else set()
    for start, stop in log.groups:
        is_given = log.lines[start - 1].startswith(_STEP)
        if trouble.isdisjoint(range(start, stop)) and (is_given or stop not in failing):
            yield from range(start, stop)


def _before_failures(lines: Sequence[str]) -> Iterator[int]:
    """Of the rows with a mark, as the end of a group has: those after which a failure is told of in the same step."""
    fails = False
    for row in reversed([row for row, line in enumerate(lines) if line.startswith(_MARK)]):
        fails = lines[row].startswith(_ERROR) or (fails and not lines[row].startswith(_STEP))
        if fails:
            yield row


def _said_before(lines: Sequence[str]) -> Iterator[int]:
    """The rows of runs of lines that stand above already."""
    again = {line for line, times in Counter(lines).items() if times > 1}
    known: set[tuple[str, ...]] = set()
    for row, run in enumerate(zip(*(lines[first:] for first in range(_RUN)), strict=False)) if again else ():
        if run[0] not in again:
            continue
        if run in known:
            yield from range(row, row + _RUN)
        else:
            known.add(run)

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
from collections.abc import Set as AbstractSet
from dataclasses import replace
from itertools import groupby
from itertools import pairwise

from headroom_compression.calls.asked_words import asked_words
from headroom_compression.calls.asked_words import picks_by_no_word
from headroom_compression.calls.ci_commands import ci_of
from headroom_compression.calls.launchers import commands_within
from headroom_compression.calls.programs import is_log
from headroom_compression.calls.programs import programs_run
from headroom_compression.calls.shown_files import may_print_file
from headroom_compression.calls.tool_call import ToolCall
from headroom_compression.document import Document
from headroom_compression.document import Stage
from headroom_compression.formats.alarms import alarm_rows
from headroom_compression.formats.gaps import Gap
from headroom_compression.formats.gaps import inner_rows
from headroom_compression.formats.gaps import next_lines
from headroom_compression.formats.line_kinds import LineKinds
from headroom_compression.formats.logs.ci_lines import FETCH_LINES
from headroom_compression.formats.logs.ci_lines import JENKINS_GIT
from headroom_compression.formats.logs.ci_lines import CiLines
from headroom_compression.formats.logs.ci_lines import ci_in
from headroom_compression.formats.logs.ci_lines import read_ci_lines
from headroom_compression.formats.logs.ci_prefixes import read_prefixes
from headroom_compression.formats.logs.ci_prefixes import rows_that_tell_time
from headroom_compression.formats.passages import Passage

WORKS_ON = Stage.TERMINAL
WORKS_BESIDE_CUTS = True

_REPEATED = "lines that the log has above as well, at other times"
_IN_GROUPS = "lines of a group without a word of trouble"
_KINDS = LineKinds(FETCH_LINES)
# What a step runs, may stand in any file: its report has to prove what wrote it.
_ANY_PROGRAM = "make"
_ANY_LOG = ("docker", "logs")
# $(gh run list --limit 1 --json databaseId --jq '.[0].databaseId')
_ASKED_FOR = re.compile(r"""\$\(gh (?:run|pr|api) (?:[^()'"\n]|'[^'\n]{0,300}'|"[^"$`\n]{0,300}"){1,300}\)""")
_WRITTEN = re.compile(r"(?<![>0-9&])>{1,2} ?([\w./-]{1,200})")
_MARK = "##["
_STEP = "##[group]Run "  # followed by the inputs and variables of the step
_ERROR = "##[error]"
# What is shorter cannot be left out: `kept_lines` wants 450 characters beside the first and the last line of a gap.
_MIN_LINES = 5
_RUN = 3  # lines in a row that must be the same: one or two may be so by chance
# Lines that begin so tell when a step or what it says of trouble began.
_TIMED = {
    "github": ("##[group]", "##[error]", "##[warning]"),
    "azure": ("##[section]", "##[group]", "##[error]", "##[warning]"),
    "gitlab": ("$ ", "ERROR: "),
    "jenkins": ("[Pipeline] { (", "ERROR: "),
    "buildkite": ("~~~ ", "--- ", "+++ ", "$ "),
}
_TIMELIKE = re.compile(r"[tz:.\-]*[0-9][0-9tz:.\-]*")
# Characters: a time has thirty and twenty tokens, a marker fifty tokens.
_MIN_SHORTENED = 150
_NEAR = 3  # lines before and after one of trouble, which belong to it


def find(document: Document, lines: Sequence[str]) -> Iterator[Gap]:
    return unwrap(document, lines)[1]


def unwrap(document: Document, lines: Sequence[str]) -> tuple[Sequence[Passage], Iterator[Gap]]:
    """What stands between the lines that open and close groups, and of each step on its own; and what it finds."""
    ci = _ci_of(document)
    log = read_ci_lines(lines, ci) if ci else None
    if log is None:
        return (), iter(())
    return list(_passages(log)), _gaps(log, is_cut=len(lines) < document.body.count("\n") + 1)


def shortened(
    document: Document, lines: Sequence[str], gaps: Sequence[Gap], at_cuts: AbstractSet[int]
) -> Iterator[Gap]:
    """Of the lines between the gaps the times before them, with job and step; the lines themselves stay.

    Those of the lines stay at which a group begins, the CI tells of an error or a warning, or the step is another one,
    and on both sides of a silence.
    """
    call, ci = document.call, _ci_of(document)
    if call is None or not ci or _asks_for_times(call):
        return
    inner = inner_rows(lines)
    for rows in _between(gaps, inner):
        bare = _without_times(lines, rows, at_cuts, _TIMED[ci])
        if sum(map(len, lines[rows.start : rows.stop])) - sum(map(len, bare)) >= _MIN_SHORTENED:
            what = f"the times before the lines, which stand in the {next_lines(bare)}"
            yield Gap(rows.start, rows.stop, what, is_judged=True, instead=tuple(bare))


def _asks_for_times(call: ToolCall) -> bool:
    return picks_by_no_word(call) or any(map(_TIMELIKE.fullmatch, asked_words(call)))


def _between(gaps: Sequence[Gap], inner: range) -> Iterator[range]:
    start = inner.start
    for gap in gaps:
        yield range(start, gap.start)
        start = gap.stop
    yield range(start, inner.stop)


def _without_times(lines: Sequence[str], rows: range, at_cuts: AbstractSet[int], timed: tuple[str, ...]) -> list[str]:
    first = rows.start - 1
    prefixes = read_prefixes(lines[first : rows.stop + 1])
    bare = [line[len(prefix) :] for line, prefix in zip(lines[rows.start : rows.stop], prefixes[1:], strict=False)]
    kept = at_cuts | {first + row for row in rows_that_tell_time(prefixes)}
    kept |= {row for row, line in zip(rows, bare, strict=True) if line.startswith(timed)}
    return [lines[row] if row in kept else line for row, line in zip(rows, bare, strict=True)]


def _gaps(log: CiLines, *, is_cut: bool) -> Iterator[Gap]:
    repeated = set(_said_before(log.lines))
    trouble = _trouble(log, repeated)
    near = {row + away for row in trouble for away in range(-_NEAR, _NEAR + 1)}
    whats = dict.fromkeys(repeated - near, _REPEATED) | dict.fromkeys(_calm(log, trouble, is_cut=is_cut), _IN_GROUPS)
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


def _ci_of(document: Document) -> str:
    """gh run view 4711 --log-failed | tail -300   gh api repos/acme/shop/actions/jobs/4711/logs   tail -300 ci.log"""
    call = document.call
    if call is None:
        return ""
    if is_log(call) and not ci_of(call.producer):
        return ci_in(document.body)
    command = _ASKED_FOR.sub("4711", call.command or "")
    written = frozenset(_WRITTEN.findall(command))
    programs = programs_run(replace(call, command=command)) or commands_within(command)
    ci = next(filter(None, map(ci_of, programs)), "")
    return "" if any(_shows_file(words, written) for words in programs) else ci


def _shows_file(words: Sequence[str], written: AbstractSet[str]) -> bool:
    """Not where the command itself has written it: gh run view 4711 --log > /tmp/ci.txt; tail -300 /tmp/ci.txt"""
    given = {word for word in words[1:] if not word.startswith("-") and not word.isdecimal()}
    return not given <= written and may_print_file(words)


def _fetched(lines: Sequence[str]) -> dict[int, str]:
    """What the rows are of in which something was fetched, without a word of trouble."""
    found = {row: what for row, what in enumerate(_KINDS.kinds_of(lines)) if what}
    asked = {row for row, what in found.items() if what != JENKINS_GIT}
    bad = alarm_rows([line if row in asked else "" for row, line in enumerate(lines)]) if asked else ()
    return {row: what for row, what in found.items() if row not in bad}


def _trouble(log: CiLines, repeated: set[int]) -> set[int]:
    """The rows that tell of trouble, of those that matter for the groups and for what is said again.

    Runs have as many rows as count as near, so what is so far away from one of their rows is all that is near to them.
    """
    asked = repeated | {row for group in log.groups for row in range(*group)}
    asked |= {row + away for row in repeated for away in (-_NEAR, _NEAR)}
    return alarm_rows([line if row in asked else "" for row, line in enumerate(log.lines)]) if asked else set()


def _calm(log: CiLines, trouble: set[int], *, is_cut: bool) -> Iterator[int]:
    """The rows of groups without any, of steps that went on; what a step is given says nothing of how it went.

    is_cut: the end of the last step may be missing, so that it may have failed.
    """
    failing = set(_before_failures(log.lines, fails=is_cut)) if log.groups else set()
    for start, stop in log.groups:
        is_given = log.lines[start - 1].startswith(_STEP)
        if trouble.isdisjoint(range(start, stop)) and (is_given or stop not in failing):
            yield from range(start, stop)


def _before_failures(lines: Sequence[str], *, fails: bool) -> Iterator[int]:
    """Of the rows with a mark, as the end of a group has: those after which a failure is told of in the same step.

    fails: whether the last step may.
    """
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

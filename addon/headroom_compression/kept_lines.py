"""Which lines stay at level recall whatever an elision thinks of them, and what is left of its gaps then."""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from headroom_compression.document import Gap
from headroom_compression.document import ToolCall
from headroom_compression.runner_calls import commands_within
from headroom_compression.runner_calls import is_launcher
from headroom_compression.text import rows_holding
from headroom_compression.vocabulary import SEARCHERS

# Words of lines that somebody may have to act on. Broad on purpose: a line too many costs a few tokens. Looked for one
# by one in lower case: 10 microseconds a line, where a pattern of them all takes 52.
_ALARMS = (
    "abort", "assert", "back-off", "backoff", "backtrace", "bad gateway", "bad request", "broken pipe", "can't",
    "cannot", "caused by", "conflict", "connection closed", "connection lost", "connection reset", "corrupt",
    "could not", "couldn't", "critical", "data race", "denied", "deprecat", "did not", "discard", "eacces", "eaddr",
    "econn", "enoent", "enospc", "eperm", "error", "etimedout", "evict", "exceed", "exception", "exit code",
    "exit status", "expect", "expired", "fail", "fatal", "forbidden", "ignor", "illegal", "incompatib", "inconsisten",
    "insecure", "invalid", "lost connection", "mismatch", "missing", "no space", "no such", "not allowed",
    "not found", "not installed", "not ok", "not ready", "not supported", "notready", "obsolete", "oomkill",
    "out of memory", "outdated", "overflow", "panic", "permission", "refus", "reject", "retried", "retry", "rollback",
    "rolled back", "segfault", "should", "sigabrt", "sigbus", "sigint", "sigkill", "sigsegv", "sigterm", "skip",
    "stack trace", "throttl", "time out", "time-out", "timed out", "timeout", "traceback", "unable", "unavailable",
    "undefined", "unexpected", "unhandled", "unknown", "unmet", "unreachable", "unrecogni", "unresolved",
    "unsupported", "unused", "violat", "vulnerab", "warn", "xpass",
)  # fmt: skip
# Words that are also parts of harmless ones: "dead" of "deadline", "oom" of "room", "fault" of "default".
_ALARMS_AS_WORDS = {
    word: re.compile(pattern)
    for word, pattern in {
        "alert": r"\balert",
        "crash": r"\bcrash",
        "danger": r"\bdanger",
        "dead": r"\bdead(?!line)",
        "diff": r"\bdiff(?:er|s\b)",
        "dump": r"\bdump",
        "emerg": r"\bemerg",
        "err": r"\berr(?:s|no)?\b",
        "except": r"\bexcept",
        "exit": r"\bexit(?:ed|s)?\b[^0-9\n]{0,30}[1-9]",
        "code": r"\bcode[ =:]{1,2}-?[1-9][0-9]{0,2}\b",
        "signal": r"\bsignal[ =:]{1,2}[1-9]",
        "fault": r"\bfault",
        "found": r"found [0-9]",
        "hint": r"\bhint",
        "kill": r"\bkill",
        "leak": r"\bleak",
        "must": r"\bmust\b",
        "note:": r"\bnote:",
        "oom": r"\boom\b",
        "severe": r"\bsevere",
        "slow": r"\bslow",
        "todo": r"\btodo\b",
        "wrong": r"\bwrong",
    }.items()
}
# One of them is in each line of alarm: those in which no other one is.
_HINTS = tuple(
    word
    for word in (*_ALARMS, *_ALARMS_AS_WORDS)
    if not any(other in word for other in (*_ALARMS, *_ALARMS_AS_WORDS) if other != word)
)
# 0 errors   failed=0   "err":null: such a word where it says that there was nothing
_NOTHING_HAPPENED = re.compile(
    r"(?<![0-9.,])(?:0|no) (?:errors?|fail(?:ed|ures?)|warnings?|retries|skipped|dropped|timeouts?|vulnerabilities)\b"
    r"|\b(?:err(?:ors?)?|fail(?:ed|ures?)|warnings?|retries|skipped|dropped|timeouts?)"
    r'"?[=:] ?(?:0(?![0-9.])|null\b|<nil>|nil\b|none\b|false\b|"")',
    re.IGNORECASE,
)
# Of a text that loses lines these stay in any case, so that its beginning and its end read as they were written.
_HEAD_LINES = 2
_TAIL_LINES = 3
# A marker has about 150 characters; a gap below three times that saves little and costs a look.
_LEAST_CHARACTERS = 450
_MOST_GAPS = 10
# Programs that search, and the options of others after which comes what they pick out.
_SEARCHING = SEARCHERS | {"findstr"}
_PICKING: Mapping[str, tuple[str, ...]] = {
    "pytest": ("-k",),
    "py.test": ("-k",),
    "unittest": ("-k",),
    "jest": ("-t", "--testNamePattern"),
    "vitest": ("-t", "--testNamePattern"),
    "mocha": ("-g", "--grep", "-f", "--fgrep"),
    "go": ("-run",),
    "rspec": ("-e", "--example"),
    "ctest": ("-R",),
    "journalctl": ("-g", "--grep"),
    **dict.fromkeys(_SEARCHING, ("-e", "--regexp")),
}
_SHORTEST_ASKED = 3
# Each line is looked through for each of them; who asks for more gets the text whole.
_MOST_ASKED = 50
# What is searched for by a pattern is kept by the plain words in it.
_PLAIN_WORDS = re.compile(r"[\w./-]{3,80}")


def is_alarm(line: str) -> bool:
    """Whether somebody may have to act on the line."""
    lowered = line.casefold()
    return _holds_alarm(lowered) and _holds_alarm(_NOTHING_HAPPENED.sub("", lowered))


def alarm_rows(lines: Sequence[str]) -> set[int]:
    """The rows, from 0, of lines for which `is_alarm` holds, in less time than to ask it of each."""
    return {row for row in rows_holding(_HINTS, lines) if is_alarm(lines[row])}


def _holds_alarm(lowered: str) -> bool:
    if any(word in lowered for word in _ALARMS):
        return True
    return any(word in lowered and pattern.search(lowered) for word, pattern in _ALARMS_AS_WORDS.items())


def asked_words(call: ToolCall) -> tuple[str, ...]:
    """What the call searches for, in lower case: lines that hold one of these words are what it was made for."""
    patterns = list(call.asked)
    for words in commands_within(call.command or ""):
        patterns += _patterns(_launched(words))
    found = {word.lower() for pattern in patterns for word in _PLAIN_WORDS.findall(pattern)}
    return tuple(sorted(word for word in found if len(word) >= _SHORTEST_ASKED))


def _launched(words: tuple[str, ...]) -> tuple[str, ...]:
    """From the program on that picks lines or tests out, where a launcher starts it: nice -n 5 pytest -k orders."""
    names = [word.rpartition("/")[2] for word in words]
    starts = range(len(words)) if is_launcher(words[0]) else range(1)
    start = next((row for row in starts if names[row] in _PICKING), 0)
    return (names[start], *words[start + 1 :])


def _patterns(words: tuple[str, ...]) -> Iterator[str]:
    """What comes after options such as -e, -k and -run=, and the first plain word of a program that searches."""
    words = words[1:] if words[:2] == ("git", "grep") else words
    is_searching = words[0] in _SEARCHING
    picking = _PICKING.get(words[0], ())
    for before, word in pairwise(words):
        option, _, value = word.partition("=")
        if before in picking:
            yield word
        elif value and option in picking:
            yield value
        elif is_searching and not word.startswith("-"):
            yield word
            is_searching = False


def allowed_gaps(gaps: Sequence[Gap], lines: Sequence[str], call: ToolCall) -> list[Gap]:
    """The parts of the gaps that may and are worth to be left out, in the order of the text."""
    asked = asked_words(call) if gaps else ()
    if len(asked) > _MOST_ASKED:
        return []
    stop = len(lines) - 1 if lines and not lines[-1] else len(lines)
    large = [part for gap in gaps if _characters(part := _inside(gap, stop), lines) >= _LEAST_CHARACTERS]
    parts = [part for gap in large for part in _without_kept_lines(gap, lines, asked)]
    worthy = [part for part in parts if _characters(part, lines) >= _LEAST_CHARACTERS]
    worthy.sort(key=lambda gap: (-_characters(gap, lines), gap.start))
    return sorted(worthy[:_MOST_GAPS], key=lambda gap: gap.start)


def _inside(gap: Gap, stop: int) -> Gap:
    """The gap without the head and the tail of the text; a single line is meant as it is, and so is what has rows."""
    if gap.stop - gap.start == 1 or gap.instead:
        return gap
    return replace(gap, start=max(gap.start, _HEAD_LINES), stop=min(gap.stop, stop - _TAIL_LINES))


def _without_kept_lines(gap: Gap, lines: Sequence[str], asked: Sequence[str]) -> Iterator[Gap]:
    """The runs of lines between those that stay; the first and the last of a run show what it is of."""
    if gap.instead:
        left_out = sorted(set(lines[gap.start : gap.stop]).difference(gap.instead))
        if gap.is_judged or not _kept_rows(left_out, gap, asked):
            yield gap
        return
    start = gap.start
    kept = [gap.start + row for row in sorted(_kept_rows(lines[gap.start : gap.stop], gap, asked))]
    for row in _with_headings(kept, gap, lines) if gap.is_tree else kept:
        yield _between_anchors(gap, start, row, lines)
        start = row + 1
    yield _between_anchors(gap, start, gap.stop, lines)


def _with_headings(kept: Sequence[int], gap: Gap, lines: Sequence[str]) -> list[int]:
    """The rows, and those above them in the gap that they stand under, in the order of the text."""
    found: set[int] = set()
    headings: list[tuple[int, int]] = []
    remaining = set(kept)
    for row in range(gap.start, gap.stop):
        if not lines[row].strip():
            continue
        indent = _indent(lines[row])
        while headings and headings[-1][0] >= indent:
            headings.pop()
        if row in remaining:
            found.update([row, *(heading for _, heading in headings)])
        headings.append((indent, row))
    return sorted(found)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _kept_rows(lines: Sequence[str], gap: Gap, asked: Sequence[str]) -> set[int]:
    """Which of these lines of the gap stay, by their rows among them."""
    kept = set() if gap.is_judged else alarm_rows(lines)
    if asked:
        kept.update(row for row, line in enumerate(lines) if any(word in line.lower() for word in asked))
    return kept


def _between_anchors(gap: Gap, start: int, stop: int, lines: Sequence[str]) -> Gap:
    if gap.stop - gap.start == 1:
        is_whole = (start, stop) == (gap.start, gap.stop)
        return gap if is_whole else replace(gap, start=start, stop=start)
    last = stop if gap.is_tree and _is_without_heading(start + 1, stop - 1, lines) else stop - 1
    return replace(gap, start=start + 1, stop=max(last, start + 1))


def _is_without_heading(start: int, row: int, lines: Sequence[str]) -> bool:
    """Whether a line from `start` on, above the row, is indented less: the row stands under it or under a later one."""
    above = (line for line in lines[start:row] if line.strip())
    return any(_indent(line) < _indent(lines[row]) for line in above)


def _characters(gap: Gap, lines: Sequence[str]) -> int:
    """How many fewer there are without the gap."""
    return sum(map(len, lines[gap.start : gap.stop])) + gap.stop - gap.start - sum(len(row) + 1 for row in gap.instead)

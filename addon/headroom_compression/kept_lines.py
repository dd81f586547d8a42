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
from headroom_compression.program_runs import programs_run

# Words of lines that somebody may have to act on. Broad on purpose: a line too many costs a few tokens.
_ALARM = re.compile(
    r"abort|\balert|assert|backtrace|cannot|can't|caused by|conflict|corrupt|could not|couldn't|\bcrash|critical|"
    r"\bdanger|\bdead(?!line)|denied|deprecat|did not|\bdiff(?:er|s\b)|discard|\bdump|\bemerg|error|"
    r"\berr(?:s|no)?\b|exceed|\bexcept|exception|exit (?:code|status)|expect|fail|fatal|\bfault|segfault|forbidden|"
    r"found [0-9]|\bhint|ignor|illegal|inconsisten|incompatib|insecure|invalid|\bkill|\bleak|mismatch|missing|\bmust\b|"
    r"no such|not (?:allowed|found|installed|supported)|\bnote:|obsolete|\boom\b|out of memory|outdated|overflow|"
    r"panic|permission|refus|reject|retr(?:y|ied)|rollback|rolled back|\bsevere|should|sig(?:segv|abrt|kill|bus)|"
    r"skip|\bslow|stack trace|tim(?:ed|e)[ -]?out|\btodo\b|traceback|unable|unavailable|undefined|unexpected|"
    r"unhandled|unknown|unmet|unreachable|unrecogni|unresolved|unsupported|unused|violat|vulnerab|warn|\bwrong|"
    r"xfail|xpass",
    re.IGNORECASE,
)
# Of a text that loses lines these stay in any case, so that its beginning and its end read as they were written.
_HEAD_LINES = 2
_TAIL_LINES = 3
# A marker has about 150 characters; a gap below three times that saves little and costs a look.
_LEAST_CHARACTERS = 450
_MOST_GAPS = 10
# Programs that search, and the options of others after which comes what they pick out.
_SEARCHING = frozenset({"grep", "egrep", "fgrep", "rg", "ag", "ack", "findstr"})
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
# What is searched for by a pattern is kept by the plain words in it.
_PLAIN_WORDS = re.compile(r"[\w./-]{3,80}")


def is_alarm(line: str) -> bool:
    """Whether somebody may have to act on the line."""
    return _ALARM.search(line) is not None


def asked_words(call: ToolCall) -> tuple[str, ...]:
    """What the call searches for, in lower case: lines that hold one of these words are what it was made for."""
    patterns = list(call.asked)
    for words in programs_run(call):
        patterns += _patterns(words)
    found = {word.lower() for pattern in patterns for word in _PLAIN_WORDS.findall(pattern)}
    return tuple(sorted(word for word in found if len(word) >= _SHORTEST_ASKED))


def _patterns(words: Sequence[str]) -> Iterator[str]:
    """The words after options such as -e and -k, and the first plain word of a program that searches."""
    is_searching = words[0] in _SEARCHING
    picking = _PICKING.get(words[0], ())
    for before, word in pairwise(words):
        if before in picking:
            yield word
        elif is_searching and not word.startswith("-"):
            yield word
            is_searching = False


def allowed_gaps(gaps: Sequence[Gap], lines: Sequence[str], call: ToolCall) -> list[Gap]:
    """The parts of the gaps that may and are worth to be left out, in the order of the text."""
    asked = asked_words(call)
    stop = len(lines) - 1 if lines and not lines[-1] else len(lines)
    parts = [part for gap in gaps for part in _without_kept_lines(_inside(gap, stop), lines, asked)]
    worthy = [part for part in parts if _characters(part, lines) >= _LEAST_CHARACTERS]
    worthy.sort(key=lambda gap: (-_characters(gap, lines), gap.start))
    return sorted(worthy[:_MOST_GAPS], key=lambda gap: gap.start)


def _inside(gap: Gap, stop: int) -> Gap:
    """The gap without the head and the tail of the text; a single line is meant as it is."""
    if gap.stop - gap.start == 1:
        return gap
    return replace(gap, start=max(gap.start, _HEAD_LINES), stop=min(gap.stop, stop - _TAIL_LINES))


def _without_kept_lines(gap: Gap, lines: Sequence[str], asked: Sequence[str]) -> Iterator[Gap]:
    """The runs of lines between those that stay; the first and the last of a run show what it is of."""
    start = gap.start
    for row in range(gap.start, gap.stop):
        if _is_kept(lines[row], gap, asked):
            yield _between_anchors(gap, start, row)
            start = row + 1
    yield _between_anchors(gap, start, gap.stop)


def _is_kept(line: str, gap: Gap, asked: Sequence[str]) -> bool:
    if not gap.is_judged and is_alarm(line):
        return True
    return bool(asked) and any(word in line.lower() for word in asked)


def _between_anchors(gap: Gap, start: int, stop: int) -> Gap:
    if gap.instead or gap.stop - gap.start == 1:
        is_whole = (start, stop) == (gap.start, gap.stop)
        return gap if is_whole else replace(gap, start=start, stop=start)
    return replace(gap, start=start + 1, stop=max(stop - 1, start + 1))


def _characters(gap: Gap, lines: Sequence[str]) -> int:
    return sum(len(line) + 1 for line in lines[gap.start : gap.stop])

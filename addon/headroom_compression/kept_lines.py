"""Which lines stay at level recall whatever an elision thinks of them, and what is left of its gaps then."""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from headroom_compression.alarms import is_alarm
from headroom_compression.document import Gap
from headroom_compression.document import ToolCall
from headroom_compression.program_runs import programs_run

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
# pytest -k "orders and not slow": tests whose names hold the one, and not the other. unittest -k takes a pattern.
_OF_EXPRESSIONS = frozenset({"pytest", "py.test"})
_NOT_ASKED = re.compile(r"\bnot +[\w.:/-]{1,200}|\b(?:and|or|not)\b")
_SHORTEST_ASKED = 3
# Each line is looked through for each of them; who asks for more gets the text whole.
_MOST_ASKED = 50
# What is searched for by a pattern is kept by the plain words in it.
_PLAIN_WORDS = re.compile(r"[\w./-]{3,80}")


def asked_words(call: ToolCall) -> tuple[str, ...]:
    """What the call searches for, in lower case: lines that hold one of these words are what it was made for."""
    patterns = list(call.asked)
    expressions: list[str] = []
    for words in programs_run(call):
        (expressions if words[0] in _OF_EXPRESSIONS else patterns).extend(_patterns(words))
    found = {word.lower() for pattern in patterns for word in _PLAIN_WORDS.findall(pattern)}
    found |= {word.lower() for pattern in expressions for word in _PLAIN_WORDS.findall(_NOT_ASKED.sub(" ", pattern))}
    return tuple(sorted(word for word in found if len(word) >= _SHORTEST_ASKED))


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
    asked = asked_words(call)
    if len(asked) > _MOST_ASKED:
        return []
    stop = len(lines) - 1 if lines and not lines[-1] else len(lines)
    parts = [part for gap in gaps for part in _without_kept_lines(_inside(gap, stop), lines, asked)]
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
        left_out = set(lines[gap.start : gap.stop]).difference(gap.instead)
        if gap.is_judged or not any(_is_kept(line, gap, asked) for line in left_out):
            yield gap
        return
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
    if gap.stop - gap.start == 1:
        is_whole = (start, stop) == (gap.start, gap.stop)
        return gap if is_whole else replace(gap, start=start, stop=start)
    return replace(gap, start=start + 1, stop=max(stop - 1, start + 1))


def _characters(gap: Gap, lines: Sequence[str]) -> int:
    """How many fewer there are without the gap."""
    return sum(map(len, lines[gap.start : gap.stop])) + gap.stop - gap.start - sum(len(row) + 1 for row in gap.instead)

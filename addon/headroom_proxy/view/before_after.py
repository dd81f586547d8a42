"""Two bodies of a request as text for people: what changed in each tool output that was shortened, as a diff says it.

    - a line as the client sent it
    + one as it went on
    ~ one that only lost the number in front of it, as it went on
      one that stayed

Of what stayed only the lines around a change are shown. Of texts of megabytes the beginning is compared, and a line
says how much was not.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import accumulate
from itertools import groupby
from itertools import zip_longest
from operator import itemgetter
from textwrap import wrap
from typing import TYPE_CHECKING
from typing import Final

from headroom_compression import text_key
from headroom_compression import tokens
from headroom_proxy.figures.log_lines import change
from headroom_report.values import json_text
from headroom_report.values.savings import Tokens
from headroom_report.writing.words import plural

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterable
    from collections.abc import Iterator
    from difflib import Match

    from headroom_compression import TextReport

WIDTH: Final = 56  # fits beside mitmweb's list of flows in a window of 1,000 pixels
TAB: Final = 4
SHOWN: Final = 3  # lines at each end of a part that is shown in part
MAX_PART_LENGTH: Final = 30  # lines of a part that differs
MAX_TEXTS: Final = 50
MAX_COMPARED: Final = 1_500_000  # steps in all, of 60 to 150 ns: less than a quarter of a second
MAX_LINES: Final = 100_000  # of both sides of all texts, 2 us each
MAX_CHARACTERS: Final = 8_000_000  # the same
# `   21\tdef f():`, `21: def f():`: rows are laid side by side by what stands behind their numbers
_NUMBER: Final = re.compile(r"\s*\d{0,7}[:|]?\s*")

SAME, UNNUMBERED, GONE, NEW = " ", "~", "-", "+"
LEGEND: Final = "-: as the client sent it. +: as it went on. ~: only without its number."
MAX_SHOWN: Final = {SAME: 2 * SHOWN + 1, UNNUMBERED: 2 * SHOWN + 1, GONE: MAX_PART_LENGTH, NEW: MAX_PART_LENGTH}

Row = tuple[str, str]  # its mark, and the line


@dataclass(frozen=True, slots=True)
class ChangedText:
    """number: of its item in the input, from 0. is_new: it was in no earlier request."""

    number: int
    tool: str
    stages: str
    tokens: Tokens
    is_new: bool
    before: str
    after: str


@dataclass(slots=True)
class Steps:
    """How much work is left: steps for comparing lines, lines and characters of texts to be read at all.

    refused: how many parts were not compared since there were no steps left.
    """

    left: int
    lines: int
    characters: int
    refused: int = 0

    def take(self, count: int) -> bool:
        if count > self.left:
            self.refused += 1
            return False
        self.left -= count
        return True

    def read(self, *sides: str) -> list[tuple[list[str], int]]:
        """Return the first lines of each side, as many as its share allows, and how many lines are left."""
        most_lines, most_characters = self.lines // len(sides), self.characters // len(sides)
        return [self._read(side, most_lines, most_characters) for side in sides]

    def _read(self, text: str, most_lines: int, most_characters: int) -> tuple[list[str], int]:
        if most_lines <= 0 or most_characters <= 0:
            return [], text.count("\n") + 1
        beginning = text[:most_characters]
        lines = beginning.split("\n", most_lines)
        is_cut = len(beginning) < len(text) or len(lines) > most_lines
        if is_cut and len(lines) > 1:
            lines.pop()  # the rest, or a part of a line
        self.lines -= len(lines)
        self.characters -= sum(map(len, lines)) + len(lines)
        return [line.expandtabs(TAB) for line in lines], text.count("\n") + 1 - len(lines)


def changed_texts(
    before: bytes, after: bytes, known: Callable[[bytes], TextReport | None], new: frozenset[bytes]
) -> list[ChangedText]:
    """The tool texts that differ, in the order of the body. Raise ValueError for bodies that are no requests."""
    found = []
    for number, (item, sent) in enumerate(zip(_items(before), _items(after), strict=True)):
        for old, changed in _differing(item, sent):
            key = text_key(item.get("call_id"), old)
            found.append(_changed(number, old, changed, known(key), is_new=key in new))
    return found


def rendered(texts: list[ChangedText]) -> Iterator[str]:
    """Lines of text, the latest tool output first."""
    together = Tokens(sum(text.tokens.before for text in texts), sum(text.tokens.after for text in texts))
    yield from wrap(f"{plural(len(texts), 'tool output')} shortened: {change(together)}.", WIDTH)
    yield from wrap(LEGEND, WIDTH)
    steps = Steps(MAX_COMPARED, MAX_LINES, MAX_CHARACTERS)
    for text in texts[: -MAX_TEXTS - 1 : -1]:
        age = "new in this request" if text.is_new else "sent before"
        yield ""
        yield from wrap(f"== input[{text.number}] {text.tool}: {change(text.tokens)}; {text.stages}; {age}", WIDTH)
        yield from _diff(text, steps)
    if len(texts) > MAX_TEXTS:
        yield f"({len(texts) - MAX_TEXTS} earlier ones)"


def _items(body: bytes) -> list[dict[str, object]]:
    match json_text.parse(body):
        case {"input": [*items]}:
            return [item if isinstance(item, dict) else {} for item in items]
    raise ValueError("no list of input items")


def _differing(one: object, other: object) -> Iterator[tuple[str, str]]:
    match one, other:
        case str(), str():
            if one != other:
                yield one, other
        case dict(), dict():
            for key in one:
                if key in other:
                    yield from _differing(one[key], other[key])
        case list(), list():
            for member, its_other in zip(one, other, strict=False):
                yield from _differing(member, its_other)


def _changed(number: int, before: str, after: str, report: TextReport | None, *, is_new: bool) -> ChangedText:
    if report is None:
        counted = Tokens(tokens.count(before), tokens.count(after))
        return ChangedText(number, "a tool", "stages not remembered", counted, is_new, before, after)
    stages = ", ".join(stage.name.lower() for stage in report.stages)
    counted = Tokens(report.tokens_before, report.tokens_after)
    return ChangedText(number, report.tool or "an unknown tool", stages, counted, is_new, before, after)


def _diff(text: ChangedText, steps: Steps) -> Iterator[str]:
    (before, behind), (after, its_behind) = steps.read(text.before, text.after)
    is_cut, refused = bool(behind or its_behind), steps.refused
    parts = _same_parts([*map(_unnumbered, before)], [*map(_unnumbered, after)], steps)
    if is_cut and parts:  # what is behind the last may be the same as what is left out
        left, right = parts[-1].a + parts[-1].size, parts[-1].b + parts[-1].size
        behind, its_behind = behind + len(before) - left, its_behind + len(after) - right
        before, after = before[:left], after[:right]
    for mark, part in groupby(_rows(_aligned(before, after, parts)), itemgetter(0)):
        yield from _shortened([piece for row in part for piece in _wrapped(row)], mark)
    if steps.refused > refused:
        yield from wrap("(too much to compare: some lines above that stayed stand as if they had changed)", WIDTH)
    if is_cut:
        rest = f"(too long: {plural(behind, 'line')} as the client sent it, {its_behind:,} as it went on, not compared)"
        yield from wrap(rest, WIDTH)


def _rows(pairs: Iterable[tuple[str | None, str | None]]) -> Iterator[Row]:
    """Of lines that differ first all as they came, then all as they went on."""
    for is_different, run in groupby(pairs, _is_different):
        if is_different:
            lines = list(run)
            yield from ((GONE, left) for left, _ in lines if left is not None)
            yield from ((NEW, right) for _, right in lines if right is not None)
        else:
            yield from ((SAME if left == right else UNNUMBERED, right) for left, right in run if right is not None)


def _is_different(pair: tuple[str | None, str | None]) -> bool:
    left, right = pair
    return left is None or right is None or _unnumbered(left) != _unnumbered(right)


def _unnumbered(line: str) -> str:
    return _NUMBER.sub("", line, count=1)


def _aligned(before: list[str], after: list[str], same: list[Match]) -> Iterator[tuple[str | None, str | None]]:
    start = its_start = 0
    for place, its_place, size in [*same, (len(before), len(after), 0)]:
        yield from zip_longest(before[start:place], after[its_start:its_place])
        start, its_start = place + size, its_place + size
        yield from zip(before[place:start], after[its_place:its_start], strict=True)


def _same_parts(lines: list[str], its_lines: list[str], steps: Steps) -> list[Match]:
    """What SequenceMatcher finds to be the same, in order; of parts for which no steps are left nothing.

    To find the longest same part it takes a step for each line, and one for each line of the other side that is the
    same. Then it looks on both sides of that part, at worst as often as there are lines: where every other one of 800
    is blank, 32 million steps.
    """
    matcher = SequenceMatcher(None, lines, its_lines, autojunk=False)
    frequency = Counter(its_lines)
    costs = [0, *accumulate(1 + frequency[line] for line in lines)]
    found: list[Match] = []
    waiting = [(0, len(lines), 0, len(its_lines))]
    while waiting:
        start, stop, its_start, its_stop = waiting.pop()
        if start == stop or its_start == its_stop or not steps.take(costs[stop] - costs[start]):
            continue
        same = matcher.find_longest_match(start, stop, its_start, its_stop)
        if same.size:
            found.append(same)
            waiting.append((same.a + same.size, stop, same.b + same.size, its_stop))
            waiting.append((start, same.a, its_start, same.b))
    return sorted(found)


def _shortened(rows: list[str], mark: str) -> Iterator[str]:
    """rows: of one part, all with this mark."""
    most = MAX_SHOWN[mark]
    if len(rows) <= most:
        yield from rows
        return
    yield from rows[: most - SHOWN - 1]
    yield f"... {len(rows) - most + 1:,} more lines"
    yield from rows[-SHOWN:]


def _wrapped(row: Row) -> list[str]:
    mark, line = row
    width = WIDTH - 2
    return [f"{mark} {line[start : start + width]}" for start in range(0, len(line), width)] or [mark]

"""Two bodies of a request as text for people: each tool output that was shortened, as it came and as it was sent."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import accumulate
from itertools import zip_longest
from typing import TYPE_CHECKING
from typing import Final

import orjson

from headroom_compression import text_key
from headroom_compression import tokens
from headroom_proxy.figures.log_lines import change
from headroom_report.values.savings import Tokens
from headroom_report.writing.words import plural

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterable
    from collections.abc import Iterator
    from difflib import Match

    from headroom_compression import TextReport

WIDTH: Final = 52  # of a column: two of them fit beside mitmweb's list of flows on a wide screen
TAB: Final = 4
SAME_SHOWN: Final = 3  # lines at each end of a part that is the same in both
MAX_PART_LENGTH: Final = 30  # lines of a part that differs
MAX_TEXTS: Final = 50
MAX_COMPARED: Final = 1_500_000  # steps in all, of 60 to 150 ns: less than a quarter of a second
# `   21\tdef f():`, `21: def f():`: rows are laid side by side by what stands behind their numbers
_NUMBER: Final = re.compile(r"\s*\d{0,7}[:|]?\s*")

Row = tuple[str, str, str]


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
    """How many are left for comparing lines."""

    left: int

    def take(self, count: int) -> bool:
        if count > self.left:
            return False
        self.left -= count
        return True


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
    shortened = f"{plural(len(texts), 'tool output')} shortened: {change(together)}"
    yield f"{shortened}. Left: as the client sent it. Right: as it went on."
    steps = Steps(MAX_COMPARED)
    for text in texts[: -MAX_TEXTS - 1 : -1]:
        age = "new in this request" if text.is_new else "sent before"
        yield ""
        yield f"== input[{text.number}]  {text.tool}  {change(text.tokens)}  {text.stages}, {age}"
        if _is_wide(text):
            yield from _over_each_other(text)
        else:
            yield from _side_by_side(text, steps)
    if len(texts) > MAX_TEXTS:
        yield f"({len(texts) - MAX_TEXTS} earlier ones)"


def _items(body: bytes) -> list[dict[str, object]]:
    try:
        value = orjson.loads(body)
    except ValueError:  # it refuses lone surrogates
        value = json.loads(body)
    match value:
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


def _is_wide(text: ChangedText) -> bool:
    """Most of it is in lines that would fill a column many times."""
    whole = f"{text.before}\n{text.after}"
    return sum(len(line) for line in whole.split("\n") if len(line) > 3 * WIDTH) > len(whole) / 2


def _over_each_other(text: ChangedText) -> Iterator[str]:
    for title, part in (("as the client sent it", text.before), ("as it went on", text.after)):
        yield f"-- {title}"
        pieces = [piece for line in _lines(part) for piece in _wrapped(line, 2 * WIDTH + 3)]
        yield from _shortened(pieces, 3 * MAX_PART_LENGTH)


def _side_by_side(text: ChangedText, steps: Steps) -> Iterator[str]:
    for is_same, rows in _parts(_aligned(_lines(text.before), _lines(text.after), steps)):
        most = 2 * SAME_SHOWN + 1 if is_same else MAX_PART_LENGTH
        yield from _shortened(["\n".join(_wrapped_row(row)) for row in rows], most)


def _parts(pairs: Iterable[tuple[str | None, str | None]]) -> Iterator[tuple[bool, list[Row]]]:
    """Rows of the two texts, in parts that are the same, or not."""
    part: list[Row] = []
    was_same = True
    for left, right in pairs:
        is_same = left == right
        if is_same != was_same and part:
            yield was_same, part
            part = []
        was_same = is_same
        part.append((left or "", " " if is_same else "|", right or ""))
    if part:
        yield was_same, part


def _aligned(before: list[str], after: list[str], steps: Steps) -> Iterator[tuple[str | None, str | None]]:
    keys, its_keys = ([_NUMBER.sub("", line, count=1) for line in lines] for lines in (before, after))
    start = its_start = 0
    for place, its_place, size in [*_same_parts(keys, its_keys, steps), (len(before), len(after), 0)]:
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


def _wrapped_row(row: Row) -> Iterator[str]:
    left, mark, right = row
    for one, other in zip_longest(_wrapped(left, WIDTH), _wrapped(right, WIDTH), fillvalue=""):
        yield f"{one:<{WIDTH}} {mark} {other}".rstrip()


def _shortened(rows: list[str], most: int) -> Iterator[str]:
    if len(rows) <= most:
        yield from rows
        return
    yield from rows[: most - SAME_SHOWN - 1]
    yield f"... {len(rows) - most + 1:,} more lines"
    yield from rows[-SAME_SHOWN:]


def _lines(text: str) -> list[str]:
    return [line.expandtabs(TAB) for line in text.split("\n")]


def _wrapped(line: str, width: int) -> list[str]:
    return [line[start : start + width] for start in range(0, len(line), width)] or [""]

"""Which lines stay at level recall whatever an elision thinks of them, and what is left of its gaps then."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace

from headroom_compression.calls.asked_words import asked_words
from headroom_compression.calls.asked_words import picks_by_no_word
from headroom_compression.calls.tool_call import ToolCall
from headroom_compression.formats.alarms import alarm_rows
from headroom_compression.formats.gaps import Gap
from headroom_compression.formats.gaps import inner_rows

# A marker has about 150 characters; a gap below three times that saves little and costs a look.
_MIN_CHARACTERS = 450
_MAX_GAPS = 10
# The log of a CI is of many programs: in a text of more than 500 lines there may be a gap in each fifty.
_MIN_LINES_PER_GAP = 50
# Each line is looked through for each of them; who asks for more gets the text whole.
_MAX_ASKED = 50


def allowed_gaps(
    gaps: Sequence[Gap], lines: Sequence[str], call: ToolCall, at_cuts: AbstractSet[int] = frozenset()
) -> list[Gap]:
    """The parts of the gaps that may be left out and are worth it, in the order of the text.

    at_cuts: the rows in which a client says that it left text out, and those next to them, which may be parts of lines.
    """
    asked = asked_words(call) if gaps else ()
    if len(asked) > _MAX_ASKED:
        return []
    if gaps and picks_by_no_word(call):
        gaps = [gap for gap in gaps if gap.instead or gap.stop - gap.start == 1]
    inner = inner_rows(lines)
    large = [part for gap in gaps if _characters(part := _inside(gap, inner), lines) >= _MIN_CHARACTERS]
    parts = [part for gap in large for part in _without_kept_lines(gap, lines, asked, at_cuts)]
    worthy = [part for part in parts if _characters(part, lines) >= _MIN_CHARACTERS]
    worthy.sort(key=lambda gap: (-_characters(gap, lines), gap.start))
    return sorted(worthy[: max(_MAX_GAPS, len(lines) // _MIN_LINES_PER_GAP)], key=lambda gap: gap.start)


def _inside(gap: Gap, inner: range) -> Gap:
    """The gap without the head and the tail of the text; a single line is meant as it is, and so is what has rows."""
    if gap.stop - gap.start == 1 or gap.instead:
        return gap
    return replace(gap, start=max(gap.start, inner.start), stop=min(gap.stop, inner.stop))


def _without_kept_lines(
    gap: Gap, lines: Sequence[str], asked: Sequence[str], at_cuts: AbstractSet[int]
) -> Iterator[Gap]:
    """The runs of lines between those that stay; the first and the last of a run show what it is of."""
    if gap.instead:
        left_out = sorted(set(lines[gap.start : gap.stop]).difference(gap.instead))
        if gap.is_judged or not _kept_rows(left_out, gap, asked):
            yield gap
        return
    start = gap.start
    rows = {gap.start + row for row in _kept_rows(lines[gap.start : gap.stop], gap, asked)}
    kept = sorted(rows.union(row for row in at_cuts if gap.start <= row < gap.stop))
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
        indent = _indent(lines[row], gap)
        while headings and headings[-1][0] >= indent:
            headings.pop()
        if row in remaining:
            found.update([row, *(heading for _, heading in headings)])
        headings.append((indent, row))
    return sorted(found)


def _indent(line: str, gap: Gap) -> int:
    """How far right it stands in the tree that the gap is of; -1 for a heading that stands left of all."""
    return -1 if gap.heading and gap.heading.fullmatch(line) else len(line) - len(line.lstrip())


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
    last = stop if gap.is_tree and _is_without_heading(gap, start + 1, stop - 1, lines) else stop - 1
    return replace(gap, start=start + 1, stop=max(last, start + 1))


def _is_without_heading(gap: Gap, start: int, row: int, lines: Sequence[str]) -> bool:
    """Whether a line from `start` on, above the row, is indented less: the row stands under it or under a later one."""
    above = (line for line in lines[start:row] if line.strip())
    return any(_indent(line, gap) < _indent(lines[row], gap) for line in above)


def _characters(gap: Gap, lines: Sequence[str]) -> int:
    """How many fewer there are without the gap."""
    return sum(map(len, lines[gap.start : gap.stop])) + gap.stop - gap.start - sum(len(row) + 1 for row in gap.instead)

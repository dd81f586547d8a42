"""What elisions find in a text: in all of it, beside what a client cut out of it, and in what other programs wrote."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from functools import cache
from typing import cast

from headroom_compression.calls.tool_call import ToolCall
from headroom_compression.client_text import has_cut
from headroom_compression.client_text import lines_beside
from headroom_compression.client_text import was_cut
from headroom_compression.document import Document
from headroom_compression.formats.gaps import Gap
from headroom_compression.formats.logs.ci_lines import BUILD_OUTPUT
from headroom_compression.formats.logs.ci_lines import CLIPPED
from headroom_compression.formats.logs.ci_prefixes import begins_as_ci_log
from headroom_compression.formats.logs.ci_prefixes import is_ci_line
from headroom_compression.formats.passages import Passage
from headroom_compression.recall.elision import Elision
from headroom_compression.recall.elision import Shortening
from headroom_compression.recall.elision import Unwrapping


def cut_rows(lines: Sequence[str]) -> list[int]:
    """The rows in which a client says that it left text out.

    In the log of a CI a line that begins as such is of the CI, and one of a step of BuildKit is of the step: a program
    whose output it shows may say the same.
    """
    rows = [row for row, line in enumerate(lines) if was_cut(line)]
    is_of_program = is_ci_line if rows and begins_as_ci_log(lines[:3]) else BUILD_OUTPUT.match
    return [row for row in rows if has_cut(lines[row]) or CLIPPED in lines[row] or not is_of_program(lines[row])]


def may_find(elision: Elision, text: str) -> bool:
    """Whether all of its hallmarks stand in the text. To look for the signs in them first, a character each, takes a
    twentieth of the time."""
    words: tuple[str, ...] = getattr(elision, "HALLMARKS", ())
    return all(sign in text for sign in _signs(words)) and all(word in text for word in words)


@cache
def _signs(words: tuple[str, ...]) -> Sequence[str]:
    return [sign for sign in "".join(words) if not sign.isalnum() and sign != " "]


def found_gaps(
    elisions: Sequence[Elision], source: Document, lines: Sequence[str], cuts: Sequence[int]
) -> list[tuple[Elision, Gap]]:
    """The gaps of all, in their order. Of two that overlap the first one counts. cuts: see `cut_rows`."""
    found: list[tuple[Elision, Gap]] = []
    taken = bytearray(len(lines))
    for elision, gap in _all_gaps(elisions, source, lines, cuts):
        if not any(taken[gap.start : gap.stop]):
            taken[gap.start : gap.stop] = b"\1" * (gap.stop - gap.start)
            found.append((elision, gap))
    return sorted(found, key=lambda named: named[1].start)


def shortened(
    elisions: Sequence[Elision], source: Document, lines: Sequence[str], gaps: Sequence[Gap], at_cuts: AbstractSet[int]
) -> list[tuple[Elision, Gap]]:
    """Gaps between those given, in order, with their lines, without what an elision knows to stand before each."""
    shortening = [elision for elision in elisions if hasattr(elision, "shortened")]
    return [
        (elision, gap)
        for elision in shortening
        for gap in cast("Shortening", elision).shortened(source, lines, gaps, at_cuts)
    ]


def _all_gaps(
    elisions: Sequence[Elision], source: Document, lines: Sequence[str], cuts: Sequence[int]
) -> Iterator[tuple[Elision, Gap]]:
    """Where one knows which lines other programs wrote, the others are asked about these alone.

    Of a text that the client has cut they are asked about what stands before and behind each cut, or, where they can
    tell that nothing of what they know is missing, about all of it.
    """
    if not cuts:
        yield from _gaps_of(elisions, elisions, source, 0, lines)
        return
    beside = [elision for elision in elisions if getattr(elision, "WORKS_BESIDE_CUTS", False)]
    for part in lines_beside(cuts, len(lines)):
        yield from _gaps_of(beside, elisions, source, part.start, lines[part.start : part.stop])
    across = [elision for elision in elisions if getattr(elision, "WORKS_ACROSS_CUTS", False)]
    yield from ((elision, gap) for elision in across for gap in elision.find(source, lines))


def _gaps_of(
    elisions: Sequence[Elision], available: Sequence[Elision], source: Document, start: int, lines: Sequence[str]
) -> Iterator[tuple[Elision, Gap]]:
    """What they find in some of the lines of a text, of which the first is `start`.

    available: who may be asked about what other programs wrote there.
    """
    found: dict[Elision, Iterable[Gap]] = {}
    for elision in elisions:
        if not hasattr(elision, "unwrap"):  # isinstance() takes 30 us for a module
            continue
        passages, found[elision] = cast("Unwrapping", elision).unwrap(source, lines)
        if passages:
            for passage in passages:
                inner = _inner(source, passage)
                others = [other for other in available if other is not elision and may_find(other, inner.body)]
                yield from _gaps_of(others, others, inner, start + passage.start, passage.lines)
            yield from _named(elision, found[elision], start)
            return
    for elision in elisions:
        yield from _named(elision, found[elision] if elision in found else elision.find(source, lines), start)


def _named(elision: Elision, gaps: Iterable[Gap], start: int) -> Iterator[tuple[Elision, Gap]]:
    """The gaps that an elision found in lines of which the first is `start` of the text."""
    return ((elision, replace(gap, start=gap.start + start, stop=gap.stop + start)) for gap in gaps)


def _inner(source: Document, passage: Passage) -> Document:
    call = replace(cast("ToolCall", source.call), command=passage.command, producer=passage.producer)
    return replace(source, header="", body="\n".join(passage.lines), state="", call=call)

"""One text at level recall: the elision that knows it, the rules that hold for all, the store, the markers.

What is stored is the complete text, as level lossless has it before it is folded by its kind: lines keep the numbers
that a marker tells. Only what a known call made; never what a file read shows, and nothing across a client's cut.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Protocol
from typing import cast

from headroom_compression import elisions
from headroom_compression import tokens
from headroom_compression.calls.tool_call import ToolCall
from headroom_compression.client_text import was_cut
from headroom_compression.document import Document
from headroom_compression.document import Stage
from headroom_compression.formats.gap_markers import GapMarker
from headroom_compression.formats.gap_markers import holds_gap_marker
from headroom_compression.formats.gap_markers import read_gap_marker
from headroom_compression.formats.gaps import Gap
from headroom_compression.formats.shell_paths import unfit_character
from headroom_compression.recall.elision import Elision
from headroom_compression.recall.found_gaps import cut_rows
from headroom_compression.recall.found_gaps import found_gaps
from headroom_compression.recall.found_gaps import may_find
from headroom_compression.recall.found_gaps import shortened
from headroom_compression.recall.store import name_of
from headroom_compression.record import record
from headroom_compression.references.markers import holds_marker

# Below this an output is no burden, and a marker with its path takes 50 tokens. At 300 a gap saves hardly more.
MIN_TOKENS = 500
# Of what level lossless makes of the text: a text with gaps is worth less to its reader. So many tokens are worth it
# at any length.
MAX_SHARE = 0.75
WORTHY_GAIN = 4_500
_CHARACTERS_A_TOKEN = 3  # at least, in nearly all texts of lines
_FEW = 1 / 8  # of the characters: whether so few can be enough is counted first


class Keeper(Protocol):
    """The store of originals, as it is needed here. is_failing: whether the latest could not be kept."""

    is_failing: bool

    def keep(self, text: str) -> str | None: ...

    def path_of(self, name: str) -> str: ...


@record
class RecallAccess:
    """What a conversation allows. refused: tools and kinds whose outputs the model wants whole."""

    store: Keeper
    refused: frozenset[tuple[str, str]]


@record
class ElidedText:
    """body: the output with gaps. kinds: the names of the elisions. works_on: the stage after which they got the text.

    original: the name of the file that has to hold the complete text before this is sent.
    """

    body: str
    kinds: tuple[str, ...]
    works_on: Stage
    original: str


@cache
def all_elisions() -> tuple[Elision, ...]:
    """Imported when the first text is elided: a start of the proxy takes a third longer with them and their rules."""
    return tuple(cast("Elision", import_module(f"{elisions.__name__}.{name}")) for name in elisions.ORDER)


@record
class Forms:
    """A text before and after it was folded by its kind, which may be the same; and what counts them.

    count: counts tokens; its caller needs some of the counts as well.
    """

    plain: Document
    folded: Document
    count: Callable[[str], int] = tokens.count


def kind_of(elision: Elision) -> str:
    """The name of its module."""
    return cast("ModuleType", elision).__name__.rpartition(".")[2]


def elide_text(forms: Forms, room: RecallAccess, available: Sequence[Elision] | None = None) -> ElidedText | None:
    """The text with gaps; None when none of it is left out. Its original is not stored yet.

    An output may be of several kinds, such as an install and the tests after it: the gaps of all elisions that work on
    the same lines are joined.
    """
    plain = forms.plain
    call = plain.call
    if call is None or call.path is not None or not _is_worth_a_look(plain):
        return None
    given = all_elisions() if available is None else available
    wanted = [elision for elision in given if (call.tool, kind_of(elision)) not in room.refused]
    for stage, source in ((Stage.TERMINAL, plain), (Stage.KIND, forms.folded)):
        asked = [elision for elision in wanted if elision.WORKS_ON is stage and may_find(elision, source.body)]
        found = _elide(asked, source, forms, room) if asked else None
        if found:
            return found
    return None


def _is_worth_a_look(document: Document) -> bool:
    """Not where only a header says that the client left something out: nobody knows where."""
    text = document.text
    if was_cut(document.header + document.state) and not was_cut(document.body):
        return False
    is_long = len(text) >= MIN_TOKENS * _CHARACTERS_A_TOKEN
    return is_long and not holds_gap_marker(text) and not holds_marker(text)


def _elide(elisions: Sequence[Elision], source: Document, forms: Forms, room: RecallAccess) -> ElidedText | None:
    plain, count = forms.plain, forms.count
    lines = source.body.split("\n")
    gaps, kinds = _allowed(elisions, source, lines, is_plain=source is plain)
    if not gaps or not (tokens.has_at_least(plain.text, MIN_TOKENS) or count(plain.text) >= MIN_TOKENS):
        return None
    first_line = source.header.count("\n") + 1 if source is plain else None
    name = name_of(plain.text)
    path = room.store.path_of(name)
    if unfit_character(path) or _save_little(lines, gaps, forms):
        return None
    sent = _with_gaps(lines, gaps, path, first_line)
    if not _is_short(count(source.header + sent + source.state), forms):
        return None
    bare = _with_gaps(lines, [replace(gap, instead=()) for gap in gaps], path, first_line)
    if not _is_recoverable(source, source.header + bare + source.state, first_line):
        return None
    return ElidedText(sent, kinds, elisions[0].WORKS_ON, name)


def _allowed(
    elisions: Sequence[Elision], source: Document, lines: Sequence[str], *, is_plain: bool
) -> tuple[Sequence[Gap], tuple[str, ...]]:
    """The gaps that may be made, in their order, and the names of the elisions that found them.

    lines: those of the source. is_plain: it is the text as the tool wrote it.
    """
    from headroom_compression.recall.kept_lines import allowed_gaps  # noqa: PLC0415  as all_elisions

    has_returns = "\r" in source.body  # a terminal ends each line with CR LF
    plain_lines = [line.removesuffix("\r") for line in lines] if has_returns else lines
    cuts = cut_rows(plain_lines) if was_cut(source.text) else ()
    at_cuts = frozenset(row + away for row in cuts for away in (-1, 0, 1))
    found = found_gaps(elisions, source, plain_lines, cuts)
    allowed = allowed_gaps([gap for _, gap in found], lines, cast("ToolCall", source.call), at_cuts) if found else []
    short = shortened(elisions, source, plain_lines, allowed, at_cuts) if is_plain else []
    used = [elision for elision, whole in found if any(whole.start <= gap.start < whole.stop for gap in allowed)]
    gaps = sorted([*allowed, *(gap for _, gap in short)], key=lambda gap: gap.start)
    return gaps, tuple(sorted({*map(kind_of, used), *(kind_of(elision) for elision, _ in short)}))


def _save_little(lines: Sequence[str], gaps: Sequence[Gap], forms: Forms) -> bool:
    """Whether the gaps surely save too few tokens. To write and count the text in vain takes ten times as long.

    A marker has more tokens than there are fewer where the lines beside it come together.
    """
    left_out = "\n".join([line for gap in gaps for line in lines[gap.start : gap.stop]])
    if len(left_out) >= _FEW * sum(map(len, lines)):
        return False
    lossless = forms.count(forms.folded.text)
    return lossless < _least_tokens(lossless - forms.count(left_out))


def _is_short(sent: int, forms: Forms) -> bool:
    """Whether a text with gaps, of so many tokens, saves enough. Mostly that is seen in a third of the time of counting
    what level lossless makes of it."""
    lossless, least = forms.folded.text, _least_tokens(sent)
    return tokens.has_at_least(lossless, least) or forms.count(lossless) >= least


def _least_tokens(sent: int) -> float:
    """How many tokens level lossless has to send for a text with gaps of so many to save enough."""
    return min(sent / MAX_SHARE, sent + WORTHY_GAIN)


def _with_gaps(lines: Sequence[str], gaps: Sequence[Gap], path: str, first_line: int | None) -> str:
    """The text with a marker in the place of each gap. first_line: the number of its first line in the stored file."""
    sent: list[str] = []
    position = 0
    for gap in gaps:
        left_out = lines[gap.start : gap.stop]
        if first_line is None:  # of rows some may stand whole below the marker
            left_out = list((Counter(left_out) - Counter(gap.instead)).elements())
        first = None if first_line is None else gap.start + first_line
        marker = GapMarker(len(left_out), sum(map(len, left_out)) + len(left_out), gap.what, path, first)
        sent += [*lines[position : gap.start], marker.line(), *gap.instead]
        position = gap.stop
    return "\n".join([*sent, *lines[position:]])


def _is_recoverable(source: Document, text: str, first_line: int | None) -> bool:
    """Whether the text is `source` again with the lines that its markers name in their places.

    text: without what stands instead of lines, for which the elision itself answers. Rows are no lines of the file.
    """
    if first_line is None:
        return True
    original = source.text.split("\n")
    rebuilt: list[str] = []
    for line in text.split("\n"):
        marker = read_gap_marker(line)
        if marker and marker.first and marker.last:
            rebuilt += original[marker.first - 1 : marker.last]
        else:
            rebuilt.append(line)
    return rebuilt == original

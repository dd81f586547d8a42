"""The shortest name of an earlier output that leads a reader to it and to no other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Sequence

from headroom_compression.record import record
from headroom_compression.references.markers import Marker
from headroom_compression.references.markers import name_of_chunk
from headroom_compression.references.pointer_reader import Certainty
from headroom_compression.references.pointer_reader import PointerReader
from headroom_compression.references.shown_texts import ShownText

# Of a longer path or call only as much is said as tells it from others.
_MAX_WHOLE = 60
# How much of the beginning and of the end of a call is said, in characters: more where less is not enough.
_SHORTENED = ((60, 0), (24, 36), (24, 72), (48, 120), (60, 240))
# A piece of a shortened call does not begin or end within a word, where one ends that near.
_MAX_TO_A_BOUND = 16
# "offset": 251   "start_line": 40   "range": [40, 90]: its first line is not the first of the file.
_BEGINS_WITHIN = re.compile(
    r"(?:offset|start|first|from|begin|skip|line|range|page)\w{0,20}\W{1,4}(?!\b[01]\b)-?[0-9]", re.IGNORECASE
)
_BOUND = re.compile(r"[\s\"'/,;|]")


@record
class Spot:
    """first: the number of the first line there, in its file or in the output."""

    first: int
    is_of_file: bool


class PointerNames:
    """Names for one output that points at earlier ones; reader: of pointers in it."""

    def __init__(self, reader: PointerReader) -> None:
        self._reader = reader

    def marker(self, text: ShownText, spots: Sequence[Spot], lines: Sequence[str], *, whole: bool) -> Marker | None:
        """The marker for lines of an earlier output; None where no name leads there."""
        by_exact_name: Marker | None = None
        for spot in spots:
            for title in self._titles(text, is_of_file=spot.is_of_file):
                marker = Marker(spot.first, spot.first + len(lines) - 1, title, whole)
                certainty = self._reader.certainty(marker, lines)
                if certainty is Certainty.BY_ANY_READING:
                    return marker
                if certainty is Certainty.BY_EXACT_NAME and by_exact_name is None:
                    by_exact_name = marker
        return by_exact_name

    def of_uncounted(self, text: ShownText) -> Marker | None:
        """The marker for an output that came again, and whose lines cannot be counted."""
        titles = self._titles(text, is_of_file=False) if text.call else ()
        markers = (Marker(0, 0, title, whole=True) for title in titles)
        call = text.call or b""
        return next((marker for marker in markers if self._reader.is_whole(marker, call, text.whole)), None)

    def _titles(self, text: ShownText, *, is_of_file: bool) -> Iterator[str]:
        bases = [*(_file_names(text.path or "") if is_of_file else _output_names(text))]
        yield from bases
        for base in bases:
            for ordinal in self._reader.ordinals(base, text):
                yield _with_ordinal(base, ordinal, text)
        if text.chunk and not is_of_file:
            yield name_of_chunk(text.chunk)


def _with_ordinal(base: str, ordinal: str, text: ShownText) -> str:
    quoted = base.removeprefix("the output of ")
    if quoted == base:
        return f"the {ordinal} {base}"
    named = f"the {ordinal} {'run' if text.is_command else 'call'} of {quoted}"
    may_begin_within = text.first_line > 1 or (not text.is_command and _BEGINS_WITHIN.search(text.says))
    return f"the output of {named}" if may_begin_within else named


def _file_names(path: str, max_whole: int = _MAX_WHOLE) -> Iterator[str]:
    """The path, of a long one its end, as much as is needed."""
    if len(path) > max_whole:
        folders = path.split("/")
        for start in range(len(folders) - 2, 0, -1):
            yield ".../" + "/".join(folders[start:])
    yield path


def _output_names(text: ShownText) -> Iterator[str]:
    if not text.says:
        if text.title:
            yield text.title
        return
    for shortened in _shortened(text.says, text.path or text.subject):
        yield f'the output of "{shortened}"' if text.is_command else f"the output of {shortened}"


def _shortened(says: str, path: str) -> Iterator[str]:
    """The words of a call, of long ones what may be enough to know it."""
    is_one_line = "\n" not in says and "\r" not in says
    if len(says) <= _MAX_WHOLE and is_one_line:
        yield says
        return
    if is_one_line and len(path) > _MAX_WHOLE // 2 and says.count(path) == 1:
        for name in _file_names(path, 0):
            shorter = says.replace(path, name)
            if len(shorter) <= 2 * _MAX_WHOLE:
                yield shorter
    for head, tail in _SHORTENED:
        if head + tail < len(says) or not (is_one_line or tail):
            piece = _beginning(says[:head]) + "..." + _end(says[len(says) - tail :] if tail else "")
            if "\n" not in piece and "\r" not in piece:
                yield piece


def _beginning(text: str) -> str:
    text, line_feed, _ = text.partition("\n")
    bounds = [] if line_feed else [match.end() for match in _BOUND.finditer(text)]
    return text[: bounds[-1]] if bounds and len(text) - bounds[-1] < _MAX_TO_A_BOUND else text


def _end(text: str) -> str:
    text = text.rsplit("\n", 1)[-1]
    match = _BOUND.search(text)
    return text[match.start() :].lstrip() if match and match.start() < _MAX_TO_A_BOUND else text

"""Where a pointer leads a reader who has only what stands above it: calls, and outputs as they were sent.

This is the check of pointers. It finds the outputs that a name may mean, by the words of their calls, and counts their
lines by what stands in sight: by the numbers in front of them where there are some, else from the first one on.
It shares no code that numbers lines with what writes pointers.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Mapping
from collections.abc import Sequence
from enum import IntEnum
from weakref import ReferenceType
from weakref import ref

from headroom_compression.formats.gap_markers import holds_gap_marker
from headroom_compression.references.fittings import Fitting
from headroom_compression.references.lines_in_sight import Marked
from headroom_compression.references.lines_in_sight import Sight
from headroom_compression.references.markers import ORDINALS
from headroom_compression.references.markers import OWN
from headroom_compression.references.markers import Marker
from headroom_compression.references.markers import holds_marker
from headroom_compression.references.pointer_titles import Title
from headroom_compression.references.pointer_titles import at
from headroom_compression.references.shown_texts import ShownText
from headroom_compression.references.shown_texts import ShownTexts
from headroom_compression.references.sights import MIN_ROWS
from headroom_compression.references.sights import read_sight

# Reading through more outputs of one name takes long; of so many a model means the latest only.
_MAX_READ = 20


class Certainty(IntEnum):
    """How surely a pointer leads to its lines.

    BY_EXACT_NAME: a reader takes it for the outputs of just this call or file. BY_ANY_READING: as well for every output
    whose call holds the words of the name.
    """

    NONE = 0
    BY_EXACT_NAME = 1
    BY_ANY_READING = 2


class PointerReader:
    """Reads pointers in an output of a call that says `says`."""

    def __init__(self, shown: ShownTexts, says: str) -> None:
        self._shown = shown
        self._texts = shown.texts
        self._says = says
        self._names: dict[str, Title] = {}
        self._sights: dict[int, Sight] = {}
        self._certain: dict[Marker, tuple[Sequence[str], Certainty]] = {}
        self._own: Sight | None = None

    def begin(self, body: str, *, is_labelled: bool) -> None:
        """From now on pointers stand in this body, as it is sent."""
        has_own = f" of {OWN} above]" in body
        self._own = read_sight(body, is_labelled=is_labelled, marked=_unread, is_open=False) if has_own else None

    def is_above(self, marker: Marker, lines: Sequence[str], place: int) -> bool:
        """Whether the body itself shows the lines, above the line of this number."""
        return self._own is not None and marker.last < place and self._own.shows(marker.first, lines)

    def ordinals(self, title: str, text: ShownText) -> list[str]:
        """Which of the outputs that a title exactly means this is, in words."""
        outputs = self._fitting(title).exact_outputs
        return [
            ordinal
            for ordinal, place in ORDINALS.items()
            if (picked := at(outputs, place)) and self._texts[picked[0]] is text
        ]

    def certainty(self, marker: Marker, lines: Sequence[str]) -> Certainty:
        """lines: what stood where the marker stands. Who wrote a pointer and who reads it back ask the same."""
        if marker.title == OWN:  # no earlier output may be called so
            return Certainty.NONE
        known, certainty = self._certain.get(marker, (None, Certainty.NONE))
        if known != lines:
            self._certain[marker] = lines, (certainty := self._certainty(marker, lines))
        return certainty

    def _certainty(self, marker: Marker, lines: Sequence[str]) -> Certainty:
        name, fitting, exact = self._name(marker.title), self._fitting(marker.title), self._exact(marker.title)
        shown = self._showing(exact, name, marker, lines)
        if not any(shown.values()):
            return Certainty.NONE
        by_words = name.pick(fitting.by_words, fitting.outputs_by_words)
        is_sure = self._leads(by_words, name, marker, lines, shown)
        if is_sure and not self._fits_itself(name, exact):
            return Certainty.BY_ANY_READING
        is_numbered = any(self._texts[index].is_labelled for index in exact)
        return Certainty.BY_EXACT_NAME if name.is_exact or is_numbered else Certainty.NONE

    def is_whole(self, marker: Marker, call: bytes, whole: bytes) -> bool:
        """Whether the marker means an output of that call which as a whole was this one."""
        found = [self._texts[index] for index in self._exact(marker.title)]
        return bool(found) and all((text.call, text.whole) == (call, whole) for text in found)

    def _exact(self, title: str) -> Sequence[int]:
        """The outputs that a title exactly means; none where hidden ones may have that name, where it depends on the
        reader which ones count, or whether any is meant at all."""
        name, fitting = self._name(title), self._fitting(title)
        picked = name.pick(fitting.exact, fitting.exact_outputs)
        is_known = self._is_known(name, picked)
        return picked if is_known and fitting.sure_outputs and name.pick(picked, fitting.sure_outputs) == picked else ()

    def _is_known(self, name: Title, picked: Sequence[int]) -> bool:
        """Whether no hidden output can be the one that is meant. Chunks have names of their own."""
        stop = self._shown.hidden_stop
        return stop is None or name.is_of_chunk or (name.counts_back and all(index >= stop for index in picked))

    def _fits_itself(self, name: Title, exact: Sequence[int]) -> bool:
        """Whether the call that the pointer stands under could be meant."""
        may_be_meant = name.says_output and name.has_its_words_in(self._says)
        return may_be_meant and all(self._texts[index].says != self._says for index in exact)

    def _name(self, title: str) -> Title:
        if title not in self._names:
            self._names[title] = Title(title)
        return self._names[title]

    def _fitting(self, title: str) -> Fitting:
        """The outputs that a title may mean; of those that were looked through for it before only the new ones are."""
        fitting = self._shown.fittings.of(title)
        if fitting.looked_through < len(self._texts):
            name = self._name(title)
            for index in name.may_mean(self._shown, fitting.looked_through):
                text = self._texts[index]
                if text.is_labelled or not text.is_later:  # else its lines cannot be counted
                    fit = name.fit(text)
                    if fit:
                        self._shown.fittings.note(fitting, index, fit, self._shown.names.outputs[index])
            fitting.looked_through = len(self._texts)
        return fitting

    def _showing(self, exact: Sequence[int], name: Title, marker: Marker, lines: Sequence[str]) -> Mapping[int, bool]:
        """Which of the outputs that a title exactly means have the lines; none where one may have others there."""
        shown: dict[int, bool] = {}
        for index in self._read_first(exact) if len(exact) <= _MAX_READ else ():
            first, last = self._numbers(index, name, marker)
            sight = self._sight(index)
            shown[index] = sight.shows(first, lines)
            if sight.is_unknown(last) or (not shown[index] and sight.contradicts(first, lines)):
                return {}
        return shown

    def _read_first(self, found: Sequence[int]) -> Sequence[int]:
        """The same, those first that have been read: one that has other lines there ends the look at all of them."""
        return sorted(found, key=lambda index: index not in self._sights)

    def _leads(
        self, found: Sequence[int], name: Title, marker: Marker, lines: Sequence[str], shown: Mapping[int, bool]
    ) -> bool:
        """Whether one of the outputs has the lines under the numbers in sight, and none has others there.

        shown: what is known of some of them, none of which has others there.
        """
        if len(found) > _MAX_READ:
            return False
        shows = False
        for index in found:
            text = self._texts[index]
            first, last = self._numbers(index, name, marker)
            if name.counts_output and text.is_labelled and text.kept.line_feeds >= last:
                return False  # its lines may be counted, or go by the numbers in front of them
            is_shown = shown.get(index)
            if is_shown is None:
                if last > self._most_lines(text):
                    continue
                sight = self._sight(index)
                if not sight.has_all(first, last):
                    continue
                is_shown = sight.shows(first, lines)
                if sight.is_unknown(last) or (not is_shown and sight.contradicts(first, lines)):
                    return False
            shows = shows or is_shown
        return shows

    def _most_lines(self, text: ShownText) -> float:
        """How many lines can be counted in an output, which is known without reading it where it has no markers."""
        is_counted = not (text.is_labelled or text.has_markers)
        return text.kept.line_feeds + 1 if is_counted else math.inf

    def _numbers(self, index: int, name: Title, marker: Marker) -> tuple[int, int]:
        """The first and the last of the lines, as they are counted in an output."""
        text = self._texts[index]
        offset = 0 if name.counts_output or text.is_labelled else text.first_line - 1
        return marker.first - offset, marker.last - offset

    def _sight(self, index: int) -> Sight:
        sight = self._sights.get(index) or self._shown.sights.get(index)
        if sight is None:
            text = self._texts[index]
            body = text.body
            is_foreign = not text.has_markers and (holds_marker(body) or holds_gap_marker(body))
            sight = read_sight(
                body,
                is_labelled=text.is_labelled,
                marked=_marked_in(ref(self._shown), index) if text.has_markers else None,
                is_open=text.is_elided or is_foreign,
                min_rows=1 if text.is_numbered else MIN_ROWS,
            )
            self._shown.sights.keep(index, sight)
        self._sights[index] = sight
        return sight

    def behind(self, marker: Marker, before: int) -> list[str] | None:
        """The lines that an earlier marker stands for: it was found to lead to them when it was written.

        before: the place of the output that it stands in.
        """
        if marker.title == OWN:
            return self._sight(before).lines_at(marker.first, marker.last)
        name, fitting = self._name(marker.title), self._fitting(marker.title)
        exact = fitting.exact[: bisect_left(fitting.exact, before)]
        outputs = fitting.exact_outputs[: bisect_left(fitting.exact_outputs, before)]
        for index in name.pick(exact, outputs)[::-1]:
            lines = self._sight(index).lines_at(*self._numbers(index, name, marker))
            if lines is not None:
                return lines
        return None


def _unread(_: Marker) -> None:
    """Finds no lines behind markers: only those in sight are asked for."""


def _marked_in(shown: ReferenceType[ShownTexts], index: int) -> Marked:
    """What finds the lines behind the markers of an output. It is kept longer than some sessions, so it holds none."""

    def marked(marker: Marker) -> list[str] | None:
        texts = shown()
        return None if texts is None else PointerReader(texts, "").behind(marker, index)

    return marked

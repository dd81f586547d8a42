"""Where a pointer leads a reader who has only what stands above it: calls, and outputs as they were sent.

This is the check of pointers. It finds the outputs that a name may mean, by the words of their calls, and counts their
lines by what stands in sight: by the numbers in front of them where there are some, else from the first one on.
It shares no code that numbers lines with what writes pointers.
"""

from __future__ import annotations

import re
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
from headroom_compression.references.markers import ANY_ORDINAL
from headroom_compression.references.markers import ORDINALS
from headroom_compression.references.markers import Marker
from headroom_compression.references.markers import chunk_of
from headroom_compression.references.markers import holds_marker
from headroom_compression.references.shown_texts import ShownText
from headroom_compression.references.shown_texts import ShownTexts
from headroom_compression.references.sights import read_sight

_TITLE = re.compile(
    rf"(?P<output>the output of )?(?:the (?P<ordinal>{ANY_ORDINAL}) (?P<run>(?:run|call) of )?)?(?P<base>.+)",
    re.DOTALL,
)
_WORDS = re.compile(r"[\w./\\:*-]{2,}")
_CUT = "..."
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
        self._names: dict[str, _Name] = {}
        self._sights: dict[int, Sight] = {}

    def ordinals(self, title: str, text: ShownText) -> list[str]:
        """Which of the outputs that a title exactly means this is, in words."""
        outputs = self._fitting(title).exact_outputs
        return [
            ordinal
            for ordinal, place in ORDINALS.items()
            if (picked := _at(outputs, place)) and self._texts[picked[0]] is text
        ]

    def certainty(self, marker: Marker, lines: Sequence[str]) -> Certainty:
        """lines: (with and without gutter) what stood where the marker stands."""
        name = self._name(marker.title)
        if self._shown.goes_on and not name.counts_back:
            return Certainty.NONE
        fitting = self._fitting(marker.title)
        exact = name.pick(fitting.exact, fitting.exact_outputs)
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
        fitting, name = self._fitting(marker.title), self._name(marker.title)
        if self._shown.goes_on and not name.counts_back:
            return False
        found = [self._texts[index] for index in name.pick(fitting.exact, fitting.exact_outputs)]
        return bool(found) and all((text.call, text.whole) == (call, whole) for text in found)

    def _fits_itself(self, name: _Name, exact: Sequence[int]) -> bool:
        """Whether the call that the pointer stands under could be meant."""
        if not name.says_output or not _holds(self._says, name.words):
            return False
        return all(self._texts[index].says != self._says for index in exact)

    def _name(self, title: str) -> _Name:
        if title not in self._names:
            self._names[title] = _Name(title)
        return self._names[title]

    def _fitting(self, title: str) -> Fitting:
        """The outputs that a title may mean; of those that were looked through for it before only the new ones are."""
        fitting = self._shown.fittings.of(title)
        if fitting.looked_through < len(self._texts):
            name = self._name(title)
            for index in name.may_mean(self._shown, fitting.looked_through):
                text = self._texts[index]
                if text.is_labelled or not text.is_later:  # else its lines cannot be counted
                    is_exact = name.means(text)
                    if is_exact or _holds(text.says, name.words):
                        self._shown.fittings.note(fitting, index, is_exact=is_exact, is_later=text.is_later)
            fitting.looked_through = len(self._texts)
        return fitting

    def _showing(self, exact: Sequence[int], name: _Name, marker: Marker, lines: Sequence[str]) -> Mapping[int, bool]:
        """Which of the outputs that a title exactly means have the lines; none where one may have others there."""
        shown: dict[int, bool] = {}
        for index in exact if len(exact) <= _MAX_READ else ():
            first, last = self._numbers(index, name, marker)
            sight = self._sight(index)
            shown[index] = sight.shows(first, lines)
            if sight.is_unknown(last) or (not shown[index] and sight.contradicts(first, lines)):
                return {}
        return shown

    def _leads(
        self, found: Sequence[int], name: _Name, marker: Marker, lines: Sequence[str], shown: Mapping[int, bool]
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
                sight = self._sight(index)
                if not sight.has_all(first, last):
                    continue
                is_shown = sight.shows(first, lines)
                if sight.is_unknown(last) or (not is_shown and sight.contradicts(first, lines)):
                    return False
            shows = shows or is_shown
        return shows

    def _numbers(self, index: int, name: _Name, marker: Marker) -> tuple[int, int]:
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
            )
            self._shown.sights.keep(index, sight)
        self._sights[index] = sight
        return sight

    def behind(self, marker: Marker, before: int) -> list[str] | None:
        """The lines that an earlier marker stands for: it was found to lead to them when it was written."""
        name, fitting = self._name(marker.title), self._fitting(marker.title)
        exact = fitting.exact[: bisect_left(fitting.exact, before)]
        outputs = fitting.exact_outputs[: bisect_left(fitting.exact_outputs, before)]
        for index in name.pick(exact, outputs)[::-1]:
            text = self._texts[index]
            offset = 0 if name.counts_output or text.is_labelled else text.first_line - 1
            lines = self._sight(index).lines_at(marker.first - offset, marker.last - offset)
            if lines is not None:
                return lines
        return None


def _marked_in(shown: ReferenceType[ShownTexts], index: int) -> Marked:
    """What finds the lines behind the markers of an output. It is kept longer than some sessions, so it holds none."""

    def marked(marker: Marker) -> list[str] | None:
        texts = shown()
        return None if texts is None else PointerReader(texts, "").behind(marker, index)

    return marked


class _Name:
    """A title, taken apart."""

    def __init__(self, title: str) -> None:
        match = _TITLE.fullmatch(title)
        assert match is not None  # noqa: S101  it matches everything but ""
        self.base: str = match["base"]
        self._chunk = chunk_of(title)
        self.ordinal: str | None = match["ordinal"]
        self.counts_back = self._chunk is not None or ORDINALS.get(self.ordinal or "", 0) < 0
        """Whether it means the same where outputs of the same name stand before those that are known."""
        self.counts_output = bool(match["output"] or match["run"]) or self._chunk is not None
        self.says_output = bool(match["output"])
        self._quoted = self.base[1:-1] if self.base.startswith('"') and self.base.endswith('"') else self.base
        self._pieces = self._quoted.split(_CUT)
        self.is_exact = self.counts_output and _CUT not in self._quoted
        self.words = _words(self.base)
        self._longest = max(self.words, key=len, default="")
        # What begins and ends as it does holds the word then, too.
        self._begins_or_ends_with_word = self._longest in self._pieces[0] or self._longest in self._pieces[-1]
        self._ending = self.base.removeprefix(_CUT).removeprefix("./")

    def pick(self, found: Sequence[int], outputs: Sequence[int]) -> Sequence[int]:
        """Those that are meant of all texts that fit; outputs: of several texts of one output the first."""
        return found if self.ordinal is None else _at(outputs, ORDINALS[self.ordinal])

    def may_mean(self, shown: ShownTexts, start: int) -> Sequence[int]:
        """Those from `start` on that are meant or hold its words, and others: one look at each, as they are many."""
        if self._chunk is not None:
            return [index for index, text in enumerate(shown.texts[start:], start) if text.chunk == self._chunk]
        word, names = self._longest, shown.names
        said = names.said[start:]
        if not self.counts_output:
            ending, paths = self._ending, names.paths[start:]
            found = [
                index
                for index, (says, path) in enumerate(zip(said, paths, strict=True), start)
                if word in says or (path and (path.endswith(ending) or ending.endswith(path.removeprefix("./"))))
            ]
        elif self._begins_or_ends_with_word:
            found = [index for index, says in enumerate(said, start) if word in says]
        else:
            first, last = self._pieces[0], self._pieces[-1]
            found = [
                index
                for index, says in enumerate(said, start)
                if word in says or (says.startswith(first) and says.endswith(last))
            ]
        titles = names.titles[start:]
        if self.base not in titles:  # nearly always
            return found
        return sorted({*found, *(index for index, title in enumerate(titles, start) if title == self.base)})

    def means(self, text: ShownText) -> bool:
        """Whether it exactly names the call of this output, the file that it shows, or the text itself."""
        if text.title == self.base or (self._chunk is not None and text.chunk == self._chunk):
            return True
        if self.counts_output:
            return bool(text.says) and _has_pieces(self._quoted, self._pieces, text.says)
        if text.path is None:
            return False
        ending = self.base.removeprefix(_CUT) if self.base.startswith(_CUT) else "/" + self.base.removeprefix("./")
        return text.path == self.base or text.path.endswith(ending) or self._may_mean_relative(text.path, text.folder)

    def _may_mean_relative(self, path: str, folder: str | None) -> bool:
        """Whether it is the file in that folder, or in one that is not known."""
        path = f"{folder.rstrip('/')}/{path}" if folder else path.removeprefix("./")
        return self._ending == path or (not path.startswith("/") and self._ending.endswith("/" + path))


def _at(outputs: Sequence[int], place: int) -> Sequence[int]:
    """The output at a place, from the end where it is below zero; none where there are fewer."""
    return [outputs[place]] if -len(outputs) <= place < len(outputs) else []


def _has_pieces(shortened: str, pieces: Sequence[str], says: str) -> bool:
    """Whether a call is the one that is shortened: between its pieces something may be left out."""
    if shortened == says:
        return True
    if len(pieces) == 1 or not says.startswith(pieces[0]) or not says.endswith(pieces[-1]):
        return False
    position = 0
    for piece in pieces:
        position = says.find(piece, position) + len(piece)
        if position < len(piece):
            return False
    return True


def _holds(says: str, words: Sequence[str]) -> bool:
    """Whether all words of a name stand in a call. It is asked of each call for each new name."""
    return bool(says) and all(map(says.__contains__, words))


def _words(base: str) -> list[str]:
    return [word.strip(".:") for piece in base.split(_CUT) for word in _WORDS.findall(piece)]

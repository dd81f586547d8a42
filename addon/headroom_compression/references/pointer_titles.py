"""What the title in a pointer means to its reader: an output, a file that was shown, or calls that hold its words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import compress
from itertools import count
from itertools import repeat
from operator import contains
from posixpath import normpath

from headroom_compression.references.fittings import Fit
from headroom_compression.references.markers import ANY_ORDINAL
from headroom_compression.references.markers import ORDINALS
from headroom_compression.references.markers import chunk_of
from headroom_compression.references.shown_texts import ShownText
from headroom_compression.references.shown_texts import ShownTexts

_TITLE = re.compile(
    rf"(?P<output>the output of )?(?:the (?P<ordinal>{ANY_ORDINAL}) (?P<run>(?:run|call) of )?)?(?P<base>.+)",
    re.DOTALL,
)
_WORDS = re.compile(r"[\w./\\:*-]{2,}")
_CUT = "..."


class Title:
    """A title, taken apart."""

    def __init__(self, title: str) -> None:
        match = _TITLE.fullmatch(title)
        assert match is not None  # noqa: S101  it matches everything but ""
        self.base: str = match["base"]
        self._chunk = chunk_of(title)
        self.ordinal: str | None = match["ordinal"]
        self.is_of_chunk = self._chunk is not None
        self.counts_back = self.is_of_chunk or ORDINALS.get(self.ordinal or "", 0) < 0
        """Whether it means the same where outputs of the same name stand before those that are known."""
        self.counts_output = bool(match["output"] or match["run"]) or self.is_of_chunk
        self.says_output = bool(match["output"])
        self._quoted = self.base[1:-1] if self.base.startswith('"') and self.base.endswith('"') else self.base
        self._pieces = self._quoted.split(_CUT)
        self.is_exact = self.counts_output and _CUT not in self._quoted
        self._words = [word.strip(".:") for piece in self.base.split(_CUT) for word in _WORDS.findall(piece)]
        self._longest = max(self._words, key=len, default="")
        # What begins and ends as it does holds the word then, too.
        self._begins_or_ends_with_word = self._longest in self._pieces[0] or self._longest in self._pieces[-1]
        is_cut = self.base.startswith(_CUT)
        self._ending = self.base.removeprefix(_CUT) if is_cut else "/" + self.base.removeprefix("./")
        self._file = self._ending.removeprefix("/")
        self._last = "/" + self._file.rpartition("/")[2]

    def pick(self, found: Sequence[int], outputs: Sequence[int]) -> Sequence[int]:
        """Those that are meant of all texts that fit; outputs: of several texts of one output the first."""
        return found if self.ordinal is None else at(outputs, ORDINALS[self.ordinal])

    def may_mean(self, shown: ShownTexts, start: int) -> Sequence[int]:
        """Those from `start` on that are meant or hold its words, and others: one look at each, as they are many."""
        if self._chunk is not None:
            return [index for index, text in enumerate(shown.texts[start:], start) if text.chunk == self._chunk]
        word, names = self._longest, shown.names
        said = names.said[start:]
        if not self.counts_output:
            file, last, paths = self._file, self._last, names.paths[start:]
            found = [
                index
                for index, (says, path) in enumerate(zip(said, paths, strict=True), start)
                if word in says or (path and (path.endswith((file, last)) or path == last[1:]))
            ]
        elif self._begins_or_ends_with_word:
            found = [*compress(count(start), map(contains, said, repeat(word)))]
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

    def has_its_words_in(self, says: str) -> bool:
        """Whether all of them stand in a call. It is asked of each call for each new title."""
        return bool(says) and all(map(says.__contains__, self._words))

    def fit(self, text: ShownText) -> Fit | None:
        """How it names the call of this output, the file that it shows, or the text itself; None where it does not."""
        if text.title == self.base or (self._chunk is not None and text.chunk == self._chunk):
            return Fit.SURE
        if self.counts_output:
            is_named = bool(text.says) and _has_pieces(self._quoted, self._pieces, text.says)
            return Fit.SURE if is_named else self._by_words(text)
        if text.path is None:
            return self._by_words(text)
        if text.path == self.base or text.path.endswith(self._ending):
            return Fit.SURE if text.title else Fit.EXACT  # without one it is not known which lines it shows
        return Fit.EXACT if self._may_mean_relative(text.path, text.folder) else self._by_words(text)

    def _by_words(self, text: ShownText) -> Fit | None:
        return Fit.BY_WORDS if self.has_its_words_in(text.says) else None

    def _may_mean_relative(self, path: str, folder: str | None) -> bool:
        """Whether it is the file in that folder, or in one that is not known."""
        path = normpath(f"{folder}/{path}" if folder and not path.startswith("/") else path)
        while path.startswith("../"):
            path = path[3:]
        if path == normpath(self._file) or path.endswith(self._ending):
            return True
        return not path.startswith("/") and self._ending.endswith(f"/{path}")


def at(outputs: Sequence[int], place: int) -> Sequence[int]:
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

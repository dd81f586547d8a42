"""What level recall asks of an elision: gaps in the lines of one kind of text."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import Protocol

from headroom_compression.document import Document
from headroom_compression.document import Stage
from headroom_compression.formats.gaps import Gap
from headroom_compression.formats.passages import Passage


class Elision(Protocol):
    """A module in `elisions/`: tells which whole lines of a text nobody needs to see.

    WORKS_ON: the stage after which it gets the text: TERMINAL, as the tool wrote it; KIND, as the fold wrote it.
    HALLMARKS, where it has them: words, each of which stands in every text in which it finds something.
    WORKS_BESIDE_CUTS, where it is true: it may be given the lines between two cuts of a client, with the whole text in
    the document, since what it knows of a line does not depend on what stands in the cut.
    WORKS_ACROSS_CUTS, where it is true: it may be given a text with cuts in it, since it takes lines only where totals
    or ends in the same text tell that none is missing. So it does where the program itself says that it cut something.
    """

    WORKS_ON: Stage

    def find(self, document: Document, lines: Sequence[str]) -> Iterable[Gap]:
        """Gaps in their order, in the lines after the client's header; none where the text is not surely of its kind.

        The lines come without the CR of CR LF.

        The rules that hold for all (what is always kept, how large a gap must be, markers, the store) are not its work.
        """


class Shortening(Protocol):
    """An elision that knows what a program put before each line of another one."""

    def shortened(
        self, document: Document, lines: Sequence[str], gaps: Sequence[Gap], at_cuts: AbstractSet[int]
    ) -> Iterable[Gap]:
        """Gaps between those given, each with the same lines instead, without that. at_cuts: rows that stay as they
        are, since what stands there may be a part of a line."""


class Unwrapping(Protocol):
    """An elision that knows which lines other programs wrote: all others are asked about each of the passages."""

    def unwrap(self, document: Document, lines: Sequence[str]) -> tuple[Sequence[Passage], Iterable[Gap]]:
        """Passages that do not overlap, in lines as `Elision.find` gets them; and what that finds."""

"""One tool text through the folds, in the order of their stages, each result checked before it counts.

The catch-all of the core stands here: whatever happens in a fold, the text is left as it was.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING
from typing import cast

from headroom_compression import folds
from headroom_compression import tokens
from headroom_compression.document import Document
from headroom_compression.document import Fold
from headroom_compression.document import Stage
from headroom_compression.folds.rows import sent_rows
from headroom_compression.joined_results import calls_within
from headroom_compression.joined_results import fold_results
from headroom_compression.recall.eliding import MAX_SHARE
from headroom_compression.recall.eliding import WORTHY_GAIN
from headroom_compression.recall.eliding import ElidedText
from headroom_compression.recall.eliding import Forms
from headroom_compression.recall.eliding import RecallAccess
from headroom_compression.recall.eliding import elide_text
from headroom_compression.record import record
from headroom_compression.references.rows import SentRows
from headroom_compression.references.shown_texts import RowsAccess

if TYPE_CHECKING:
    from collections.abc import Sequence

# Folds take up to 10 microseconds a line. The longest recorded output has 2,174; a MB of indented JSON has 60,000.
_MAX_LINES = 100_000

# Ten to forty tokens are saved where nothing but the state of a shell is left out; to count a longer text takes more
# time than that is worth.
_MAX_FOR_STATE = 20_000

logger = logging.getLogger(__name__)


@record
class FoldedText:
    """A text that costs fewer tokens than the one it was made from, by exact count."""

    header: str
    body: str
    stages: tuple[Stage, ...]
    tokens_before: int
    tokens_after: int
    elided: ElidedText | None = None
    state: str = ""

    @property
    def text(self) -> str:
        return self.header + self.body + self.state


@record
class SentText:
    """What becomes of a text. folded: None where it is sent as it came. rows: of what is sent, where they were read."""

    document: Document
    folded: FoldedText | None = None
    rows: SentRows | None = None


def load() -> None:
    """Do now what the first text would wait for: half a second, in which mitmproxy begins to listen.

    Raises what `tokens.check` raises.
    """
    all_folds()
    tokens.load()


@cache
def all_folds() -> tuple[Fold, ...]:
    """In the order of their stages."""
    return tuple(cast("Fold", import_module(f"{folds.__name__}.{name}")) for name in folds.ORDER)


class Folding:
    """A text that may be folded more than once, each time behind other texts: only its rows are looked at anew."""

    __slots__ = ("_available", "_count", "_elided", "_folded", "document")

    def __init__(self, document: Document, available: Sequence[Fold] | None = None) -> None:
        self.document = document
        self._available = available
        self._count: _Counts | None = None
        self._folded: tuple[Document, Document, list[Stage]] | None = None
        self._elided: dict[frozenset[tuple[str, str]], ElidedText | None] = {}

    def sent(self, min_tokens: int, session: RowsAccess, room: RecallAccess | None = None) -> SentText:
        """The text shortened, or as it is where that is best. Never raises.

        session: for the rows alone. room: what level recall needs; None for level lossless.
        """
        document = self.document
        try:
            return _fold_text(self, document, min_tokens, session, room)
        except BaseException as error:  # noqa: BLE001  tiktoken's panics are BaseExceptions
            logger.warning("headroom: a text of %d characters is left as it is: %s", len(document.text), type(error))
            return SentText(document)

    @property
    def available(self) -> Sequence[Fold]:
        return all_folds() if self._available is None else self._available

    @property
    def count(self) -> _Counts:
        """Counts the forms of the text."""
        if self._count is None:
            self._count = _Counts(self.document.text)
        return self._count

    def by_kind(self) -> tuple[Document, Document, list[Stage]]:
        """The text before and after it was folded by its kind, and the stages of the folds that were used."""
        if self._folded is None:
            self._folded = _folded(self.document, self.available)
        plain, current, stages = self._folded
        return plain, current, [*stages]

    def elided(self, room: RecallAccess) -> ElidedText | None:
        """The text with gaps. Its original is not stored yet."""
        if room.refused not in self._elided:
            plain, current, _ = self.by_kind()
            self._elided[room.refused] = elide_text(Forms(plain, current, self.count), room)
        return self._elided[room.refused]


class _Counts:
    """Of the forms of a text; some are asked for twice. original: is to be counted as well, if any is."""

    __slots__ = ("_of_texts", "_original")

    def __init__(self, original: str) -> None:
        self._original = original
        self._of_texts: dict[str, int] = {}

    def both(self, one: str, other: str) -> tuple[int, int]:
        """The tokens of two forms, which have most of their lines in common."""
        if one in self._of_texts or other in self._of_texts:
            return self(one), self(other)
        counts = self._of_texts[one], self._of_texts[other] = tokens.count_both(one, other)
        return counts

    def __call__(self, text: str) -> int:
        if text not in self._of_texts:
            if self._original not in self._of_texts and min(len(text), len(self._original)) >= tokens.MIN_REPEATING:
                return self.both(self._original, text)[1]
            self._of_texts[text] = tokens.count(text)
        return self._of_texts[text]


def is_within_limits(text: str) -> bool:
    """Whether folding the text is no more work than its size says: short lines by the million are left alone."""
    return len(text) <= _MAX_LINES or "\n" not in text or text.count("\n") <= _MAX_LINES


def _fold_text(
    folding: Folding, document: Document, min_tokens: int, session: RowsAccess, room: RecallAccess | None
) -> SentText:
    if len(document.text) < min_tokens or not is_within_limits(document.text):
        return SentText(document)
    plain, current, stages = folding.by_kind()
    count = folding.count
    rows: SentRows | None = None
    may_elide = room is not None and session.before(document.only_call_digest, document.whole) is None
    elided = folding.elided(room) if room is not None and may_elide else None
    if elided and room:
        rows = sent_rows(current, session)
        is_wanted = not _is_as_short(rows.body, current.body, elided.body)
        elided = elided if is_wanted and room.store.keep(plain.text) else None
    if elided:  # no pointers beside gaps: one kind of marker a text
        rows, body = None, elided.body
        stages = [*(stage for stage in stages if stage <= elided.works_on), Stage.ELISION]
    else:
        rows = rows or sent_rows(current, session)
        body = rows.body
        if body != current.body:
            stages.append(Stage.ROWS)
    is_worth_it = bool(stages) or len(document.text) <= _MAX_FOR_STATE
    is_same_state = session.is_same_state and session.references != "off" and is_worth_it
    state = current.unchanged_state if is_same_state else current.state
    if state != current.state:
        stages.append(Stage.STATE)
    if not stages:
        return SentText(document, rows=rows)
    before, after = count.both(document.text, current.header + body + state)
    if after >= before or before < min_tokens:
        return SentText(document)
    folded = FoldedText(current.header, body, tuple(stages), before, after, elided, state)
    return SentText(document, folded, rows)


def _is_as_short(pointed: str, plain: str, elided: str) -> bool:
    """Whether pointers alone make nearly as much of a text as gaps do, by their characters, four of them a token."""
    return pointed != plain and len(pointed) < min(len(elided) / MAX_SHARE, len(elided) + 4 * WORTHY_GAIN)


def _folded(document: Document, available: Sequence[Fold]) -> tuple[Document, Document, list[Stage]]:
    """The text before and after it was folded by its kind, and the stages of the folds that were used."""
    calls = calls_within(document.call)
    if not calls:  # nearly always
        return _used(document, available)
    kinds = [fold for fold in available if fold.STAGE is Stage.KIND]
    plain, opened, stages = _used(document, [fold for fold in available if fold.STAGE < Stage.KIND])
    joined = fold_results(opened, calls, lambda result: _used(result, kinds)[1])
    if joined:
        return plain, joined, [*stages, Stage.KIND]
    _, current, used = _used(opened, kinds)
    return plain, current, [*stages, *used]


def _used(document: Document, available: Sequence[Fold]) -> tuple[Document, Document, list[Stage]]:
    """The same of a text that is the output of one command."""
    plain = current = document
    stages: list[Stage] = []
    height = _line_count(current)
    for fold in available:
        folded = None if height < fold.MIN_LINES or fold.STAGE in stages else fold.fold(current)
        if folded is not None and folded != current.body and fold.is_exact(current, folded):
            current = after_fold(fold, current, folded)
            height = _line_count(current)
            stages.append(fold.STAGE)
            plain = current if fold.STAGE < Stage.KIND else plain
    return plain, current, stages


def _line_count(document: Document) -> int:
    """Of the body."""
    return document.body.count("\n") + 1 if "\n" in document.body else 1  # to count none takes 0.3 ms a MB


def after_fold(fold: Fold, document: Document, folded: str) -> Document:
    """What a fold made of a document."""
    if fold.STAGE is Stage.ENVELOPE:
        return document.unwrapped(folded)
    blocks, entries = (tuple(getattr(fold, name, _nothing)(folded)) for name in ("blocks", "entries"))
    is_by_kind = document.is_by_kind or fold.STAGE is Stage.KIND
    what = getattr(fold, "checked", None)
    checked = what(document, folded) if what else ""
    return replace(document, body=folded, is_by_kind=is_by_kind, blocks=blocks, entries=entries, checked=checked)


def _nothing(_: str) -> tuple[int, ...]:
    return ()

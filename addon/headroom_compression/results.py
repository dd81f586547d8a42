"""What the core gives back: a body, and a report of what was shortened."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from headroom_compression.record import record

if TYPE_CHECKING:
    from headroom_compression.document import Stage
    from headroom_compression.session.conversation import Conversation


@record
class TextReport:
    """One tool text that was sent shorter. Tokens are exact counts of the text (o200k_base).

    key: of the text and its call, the same when a later request holds it again.
    """

    tool: str | None
    stages: tuple[Stage, ...]
    tokens_before: int
    tokens_after: int
    key: bytes = b""


@record
class CompressionReport:
    """Of the items that were not in an earlier request: how many tool texts, and those that were sent shorter.

    passed: why the body went through whole, if it did.
    saved_in_all, shortened_in_all: tokens and texts of all items that the model sees, those of earlier requests too,
    also where the server keeps them. After a compaction those before it no longer count. With `truncation: auto` the
    server may have dropped some of them.
    put_away: how many older texts were put away to make room, which changes what was sent before. put_away_in_all: with
    those of earlier requests. checkpoints: how often that happened in the conversation; `new_checkpoints`: of them in
    this request. reopened: how many of the files were opened since. has_no_budget: one was chosen, but the server holds
    or moves the history, so that nothing in it can be put away. lacks_budget: the server may drop the oldest items, and
    no budget says from where on, so that there are no pointers; only where the request brings outputs.
    """

    tool_texts: int = 0
    shortened: tuple[TextReport, ...] = ()
    passed: str | None = None
    saved_in_all: int = 0
    shortened_in_all: int = 0
    put_away: int = 0
    put_away_in_all: int = 0
    checkpoints: int = 0
    new_checkpoints: int = 0
    reopened: int = 0
    has_no_budget: bool = False
    lacks_budget: bool = False

    @property
    def tokens_before(self) -> int:
        return sum(text.tokens_before for text in self.shortened)

    @property
    def tokens_after(self) -> int:
        return sum(text.tokens_after for text in self.shortened)


@record
class CompressedBody:
    """body: the object that was given when nothing changed.

    conversation: the state after this request; None when the body could not be read.
    continued: the very object that was the state after the request which this one begins with, or the one that was
    given; None for a beginning.
    new_outputs: the tool texts of each output that was not in an earlier request, as they came and as they are sent.
    """

    body: bytes
    changed: bool
    report: CompressionReport
    conversation: Conversation | None
    continued: Conversation | None = None
    new_outputs: tuple[tuple[tuple[str, str], ...], ...] = field(default=(), repr=False)

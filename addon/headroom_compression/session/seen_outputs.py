"""Tool outputs that a model has seen: what each of them costs, and whether it may be put away to make room."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import replace
from typing import Self

from headroom_compression.calls.tool_call import ToolCall
from headroom_compression.document import Stage
from headroom_compression.pipeline import FoldedText
from headroom_compression.recall.eliding import ElidedText
from headroom_compression.recall.putting_away import tells_failure
from headroom_compression.record import record
from headroom_compression.session.token_counts import TokenCount
from headroom_compression.wire.items import type_of

# A marker with its path takes 50 to 80 tokens.
MIN_TOKENS = 150
# What went wrong is what a model must not try again.
_MAX_FAILED_TOKENS = 1_500
_POINTING = frozenset({Stage.ROWS, Stage.STATE})
_TEXT_PARTS = frozenset({"input_text", "output_text", "text"})


class TextCount(TokenCount):
    """The tokens of a text of an output. has_failed: whether it tells of a failure in few words; known when counted."""

    __slots__ = ("has_failed",)

    def __init__(self, known: int, *texts: str) -> None:
        super().__init__(known, *texts)
        self.has_failed = False

    @classmethod
    def of(cls, text: str, folded: FoldedText | None) -> Self:
        """As it came. folded: as it is sent, by which the tokens are known."""
        if folded is None:
            return cls(0, text)
        count = cls(folded.tokens_before)
        count.has_failed = folded.tokens_before <= _MAX_FAILED_TOKENS and tells_failure(text)
        return count

    def _counted(self, texts: Sequence[str]) -> int:
        found = super()._counted(texts)
        self.has_failed = found <= _MAX_FAILED_TOKENS and any(map(tells_failure, texts))
        return found


@record
class SeenOutput:
    """An output of nothing but text. position: among the items. number: among the outputs.

    before: the tokens of each of its texts, as it came. sent: all that make up those of the output, as it is sent.
    elided: what level recall left out of its texts, without what it left. points: whether it may point at earlier ones.
    has_failed: whether its shell says that its call failed.
    """

    position: int
    number: int
    before: tuple[TextCount, ...]
    sent: tuple[TokenCount, ...]
    call: ToolCall | None
    elided: tuple[ElidedText, ...]
    points: bool = False
    has_failed: bool = False

    @property
    def tokens(self) -> int:
        """Of all of it, as it is sent."""
        return sum(count.tokens for count in self.sent)

    @property
    def most(self) -> int:
        """An upper bound of these, known without a count."""
        return sum(count.most for count in self.sent)

    @property
    def may_go(self) -> bool:
        """Whether it is long enough, and no failure that a model should have before its eyes."""
        before = [count.tokens for count in self.before]
        if sum(before) <= _MAX_FAILED_TOKENS and (self.has_failed or any(count.has_failed for count in self.before)):
            return False
        return any(count >= MIN_TOKENS for count in before)


class SeenOutputs:
    """Outputs in their order. A point holds those before it together with later points: to add one is short work."""

    __slots__ = ("before", "latest")

    def __init__(self, latest: SeenOutput | None = None, before: SeenOutputs | None = None) -> None:
        self.latest = latest
        self.before = before

    @classmethod
    def of(cls, outputs: Iterable[SeenOutput]) -> SeenOutputs:
        point = cls()
        for output in outputs:
            point = cls(output, point)
        return point

    def __iter__(self) -> Iterator[SeenOutput]:
        found: list[SeenOutput] = []
        point: SeenOutputs | None = self
        while point and point.latest:
            found.append(point.latest)
            point = point.before
        return reversed(found)


def sent_count(before: TextCount, folded: FoldedText | None) -> TokenCount:
    """The tokens of a text as it is sent. before: as it came."""
    return TokenCount(folded.tokens_after) if folded else before


def seen_output(
    place: tuple[int, int],
    item: Mapping[str, object],
    counts: tuple[tuple[TextCount, ...], tuple[TokenCount, ...]],
    folded: Sequence[FoldedText | None],
    call: ToolCall | None,
) -> SeenOutput | None:
    """None for what may not go, as far as that is known without a count.

    place: its position and its number. counts: as it came, and as it is sent.
    """
    before, sent = counts
    if not any(count.most >= MIN_TOKENS for count in before) or not _is_text_only(item):
        return None
    forms = [form for form in folded if form]
    elided = tuple(replace(form.elided, body="") for form in forms if form.elided)
    points = any(stage in _POINTING for form in forms for stage in form.stages)
    output = SeenOutput(*place, before, sent, call, elided, points, _has_failed(item))
    is_known = all(count.is_counted for count in before)
    return output if not is_known or output.may_go else None


def _is_text_only(item: Mapping[str, object]) -> bool:
    output = item.get("output")
    if not isinstance(output, list) or item.get("type") == "shell_call_output":
        return True
    return all(isinstance(part, dict) and type_of(part) in _TEXT_PARTS for part in output)


def _has_failed(item: Mapping[str, object]) -> bool:
    """Whether a `shell_call_output` tells of a command that failed."""
    output = item.get("output")
    if not isinstance(output, list):
        return False
    outcomes = [part.get("outcome") for part in output if isinstance(part, dict)]
    return any(isinstance(outcome, dict) and outcome.get("exit_code") != 0 for outcome in outcomes)

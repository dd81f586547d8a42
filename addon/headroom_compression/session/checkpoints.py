"""When old outputs are put away to make room, and which: a fold over the items, with a small state.

After each item that is not the model's: when the request up to there has more tokens than the budget, and what may go
holds at least a tenth of it, the oldest outputs go until half of the budget is left. That changes earlier items, which
costs the provider's cache once, so it happens in one go and then not again until the budget is reached anew.

From the first output that goes on, the items are folded again as if it had never shown a line. Texts that pointed to it
stand whole then; so it may take a few rounds at the same item.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import field
from dataclasses import replace
from types import MappingProxyType
from typing import Self
from typing import TypeAlias

from headroom_compression.calls.tool_call import ToolCall
from headroom_compression.document import Stage
from headroom_compression.pipeline import FoldedText
from headroom_compression.recall.eliding import ElidedText
from headroom_compression.recall.eliding import Keeper
from headroom_compression.recall.putting_away import put_away_text
from headroom_compression.recall.putting_away import tells_failure
from headroom_compression.record import record
from headroom_compression.session.item_tokens import count_safely
from headroom_compression.session.item_tokens import item_tokens
from headroom_compression.wire.items import CALLS
from headroom_compression.wire.items import COMPACTIONS
from headroom_compression.wire.items import TOOL_OUTPUTS
from headroom_compression.wire.items import type_of

# What the model is at work with.
_LATEST_KEPT = 20
# A marker with its path takes 50 to 80 tokens.
_MIN_TOKENS = 150
_MARKER_TOKENS = 80
# What went wrong is what a model must not try again.
_MAX_FAILED_TOKENS = 1_500
# A checkpoint gains a tenth of the budget at least, and leaves half of it.
_GAIN_DIVISOR, _REST_DIVISOR = 10, 2
# Texts that pointed at what has gone take more tokens then. Another round folds all of them again, so it is worth it
# only where over three fifths of the budget are left. In the last round all that may go does.
_ENOUGH_FIFTHS, _MAX_ROUNDS = 3, 4
# The item at a position, and its texts.
TextsOf: TypeAlias = Callable[[int], tuple[Mapping[str, object], Sequence[str]]]
# A disk that is full refuses each; a text that is over the limit by itself is the only one.
_MAX_FAILED = 3
_TEXT_PARTS = frozenset({"input_text", "output_text", "text"})


@record
class SeenOutput:
    """An output that may go. position: among the items. number: among the outputs. before: tokens of each of its texts.

    tokens: of all of it, as it is sent. elided: what level recall left out of its texts, without what it left. points:
    whether it may point at earlier ones.
    """

    position: int
    number: int
    before: tuple[int, ...]
    tokens: int
    call: ToolCall | None
    elided: tuple[ElidedText, ...]
    points: bool = False


@record
class PutAwayOutput:
    """forms: of each text, None for as it came. names: of the files. elided: what had been left out of it, and opened,
    maybe, before it was put away.
    """

    forms: tuple[FoldedText | None, ...]
    names: tuple[str, ...]
    tool: str | None
    elided: tuple[ElidedText, ...]
    tokens: int


@record
class Plan:
    """What is put away, by its position. Up to the item before `stop` it stays at that, whatever the tokens are.

    rounds: how many were needed at that item so far; 0 before the first checkpoint.
    """

    put_away: Mapping[int, PutAwayOutput] = field(default_factory=lambda: MappingProxyType({}))
    stop: int = 0
    rounds: int = 0
    checkpoints: int = 0

    @property
    def texts(self) -> int:
        """How many texts are put away."""
        return sum(len(output.names) for output in self.put_away.values())


@record
class Tally:
    """A point in the fold.

    overhead: tokens of instructions and tools. items, outputs: how many there were. answered: how many outputs the
    model has answered. tokens: of all that it sees, as sent. seen: the outputs that may go.
    """

    budget: int
    overhead: int
    plan: Plan = field(default_factory=Plan)
    items: int = 0
    outputs: int = 0
    answered: int = 0
    tokens: int = 0
    seen: tuple[SeenOutput, ...] = ()

    @classmethod
    def start(cls, budget: int, overhead: int, plan: Plan | None = None) -> Self:
        return cls(budget, overhead, plan or Plan(), tokens=overhead)

    @property
    def put_away_here(self) -> PutAwayOutput | None:
        """The next item, if it is put away."""
        return self.plan.put_away.get(self.items)

    @property
    def last_may_go(self) -> bool:
        """Whether the last item is an output that may go."""
        return bool(self.seen) and self.seen[-1].position == self.items - 1

    def after(
        self,
        item: Mapping[str, object],
        texts: Sequence[str],
        folded: Sequence[FoldedText | None],
        call: ToolCall | None,
        *,
        may_go: bool,
    ) -> Self:
        """The point after an item. texts: of a tool output, folded: as they are sent."""
        kind = type_of(item)
        if kind in COMPACTIONS:  # the model sees nothing from before it
            start = replace(self, tokens=self.overhead, seen=(), answered=self.outputs, items=self.items + 1)
            return replace(start, tokens=start.tokens + item_tokens(item))
        if kind not in TOOL_OUTPUTS:
            answered = self.outputs if is_from_model(item) else self.answered
            return replace(self, items=self.items + 1, tokens=self.tokens + item_tokens(item), answered=answered)
        put_away = self.put_away_here
        if put_away and len(put_away.forms) == len(texts):
            return self._after_output(put_away.tokens, ())
        before = tuple(
            form.tokens_before if form else count_safely(text) for text, form in zip(texts, folded, strict=True)
        )
        sent = sum(form.tokens_after if form else count for form, count in zip(folded, before, strict=True))
        sent += item_tokens(item, without_output=bool(texts))
        if not (may_go and _may_go(item, texts, before)):
            return self._after_output(sent, ())
        elided = tuple(replace(form.elided, body="") for form in folded if form and form.elided)
        points = any(form and Stage.ROWS in form.stages for form in folded)
        return self._after_output(sent, (SeenOutput(self.items, self.outputs, before, sent, call, elided, points),))

    def _after_output(self, sent: int, seen: tuple[SeenOutput, ...]) -> Self:
        return replace(
            self,
            items=self.items + 1,
            outputs=self.outputs + 1,
            tokens=self.tokens + sent,
            seen=(*self.seen, *seen) if seen else self.seen,
        )

    @property
    def _is_another_round(self) -> bool:
        """Whether the last checkpoint was taken here."""
        return self.items == self.plan.stop and self.plan.rounds > 0

    def chosen(self, item: Mapping[str, object]) -> Sequence[SeenOutput]:
        """The outputs that are to go after the item, which is the last one before this point; mostly none."""
        if self.items < self.plan.stop or is_from_model(item):
            return ()
        stop = min(self.answered, self.outputs - _LATEST_KEPT)
        if self._is_another_round:
            if self.tokens * 5 <= self.budget * _ENOUGH_FIFTHS or self.plan.rounds >= _MAX_ROUNDS:
                return ()
            is_last = self.plan.rounds == _MAX_ROUNDS - 1
            may_go = [output for output in self.seen if output.number < stop]
            return may_go if is_last else self._oldest(may_go)
        if self.tokens <= self.budget:
            return ()
        may_go = [output for output in self.seen if output.number < stop]
        if sum(output.tokens for output in may_go if output.tokens >= _MIN_TOKENS) * _GAIN_DIVISOR < self.budget:
            return ()
        return self._oldest(may_go)

    def _oldest(self, may_go: Sequence[SeenOutput]) -> Sequence[SeenOutput]:
        """Those that go until half of the budget is left; where that much cannot go, what points at them, too."""
        chosen: list[SeenOutput] = []
        left = self.tokens
        for output in may_go:
            if left <= self.budget // _REST_DIVISOR:
                return chosen
            if output.tokens >= _MIN_TOKENS:
                chosen.append(output)
                left -= output.tokens - _MARKER_TOKENS
        return [output for output in may_go if output.tokens >= _MIN_TOKENS or output.points]

    def plan_with(self, stored: Mapping[int, PutAwayOutput]) -> Plan | None:
        """The plan in which those are put away, too; None when too little of it could be stored."""
        is_another_round = self._is_another_round
        gained = sum(output.tokens for output in self.seen if output.position in stored)
        if not stored or (not is_another_round and gained * _GAIN_DIVISOR < self.budget):
            return None
        put_away = MappingProxyType(dict(sorted({**self.plan.put_away, **stored}.items())))
        rounds = self.plan.rounds + 1 if is_another_round else 1
        return Plan(put_away, self.items, rounds, self.plan.checkpoints + (not is_another_round))


def stored_outputs(outputs: Iterable[SeenOutput], texts_of: TextsOf, store: Keeper) -> dict[int, PutAwayOutput]:
    """Those that could be stored, by their positions. Where the store keeps failing the others are not tried."""
    stored: dict[int, PutAwayOutput] = {}
    failed = 0
    for output in outputs:
        item, texts = texts_of(output.position)
        away = put_away(output, texts, item, store)
        if away:
            stored[output.position] = away
        failed += away is None and store.is_failing
        if failed == _MAX_FAILED:
            break
    return stored


def store_again(plan: Plan, texts_of: TextsOf, store: Keeper) -> None:
    """Write the originals of all that is put away, as far as that is possible."""
    for position, output in plan.put_away.items():
        for form, text in zip(output.forms, texts_of(position)[1], strict=False):
            if form:
                store.keep(text)


def put_away(
    output: SeenOutput, texts: Sequence[str], item: Mapping[str, object], store: Keeper
) -> PutAwayOutput | None:
    """What is sent of an output when its texts are stored; None when they cannot be."""
    forms: list[FoldedText | None] = []
    names: list[str] = []
    for text, before in zip(texts, output.before, strict=True):
        form = put_away_text(text, output.call, store) if before >= _MIN_TOKENS else None
        if before >= _MIN_TOKENS and form is None:
            return None
        pays = form is not None and form.tokens < before
        stages = (Stage.ELISION,)
        forms.append(FoldedText(form.header, form.body, stages, before, form.tokens) if form and pays else None)
        names += [form.name] if form and pays else []
    if not names:
        return None
    kept = sum(form.tokens_after if form else before for form, before in zip(forms, output.before, strict=True))
    tool = output.call.tool if output.call else None
    return PutAwayOutput(tuple(forms), tuple(names), tool, output.elided, kept + item_tokens(item, without_output=True))


def is_from_model(item: Mapping[str, object]) -> bool:
    """Whether the model wrote it, or the server did for it."""
    kind = type_of(item) if "type" in item else "message"
    if kind == "message":
        return item.get("role") == "assistant"
    return kind in CALLS or kind in COMPACTIONS or kind == "reasoning" or kind.endswith("_call")


def _may_go(item: Mapping[str, object], texts: Sequence[str], before: Sequence[int]) -> bool:
    if not any(count >= _MIN_TOKENS for count in before) or not _is_text_only(item):
        return False
    return sum(before) > _MAX_FAILED_TOKENS or not (_has_failed(item) or any(map(tells_failure, texts)))


def _is_text_only(item: Mapping[str, object]) -> bool:
    output = item.get("output")
    if not isinstance(output, list) or item.get("type") == "shell_call_output":
        return True
    return all(isinstance(part, dict) and type_of(part) in _TEXT_PARTS for part in output)


def _has_failed(item: Mapping[str, object]) -> bool:
    """Whether a `shell_call_output` tells of a command that failed."""
    output = item.get("output")
    outcomes = [part.get("outcome") for part in output if isinstance(part, dict)] if isinstance(output, list) else []
    return any(isinstance(outcome, dict) and outcome.get("exit_code") != 0 for outcome in outcomes)

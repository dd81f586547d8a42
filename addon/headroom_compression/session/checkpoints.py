"""When old outputs are put away to make room, and which: a fold over the items, with a small state.

After each item that is not the model's: when the request up to there has more tokens than the budget, and what may go
holds at least a tenth of it, the oldest outputs go until half of the budget would be left. That changes earlier items,
which costs the provider's cache once, so it happens in one go and then not again until the budget is reached anew.

From the first output that goes on, the items are folded again as if it had never shown a line. Texts that pointed to it
stand whole then. While over three fifths of the budget are left, there is another round at the same item, four at most,
in the last of which all goes that may. So what is left is three fifths at most, or nothing more may go.

Where the server drops the oldest items of what is too long for it (`truncation: auto`), the budget says what it takes:
at or below it all is there that a pointer may name. A request that stays above it, or of which nobody knows how long it
is, has no pointers, and no later one that begins with it: that is a checkpoint, too. There the model's items count as
well: no request that ends with one may be above the budget either.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import field
from dataclasses import replace
from types import MappingProxyType
from typing import Self

from headroom_compression.calls.tool_call import ToolCall
from headroom_compression.holdings import Holding
from headroom_compression.pipeline import FoldedText
from headroom_compression.record import record
from headroom_compression.session.item_tokens import is_counted
from headroom_compression.session.known_items import KnownItem
from headroom_compression.session.put_away_outputs import PutAwayOutput
from headroom_compression.session.seen_outputs import MIN_TOKENS
from headroom_compression.session.seen_outputs import SeenOutput
from headroom_compression.session.seen_outputs import SeenOutputs
from headroom_compression.session.seen_outputs import seen_output
from headroom_compression.session.seen_outputs import sent_count
from headroom_compression.session.token_counts import TokenCount
from headroom_compression.session.token_counts import Uncounted
from headroom_compression.wire.items import CALLS
from headroom_compression.wire.items import COMPACTIONS
from headroom_compression.wire.items import TOOL_OUTPUTS
from headroom_compression.wire.items import is_compaction
from headroom_compression.wire.items import type_of

# What the model is at work with.
_LATEST_KEPT = 20
# The most that a marker takes.
_MARKER_TOKENS = 80
# A checkpoint gains a tenth of the budget at least, and leaves half of it.
_GAIN_DIVISOR, _REST_DIVISOR = 10, 2
# Texts that pointed at what has gone take more tokens then. Another round folds all of them again, so it is worth it
# only where over three fifths of the budget are left. In the last round all that may go does.
_ENOUGH_FIFTHS, _MAX_ROUNDS = 3, 4


@record
class Plan:
    """What is put away, by its position. Up to the item before `stop` it stays at that, whatever the tokens are.

    rounds: how many were needed at that item so far; 0 before the first checkpoint. refers: whether there are pointers.
    """

    put_away: Mapping[int, PutAwayOutput] = field(default_factory=lambda: MappingProxyType({}))
    stop: int = 0
    rounds: int = 0
    checkpoints: int = 0
    refers: bool = True

    @property
    def texts(self) -> int:
        """How many texts are put away."""
        return sum(len(output.names) for output in self.put_away.values())


@record
class Wanted:
    """What is to be sent differently from before; nothing by default.

    outputs: those that are to be put away. is_over: unless they are, the server may drop what pointers name.
    """

    outputs: Sequence[SeenOutput] = ()
    is_over: bool = False

    def __bool__(self) -> bool:
        return self.is_over or bool(self.outputs)


@record
class Tally:
    """A point in the fold.

    overhead: tokens of instructions and tools. items, outputs: how many there were. answered: how many outputs the
    model has answered. seen: the outputs that may go, as far as was counted. counted: tokens of what it sees, as
    sent, but for what is not counted yet.
    """

    budget: int
    overhead: int
    plan: Plan = field(default_factory=Plan)
    items: int = 0
    outputs: int = 0
    answered: int = 0
    seen: SeenOutputs = field(default_factory=SeenOutputs)
    counted: int = 0
    uncounted: Uncounted | None = None

    @classmethod
    def start(cls, budget: int, overhead: int, plan: Plan | None = None) -> Self:
        return cls(budget, overhead, plan or Plan(), counted=overhead)

    @property
    def tokens(self) -> int:
        """Of all that the model sees, as sent."""
        return self.counted + (self.uncounted.tokens if self.uncounted else 0)

    @property
    def most(self) -> int:
        """An upper bound of these, known without a count."""
        return self.counted + (self.uncounted.most if self.uncounted else 0)

    @property
    def holdings(self) -> Iterator[Holding]:
        """What it holds in memory: texts that are not counted yet."""
        if self.uncounted:
            yield from self.uncounted.holdings

    @property
    def is_worth_counting(self) -> bool:
        """Whether what is not counted may matter soon: where all may come to over half of the budget."""
        return self.uncounted is not None and self.uncounted.known is None and self.most * 2 > self.budget

    def steps_ahead(self) -> Sequence[Callable[[], object]]:
        """What counts, a text a step, what the next turn may ask for.

        To be done at any time, in any thread, or never: it changes no result, and holds nothing.
        """
        return self.uncounted.steps() if self.uncounted and self.is_worth_counting else ()

    @property
    def put_away_here(self) -> PutAwayOutput | None:
        """The next item, if it is put away."""
        return self.plan.put_away.get(self.items)

    @property
    def last_may_go(self) -> bool:
        """Whether the last item is an output that may go, as far as that is known."""
        return self.seen.latest is not None and self.seen.latest.position == self.items - 1

    def after(
        self, item: KnownItem, folded: Sequence[FoldedText | None], call: ToolCall | None, *, may_go: bool
    ) -> Self:
        """The point after an item. folded: the texts of a tool output as they are sent."""
        kind = type_of(item.members)
        if is_compaction(item.members):  # the model sees nothing from before it
            start = replace(self, counted=self.overhead, uncounted=None, seen=SeenOutputs())
            return start._after((item.tokens,), self.outputs, self.outputs)  # noqa: SLF001  of its own kind
        if kind not in TOOL_OUTPUTS:
            answered = self.outputs if is_from_model(item.members) else self.answered
            return self._after((item.tokens,), self.outputs, answered)
        put_away = self.put_away_here
        if put_away and len(put_away.forms) == len(item.texts):
            return self._after((TokenCount(put_away.tokens),), self.outputs + 1, self.answered)
        before = item.text_counts(folded)
        sent = *map(sent_count, before, folded), item.tokens
        here = self.items, self.outputs
        seen = seen_output(here, item.members, (before, sent), folded, call) if may_go else None
        return self._after(sent, self.outputs + 1, self.answered, seen)

    def _after(
        self, counts: Sequence[TokenCount], outputs: int, answered: int, output: SeenOutput | None = None
    ) -> Self:
        """After one more item that has so many tokens; twice as fast as `replace`."""
        counted, uncounted = self.counted, self.uncounted
        for count in counts:
            if count.is_counted:
                counted += count.tokens
            else:
                uncounted = Uncounted(count, uncounted)
        place = self.items + 1, outputs, answered
        seen = SeenOutputs(output, self.seen) if output else self.seen
        return type(self)(self.budget, self.overhead, self.plan, *place, seen, counted, uncounted)

    def settled(self) -> Self:
        """The same point, all of it counted, without the outputs that turned out to be too short to go."""
        if self.uncounted is None:
            return self
        seen = SeenOutputs.of(output for output in self.seen if output.may_go)
        return replace(self, counted=self.tokens, uncounted=None, seen=seen)

    def decided(self, item: Mapping[str, object], *, truncates: bool = False) -> tuple[Self, Wanted]:
        """The same point, counted where it matters, and what is to change there; mostly nothing.

        item: the last one before it. truncates: the server drops what is oldest of a request above the budget.
        """
        refers = truncates and self.plan.refers and self.items >= self.plan.stop
        if refers and not is_counted(item):
            return self, Wanted(is_over=True)
        is_far = self.most <= self.budget and self.items != self.plan.stop
        may_choose = not is_far and (truncates or not is_from_model(item)) and self._may_choose()
        if is_far or not (may_choose or refers):
            return self, Wanted()
        point = self.settled()
        chosen = point._chosen() if may_choose else ()  # noqa: SLF001  of its own kind
        return point, Wanted(chosen, refers and point.tokens > point.budget)

    def _may_choose(self) -> bool:
        """Whether outputs are to go there, as far as can be told without a count."""
        if self.items < self.plan.stop:
            return False
        if self._is_another_round:
            return True
        return self.most > self.budget and self._is_enough(sum(output.most for output in self._old))

    @property
    def _is_another_round(self) -> bool:
        """Whether the last checkpoint was taken here."""
        return self.items == self.plan.stop and self.plan.rounds > 0

    @property
    def _old(self) -> Iterator[SeenOutput]:
        """The outputs that the model has answered, but for the latest."""
        stop = min(self.answered, self.outputs - _LATEST_KEPT)
        return (output for output in self.seen if output.number < stop)

    def _is_enough(self, tokens: int) -> bool:
        """Whether so many are worth a checkpoint."""
        return tokens * _GAIN_DIVISOR >= self.budget

    def _chosen(self) -> Sequence[SeenOutput]:
        if self._is_another_round:
            if self.tokens * 5 <= self.budget * _ENOUGH_FIFTHS or self.plan.rounds >= _MAX_ROUNDS:
                return ()
            is_last = self.plan.rounds == _MAX_ROUNDS - 1
            may_go = [*self._old]
            return may_go if is_last else self._oldest(may_go)
        if self.tokens <= self.budget:
            return ()
        may_go = [*self._old]
        is_worth_it = self._is_enough(sum(output.tokens for output in may_go if output.tokens >= MIN_TOKENS))
        return self._oldest(may_go) if is_worth_it else ()

    def _oldest(self, may_go: Sequence[SeenOutput]) -> Sequence[SeenOutput]:
        """Those that go until half of the budget is left; where that much cannot go, what points at them, too."""
        chosen: list[SeenOutput] = []
        left = self.tokens
        for output in may_go:
            if left <= self.budget // _REST_DIVISOR:
                return chosen
            if output.tokens >= MIN_TOKENS:
                chosen.append(output)
                left -= output.tokens - _MARKER_TOKENS
        return [output for output in may_go if output.tokens >= MIN_TOKENS or output.points]

    def plan_with(self, stored: Mapping[int, PutAwayOutput], *, is_over: bool = False) -> Plan | None:
        """The plan in which those are put away, too; None when too little of it could be stored.

        is_over: then it is the one so far, without pointers.
        """
        is_another_round = self._is_another_round
        gained = sum(output.tokens for output in self.seen if output.position in stored)
        checkpoints = self.plan.checkpoints + (self.items != self.plan.stop)
        if not stored or (not is_another_round and not self._is_enough(gained)):
            return Plan(self.plan.put_away, self.items, 0, checkpoints, refers=False) if is_over else None
        put_away = MappingProxyType(dict(sorted({**self.plan.put_away, **stored}.items())))
        rounds = self.plan.rounds + 1 if is_another_round else 1
        return Plan(put_away, self.items, rounds, checkpoints, self.plan.refers)


def is_from_model(item: Mapping[str, object]) -> bool:
    """Whether the model wrote it, or the server did for it."""
    kind = type_of(item) if "type" in item else "message"
    if kind == "message":
        return item.get("role") == "assistant"
    return kind in CALLS or kind in COMPACTIONS or kind == "reasoning" or kind.endswith("_call")

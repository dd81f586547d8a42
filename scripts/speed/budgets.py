"""What a budget costs, in processor time: a turn that puts nothing away, one that does, a cold start.

Level recall, nothing written. What is compared takes turns, also at being first, as the second finds the caches warm.
All is done several times, and the shortest time of each turn counts, so that other work of the machine changes little.
Turns are measured twice: with a budget of four times what the session has, and with one that the last turn reaches.
Between two turns texts are counted ahead, as the proxy does it while nobody waits; the note tells how long that takes.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from itertools import islice
from statistics import median

from headroom_compression import CompressedBody
from headroom_compression import Memory
from headroom_compression import Settings
from headroom_compression import compress_request_body
from scripts.savings.recordings import RECALL
from scripts.savings.recordings import Session
from scripts.speed.bodies import GrowingSession
from scripts.speed.measures import MEGABYTE
from scripts.speed.measures import Effort
from scripts.speed.measures import Row
from scripts.speed.measures import milliseconds
from scripts.speed.measures import ratio
from scripts.speed.measures import report_progress
from scripts.speed.measures import times_row

_NEVER = replace(RECALL, budget=2**62)  # nothing is put away
_FAR = 4  # times the tokens of a session: a budget that no turn comes near
# Budgets of a cold start as shares of all tokens: with the first it meets one checkpoint, with the other several.
_ONE, _SEVERAL = 0.8, 0.4
_TIMES = 4


@dataclass(slots=True)
class Pairs:
    """Seconds with a budget and without. ahead: of counting after the turn."""

    ours: list[float] = field(default_factory=list)
    others: list[float] = field(default_factory=list)
    ahead: list[float] = field(default_factory=list)

    def add(self, other: Pairs) -> None:
        self.ours += other.ours
        self.others += other.others
        self.ahead += other.ahead

    def row(self, what: str, aim: str, note: str) -> Row:
        return times_row(what, self.ours, self.others, aim, note)

    def row_of_turns(self, what: str) -> Row:
        together = f"all turns together {ratio(sum(self.ours), sum(self.others))}"
        ahead = f"counted ahead {milliseconds(median(self.ahead))}"
        return self.row(what, "1.05x", f"compared with no budget; {together}; {ahead}")


def budget_turns(sessions: Sequence[Session], effort: Effort) -> Iterator[Row]:
    size = f"{effort.session_bytes / MEGABYTE:g} MB"
    far, near, at_one = Pairs(), Pairs(), Pairs()
    cold = {share: Pairs() for share in (_ONE, _SEVERAL)}
    met: dict[float, list[int]] = {share: [] for share in cold}
    for run in range(effort.runs):
        report_progress(f"a budget at {size}: {run}")
        growing = GrowingSession(sessions, run, effort.session_bytes + 2 * effort.turns * effort.new_bytes)
        bodies = list(islice(growing.turns(effort.session_bytes, effort.new_bytes), effort.turns + 1))
        whole = max(map(_tokens, bodies))
        far.add(_turns(bodies, replace(RECALL, budget=_FAR * whole)))
        near.add(_turns(bodies, replace(RECALL, budget=whole)))
        at_one.add(_checkpoint(bodies))
        for share, pairs in cold.items():
            settings = replace(RECALL, budget=int(whole * share))
            met[share].append(compress_request_body(bodies[-1], settings).report.checkpoints)
            pairs.add(_cold(bodies[-1], settings))
    yield far.row_of_turns(f"core, warm turn at {size}, far below the budget: CPU")
    yield near.row_of_turns(f"core, warm turn at {size}, up to the budget: CPU")
    first = "compared with a first sight without a budget"
    yield at_one.row(f"core, turn with a checkpoint at {size}: CPU", "1.2x", first)
    for share, pairs in cold.items():
        note = f"{min(met[share])} to {max(met[share])} checkpoints; {first}"
        yield pairs.row(f"core, cold start at {size}, budget of {share:.0%} of it: CPU", "1.2x", note)


def _turns(bodies: Sequence[bytes], budgeted: Settings) -> Pairs:
    """All turns but the first."""
    spent: dict[tuple[Settings | None, int], list[float]] = defaultdict(list)
    for time_over in range(_TIMES):
        memories = {budgeted: Memory(), RECALL: Memory()}
        for number, body in enumerate(bodies):
            for settings in (budgeted, RECALL) if (number + time_over) % 2 else (RECALL, budgeted):
                seconds, result = _timed(body, settings, memories[settings])
                spent[settings, number].append(seconds)
                if settings is budgeted:
                    spent[None, number].append(_count_ahead(result))
    turns = range(1, len(bodies))
    return Pairs(*([min(spent[what, number]) for number in turns] for what in (budgeted, RECALL, None)))


def _count_ahead(result: CompressedBody) -> float:
    begin = time.process_time()
    tally = result.conversation.tally if result.conversation else None
    for step in tally.steps_ahead() if tally else ():
        step()
    return time.process_time() - begin


def _checkpoint(bodies: Sequence[bytes]) -> Pairs:
    """The last turn, which puts outputs away, beside a first sight of the same body."""
    settings = replace(RECALL, budget=max(map(_tokens, bodies[:-1])))
    spent = Pairs()
    for _ in range(_TIMES):
        memory = Memory()
        _count_ahead(compress_request_body(bodies[-2], settings, memory))
        spent.ours.append(_timed(bodies[-1], settings, memory)[0])
        spent.others.append(_timed(bodies[-1], RECALL)[0])
    return Pairs([min(spent.ours)], [min(spent.others)])


def _cold(body: bytes, settings: Settings) -> Pairs:
    ours, others = zip(*((_timed(body, settings)[0], _timed(body, RECALL)[0]) for _ in range(_TIMES)), strict=True)
    return Pairs([min(ours)], [min(others)])


def _tokens(body: bytes) -> int:
    """The tokens of a body as the budget counts them."""
    conversation = compress_request_body(body, _NEVER).conversation
    return conversation.tally.tokens if conversation and conversation.tally else 0


def _timed(body: bytes, settings: Settings, memory: Memory | None = None) -> tuple[float, CompressedBody]:
    begin = time.process_time()
    result = compress_request_body(body, settings, memory)
    return time.process_time() - begin, result

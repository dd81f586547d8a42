"""What a budget costs, in processor time: a turn at which nothing is put away, one at which it is, a cold start.

Level recall, nothing written. What is compared takes turns, also at being first: the second finds the caches warm.
Turns are measured twice: where the budget is four times of what the session has, and where it is reached by the last
turn, before which all that is new has to be counted now and then.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

from headroom_compression import Memory
from headroom_compression import Settings
from headroom_compression import compress_request_body
from scripts.savings.recordings import RECALL
from scripts.savings.recordings import Session
from scripts.speed.bodies import GrowingSession
from scripts.speed.measures import MEGABYTE
from scripts.speed.measures import Effort
from scripts.speed.measures import Row
from scripts.speed.measures import ratio
from scripts.speed.measures import report_progress
from scripts.speed.measures import times_row

_NEVER = replace(RECALL, budget=2**62)  # nothing is put away
_FAR = 4  # times the tokens of a session: a budget of which no turn comes near
# So small a part of all tokens is the budget of a cold start that meets one checkpoint, and of one that meets several.
_ONE, _SEVERAL = 0.8, 0.4


def budget_turns(sessions: Sequence[Session], effort: Effort) -> Iterator[Row]:
    size = f"{effort.session_bytes / MEGABYTE:g} MB"
    far: list[tuple[float, float]] = []
    near: list[tuple[float, float]] = []
    at_one: list[tuple[float, float]] = []
    cold: dict[float, list[tuple[float, float]]] = {_ONE: [], _SEVERAL: []}
    met: dict[float, list[int]] = {_ONE: [], _SEVERAL: []}
    for run in range(effort.runs):
        report_progress(f"a budget at {size}: {run}")
        growing = GrowingSession(sessions, run, effort.session_bytes + 2 * effort.turns * effort.new_bytes)
        bodies = list(islice(growing.turns(effort.session_bytes, effort.new_bytes), effort.turns + 1))
        whole = max(map(_tokens, bodies))
        far += _turns(bodies, replace(RECALL, budget=_FAR * whole))
        near += _turns(bodies, replace(RECALL, budget=whole))
        at_one.append(_checkpoint(bodies))
        for share, pairs in cold.items():
            settings = replace(RECALL, budget=int(whole * share))
            met[share].append(compress_request_body(bodies[-1], settings).report.checkpoints)
            pairs.append((_seconds(bodies[-1], settings), _seconds(bodies[-1], RECALL)))
    yield _row(f"core, warm turn at {size}, far below the budget: CPU", far, "1.05x", "compared with no budget")
    ours, others = map(sum, zip(*near, strict=True))
    note = f"compared with no budget; all turns together {ratio(ours, others)}"
    yield _row(f"core, warm turn at {size}, up to the budget: CPU", near, "1.05x", note)
    first = "compared with a first sight without a budget"
    yield _row(f"core, turn with a checkpoint at {size}: CPU", at_one, "1.2x", first)
    for share, pairs in cold.items():
        checkpoints = f"{min(met[share])} to {max(met[share])} checkpoints"
        yield _row(
            f"core, cold start at {size}, budget of {share:.0%} of it: CPU", pairs, "1.2x", f"{checkpoints}; {first}"
        )


def _row(what: str, pairs: Sequence[tuple[float, float]], aim: str, note: str) -> Row:
    ours, others = zip(*pairs, strict=True)
    return times_row(what, ours, others, aim, note)


def _turns(bodies: Sequence[bytes], budgeted: Settings) -> Iterator[tuple[float, float]]:
    """Seconds of turns but the first, with a budget and without: of each two, at which each was first once."""
    memories = {budgeted: Memory(), RECALL: Memory()}
    spent = dict.fromkeys(memories, 0.0)
    for number, body in enumerate(bodies):
        for settings in (budgeted, RECALL) if number % 2 else (RECALL, budgeted):
            seconds = _seconds(body, settings, memories[settings])
            spent[settings] += seconds / 2 if number else 0
        if number and number % 2 == 0:
            yield spent[budgeted], spent[RECALL]
            spent = dict.fromkeys(memories, 0.0)


def _checkpoint(bodies: Sequence[bytes]) -> tuple[float, float]:
    """Seconds of the last turn when it puts outputs away, and of a first sight of the same."""
    settings, memory = replace(RECALL, budget=max(map(_tokens, bodies[:-1]))), Memory()
    compress_request_body(bodies[-2], settings, memory)
    return _seconds(bodies[-1], settings, memory), _seconds(bodies[-1], RECALL)


def _tokens(body: bytes) -> int:
    """As the budget counts them."""
    conversation = compress_request_body(body, _NEVER).conversation
    return conversation.tally.tokens if conversation and conversation.tally else 0


def _seconds(body: bytes, settings: Settings, memory: Memory | None = None) -> float:
    begin = time.process_time()
    compress_request_body(body, settings, memory)
    return time.process_time() - begin

"""What a budget costs, in processor time: a turn at which nothing is put away, one at which it is, a cold start.

Level recall, nothing written. What is compared takes turns, also at being first: the second finds the caches warm.
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
from scripts.speed.measures import report_progress
from scripts.speed.measures import times_row

_NEVER = replace(RECALL, budget=2**62)  # tokens are counted, and nothing is put away
_DIVISOR = 2  # so small a part of all tokens is the budget of a cold start that meets several checkpoints


def budget_turns(sessions: Sequence[Session], effort: Effort) -> Iterator[Row]:
    size = f"{effort.session_bytes / MEGABYTE:g} MB"
    turns: list[tuple[float, float]] = []
    at_one: list[tuple[float, float]] = []
    cold: list[tuple[float, float]] = []
    replayed: list[int] = []
    for run in range(effort.runs):
        report_progress(f"a budget at {size}: {run}")
        growing = GrowingSession(sessions, run, effort.session_bytes + 2 * effort.turns * effort.new_bytes)
        bodies = list(islice(growing.turns(effort.session_bytes, effort.new_bytes), effort.turns + 1))
        turns += _turns(bodies)
        at_one.append(_checkpoint(bodies))
        settings = replace(RECALL, budget=_tokens(bodies[-1]) // _DIVISOR)
        replayed.append(compress_request_body(bodies[-1], settings).report.checkpoints)
        cold.append((_seconds(bodies[-1], settings), _seconds(bodies[-1], RECALL)))
    yield _row(f"core, warm turn at {size}, budget: CPU", turns, "1.05x", "compared with no budget")
    first = "compared with a first sight without a budget"
    yield _row(f"core, turn with a checkpoint at {size}: CPU", at_one, "1.2x", first)
    note = f"{min(replayed)} to {max(replayed)} checkpoints; {first}"
    yield _row(f"core, cold start at {size}, budget: CPU", cold, "", note)


def _row(what: str, pairs: Sequence[tuple[float, float]], aim: str, note: str) -> Row:
    ours, others = zip(*pairs, strict=True)
    return times_row(what, ours, others, aim, note)


def _turns(bodies: Sequence[bytes]) -> Iterator[tuple[float, float]]:
    """Seconds of each turn but the first, with a budget and without."""
    memories = {_NEVER: Memory(), RECALL: Memory()}
    for number, body in enumerate(bodies):
        order = (_NEVER, RECALL) if number % 2 else (RECALL, _NEVER)
        seconds = {settings: _seconds(body, settings, memories[settings]) for settings in order}
        if number:
            yield seconds[_NEVER], seconds[RECALL]


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

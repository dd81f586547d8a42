"""What a turn costs: `python scripts/savings/benchmark.py FOLDER --speed [NAME ...]` prints a table.

Medians of several runs. A row through mitmdump is compared with mitmdump without the addon, a row of the core with a
floor that is measured in the same run: the least that a program could do with the same bytes. What is compared takes
turns, so that a busy machine slows both down. Bodies differ in every request: mitmproxy keeps the last one decoded.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from functools import partial
from itertools import islice
from statistics import median

import orjson

from headroom_compression import Memory
from headroom_compression import Settings
from headroom_compression import compress_request_body
from headroom_compression.wire.body import locate_items
from scripts.savings.recordings import RECALL
from scripts.savings.recordings import Session
from scripts.speed.at_once import at_once
from scripts.speed.bodies import GrowingSession
from scripts.speed.budgets import budget_turns
from scripts.speed.events import event_streams
from scripts.speed.hostile import hostile_texts
from scripts.speed.kinds import text_kinds
from scripts.speed.loop_holds import loop_holds
from scripts.speed.many_sessions import long_run
from scripts.speed.many_sessions import many_sessions
from scripts.speed.measures import MEGABYTE
from scripts.speed.measures import Effort
from scripts.speed.measures import Row
from scripts.speed.measures import counting_timed
from scripts.speed.measures import milliseconds
from scripts.speed.measures import report_progress
from scripts.speed.measures import table
from scripts.speed.measures import times_row
from scripts.speed.rereads import rereads
from scripts.speed.round_trips import neighbour
from scripts.speed.round_trips import round_trips
from scripts.speed.round_trips import start
from scripts.speed.store import full_stores
from scripts.speed.two_users import two_users
from scripts.speed.websocket import websocket_turns

# Aims are for the 1 MB and 10 MB of the defaults.
_AIMS_WARM = {MEGABYTE: "1.5 ms", 10 * MEGABYTE: "4 ms"}
_FULL = Effort()


@dataclass(slots=True)
class Series:
    """Seconds per body: ours without counting, counting, and the floor."""

    work: list[float] = field(default_factory=list)
    counting: list[float] = field(default_factory=list)
    floor: list[float] = field(default_factory=list)

    def measure(self, work: Callable[[], object], floor: Callable[[], object]) -> None:
        self.floor.append(_seconds(floor))
        with counting_timed() as counted:
            whole = _seconds(work)
        self.work.append(whole - counted.seconds)
        self.counting.append(counted.seconds)

    def row(self, what: str, aim: str, note: str) -> Row:
        return times_row(what, self.work, self.floor, aim, f"counting {milliseconds(median(self.counting))}; {note}")


def print_speed(sessions: Sequence[Session], names: Sequence[str], effort: Effort = _FULL) -> None:
    rows = [row for name in names or ROWS for row in ROWS[name](sessions, effort)]
    report_progress("")
    print(table(rows))


def warm_turns(sessions: Sequence[Session], effort: Effort) -> Iterator[Row]:
    """The floor: compare the known beginning, parse the new items, join the two."""
    for size in effort.warm_sizes:
        series = Series()
        new: list[int] = []
        for run in range(effort.runs):
            report_progress(f"warm turns of {size:,} bytes: {run}")
            new += _measure_warm_turns(
                GrowingSession(sessions, run, size + 5 * effort.turns * effort.new_bytes), size, effort, series
            )
        note = f"{median(new) / 1000:.1f} kB new; floor: startswith, parse the new items, join"
        yield series.row(f"core, warm turn at {size / MEGABYTE:g} MB", _AIMS_WARM.get(size, ""), note)


def _measure_warm_turns(session: GrowingSession, size: int, effort: Effort, series: Series) -> Iterator[int]:
    """Yield how many bytes are new in each turn."""
    memory = Memory()
    known = b""
    for body in islice(session.turns(size, effort.new_bytes), effort.turns + 1):
        if known:
            series.measure(
                partial(compress_request_body, body, memory=memory),
                partial(_read_new_items, body, known),
            )
            yield len(body) - len(known)
        else:
            compress_request_body(body, memory=memory)
        known = body[: locate_items(body).items[-1].stop]


def _read_new_items(body: bytes, known: bytes) -> bytes:
    assert body.startswith(known)  # noqa: S101  it is what is measured
    rest = body[len(known) :]
    orjson.loads(b'{"input":[null' + rest)
    return b"".join((known, rest))


def first_sight(sessions: Sequence[Session], effort: Effort) -> Iterator[Row]:
    """The floor: orjson reads the body and writes it."""
    measured = {("", Settings(), size): Series() for size in effort.first_sizes}
    measured[", level recall", RECALL, effort.session_bytes] = Series()
    for run in range(effort.runs):
        for (what, settings, size), series in measured.items():
            report_progress(f"first sight of {size:,} bytes{what}: {run}")
            body = next(GrowingSession(sessions, run, size).turns(size, 1))
            work = partial(compress_request_body, body, settings, Memory())
            series.measure(work, partial(_read_and_write, body))
    for (what, _, size), series in measured.items():
        rate = milliseconds(median(series.work) / size * MEGABYTE)
        yield series.row(f"core, first sight of {size / MEGABYTE:g} MB{what}", "150 ms per MB", f"{rate} per MB")


def _read_and_write(body: bytes) -> bytes:
    return orjson.dumps(orjson.loads(body))


def _seconds(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


ROWS: Mapping[str, Callable[[Sequence[Session], Effort], Iterator[Row]]] = {
    "warm": warm_turns,
    "first": first_sight,
    "round-trip": round_trips,
    "events": event_streams,
    "websocket": websocket_turns,
    "neighbour": neighbour,
    "many": many_sessions,
    "long": long_run,
    "start": start,
    "hostile": hostile_texts,
    "at-once": at_once,
    "loop-holds": loop_holds,
    "rereads": rereads,
    "store": full_stores,
    "kinds": text_kinds,
    "two-users": two_users,
    "budget": budget_turns,
}

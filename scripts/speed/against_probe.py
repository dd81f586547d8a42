"""Measures the checkout whose addon is on the path, for `against`: prints a line of JSON for each figure."""

from __future__ import annotations

import gc
import importlib
import json
import sys
import time
from collections.abc import Callable
from collections.abc import Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from statistics import median

# Not imported from `measures`, which imports the core: `start` measures how long that takes. For the same reason the
# core is only imported inside functions.
MEGABYTE = 1_000_000
_TURNS = 15
_NEW_BYTES = 10_000
_SIGHTS = 3
_LONG = 9
_LONG_TURNS = 5
Figures = Iterator[tuple[str, float, str]]


def main() -> None:
    what, folder, sessions, size = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    figures: dict[str, Callable[[], Figures]] = {
        "start": start,
        "times": partial(times, folder, size),
        "memory": partial(memory_held, folder, sessions, size),
    }
    for name, value, unit in figures[what]():
        print(json.dumps({"what": name, "value": value, "unit": unit}))


def start() -> Figures:
    for name in ("main", "dump"):  # they are there in any case
        importlib.import_module(f"mitmproxy.tools.{name}")
    before = _resident()
    yield "import of the addon, CPU", _milliseconds(partial(importlib.import_module, "headroom_addon")), "ms"
    tokens = importlib.import_module("headroom_compression.tokens")
    yield "what else is done before mitmproxy listens, CPU", _milliseconds(tokens.check), "ms"
    load = importlib.import_module("headroom_compression").load
    yield "load of core and tokenizer, in the thread, CPU", _milliseconds(load), "ms"
    gc.collect()
    yield "memory of addon and tokenizer", (_resident() - before) / 2**20, "MiB"


def times(folder: Path, size: int) -> Figures:
    from headroom_compression import Memory  # noqa: PLC0415  see above
    from headroom_compression import compress_request_body  # noqa: PLC0415
    from scripts.savings.recordings import read_sessions  # noqa: PLC0415
    from scripts.speed.bodies import GrowingSession  # noqa: PLC0415

    recorded = list(read_sessions(folder))
    first: list[float] = []
    warm: list[float] = []
    for number in range(_SIGHTS):
        memory = Memory()
        session = GrowingSession(recorded, number, size + 10 * _TURNS * _NEW_BYTES)
        sight, *turns = (
            _milliseconds(partial(compress_request_body, body, memory=memory))
            for body in islice(session.turns(size, _NEW_BYTES), 1 + _TURNS)
        )
        first.append(sight)
        warm += turns
    yield f"first sight of {size / MEGABYTE:g} MB, CPU", median(first), "ms"
    yield f"warm turn at {size / MEGABYTE:g} MB, CPU", median(warm), "ms"
    memory = Memory()
    session = GrowingSession(recorded, _SIGHTS, _LONG * size + 10 * _LONG_TURNS * _NEW_BYTES)
    _, *turns = (
        _milliseconds(partial(compress_request_body, body, memory=memory))
        for body in islice(session.turns(_LONG * size, _NEW_BYTES), 1 + _LONG_TURNS)
    )
    yield f"warm turn at {_LONG * size / MEGABYTE:g} MB, CPU", median(turns), "ms"


def memory_held(folder: Path, sessions: int, size: int) -> Figures:
    from headroom_compression import Memory  # noqa: PLC0415
    from headroom_compression import compress_request_body  # noqa: PLC0415
    from headroom_compression import tokens  # noqa: PLC0415
    from scripts.savings.recordings import read_sessions  # noqa: PLC0415
    from scripts.speed.bodies import GrowingSession  # noqa: PLC0415

    tokens.load()
    recorded = list(read_sessions(folder))

    def turns(number: int) -> Iterator[bytes]:
        session = GrowingSession(recorded, 100 + number, size + 10 * _NEW_BYTES)
        return islice(session.turns(size, _NEW_BYTES), 3)

    memory = Memory(2**40)
    total = 0
    before = 0
    for number in range(sessions + 1):
        length = 0
        for body in turns(number):
            compress_request_body(body, memory=memory if number else Memory())
            length = len(body)
        if number:
            total += length
        else:  # memory that work needs for its time: the first session takes it, all others use it again
            gc.collect()
            before = _resident()
    gc.collect()
    held = (_resident() - before) / total
    yield f"memory of {sessions} sessions of {size / MEGABYTE:g} MB, for each of their bytes", held, "bytes"
    yield "counted of it against compress_memory", memory.size / total, "bytes"


def _milliseconds(work: Callable[[], object]) -> float:
    """The processor time of the work, in ms."""
    begin = time.process_time()
    work()
    return 1_000 * (time.process_time() - begin)


def _resident() -> int:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS:")) * 1024


if __name__ == "__main__":
    main()

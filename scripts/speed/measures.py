"""What the speed rows share: how much is measured, a row of the table, percentiles, the time that counting takes."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from collections.abc import Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from headroom_compression import Settings
from headroom_compression import compress_request_body
from headroom_compression import tokens

MEGABYTE = 1_000_000
_USER_TIME = 11  # in /proc/PID/stat, behind the name; then that of the system, then both of children


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is measured. The defaults take about five minutes on two cores, all sizes are in bytes."""

    runs: int = 3
    turns: int = 15
    new_bytes: int = 10_000
    warm_sizes: Sequence[int] = (MEGABYTE, 10 * MEGABYTE)
    first_sizes: Sequence[int] = (MEGABYTE // 4, MEGABYTE // 2, MEGABYTE, 2 * MEGABYTE, 4 * MEGABYTE)
    session_bytes: int = MEGABYTE
    hostile_bytes: int = MEGABYTE
    neighbour_seconds: float = 4.0
    sessions_at_once: int = 50
    long_turns: int = 2_000
    starts: int = 5
    stored_originals: Sequence[int] = (10_000, 20_000)
    touched_originals: int = 500
    readings: Sequence[int] = (200, 400)
    kind_bytes: int = MEGABYTE
    user_rounds: int = 10
    user_turns: int = 100
    list_bytes: int = 6 * 2**20


@dataclass(frozen=True, slots=True)
class Row:
    what: str
    ours: str
    compared: str
    ratio: str
    aim: str
    note: str = ""


@dataclass(slots=True)
class Stopwatch:
    seconds: float = 0.0


@contextmanager
def counting_timed() -> Iterator[Stopwatch]:
    """Add up the seconds that are spent in counting tokens."""
    stopwatch, count = Stopwatch(), tokens.count

    def count_timed(text: str) -> int:
        begin = time.perf_counter()
        try:
            return count(text)
        finally:
            stopwatch.seconds += time.perf_counter() - begin

    tokens.count = count_timed
    try:
        yield stopwatch
    finally:
        tokens.count = count


def core_seconds(body: bytes, settings: Settings) -> float:
    """The processor time that the core takes for a request that it has not seen before."""
    begin = time.process_time()
    compress_request_body(body, settings)
    return time.process_time() - begin


def times_row(what: str, ours: Sequence[float], floor: Sequence[float], aim: str, note: str = "") -> Row:
    """The medians of two series of seconds."""
    mine, other = median(ours), median(floor)
    return Row(what, milliseconds(mine), milliseconds(other), ratio(mine, other), aim, note)


def ratio(mine: float, other: float) -> str:
    return f"{mine / max(other, 1e-9):.2f}x"


def milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:,.2f} ms"


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least this share of the values does not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -int(-share * len(ordered) // 1) - 1)]


def resident_bytes(pid: int) -> int | None:
    """What a process holds in memory, by Linux's own count; None elsewhere."""
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        return None
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmRSS:"))
    return int(line.split()[1]) * 1024


def cpu_seconds(pid: int, *, with_children: bool = False) -> float | None:
    """The processor time of a process, by Linux's own count, in steps of 10 ms; None elsewhere.

    with_children: and that of the processes that it has waited for.
    """
    status = Path(f"/proc/{pid}/stat")
    if not status.exists():
        return None
    fields = status.read_text().rpartition(")")[2].split()  # its name may hold anything
    ticks = fields[_USER_TIME : _USER_TIME + (4 if with_children else 2)]
    return sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")


def report_progress(text: str) -> None:
    print(f"\r\x1b[K{text}", end="", file=sys.stderr, flush=True)


def table(rows: Sequence[Row]) -> str:
    """The rows as Markdown."""
    titles = ("what", "headroom-addon", "compared with", "ratio", "aim", "")
    lines = [(row.what, row.ours, row.compared, row.ratio, row.aim, row.note) for row in rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (titles, ("---",) * len(titles), *lines))

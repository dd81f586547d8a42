"""What the store of level recall costs a request: a new original in a full store, and a turn that touches many.

Processor time, as the disk is not ours to speed up. For a new original that of the thread that works on the request,
and that of the whole process, in which a thread of the store evicts old ones.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from threading import enumerate as running_threads

from headroom_compression.recall.store import Store
from headroom_compression.recall.store import name_of
from scripts.savings.recordings import Session
from scripts.speed.measures import Effort
from scripts.speed.measures import Row
from scripts.speed.measures import milliseconds
from scripts.speed.measures import report_progress
from scripts.speed.measures import times_row

# The default limit holds 20,000 of this size. They are sparse files, which count as files of that size.
SIZE = 26_000
_NEW = 200
_DAYS = {"seen two days ago": 2, "all seen today": 0}
_FEW = 10
_AIM = "1 ms"


def full_stores(_: Sequence[Session], effort: Effort) -> Iterator[Row]:
    for count in effort.stored_originals:
        for what, days in _DAYS.items():
            report_progress(f"a full store of {count:,} originals, {what}")
            yield _new_originals(count, what, days)
    yield _touched_originals(effort.touched_originals, effort.turns)


def _new_originals(count: int, what: str, days: int) -> Row:
    with TemporaryDirectory() as full, TemporaryDirectory() as empty:
        store, floor = Store(Path(full), count * SIZE), Store(Path(empty), 2**40)
        fill(Path(full), count, days)
        _seconds_each(store, ["the first one of a process"])
        _wait()
        texts = [f"{number} ".ljust(SIZE, "x") for number in range(_NEW)]
        begin = time.process_time()
        ours, kept = _seconds_each(store, texts)
        _wait()
        in_all = (time.process_time() - begin) / _NEW
        others, _ = _seconds_each(floor, texts)
    note = f"{kept} of {_NEW} kept; in all threads {milliseconds(in_all)}; floor: in an empty store"
    return times_row(f"core, a new original, {count:,} in a full store, {what}", ours, others, _AIM, note)


def fill(folder: Path, count: int, days: int) -> None:
    """Put originals into a folder that were seen so many days ago."""
    now = folder.stat().st_mtime
    for number in range(count):
        path = folder / name_of(f"old {number}")
        path.touch(mode=0o600)
        os.truncate(path, SIZE)
        seen = now - days * 24 * 3600 - number
        os.utime(path, (seen, seen))


def _seconds_each(store: Store, texts: Sequence[str]) -> tuple[list[float], int]:
    """The seconds that each takes, and how many were kept."""
    seconds, kept = [], 0
    for text in texts:
        begin = time.thread_time()
        kept += store.keep(text) is not None
        seconds.append(time.thread_time() - begin)
    return seconds, kept


def _wait() -> None:
    for thread in running_threads():
        if thread.name == "headroom store":
            thread.join()


def _touched_originals(count: int, turns: int) -> Row:
    with TemporaryDirectory() as folder:
        store = Store(Path(folder), 2**40)
        names = [str(store.keep(f"{number}".ljust(SIZE))) for number in range(count)]
        _wait()
        times = {
            len(some): [_touch_seconds(store, dict.fromkeys(some)) for _ in range(turns)]
            for some in (names[:_FEW], names)
        }
    note = f"{milliseconds(median(times[count]))} a turn; floor: of {_FEW}"
    return times_row(f"core, a turn that touches {count:,} originals", times[count], times[_FEW], _AIM, note)


def _touch_seconds(store: Store, names: dict[str, None]) -> float:
    begin = time.thread_time()
    store.touch(names)
    return time.thread_time() - begin

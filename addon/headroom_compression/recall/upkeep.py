"""What keeps a store of originals within its limit: a count of what it holds, and a thread that evicts.

No request waits for that thread, which ends when there is nothing to do. Others may write into the same folder: it is
scanned again when much was written, and every hour. In between the count is what the last scan found, and what was
written here since.

What was not seen for two weeks goes; over the limit the oldest go first, but never one that was seen within a day: a
conversation may point to it. Ages are told by the file system alone. Each use of the store is noted in the folder's
own time; where that leaps by more than a day, the clock may have been changed: what was seen in the day before the leap
counts as seen now.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from math import inf
from pathlib import Path
from threading import Lock
from threading import Thread

from headroom_compression.recall.stored_files import Entry
from headroom_compression.recall.stored_files import entries
from headroom_compression.recall.stored_files import unfinished_files

# A file's time is set once an hour at most, so it may be that much older than the last sighting.
SECONDS_BETWEEN_TOUCHES = 3600
KEPT_SECONDS = 14 * 24 * 3600 + SECONDS_BETWEEN_TOUCHES
PROTECTED_SECONDS = 24 * 3600 + SECONDS_BETWEEN_TOUCHES
_UNFINISHED_SECONDS = 3600  # writing one takes milliseconds
# Shares of the limit. A sweep of 20,000 files takes 0.1 s: with the default limit there are a thousand writes between.
_HIGH, _LOW = 0.95, 0.9
# What may be written without a scan, as a share of the limit: by so much each proxy may be wrong about the others.
_UNSCANNED_SHARE = 1 / 32
# So that the scans of a folder of many small files take less than its writes.
_FILES_PER_WRITE = 64
_MAX_SECONDS_BETWEEN_SWEEPS = 3600
# After one that could not evict enough: all was seen within a day.
_MIN_SECONDS_BETWEEN_SWEEPS = 60
# There is one a turn, at most. So many wait only for a disk that does not answer.
_MAX_JOBS = 100

logger = logging.getLogger(__name__)


class Upkeep:
    """last_seen: when this process saw the originals that it knows, by name; they may have been dated back since."""

    def __init__(self, folder: Path, limit: int, last_seen: Callable[[str], float]) -> None:
        self._folder = folder
        self._limit = limit
        self._last_seen = last_seen
        self._size: int | None = None  # None: not scanned yet
        self._files = 0
        self._new: dict[str, int] = {}  # what was written since the last scan: names and sizes
        self._written = 0  # the sum of these sizes
        self._now = 0.0
        self._leapt_from = inf  # where the clock leapt, and no sweep has seen to it yet
        self._swept = 0.0
        self._is_crowded = False
        self._newest = ""
        self._needed = 0
        self._jobs: list[Callable[[], object]] = []
        self._is_sweep_wanted = self._is_running = False
        self._lock = Lock()  # for what is above
        self._sweeping = Lock()

    def tick(self) -> float:
        """Now, by the clock of the file system. Raise OSError when the folder cannot be had."""
        before = self._folder.stat().st_mtime
        with suppress(OSError):  # on a read-only file system time stands still, and nothing is evicted
            os.utime(self._folder)
        now = self._folder.stat().st_mtime
        known = min(before, self._now or before)
        if now - known > PROTECTED_SECONDS:
            self._leapt_from = min(known, self._leapt_from)
            self._want_sweep()
        self._now = now
        return now

    def require_room(self, size: int) -> None:
        """Raise OSError when there is no room for so many bytes more. To be called after `tick`."""
        if size > self._limit:
            raise OSError(f"one of {size:,} bytes is over the limit of {self._limit:,} bytes")
        if self._size is None and self._written + size > self._limit * _UNSCANNED_SHARE:
            self._sweep(size, again=False)
        elif self._is_due(size):
            self._want_sweep(size)
        if (self._size or 0) + self._written + size > self._limit:
            reason = ", and all of it was seen within a day" if self._is_crowded else ""
            raise OSError(f"over the limit of {self._limit:,} bytes{reason}")

    def note_written(self, name: str, size: int) -> None:
        """To be called when the file bears its name, so that a scan cannot miss it."""
        with self._lock:
            self._new[name] = size
            self._written = sum(self._new.values())

    def do(self, job: Callable[[], object]) -> None:
        """Do something in the thread, before any sweep that is wanted later; not at all when the thread is stuck."""
        with self._lock:
            if len(self._jobs) < _MAX_JOBS:
                self._jobs.append(job)
        self._start()

    def _is_due(self, size: int) -> bool:
        since = self._now - self._swept
        if self._size is None or not 0 <= since <= _MAX_SECONDS_BETWEEN_SWEEPS:
            return True
        if self._written > self._limit * _UNSCANNED_SHARE and len(self._new) * _FILES_PER_WRITE > self._files:
            return True
        if self._size + self._written + size <= self._limit * _HIGH:
            return False
        return not self._is_crowded or since > _MIN_SECONDS_BETWEEN_SWEEPS or self._was_cleared()

    def _was_cleared(self) -> bool:
        return not os.access(self._folder / self._newest, os.F_OK)

    def _want_sweep(self, size: int = 0) -> None:
        self._needed = max(self._needed, size)
        self._is_sweep_wanted = True
        self._start()

    def _start(self) -> None:
        with self._lock:
            is_running, self._is_running = self._is_running, True
        if is_running:
            return
        try:
            Thread(target=self._work, name="headroom store", daemon=True).start()
        except RuntimeError:  # no thread can be had: the next request tries again
            self._is_running = False

    def _work(self) -> None:
        while job := self._next_job():
            try:
                job()
            except OSError:
                continue  # who writes next is told why
            except BaseException as error:  # noqa: BLE001  nobody waits for it
                logger.warning("headroom: the upkeep of stored originals failed: %s", type(error))

    def _next_job(self) -> Callable[[], object] | None:
        with self._lock:
            if self._jobs:
                return self._jobs.pop(0)
            self._is_running = is_wanted = self._is_sweep_wanted
            self._is_sweep_wanted = False
        return self._sweep_for_all if is_wanted else None

    def _sweep_for_all(self) -> None:
        needed, self._needed = self._needed, 0
        self._sweep(needed)

    def _sweep(self, needed: int, *, again: bool = True) -> None:
        """Scan, and evict. again: although another thread has just done it."""
        with self._sweeping:
            if self._size is not None and not again:
                return
            with self._lock:
                before = set(self._new)
            now, leapt_from = self._now, self._leapt_from
            self._remove_unfinished(now)
            stored = self._dated_anew(entries(self._folder), leapt_from, now)
            size, self._is_crowded = self._evict(stored, now, needed)
            counted = before.union(entry.name for entry in stored)
            with self._lock:
                self._size, self._files, self._swept = size, len(stored), now
                self._new = {name: size for name, size in self._new.items() if name not in counted}
                self._written = sum(self._new.values())
                self._leapt_from = inf if self._leapt_from == leapt_from else self._leapt_from
            self._newest = stored[-1].name if stored else ""

    def _dated_anew(self, stored: Iterable[Entry], leapt_from: float, now: float) -> list[Entry]:
        """The entries, the latest seen last, those of the last day before the clock leapt as seen now."""
        dated = []
        for entry in stored:
            seen = max(entry.seen, self._last_seen(entry.name))
            if leapt_from - PROTECTED_SECONDS <= seen <= leapt_from + SECONDS_BETWEEN_TOUCHES:
                with suppress(OSError):
                    os.utime(self._folder / entry.name)
                seen = now
            dated.append(entry if seen == entry.seen else replace(entry, seen=seen))
        return sorted(dated, key=lambda entry: entry.seen)

    def _evict(self, stored: Iterable[Entry], now: float, needed: int) -> tuple[int, bool]:
        """How many bytes stay, and whether these are too many."""
        size = sum(entry.size for entry in stored)
        most = self._limit if size + needed <= self._limit * _HIGH else min(self._limit * _LOW, self._limit - needed)
        for entry in stored:
            age = now - entry.seen
            if (age > KEPT_SECONDS or (size > most and age > PROTECTED_SECONDS)) and self._is_gone(entry):
                size -= entry.size
        return size, size > most

    def _is_gone(self, entry: Entry) -> bool:
        """Delete it, unless another proxy has just seen it; whether it is gone."""
        path = self._folder / entry.name
        try:
            if path.lstat().st_mtime > entry.seen:
                return False
            path.unlink()
        except FileNotFoundError:
            return True
        except OSError:  # it may be open, where such cannot be deleted
            return False
        return True

    def _remove_unfinished(self, now: float) -> None:
        """What a proxy that was killed left behind."""
        for path in unfinished_files(self._folder):
            with suppress(FileNotFoundError):
                if now - path.lstat().st_mtime > _UNFINISHED_SECONDS:
                    path.unlink()

"""The store behind level recall: one file for each original, in a folder that is private to the user.

With `upkeep`, which evicts, the one module of the core that writes. A file is named by its content, written
whole or not at all, and touched when it is seen. Without room nothing more is stored, and nothing more elided.
What was sent with gaps stays so, whatever becomes of its original: what is gone or was changed is noticed, told, and
written again where the request still holds it.
"""

from __future__ import annotations

import logging
import os
import stat
import tempfile
from collections.abc import Collection
from collections.abc import Iterable
from contextlib import suppress
from functools import lru_cache
from functools import partial
from heapq import nsmallest
from math import inf
from pathlib import Path
from threading import Lock
from typing import NamedTuple

from headroom_compression.recall.stored_files import UNFINISHED
from headroom_compression.recall.stored_files import check_folder
from headroom_compression.recall.stored_files import check_path
from headroom_compression.recall.stored_files import clear
from headroom_compression.recall.stored_files import entries
from headroom_compression.recall.stored_files import name_of
from headroom_compression.recall.stored_files import name_of_content
from headroom_compression.recall.stored_files import read
from headroom_compression.recall.stored_files import require_writable
from headroom_compression.recall.upkeep import SECONDS_BETWEEN_TOUCHES
from headroom_compression.recall.upkeep import Upkeep

__all__ = [
    "DEFAULT_LIMIT",
    "Store",
    "UnwrittenStore",
    "check_folder",
    "check_path",
    "clear",
    "entries",
    "name_of",
    "read",
    "store_of",
]

DEFAULT_LIMIT = 512 * 2**20
# Of so many originals a turn asks whether they are there, which takes 1 microsecond each; at the first of these it
# looks, which takes 3. Those that it looked at longest ago come first. Nearly all sessions have fewer.
_MAX_ASKED_FOR = 256
_MAX_LOOKED_AT = 64
# Hashing takes 1 ms a MB, reading as much again.
_MAX_BYTES_READ = 256 * 1024
_MAX_BYTES = 64 * 2**20  # of an original: what a body may have
_MAX_TOUCHED_AT_ONCE = 32
# What the default limit holds at 26 kB each; about 6 MB.
_MAX_KNOWN = 20_000
# So that a store that was cleared under many sessions is one warning.
_SECONDS_BETWEEN_WARNINGS = 3600

logger = logging.getLogger(__name__)


class _Look(NamedTuple):
    """How a file was when it held what it should: at which turn that was, its size and its time."""

    turn: int
    size: int
    seen: float


_NEVER = _Look(-1, -1, inf)


class Store:
    """Keeps originals. One that cannot be kept is told once in the log, until one can be again (`is_failing`)."""

    def __init__(self, folder: Path, limit: int) -> None:
        self._folder = folder
        self._upkeep = Upkeep(folder, limit, self._last_seen)
        self._known: dict[str, _Look] = {}
        self._lost: dict[str, int] = {}  # how often it was missed
        self._lock = Lock()  # for what is known: the thread of the upkeep writes there too
        self._turn = 0
        self.is_failing = self._is_out_of_reach = False
        self._last_loss = -inf

    def path_of(self, name: str) -> str:
        return str(self._folder / name)

    def keep(self, text: str) -> str | None:
        """The name of the file that holds the text, from now on; None when it could not be written."""
        name, content = name_of(text), text.encode()
        try:
            if not self._holds(name, content):
                require_writable(self._folder)
                self._upkeep.tick()
                self._upkeep.require_room(len(content))
                self._write(name, content)
                self.is_failing = False
        except OSError as error:
            self._tell(error)
            return None
        return name

    def touch(self, names: Collection[str]) -> bool:
        """Note that the originals were seen. False when some are not as they were, and are to be written again."""
        if not names:
            return True
        self._turn += 1
        lost = set(self._find_lost(names))
        there = [name for name in names if name not in lost] if lost else names
        for name in there if self._lost else ():
            self._lost.pop(name, None)
        try:
            if lost or self._is_out_of_reach:
                require_writable(self._folder)
                self._is_out_of_reach = self.is_failing = False
            now = self._touch_old(there)
        except OSError as error:
            self._is_out_of_reach = True
            self._tell(error)
            with suppress(OSError):
                self._touch_old(there)
            return True
        return not (lost and self._may_write_again(lost, now))

    def _holds(self, name: str, content: bytes) -> bool:
        try:
            is_alike = os.lstat(self._folder / name).st_size == len(content)
            is_held = is_alike and read(self._folder, name) == content
        except OSError:
            return False
        if is_held:
            with suppress(OSError):  # a read-only file system still shows what it holds
                self._touch(name)
        return is_held

    def _write(self, name: str, content: bytes) -> None:
        descriptor, unfinished = tempfile.mkstemp(prefix=UNFINISHED, dir=self._folder)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
            Path(unfinished).replace(self._folder / name)
        except BaseException:
            Path(unfinished).unlink(missing_ok=True)
            raise
        self._upkeep.note_written(name, len(content))
        self._note(name, os.lstat(self._folder / name))

    def _find_lost(self, names: Collection[str]) -> list[str]:
        """Those that are not there, or no longer hold what they should, as far as that is known yet."""
        prefix = os.path.join(self._folder, "")  # noqa: PTH118  a Path for each takes longer than the system does
        watched = list(names)
        if len(watched) > _MAX_LOOKED_AT:
            watched = nsmallest(_MAX_ASKED_FOR, watched, key=lambda name: self._known.get(name, _NEVER).turn)
        room = _MAX_BYTES_READ
        lost = []
        for name in watched[:_MAX_LOOKED_AT]:
            is_intact, was_read = self._is_intact(name, prefix + name, room)
            room -= was_read
            if not is_intact:
                lost.append(name)
        return [*lost, *(name for name in watched[_MAX_LOOKED_AT:] if not os.access(prefix + name, os.F_OK))]

    def _is_intact(self, name: str, path: str, room: float = inf) -> tuple[bool, int]:
        """Whether it holds what it should, and how many bytes were read for that. Without room it is not read."""
        try:
            found = os.lstat(path)
            known = self._known.get(name, _NEVER)
            if (found.st_size, found.st_mtime) == known[1:]:
                self._known[name] = known._replace(turn=self._turn)
                return True, 0
            is_alike = known.size in {-1, found.st_size} and found.st_size <= _MAX_BYTES
            if not (is_alike and stat.S_ISREG(found.st_mode)):
                return False, 0
            if room <= 0:
                return True, 0
            is_intact = name_of_content(read(self._folder, name)) == name
        except OSError:
            return False, 0
        if is_intact:
            self._note(name, found)
        return is_intact, found.st_size

    def _touch_old(self, names: Iterable[str]) -> float:
        """Touch those that were not touched for an hour, many of them in the thread of the upkeep. Return the time."""
        now = self._upkeep.tick()
        old = [name for name in names if self._known.get(name, _NEVER).seen < now - SECONDS_BETWEEN_TOUCHES]
        self._touch_all(old[:_MAX_TOUCHED_AT_ONCE])
        if len(old) > _MAX_TOUCHED_AT_ONCE:
            self._upkeep.do(partial(self._touch_all, old[_MAX_TOUCHED_AT_ONCE:]))
        return now

    def _touch_all(self, names: Iterable[str]) -> None:
        """Note in the files that they were seen, but in none that somebody has changed: that would hide it."""
        for name in names:
            try:
                if self._is_intact(name, self.path_of(name))[0]:
                    self._touch(name)
            except FileNotFoundError:
                continue
            except OSError:
                return  # on a read-only file system all others fail too

    def _touch(self, name: str) -> None:
        path = self.path_of(name)
        os.utime(path)
        self._note(name, os.lstat(path))

    def _note(self, name: str, found: os.stat_result) -> None:
        with self._lock:
            self._known.pop(name, None)
            self._known[name] = _Look(self._turn, found.st_size, found.st_mtime)
            if len(self._known) > _MAX_KNOWN:
                del self._known[next(iter(self._known))]

    def _last_seen(self, name: str) -> float:
        known = self._known.get(name)
        return known.seen if known else -inf

    def _may_write_again(self, lost: Collection[str], now: float) -> bool:
        """Whether to try it now: where one cannot be written, at its 1st, 2nd, 4th, 8th... turn."""
        new = [name for name in lost if name not in self._lost]
        if new and not 0 <= now - self._last_loss <= _SECONDS_BETWEEN_WARNINGS:
            logger.warning(
                "headroom: of what was left out of a conversation, originals are gone or were changed (%d of them); "
                "what its requests still hold is stored again",
                len(new),
            )
        self._last_loss = now if new else self._last_loss
        if len(self._lost) > _MAX_KNOWN:
            self._lost.clear()
        counts = [self._lost.get(name, 0) + 1 for name in lost]
        self._lost.update(zip(lost, counts, strict=True))
        return any(count & (count - 1) == 0 for count in counts)

    def _tell(self, error: OSError) -> None:
        if not self.is_failing:
            reason = error.strerror or str(error)
            logger.warning("headroom: originals cannot be stored, so nothing more is left out: %s", reason)
        self.is_failing = True


class UnwrittenStore(Store):
    """For dry runs and audits: says what would be kept, and writes nothing."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, 0)

    def keep(self, text: str) -> str | None:
        return name_of(text)

    def touch(self, names: Collection[str]) -> bool:  # noqa: ARG002  the same call as of the store that writes
        return True


@lru_cache(maxsize=8)
def store_of(folder: str, limit: int, *, is_written: bool) -> Store:
    """The store of a folder, one for each in this process."""
    return Store(Path(folder), limit) if is_written else UnwrittenStore(Path(folder))

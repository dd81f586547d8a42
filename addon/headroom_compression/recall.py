"""The store behind level recall: one file for each original, in a folder that is private to the user.

The one module of the core that writes. A file is named by its content, written whole or not at all, and touched at
each sighting. What was not seen for days goes; over the limit the oldest go first, but never one that was seen within
a day: a conversation may point to it. When there is no room then, nothing more is stored, and nothing more elided.

Ages are told by the file system alone: "now" is the time of the file that was written last.
"""

from __future__ import annotations

import logging
import os
import re
import stat
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path

from headroom_compression.frozen import frozen
from headroom_compression.shell_paths import unfit_character

DEFAULT_LIMIT = 512 * 2**20
KEPT_SECONDS = 14 * 24 * 3600
PROTECTED_SECONDS = 24 * 3600
_NAME = re.compile(r"[0-9a-f]{16}\.txt")
_UNFINISHED = ".new-"
_UNFINISHED_SECONDS = 3600  # writing one takes milliseconds
_WRITES_BETWEEN_SCANS = 32
_OTHERS = 0o077
# Through no link, and without waiting for who may write into a pipe.
_AS_IT_IS = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)

logger = logging.getLogger(__name__)


@frozen
class Entry:
    """A stored original. size: in bytes. seen: seconds since 1970 by the clock of the file system."""

    name: str
    size: int
    seen: float


def name_of(text: str) -> str:
    """The name of a text's file: 64 bits, so that of a million files two are the same once in 37 million stores."""
    return f"{blake2b(text.encode(), digest_size=8).hexdigest()}.txt"


def check_path(folder: Path) -> None:
    """Raise ValueError for a folder that markers cannot name, so that a shell opens what they say."""
    if not folder.is_absolute():
        raise ValueError("it is not absolute")
    unfit = unfit_character(str(folder))
    if unfit:
        raise ValueError(f"{str(folder)!r} holds {unfit!r}, which no marker can show so that a shell takes it as it is")


def check_folder(folder: Path) -> None:
    """Make the folder, or raise OSError when it cannot be had or others could write or read in it."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode):
        raise NotADirectoryError(f"{folder} is a link, not a folder")
    if os.name == "posix" and (found.st_uid != os.getuid() or found.st_mode & _OTHERS):
        raise PermissionError(f"{folder} is not private: it must be yours, with mode 0700")


def entries(folder: Path) -> list[Entry]:
    """What is stored, the latest seen last. A folder that is not there holds nothing."""
    with suppress(FileNotFoundError), os.scandir(folder) as found:
        stored = [_entry(file) for file in found if _NAME.fullmatch(file.name)]
        return sorted((entry for entry in stored if entry), key=lambda entry: (entry.seen, entry.name))
    return []


def _entry(file: os.DirEntry[str]) -> Entry | None:
    with suppress(FileNotFoundError):  # another proxy evicts it at this moment
        found = file.stat(follow_symlinks=False)
        if stat.S_ISREG(found.st_mode):
            return Entry(file.name, found.st_size, found.st_mtime)
    return None


def read(folder: Path, name: str) -> bytes:
    """A stored original. Raise OSError when there is none of that name, and ValueError for what is no such name."""
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name!r} is no name of a stored original")
    descriptor = os.open(folder / name, os.O_RDONLY | _AS_IT_IS)
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(f"{folder / name} is no file")
        return file.read()


def clear(folder: Path) -> int:
    """Delete all that is stored, unfinished files too; return how many originals that were."""
    stored = entries(folder)
    for path in (*(folder / entry.name for entry in stored), *_unfinished_files(folder)):
        path.unlink(missing_ok=True)
    return len(stored)


class Store:
    """Keeps originals. One that cannot be kept is told once in the log, until one can be again."""

    def __init__(self, folder: Path, limit: int) -> None:
        self._folder = folder
        self._limit = limit
        self._size = 0
        self._writes = 0
        self._is_failing = False

    def path_of(self, name: str) -> str:
        return str(self._folder / name)

    def keep(self, text: str) -> str | None:
        """The name of the file that holds the text, from now on; None when it could not be written."""
        name, content = name_of(text), text.encode()
        try:
            if not self._holds(name, content):
                check_folder(self._folder)
                self._write(name, content)
        except OSError as error:
            self._tell(error)
            return None
        self._is_failing = False
        return name

    def touch(self, names: Iterable[str]) -> bool:
        """Note that the originals were seen; whether they are all there."""
        are_there = True
        for name in names:
            try:
                os.utime(self._folder / name)
            except FileNotFoundError:
                are_there = False
            except OSError:
                continue  # a read-only file system still shows what it holds
        return are_there

    def _holds(self, name: str, content: bytes) -> bool:
        try:
            is_held = read(self._folder, name) == content
        except OSError:
            return False
        return is_held and self.touch([name])

    def _write(self, name: str, content: bytes) -> None:
        descriptor, unfinished = tempfile.mkstemp(prefix=_UNFINISHED, dir=self._folder)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
            self._make_room(len(content), Path(unfinished).stat().st_mtime)
            Path(unfinished).replace(self._folder / name)
        except BaseException:
            Path(unfinished).unlink(missing_ok=True)
            raise
        self._size += len(content)
        self._writes += 1

    def _make_room(self, size: int, now: float) -> None:
        if self._writes % _WRITES_BETWEEN_SCANS and self._size + size <= self._limit:
            return
        self._remove_unfinished(now)
        stored = entries(self._folder)
        self._size = sum(entry.size for entry in stored)
        for entry in stored:
            age = now - entry.seen
            is_over = self._size + size > self._limit
            if age > KEPT_SECONDS or (is_over and age > PROTECTED_SECONDS):
                self._evict(entry)
        if self._size + size > self._limit:
            raise OSError(f"over the limit of {self._limit:,} bytes, and all of it was seen within a day")

    def _evict(self, entry: Entry) -> None:
        path = self._folder / entry.name
        with suppress(FileNotFoundError):
            if path.lstat().st_mtime <= entry.seen:  # else another proxy has just seen it
                path.unlink()
        self._size -= entry.size

    def _remove_unfinished(self, now: float) -> None:
        """What a proxy that was killed left behind."""
        for path in _unfinished_files(self._folder):
            with suppress(FileNotFoundError):
                if now - path.lstat().st_mtime > _UNFINISHED_SECONDS:
                    path.unlink()

    def _tell(self, error: OSError) -> None:
        if not self._is_failing:
            reason = error.strerror or str(error)
            logger.warning("headroom: originals cannot be stored, so nothing more is left out: %s", reason)
        self._is_failing = True


class UnwrittenStore(Store):
    """For dry runs and audits: says what would be kept, and writes nothing."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, 0)

    def keep(self, text: str) -> str | None:
        return name_of(text)

    def touch(self, names: Iterable[str]) -> bool:  # noqa: ARG002  the same call as of the store that writes
        return True


@lru_cache(maxsize=8)
def store_of(folder: str, limit: int, *, is_written: bool) -> Store:
    """The store of a folder, one for each in this process."""
    return Store(Path(folder), limit) if is_written else UnwrittenStore(Path(folder))


def _unfinished_files(folder: Path) -> list[Path]:
    return list(folder.glob(f"{_UNFINISHED}*"))

"""The files behind level recall: one for each original, named by its content, in a folder private to the user.

Nothing is written here but the folder itself; `store` writes, `upkeep` evicts.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path

from headroom_compression.formats.shell_paths import unfit_character
from headroom_compression.record import record

UNFINISHED = ".new-"
_NAME = re.compile(r"[0-9a-f]{16}\.txt")
_OTHERS = 0o077
# Through no link, and without waiting for who may write into a pipe.
_AS_IT_IS = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)


@record
class Entry:
    """A stored original. size: in bytes. seen: seconds since 1970 by the clock of the file system."""

    name: str
    size: int
    seen: float


def name_of(text: str) -> str:
    """The name of a text's file: 64 bits, so that of a million files two are the same once in 37 million stores."""
    return name_of_content(text.encode())


def name_of_content(content: bytes) -> str:
    return f"{blake2b(content, digest_size=8).hexdigest()}.txt"


def check_path(folder: Path) -> None:
    """Raise ValueError for a folder that markers cannot name, so that a shell opens what they say."""
    if not folder.is_absolute():
        raise ValueError(f"{str(folder)!r} is not absolute")
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


def require_writable(folder: Path) -> None:
    """Raise OSError when nothing can be written in the folder: it is to be had, private, and not read-only."""
    check_folder(folder)
    if not os.access(folder, os.W_OK | os.X_OK):
        raise PermissionError(f"{folder} cannot be written to")


def entries(folder: Path) -> list[Entry]:
    """What is stored, the latest seen last. A folder that is not there holds nothing."""
    with suppress(FileNotFoundError):
        # By one number: to sort 20,000 pairs holds the interpreter up for 15 ms, to sort as many numbers for 4.
        return sorted(_scan(folder), key=lambda entry: entry.seen)
    return []


def _scan(folder: Path) -> Iterator[Entry]:
    with os.scandir(folder) as found:
        for file in found:
            entry = _entry(file) if _NAME.fullmatch(file.name) else None
            if entry:
                yield entry


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
    for path in (*(folder / entry.name for entry in stored), *unfinished_files(folder)):
        path.unlink(missing_ok=True)
    return len(stored)


def unfinished_files(folder: Path) -> list[Path]:
    return list(folder.glob(f"{UNFINISHED}*"))

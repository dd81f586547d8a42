"""Write a list of paths as `ls -R` does: a folder with a colon, then what it holds, each without the folder.

    src/main/java/org/example/Alpha.java        src/main/java/org/example:
    src/main/java/org/example/Beta.java         Alpha.java
    src/main/java/org/example/io/Reader.java    Beta.java
    README.md                                   io/Reader.java

                                                .:
                                                README.md

Byte-exact, the order of the rows included. Names may be paths from the folder on, where that costs less than another
folder. Nothing is left out; lines of the tool before and after the list stay as they are.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Sequence

from headroom_compression.calls.searches import counts_paths_first
from headroom_compression.calls.searches import prints_paths
from headroom_compression.client_text import has_cut
from headroom_compression.document import Document
from headroom_compression.document import Stage
from headroom_compression.formats.folder_headings import cheapest_folders
from headroom_compression.formats.path_rows import is_path
from headroom_compression.formats.path_rows import lists_in
from headroom_compression.formats.words_in_lines import stands_times

STAGE = Stage.KIND
MIN_LINES = 4

# Two folders with two names each are the least that could pay.
_MIN_ROWS = 4
# 0.3 s of work. No client sends that many: Codex cuts at 10,000 tokens, Claude Code at 100 files.
_MAX_ROWS = 50_000


def fold(document: Document) -> str | None:
    if not stands_times(document.body, "/", _MIN_ROWS) or not prints_paths(document.call):
        return None
    lines = document.body.split("\n")
    parts = lists_in(lines)
    if counts_paths_first(document.call) and any(not part.start for part in parts):
        return None
    folded = "\n".join(_with_lists(lines, parts, _folded))
    return folded if folded != document.body else None


def is_exact(document: Document, folded: str) -> bool:
    lines = folded.split("\n")
    rebuilt = "\n".join(_with_lists(lines, lists_in(lines), _read_listing))
    return rebuilt == document.body != folded


def _with_lists(
    lines: list[str], parts: Sequence[range], written: Callable[[list[str]], list[str] | None]
) -> Iterator[str]:
    """The lines, each list in them written in another way where there is one."""
    position = 0
    for part in parts:
        rows = lines[part.start : part.stop]
        yield from lines[position : part.start]
        yield from written(rows) or rows
        position = part.stop
    yield from lines[position:]


def _folded(rows: list[str]) -> list[str] | None:
    if not _MIN_ROWS <= len(rows) <= _MAX_ROWS or not all(map(is_path, rows)) or any(map(has_cut, rows)):
        return None
    if 0 < sum(row.startswith("./") for row in rows) < len(rows):
        return None
    folders = cheapest_folders(rows)
    if rows[0].startswith("./") and set(folders) == {"."}:
        return None  # a heading "." alone does not say whether "./" stood before the paths
    return [*_listing(rows, folders)]


def _listing(rows: list[str], folders: list[str]) -> Iterator[str]:
    current = None
    for row, folder in zip(rows, folders, strict=True):
        if folder != current:
            if current is not None:
                yield ""
            yield f"{folder}:"
            current = folder
        is_below = folder != "." or row.startswith("./")
        yield row[len(folder) + 1 :] if is_below else row


def _read_listing(lines: list[str]) -> list[str] | None:
    """The paths that a listing stands for; None when it is none."""
    # `find .` writes "./" in front of every path, other tools in front of none.
    here = "./" if any(line.startswith("./") and line.endswith(":") for line in lines) else ""
    paths = []
    prefix = None
    is_heading_due = True
    for line in lines:
        if line.endswith(":") and is_heading_due:
            prefix = here if line == ".:" else line[:-1] + "/"
            is_heading_due = False
        elif line and prefix is not None and not is_heading_due:
            paths.append(prefix + line)
        elif line or is_heading_due:
            return None
        else:
            is_heading_due = True
    return None if is_heading_due else paths

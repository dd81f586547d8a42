"""Which file, from which line on, a shell command shows: cat, nl -ba, sed -n, head, tail, and pipes of them."""

from __future__ import annotations

import re

from headroom_compression.commands import pipeline
from headroom_compression.frozen import frozen

# Characters that the shell would replace by something else.
EXPANDED = frozenset("$`*?~{}")
_SED_RANGE = re.compile(r"([1-9][0-9]{0,8})(?:,(?:[1-9][0-9]{0,8}|\$))?p")
_HEAD_COUNT = re.compile(r"-(?:n ?)?[0-9]{1,9}|--lines=[0-9]{1,9}")
_TAIL_START = re.compile(r"(?:-n ?)?\+([1-9][0-9]{0,8})")


@frozen
class FileView:
    path: str
    first_line: int


def shown_file(command: str) -> FileView | None:
    """The file and the line that the output begins with; None for every command that is not wholly understood.

    `nl -ba a.py | sed -n '20,40p'` gives a.py and 20.
    """
    path = None
    first_line = 1
    for position, words in enumerate(pipeline(command) or ()):
        step = _step(words, may_number=position == 0)
        if step is None or (step[1] is None) != (position > 0):
            return None
        path = step[1] or path
        first_line += step[0] - 1
    return FileView(path, first_line) if path else None


def _step(words: list[str], *, may_number: bool) -> tuple[int, str | None] | None:
    """The line that a program begins to show at, and the file that it names."""
    first_line = "1"
    match words:
        case ["cat", "-n", *files] | ["nl", "-ba", *files] | ["nl", "-b", "a", *files] if may_number:
            pass
        case ["sed", "-n", expression, *files] if start := _SED_RANGE.fullmatch(expression):
            first_line = start[1]
        case ["tail", "-n", place, *files] | ["tail", place, *files] if start := _TAIL_START.fullmatch(place):
            first_line = start[1]
        case ["head", "-n", count, *files] if count.isdecimal():
            pass
        case ["head", count, *files] if _HEAD_COUNT.fullmatch(count):
            pass
        case ["cat" | "head", *files]:
            pass
        case _:
            return None
    # A word that begins with a dash is an option that is not understood here.
    if len(files) > 1 or any(name.startswith("-") or EXPANDED & set(name) for name in files):
        return None
    return int(first_line), files[0] if files else None

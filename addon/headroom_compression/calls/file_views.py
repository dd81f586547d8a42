"""Which file, from which line on, a shell command shows: cat, nl -ba, sed -n, head, tail, and pipes of them.

Of a tool that reads files, with which number its lines begin.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Mapping

from headroom_compression.calls.shell_words import SED_RANGE
from headroom_compression.calls.shell_words import pipeline
from headroom_compression.record import record

# Characters that the shell would replace by something else.
EXPANDED = frozenset("$`*?~{}")
_HEAD_COUNT = re.compile(r"-(?:n ?)?([0-9]{1,9})|--lines=([0-9]{1,9})")
_TAIL_START = re.compile(r"(?:-n ?)?\+([1-9][0-9]{0,8})")

_LINES_OF_HEAD = 10
# offset   start_line   line_offset   view_range
_FIRST_KEY = re.compile("begin|first|from|offset|range|start", re.IGNORECASE)


@record
class FileView:
    """max_lines: how many lines it asks for; None where it says no number."""

    path: str
    first_line: int
    max_lines: int | None = None


def shown_file(command: str) -> FileView | None:
    """The file and the line that the output begins with; None for every command that is not wholly understood.

    `nl -ba a.py | sed -n '20,40p'` gives a.py, 20 and 21.
    """
    path = None
    first_line = 1
    max_lines: int | None = None
    for position, words in enumerate(pipeline(command) or ()):
        step = _step(words, may_number=position == 0)
        if step is None or (step.path is None) != (position > 0):
            return None
        path = step.path or path
        first_line += step.first_line - 1
        if max_lines is not None:
            max_lines = max(max_lines - step.first_line + 1, 0)
        max_lines = min((count for count in (max_lines, step.max_lines) if count is not None), default=None)
    return FileView(path, first_line, max_lines) if path else None


@record
class _Step:
    """What a program of a pipeline shows of what it is given, or of a file that it names."""

    path: str | None
    first_line: int
    max_lines: int | None


def _step(words: list[str], *, may_number: bool) -> _Step | None:
    first_line = 1
    max_lines: int | None = None
    match words:
        case ["cat", "-n", *files] | ["nl", "-ba", *files] | ["nl", "-b", "a", *files] if may_number:
            pass
        case ["sed", "-n", expression, *files] if lines := SED_RANGE.fullmatch(expression):
            first_line = int(lines[1])
            last = lines[2] or lines[1]
            max_lines = None if last == "$" else max(int(last) - first_line + 1, 1)
        case ["tail", "-n", place, *files] | ["tail", place, *files] if start := _TAIL_START.fullmatch(place):
            first_line = int(start[1])
        case ["head", "-n", count, *files] if count.isdecimal():
            max_lines = int(count)
        case ["head", count, *files] if amount := _HEAD_COUNT.fullmatch(count):
            max_lines = int(amount[1] or amount[2])
        case ["cat" | "head", *files]:
            max_lines = _LINES_OF_HEAD if words[0] == "head" else None
        case _:
            return None
    # A word that begins with a dash is an option that is not understood here.
    if len(files) > 1 or any(name.startswith("-") or EXPANDED & set(name) for name in files):
        return None
    return _Step(files[0] if files else None, first_line, max_lines)


def first_numbers(values: Mapping[str, object]) -> Iterator[int]:
    """The numbers that the first line may have that a tool with these arguments shows: some count from 0."""
    given = (value for key, value in values.items() if _FIRST_KEY.search(key))
    firsts = (value[0] if isinstance(value, list) and value else value for value in given)
    asked = [first for first in firsts if isinstance(first, int)] or [1]
    return (number for first in asked for number in (first, first + 1))

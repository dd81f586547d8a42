"""Lines in which Gradle tells of a task that printed nothing: it ran, or there was nothing to do.

Not here: tasks that failed or were skipped, and those below which something is printed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

TASKS = "tasks of Gradle that printed nothing"

_SIGN = "> Task "
# > Task :shop:cart:compileJava UP-TO-DATE   > Task :shop:cart:jar
_TASK = re.compile(r"> Task (?::[\w.-]{1,100}){1,12}( UP-TO-DATE| NO-SOURCE| FROM-CACHE)?")
# Whether tests ran, or what they found before still counts: > Task :shop:cart:test UP-TO-DATE
_CHECK = re.compile(r":(?:[\w.-]{0,100}(?:Test|Check|Lint)|(?:test|check|lint|verify)\w{0,60})(?: [A-Z-]{1,20})?$")


def silent_tasks(text: str, lines: Sequence[str]) -> set[int]:
    """Their rows. What ran without a word has the next task below it. text: holds the lines."""
    if _SIGN not in text:
        return set()
    found = [(row, match) for row, line in enumerate(lines) if (match := _TASK.fullmatch(line))]
    return {row for row, match in found if match[1] or any(map(_begins, lines[row + 1 : row + 2]))}


def checks_among(lines: Sequence[str]) -> tuple[str, ...]:
    """The tasks of tests and checks."""
    return tuple(line for line in lines if _CHECK.search(line))


def _begins(line: str) -> bool:
    return line.startswith(_SIGN)

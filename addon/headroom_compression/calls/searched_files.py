"""Which file a shell command searches, when it shows the numbers of its lines: grep -n, of one file."""

from __future__ import annotations

import re

from headroom_compression.calls.file_views import EXPANDED
from headroom_compression.calls.shell_words import pipeline
from headroom_compression.calls.vocabulary import GREPS
from headroom_compression.calls.vocabulary import HEADS

# Flags that change nothing about the rows: -n -i -v -w -x -E -F -P; with a number: -A5, -B 3, -C2, -m 1
_FLAGS = re.compile(r"-[nivwxEFGP]*(?:[ABCm](?P<number>[0-9]*))?|--color=never|--line-number")


def searched_file(command: str) -> str | None:
    """The one file whose lines the command shows with their numbers; None for every other command.

    `grep -n "def " a.py -A 5 | head -40` and `cat a.py | grep -n "def "` give a.py.
    """
    programs = pipeline(command) or []
    while len(programs) > 1 and programs[-1][0] in HEADS:
        programs = programs[:-1]
    match programs:
        case [["cat", name], [grep, *words]] if grep in GREPS and not name.startswith("-"):
            return name if len(_operands(words)) == 1 else None
        case [[grep, *words]] if grep in GREPS:
            operands = _operands(words)
            is_one = len(operands) == len(("pattern", "file")) and EXPANDED.isdisjoint(operands[1])
            return operands[1] if is_one else None
    return None


def _operands(words: list[str]) -> list[str]:
    """The pattern and the files; none when numbers are not shown or an option is not one of those above."""
    operands: list[str] = []
    shows_numbers = False
    remaining = iter(words)
    for word in remaining:
        if not word.startswith("-"):
            operands.append(word)
            continue
        flags = _FLAGS.fullmatch(word)
        if flags is None:
            return []
        if flags["number"] == "":
            next(remaining, None)
        shows_numbers = shows_numbers or word == "--line-number" or "n" in word.partition("--color")[0]
    return operands if shows_numbers else []

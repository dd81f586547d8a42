"""Say how often equal neighbouring lines, or equal neighbouring blocks of lines, stand there.

    Connection refused, trying again
    [previous line repeated 11 more times]
    [previous 3 lines repeated 4 more times]

In the output of programs that run, in logs, and of commands that can show no file; of other commands only what says
itself that it is none: messages of a program that the command names. Never in files, diffs and of unknown calls.
Byte-exact: nothing is dropped, the lines that are counted stand right above the count. Lines that differ in anything
stay, and so do blank lines.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from collections.abc import Collection
from collections.abc import Sequence
from functools import lru_cache

from headroom_compression.calls.programs import is_log
from headroom_compression.calls.shell_words import MAX_COMMAND
from headroom_compression.calls.shown_files import prints_no_file
from headroom_compression.calls.shown_files import shows_file
from headroom_compression.client_text import has_cut
from headroom_compression.document import Document
from headroom_compression.document import Stage
from headroom_compression.formats.repeat_counts import SIGN
from headroom_compression.formats.repeat_counts import RepeatCount
from headroom_compression.formats.repeat_counts import read_repeat_count

STAGE = Stage.KIND
MIN_LINES = 2

# A reader counts so many lines upwards at a glance; 30 instead found nothing more in 76 sessions.
MAX_BLOCK_LENGTH = 8
# A count costs 8 to 10 tokens. On 76 sessions 80 saves 494 tokens with 17 counts, 50 524 with 20, 150 287 with 5.
_MIN_CHARACTERS_LEFT_OUT = 80

# grep: invalid option -- P   find: './a': Permission denied
_USAGE = "usage: "
_MESSAGE = re.compile(r"([a-z][\w+-]{0,30}): ")
# What may stand in front of a program in a command: nothing, an operator, a keyword, a launcher.
_PROGRAM = re.compile(
    r"(?:^|[|;&(`\n]|\b(?:do|else|exec|sudo|then|time|xargs))[ \t]{0,8}(?:/[\w/.-]{1,80}/)?"
    r"(?=([a-z][\w+-]{0,30})(?![\w+.=/-]))"  # a launcher is one, and stands in front of one
)
_HUNK = re.compile(r"^@@ -[0-9]", re.MULTILINE)


_Judge = Callable[[Sequence[str]], bool]


class _Runs:
    """How far lines go on that equal those of so many rows before them. Asked for rows in ascending order."""

    def __init__(self, lines: list[str]) -> None:
        self._lines = lines
        self._stops = [0] * (MAX_BLOCK_LENGTH + 1)  # by height: of the latest run

    def times_more(self, row: int, height: int) -> int:
        """How often the block that begins in the row stands there again, behind it."""
        lines = self._lines
        if any(has_cut(line) for line in lines[row : row + height]):
            return 0
        # Each row of a run that may not be counted is asked for, and the run ends in the same place for all of them.
        stop = max(row + height, self._stops[height])
        while stop < len(lines) and lines[stop] == lines[stop - height]:
            stop += 1
        self._stops[height] = stop
        return (stop - row) // height - 1


def fold(document: Document) -> str | None:
    body = document.body
    may_be_counted = _judge(document)
    if may_be_counted is None:
        return None
    lines, end = _lines(body)
    if len(set(lines)) == len(lines) or SIGN in body or _HUNK.search(body):
        return None
    counted = _counted(lines, may_be_counted)
    return "\n".join(counted) + end if len(counted) < len(lines) else None


def _judge(document: Document) -> _Judge | None:
    """Which blocks of lines are of no file, and which first lines of such; None where none is known to be."""
    call = document.call
    if prints_no_file(call) or is_log(call):
        return lambda _: True
    if call is None or call.command is None or call.path is not None or shows_file(call):
        return None
    command = call.command
    return lambda block: _are_messages(block, _names_in(command))


@lru_cache(maxsize=1)  # most texts have no block that repeats; where one has, it may have hundreds
def _names_in(command: str) -> Collection[str]:
    """The programs that a command may start."""
    return frozenset(_PROGRAM.findall(command[:MAX_COMMAND]))


def _are_messages(block: Sequence[str], names: Collection[str]) -> bool:
    """Whether programs of these names say all of it, of which one says in several lines how it is used."""
    has_usage = any(line.startswith(_USAGE) for line in block)
    return _says_who(block[0]) in names and all(
        _says_who(line) in names or (has_usage and line.startswith((_USAGE, " ", "\t"))) for line in block
    )


def _says_who(line: str) -> str:
    """The program that says the line, by its name in front; "" for another line."""
    match = _MESSAGE.match(line)
    return match[1] if match else ""


def is_exact(document: Document, folded: str) -> bool:
    lines, end = _lines(folded)
    repeated = _repeated(lines, document.body.count("\n") + 1)
    return repeated is not None and "\n".join(repeated) + end == document.body


def _lines(body: str) -> tuple[list[str], str]:
    """The lines and the final newline, which begins no line."""
    end = "\n" if body.endswith("\n") else ""
    return body.removesuffix("\n").split("\n"), end


def _counted(lines: list[str], may_be_counted: _Judge) -> list[str]:
    counted: list[str] = []
    row = 0
    runs = _Runs(lines)
    while row < len(lines):
        repeat = _best_repeat(lines, row, runs, may_be_counted)
        if repeat is None or not may_be_counted(lines[row : row + repeat.height]):
            counted.append(lines[row])
            row += 1
            continue
        counted += [*lines[row : row + repeat.height], repeat.line()]
        row += repeat.height + repeat.covered
    return counted


def _best_repeat(lines: list[str], row: int, runs: _Runs, may_be_counted: _Judge) -> RepeatCount | None:
    """The one that leaves out most lines; none begins with a blank line."""
    line = lines[row]
    best: RepeatCount | None = None
    if not line or line.isspace():
        return None
    heights = range(1, min(MAX_BLOCK_LENGTH, len(lines) - row - 1) + 1)
    again = [height for height in heights if lines[row + height] == line]
    if not again or not may_be_counted((line,)):  # nor any block that begins with it
        return None
    paying: list[int] = []
    for height in again:
        # A block of two equal blocks ends its repetitions where the smaller block does: nothing to gain.
        if any(height % smaller == 0 for smaller in paying):
            continue
        repeat = RepeatCount(height, runs.times_more(row, height))
        if repeat.more and _pays(lines, row, repeat):
            paying.append(height)
            best = repeat if best is None or repeat.covered > best.covered else best
    return best


def _pays(lines: list[str], row: int, repeat: RepeatCount) -> bool:
    characters = sum(len(line) + 1 for line in lines[row : row + repeat.height])
    return characters * repeat.more >= _MIN_CHARACTERS_LEFT_OUT


def _repeated(lines: list[str], longest: int) -> list[str] | None:
    """The lines with all counts carried out; None when a count has too few lines above it or makes too many."""
    repeated: list[str] = []
    own = 0
    for line in lines:
        count = read_repeat_count(line)
        if count is None:
            repeated.append(line)
            own += 1
            continue
        if own < count.height or len(repeated) + count.covered > longest:
            return None
        repeated += repeated[-count.height :] * count.more
        own = 0
    return repeated

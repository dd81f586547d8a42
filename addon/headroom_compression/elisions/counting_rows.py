"""What scripts print each round: rows, or blocks of up to four, that are alike but for numbers that go on counting.

    Creating batch_0003 with 30 files
    Creating batch_0004 with 30 files

Never left out: the first two of a form and the last one, a row in which any other word, or any number out of step,
stands, and so each result that differs; rows of alarm. A reader can tell every row that is left out from those before
it. Only rows of plain words and numbers, without signs of code, and only of scripts that are given nothing but options
and numbers and run beside programs that tell of files and systems: never rows of a file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Sequence
from functools import lru_cache

from headroom_compression.calls.programs import is_script_alone
from headroom_compression.calls.programs import programs_run
from headroom_compression.calls.shown_files import reports
from headroom_compression.calls.tool_call import ToolCall
from headroom_compression.document import Document
from headroom_compression.document import Stage
from headroom_compression.formats.gaps import Gap
from headroom_compression.record import record

WORKS_ON = Stage.TERMINAL
WORKS_BESIDE_CUTS = True

_WHAT = "rows like those before, with numbers that go on counting"
_MAX_BLOCK = 4
_MIN_ROWS = 8
# Longer ones are no counters.
_NUMBER = re.compile("([0-9]{1,18})")
_DIGITS = frozenset("0123456789")
_MAX_LENGTH = 400
# Writing part_0003.jsonl with 50 orders     --- warehouse 31 ---     but no signs of code, and not far from the left.
# A colon behind the first word is of a key.
_WORDS = r"[A-Za-z0-9][\w./%-]*(?:,? {1,4}[\w./%-]+(?:[,:]? {1,4}[\w./%-]+)*)?[.:]?"
_SAID = re.compile(
    rf"(?=.*(?:^| )[A-Za-z]{{3,}}(?:[ ,.:]|$)) {{0,2}}"
    rf"(?:{_WORDS}|-{{3,9}} {_WORDS} -{{3,9}}|={{3,9}} {_WORDS} ={{3,9}})"
)
# Characters by which counters of a row grow in two rounds.
_MAX_GROWTH = 4


@record
class _Run:
    """Rows `start` to `stop`, each of which goes on with those one and two blocks of `height` rows above it."""

    start: int
    stop: int
    height: int


def find(document: Document, lines: Sequence[str]) -> Iterator[Gap]:
    if document.call is None or not _only_runs_scripts(document.call):
        return
    position = 0
    for run in sorted(_runs(lines), key=lambda run: (run.start, -run.stop, run.height)):
        if run.start >= position and all(map(_SAID.fullmatch, lines[run.start : run.start + run.height])):
            # What follows may be of the last block: of that the rows before it stay.
            yield Gap(run.start, run.stop - run.height + 1, _WHAT)
            position = run.stop


def _only_runs_scripts(call: ToolCall) -> bool:
    """Whether a script runs that is given no file, and all else in the command is known to tell of files and systems.

    What known programs print, such as runners of tests, is for the elisions that know more of it.
    """
    programs = programs_run(call)
    scripts = [words for words in programs if is_script_alone(words)]
    return bool(scripts) and all(words in scripts or reports(words) for words in programs)


def _runs(lines: Sequence[str]) -> Iterator[_Run]:
    """All that are long enough. One row in so many is looked at first: each of them has such a row."""
    looked_at = dict.fromkeys(range(1, _MAX_BLOCK + 1), 0)
    for probe in range(_MIN_ROWS - 1, len(lines), _MIN_ROWS):
        for height in looked_at:
            done = looked_at[height]
            if probe < done or not _goes_on(lines, probe, height):
                continue
            start, stop = probe, probe + 1
            while start > done and _goes_on(lines, start - 1, height):
                start -= 1
            while stop < len(lines) and _goes_on(lines, stop, height):
                stop += 1
            looked_at[height] = stop
            changing = sum(lines[row] != lines[row - height] for row in range(start, stop))
            if stop - start >= _MIN_ROWS and changing * height >= stop - start:
                yield _Run(start, stop, height)
                looked_at.update(dict.fromkeys(looked_at, stop))


def _goes_on(lines: Sequence[str], row: int, height: int) -> bool:
    """Whether the row is like those one and two blocks above it, and each of its numbers goes on with theirs."""
    if row < 2 * height:
        return False
    first, second, third = lines[row - 2 * height], lines[row - height], lines[row]
    if first == third:
        return second == third != ""
    if not _may_be_alike(first, third) or not _may_be_alike(second, third):
        return False
    ones, twos, threes = map(_parts, (first, second, third))
    if not ones[::2] == twos[::2] == threes[::2]:
        return False
    return all(map(_counts_on, ones[1::2], twos[1::2], threes[1::2]))


def _may_be_alike(one: str, other: str) -> bool:
    """In less time than to look at the whole of them; most are not."""
    if not -_MAX_GROWTH <= len(other) - len(one) <= _MAX_GROWTH or not one or not other or len(other) > _MAX_LENGTH:
        return False
    return all(a == b or (a in _DIGITS and b in _DIGITS) for a, b in ((one[0], other[0]), (one[-1], other[-1])))


@lru_cache(maxsize=16)  # each row is compared with the others of its block and with the next two
def _parts(line: str) -> Sequence[str]:
    """What stands around the numbers of a line, and the numbers, in turn."""
    return _NUMBER.split(line)


def _counts_on(one: str, two: str, three: str) -> bool:
    """Whether a number follows from two others. With zeros in front it does where they are as long."""
    has_zeros = any(text[0] == "0" and len(text) > 1 for text in (one, two, three))
    return int(one) + int(three) == 2 * int(two) and (not has_zeros or len(one) == len(two) == len(three))

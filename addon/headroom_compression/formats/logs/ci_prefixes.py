"""What a CI puts before each line of its log: a time, with what else it knows of the line.

build<tab>Run tests<tab>2026-11-28T10:15:01.1234567Z make check      GitHub Actions; without job and step Azure, too
2026-11-28T10:15:01.123456Z 01O make check                           GitLab, and which stream it was
[2026-11-28T10:15:01.123Z] make check                                Jenkins, Buildkite
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from headroom_compression.record import record

_MIN_BEGINNING = 3
_SILENCE = 10  # seconds
# `gh run view --log` puts job and step before it.
_STEP = r"(?:[^\t\n]{1,200}+\t[^\t\n]{1,200}+\t)?"
_SECOND = r"20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}"
_TIME = rf"\ufeff?{_SECOND}\.[0-9]{{7}}Z ?"
# What goes on where a line was redrawn has a plus instead of the space.
_STREAM_TIME = rf"{_SECOND}\.[0-9]{{6}}Z [0-9a-f]{{2}}[EO](?:[+ ]|$)"
_TIME_IN_BRACKETS = rf"\[{_SECOND}(?:\.[0-9]{{3}})?Z\] ?"
_ANY_PREFIX = re.compile(f"(?P<steps>{_STEP}{_TIME})|(?P<stream>{_STREAM_TIME})|(?P<brackets>{_TIME_IN_BRACKETS})")
# What a program writes above all, or between two of the CI's own lines, has none.
_MAX_BARE = 20
_CLOCK = re.compile(r"([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})[.Z]")


@record
class _Form:
    """tens: where the tens of the seconds end, in a prefix without the spaces at its end."""

    lines: re.Pattern[str]
    tens: int


def _form(prefix: str, tens: int) -> _Form:
    # With the rest of the line, of which each place would else be tried: that takes half as long again.
    return _Form(re.compile(f"^((?:{prefix})?)[^\\n]*+", re.MULTILINE), tens)


_WITH_STEPS = _form(_STEP + _TIME, -10)
_TIMES = _form(_TIME, -10)
_OTHERS = {"stream": _form(_STREAM_TIME, 18), "brackets": _form(_TIME_IN_BRACKETS, 19)}


def begins_as_ci_log(lines: Sequence[str]) -> bool:
    """Whether the first lines have what a CI puts before each."""
    return all(map(is_ci_line, lines[:_MIN_BEGINNING]))


def is_ci_line(line: str) -> bool:
    """Whether it has what a CI puts before each line."""
    return _ANY_PREFIX.match(line) is not None


def read_prefixes(lines: Sequence[str]) -> list[str]:
    """What the CI put before each line, "" before one of another."""
    text = "\n".join(lines)
    return _form_of(lines, has_steps="\t" in text).lines.findall(text)


def rows_that_tell_time(prefixes: Sequence[str]) -> set[int]:
    """The rows in which another job or step begins than in the one above, and those on both sides of ten seconds in
    which no line was written."""
    told: set[int] = set()
    # Of one step and of less than ten seconds is what is the same up to the tens of them: 2026-11-28T10:15:0
    tens = _form_of(prefixes).tens
    known = [prefix.rstrip(" ")[:tens] for prefix in prefixes]
    for row, (above, here) in enumerate(pairwise(known), 1):
        if above == here or not above or not here:
            continue
        if above.rpartition("\t")[0] != here.rpartition("\t")[0]:
            told.add(row)
        if abs(_seconds(prefixes[row]) - _seconds(prefixes[row - 1])) >= _SILENCE:
            told |= {row - 1, row}
    return told


def _form_of(lines: Sequence[str], *, has_steps: bool = False) -> _Form:
    """That of the first line that has one."""
    found = next(filter(None, map(_ANY_PREFIX.match, lines[:_MAX_BARE])), None)
    usual = _WITH_STEPS if has_steps else _TIMES  # times alone take half the time
    return _OTHERS.get((found and found.lastgroup) or "", usual)


def _seconds(prefix: str) -> int:
    """Since the month began."""
    found = _CLOCK.search(prefix)
    day, hour, minute, second = map(int, found.groups()) if found else (0, 0, 0, 0)
    return ((day * 24 + hour) * 60 + minute) * 60 + second

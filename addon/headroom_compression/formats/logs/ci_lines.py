"""Lines of a CI's log: what the CI put before each, the steps and groups in which they stand, what the runner says.

    build<tab>Run tests<tab>2026-11-28T10:15:01.1234567Z ##[group]Run make check

The rows that are known here are of what was fetched and is there: they have no status, what goes wrong stands in lines
of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Sequence
from itertools import pairwise

from headroom_compression.formats.line_kinds import Forms
from headroom_compression.record import record

# Each line of a GitHub Actions log has its time to seven places; `gh run view --log` puts job and step before it.
_STEP = r"(?:[^\t\n]{1,200}+\t[^\t\n]{1,200}+\t)?"
_TIME = r"\ufeff?20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{7}Z ?"
_PREFIX = re.compile(_STEP + _TIME)
_PREFIXES = re.compile(f"^(?:{_STEP}{_TIME})?", re.MULTILINE)
_TIMES = re.compile(f"^(?:{_TIME})?", re.MULTILINE)
# The rest is said by programs that wrote more than one line at once.
_MIN_SHARE = 0.95
_MIN_BEGINNING = 3
_SILENCE = 10  # seconds
# Colours, as they are, and as GitHub shows the sign before them in some logs.
_COLOUR = re.compile(r"(?:\x1b|\^\[)\[[0-9;]{0,20}m")
_MARK = "##["
_GROUP = "##[group]"
_END = "##[endgroup]"
_CLOCK = r"(?:#[0-9]{1,5} (?:[0-9]{1,6}\.[0-9]{1,3} )?)?"
# pyhd8ed1ab_0   20_gnu   hd63d673_0_cpython
_BUILD = r"(?:\w{0,50}_[0-9]{1,4}|\w{0,30}[0-9]_\w{1,30})"
_SIZE = r"[0-9.]{1,9} ?[kKMG]?i?B"

# What a step of BuildKit wrote: #8 1.234 Collecting flask
BUILD_OUTPUT = re.compile(r"(#[0-9]{1,5}) [0-9]{1,6}\.[0-9]{1,3} ?")
# Where BuildKit itself leaves text out: #8 2.000 [output clipped, log limit 2MiB reached]
CLIPPED = "[output clipped, log limit "

FETCH_LINES: Forms = {
    "what git fetched": (
        # * [new tag]             v1.3.0     -> v1.3.0
        rf"{_CLOCK} {{1,4}}\* \[new (?:tag|branch|ref)\] {{1,99}}\S{{1,200}} {{1,99}}-> \S{{1,200}}",
        rf"{_CLOCK}remote: (?:Enumerating|Counting|Compressing) objects: [^\n]{{1,80}}",
        rf"{_CLOCK}(?:Receiving objects|Resolving deltas|Updating files): {{1,4}}[0-9]{{1,3}}% [^\n]{{1,100}}",
    ),
    "layers of images": (
        # fa9dca007c40: Pulling fs layer   fa9dca007c40: Pull complete
        r"[0-9a-f]{12}: (?:Pulling fs layer|Waiting|Verifying Checksum|Download complete|Pull complete|Already exists)",
        # #5 sha256:ace391... 29.75MB / 29.75MB 0.2s done   #5 extracting sha256:ace391... 0.1s done
        rf"#[0-9]{{1,5}} sha256:[0-9a-f]{{64}} {_SIZE} / {_SIZE}(?: [0-9.]{{1,9}}s)?(?: done)?",
        r"#[0-9]{1,5} extracting sha256:[0-9a-f]{64}(?: [0-9.]{1,9}s)?(?: done)?",
    ),
    "packages of an environment": (
        # + execnet     2.1.2  pyhd8ed1ab_0  conda-forge  39kB   Linking libuuid-2.42-h5347b49_0
        (
            rf" {{0,4}}(?:\+ )?[\w.-]{{1,80}}+ {{1,80}}+[0-9][\w.!+-]{{0,40}} {{1,60}}{_BUILD} {{1,40}}[\w/.-]{{1,60}}"
            rf"(?: {{1,40}}(?:{_SIZE}|Cached))? {{0,20}}"
        ),
        rf"Linking [\w.-]{{1,100}}-[\w.!]{{1,40}}-{_BUILD}",
        # execnet==2.1.2   execnet @ file:///home/conda/feedstock_root/build_artifacts/execnet_1733230988954/work
        r"[\w.-]{1,100}+(?:==[0-9][\w.!+-]{0,60}| @ (?:file|https)://\S{1,300})",
    ),
    "files that were packed": (
        # shop:pack: dist/build/cart.js
        r"[^\s:]{1,80}+:(?:pre|post)?pack(?:[_-][^\s:]{1,60})?: [\w@.+()\[\]-]{1,100}(?:/[\w@.+()\[\]-]{1,120}){1,20}",
    ),
}


@record
class CiLines:
    """lines: without what stands before each. breaks: the rows, from 0, at which something else begins.

    groups: (start, stop) of the lines of each group that is closed, without those that open and close it.
    """

    lines: Sequence[str]
    breaks: Sequence[int]
    groups: Sequence[tuple[int, int]]


def begins_as_ci_log(lines: Sequence[str]) -> bool:
    """Whether the first lines have what a CI puts before each."""
    return all(map(is_ci_line, lines[:_MIN_BEGINNING]))


def read_prefixes(lines: Sequence[str]) -> list[str]:
    """What the CI put before each line, "" before one of another."""
    text = "\n".join(lines)
    return (_PREFIXES if "\t" in text else _TIMES).findall(text)  # times alone take half the time


def rows_that_tell_time(prefixes: Sequence[str]) -> set[int]:
    """The rows in which another job or step begins than in the one above, and those on both sides of ten seconds in
    which no line was written."""
    told: set[int] = set()
    # Of one step and of less than ten seconds is what is the same up to the tens of them: 2026-11-28T10:15:0
    known = [prefix.rstrip(" ")[:-10] for prefix in prefixes]
    for row, (above, here) in enumerate(pairwise(known), 1):
        if above == here or not above or not here:
            continue
        if above.rpartition("\t")[0] != here.rpartition("\t")[0]:
            told.add(row)
        if abs(_seconds(prefixes[row]) - _seconds(prefixes[row - 1])) >= _SILENCE:
            told |= {row - 1, row}
    return told


def _seconds(prefix: str) -> int:
    """Since the month began."""
    time = prefix.rstrip(" ")[-20:]  # 28T10:15:01.1234567Z
    return ((int(time[:2]) * 24 + int(time[3:5])) * 60 + int(time[6:8])) * 60 + int(time[9:11])


def is_ci_line(line: str) -> bool:
    """Whether it has what a CI puts before each line."""
    return _PREFIX.match(line) is not None


def read_ci_lines(lines: Sequence[str]) -> CiLines | None:
    """None where the lines are not those of a CI's log."""
    prefixes = read_prefixes(lines)
    known = len(prefixes) - prefixes.count("")
    if known < _MIN_SHARE * sum(map(bool, lines)) or not known:
        return None
    bare = [line[len(prefix) :] for line, prefix in zip(lines, prefixes, strict=True)]
    bare = [_COLOUR.sub("", line) if "[" in line and "m" in line else line for line in bare]
    marked = [row for row, line in enumerate(bare) if line.startswith(_MARK)]
    begin, end = ([row for row in marked if bare[row].startswith(mark)] for mark in (_GROUP, _END))
    breaks = {0, len(lines), *begin, *end, *(row + 1 for row in (*begin, *end)), *_step_changes(prefixes)}
    return CiLines(bare, sorted(breaks), list(_groups(begin, end)))


def _step_changes(prefixes: Sequence[str]) -> Iterator[int]:
    """The rows in which another step begins than that of the line above; lines without one are of that of the last."""
    step = None
    for row, prefix in enumerate(prefixes):
        if "\t" in prefix and (named := prefix.split("\t")[1]) != step:
            yield row
            step = named


def _groups(begin: Sequence[int], end: Sequence[int]) -> Iterator[tuple[int, int]]:
    start = None
    for row, is_begin in sorted([*((row, True) for row in begin), *((row, False) for row in end)]):
        if is_begin:
            start = row + 1
        elif start is not None:
            yield start, row
            start = None

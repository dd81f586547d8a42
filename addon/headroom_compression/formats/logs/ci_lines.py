"""Lines of a CI's log: the steps and groups in which they stand, what the runner says.

    ##[group]Run make check      GitHub Actions      $ make check      GitLab
    ##[section]Starting: check   Azure               [Pipeline] sh     Jenkins

The rows that are known here are of what was fetched and is there: they have no status, what goes wrong stands in lines
of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Sequence

from headroom_compression.formats.builds.image_layers import LAYER_LINES
from headroom_compression.formats.builds.image_layers import LAYERS
from headroom_compression.formats.line_kinds import Forms
from headroom_compression.formats.line_kinds import FormWithWord
from headroom_compression.formats.logs.ci_prefixes import read_prefixes
from headroom_compression.record import record

# The rest is said by programs that wrote more than one line at once.
_MIN_SHARE = 0.95
# Colours, as they are, and as GitHub shows the sign before them in some logs.
_COLOUR = re.compile(r"(?:\x1b|\^\[)\[[0-9;]{0,20}m")
_MARK = "##["
_TIMED_MARK = f"Z {_MARK}"
_RUNNER = "Running with gitlab-runner "
_PIPELINE = "\n[Pipeline] "
_STREAM = re.compile(r"20[0-9-]{8}T[0-9:]{8}\.[0-9]{6}Z [0-9a-f]{2}[EO][+ ]")
_BEGINNING = 10_000  # characters
_GROUP = "##[group]"
_END = "##[endgroup]"
# With these lines begins what another command wrote. Colours and what a terminal does not show are gone already.
_COMMANDS = {
    # $ make check   Executing "step_script" stage of the job script   section_start:1790797099:step_script
    "gitlab": re.compile(
        r"\$ |section_(?:start|end):[0-9]{10}:|(?:Preparing|Executing) \"|Preparing environment$|Restoring cache$"
        r"|Getting source from |Downloading artifacts$|(?:Saving cache|Uploading artifacts) for |Cleaning up project "
    ),
    # [Pipeline] { (Build)
    "jenkins": re.compile(r"\[Pipeline\] "),
    # ~~~ Preparing plugins   --- Running tests; but so Go tells of tests, too
    "buildkite": re.compile(r"(?:~~~|---|\+\+\+) (?!(?:PASS|FAIL|SKIP|BENCH): )|\$ "),
}
_CLOCK = r"(?:#[0-9]{1,5} (?:[0-9]{1,6}\.[0-9]{1,3} )?)?"
# pyhd8ed1ab_0   20_gnu   hd63d673_0_cpython
_BUILD = r"(?:\w{0,50}_[0-9]{1,4}|\w{0,30}[0-9]_\w{1,30})"
_SIZE = r"[0-9.]{1,9} ?[kKMG]?i?B"

# What a step of BuildKit wrote: #8 1.234 Collecting flask
BUILD_OUTPUT = re.compile(r"(#[0-9]{1,5}) [0-9]{1,6}\.[0-9]{1,3} ?")
# Where BuildKit itself leaves text out: #8 2.000 [output clipped, log limit 2MiB reached]
CLIPPED = "[output clipped, log limit "

# Commands, which say nothing of how they went; each says "timeout".
JENKINS_GIT = "what Jenkins had git do"

FETCH_LINES: Forms = {
    "what git fetched": (
        # * [new tag]             v1.3.0     -> v1.3.0
        rf"{_CLOCK} {{1,4}}\* \[new (?:tag|branch|ref)\] {{1,99}}\S{{1,200}} {{1,99}}-> \S{{1,200}}",
        rf"{_CLOCK}remote: (?:Enumerating|Counting|Compressing) objects: [^\n]{{1,80}}",
        rf"{_CLOCK}(?:Receiving objects|Resolving deltas|Updating files): {{1,4}}[0-9]{{1,3}}% [^\n]{{1,100}}",
    ),
    JENKINS_GIT: (
        # > git rev-parse --resolve-git-dir /srv/shop/.git # timeout=10   > git --version # 'git version 2.43.0'
        r" {1,2}> git [^\n]{1,900} # (?:timeout=[0-9]{1,4}|'git version [^'\n]{1,80}')",
        r"using (?:credential \S{1,200}|GIT_(?:ASKPASS|SSH) to set credentials [^\n]{0,200})",
        r"The recommended git tool is: \S{1,80}",
        r"Fetching (?:without tags|changes from the remote Git repository|upstream changes from \S{1,300})",
    ),
    LAYERS: (
        *LAYER_LINES[LAYERS],
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
        FormWithWord("==", r"[\w.-]{1,100}+==[0-9][\w.!+-]{0,60}"),
        FormWithWord(" @ ", r"[\w.-]{1,100}+ @ (?:file|https)://\S{1,300}"),
    ),
    "files that were packed": (
        # shop:pack: dist/build/cart.js
        FormWithWord(
            "pack",
            r"[^\s:]{1,80}+:(?:pre|post)?pack(?:[_-][^\s:]{1,60})?: [\w@.+()\[\]-]{1,100}"
            r"(?:/[\w@.+()\[\]-]{1,120}){1,20}",
        ),
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


def ci_in(text: str) -> str:
    """The CI of a log file, by what only its lines have; "" of another file."""
    if _TIMED_MARK in text:  # .NET writes such times, too
        return "github"
    head = text[:_BEGINNING]
    if _RUNNER in head or _STREAM.match(text):
        return "gitlab"
    return "jenkins" if _PIPELINE in head else ""


def read_ci_lines(lines: Sequence[str], ci: str = "github") -> CiLines | None:
    """None where the lines are not those of the log of this CI."""
    prefixes = read_prefixes(lines)
    known = len(prefixes) - prefixes.count("")
    commands = _COMMANDS.get(ci)
    if commands is None and (known < _MIN_SHARE * sum(map(bool, lines)) or not known):
        return None
    bare = [line[len(prefix) :] for line, prefix in zip(lines, prefixes, strict=True)]
    bare = [_COLOUR.sub("", line) if "[" in line and "m" in line else line for line in bare]
    marked = [row for row, line in enumerate(bare) if line.startswith(_MARK)]
    begin, end = ([row for row in marked if bare[row].startswith(mark)] for mark in (_GROUP, _END))
    breaks = {0, len(lines), *begin, *end, *(row + 1 for row in (*begin, *end)), *_step_changes(prefixes)}
    if commands:
        breaks |= {row for row, line in enumerate(bare) if commands.match(line)}
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

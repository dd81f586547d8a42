"""Builds of images with BuildKit: what the programs of a step wrote, and the layers that were fetched.

    #8 [4/6] RUN pip install -r requirements.txt
    #8 1.234 Collecting flask

What a step wrote is handed on, without the step's number and the time, to the elisions that know its form, where its
instruction is in sight and shows no file. Never left out: the instructions of the Dockerfile, which steps were cached
or done and when, errors and what is shown below them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from itertools import groupby

from headroom_compression.calls.launchers import may_run
from headroom_compression.calls.shown_files import shows_file
from headroom_compression.document import Document
from headroom_compression.document import Stage
from headroom_compression.formats.gaps import Gap
from headroom_compression.formats.gaps import judged_gaps
from headroom_compression.formats.line_kinds import LineKinds
from headroom_compression.formats.logs.ci_lines import BUILD_OUTPUT
from headroom_compression.formats.logs.ci_lines import FETCH_LINES
from headroom_compression.formats.passages import Passage

WORKS_ON = Stage.TERMINAL
WORKS_BESIDE_CUTS = True
HALLMARKS = ("#", " [")

_PROGRAMS = frozenset({"buildah", "buildctl", "docker", "docker-compose", "nerdctl", "podman", "podman-compose"})
_LAYERS = "layers of images"
_KINDS = LineKinds({_LAYERS: FETCH_LINES[_LAYERS]})
# #8 [4/6] RUN pip install -r requirements.txt   #5 [internal] load build context   #12 [web builder 2/7] WORKDIR /app
_STEP = re.compile(r"#[0-9]{1,5} \[[^\]\n]{1,200}\](?: [^\n]*)?")
_INSTRUCTION = re.compile(r"^(#[0-9]{1,5}) \[[^\]\n]{1,200}\] RUN (?:--\S{1,200} ){0,9}([^\n]*)", re.MULTILINE)
# What programs write may stand in any file: its form has to prove what wrote it.
_ANY_PROGRAM = "make"
_MIN_LINES = 5


def find(document: Document, lines: Sequence[str]) -> Iterator[Gap]:
    return unwrap(document, lines)[1]


def unwrap(document: Document, lines: Sequence[str]) -> tuple[Sequence[Passage], Iterator[Gap]]:
    """What each step wrote without another one's lines in between; and the layers."""
    call = document.call
    if call is None or not may_run(call, _PROGRAMS) or not any(map(_STEP.fullmatch, lines)):
        return (), iter(())
    rows = [row for row, kind in enumerate(_KINDS.kinds_of(lines)) if kind]
    instructions = _INSTRUCTION.findall(document.body)  # of which a part of its lines may have none
    known = {step for step, command in instructions if not shows_file(replace(call, command=command))}
    return list(_passages(lines, known)), judged_gaps(rows, _LAYERS)


def _passages(lines: Sequence[str], steps: AbstractSet[str]) -> Iterator[Passage]:
    found = [BUILD_OUTPUT.match(line) for line in lines]
    start = 0
    for step, those in groupby(match and match[1] for match in found):
        stop = start + len(list(those))
        if step in steps and stop - start >= _MIN_LINES:
            own = [
                line[match.end() :] for line, match in zip(lines[start:stop], found[start:stop], strict=True) if match
            ]
            yield Passage(start, own, _ANY_PROGRAM)
        start = stop

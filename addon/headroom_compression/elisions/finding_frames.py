"""What linters print of the source below each finding: its lines, the marks under them, the diffs of fixes.

Ruff, ty, oxlint and Biome. All of it stands in the files, and a linter that is told to makes the fixes. Never left out:
codes, messages, places, labels in words under a line, help and notes, the summary, the first finding as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Sequence

from headroom_compression.calls.asked_words import asked_words
from headroom_compression.calls.launchers import commands_within
from headroom_compression.calls.launchers import may_run
from headroom_compression.calls.programs import prints_file
from headroom_compression.calls.tool_call import ToolCall
from headroom_compression.document import Document
from headroom_compression.document import Stage
from headroom_compression.formats.gaps import Gap
from headroom_compression.formats.gaps import inner_rows

WORKS_ON = Stage.TERMINAL
WORKS_BESIDE_CUTS = True

_PROGRAMS = frozenset({"biome", "oxlint", "ruff", "ty"})
#  --> app/carts.py:6:14      --> app/a.ipynb:cell 2:1:8       of ruff and ty
_PYTHON = re.compile(r" {0,12}--> [^\n]{1,500}\.(?:pyi?|ipynb)(?::cell [0-9]{1,7})?:[0-9]{1,7}:[0-9]{1,7}")
#   ! eslint(no-unused-vars): Variable 'unused1' is declared but never used.
#     ,-[src/ledger.js:11:7]
_OXLINT_RULE = re.compile(r"  [!x×⚠] [\w-]{1,80}\([\w/-]{1,100}\): [^\n]{1,2000}")  # noqa: RUF001  as oxlint writes it
_OXLINT = re.compile(r" {1,12}(?:,-|╭─)\[[^\n]{1,500}:[0-9]{1,7}:[0-9]{1,7}\]")
# src/carts.js:5:7 lint/correctness/noUnusedVariables  FIXABLE  ━━━━━━━━━━━━━━━
_BIOME = re.compile(r"[^\s:][^\n:]{0,500}:[0-9]{1,7}:[0-9]{1,7} [a-z]{1,20}/[\w/]{1,100} [^\n━]{0,40}━{3,200}")
# One of them is in each line of the three forms: to look for it in the whole text takes no time.
_PLACE_MARKS = ("--> ", ",-[", "╭─[", "━━━")
#  6 |     x: str = a       11 |   var unused1 = a;      > 137 │   var unused22 = a;       135 135 │   return a
_SOURCE = r" {0,12}(?:> )? {0,9}[0-9]{1,7}(?: {1,12}[0-9]{1,7})? {1,12}[|│](?: [^\n]*)?"
# 1 + import json            137     │ - ··var·unused22·=·a;              137 │ + ··var·_unused22·=·a;
_CHANGED = r" {0,12}[0-9]{1,7} {1,6}[+-] ?[^\n]*| {0,24}[0-9]{1,7} {1,12}│ [+-] [^\n]*"
#   |        ^^              :       ^^^|^^^             │       ^^^^^^^^        `----       ...
_MARKS = r" {1,24}[|│:·](?:[ |/_^~'-]|[┬─╰╭│])*| {1,24}(?:`-{2,9}|╰─{2,9})| {0,12}\.\.\."
_FRAME = re.compile(f"{_SOURCE}|{_CHANGED}|{_MARKS}")
# A line that a fix takes away has no number:   - import json
_REMOVED = re.compile(r" {2,12}- ?[^\n]*")
# Biome writes two spaces into empty lines, and has them between all parts of a finding.
_BLANK = re.compile(r" {1,4}")
# Without a frame in so many lines another program is at work.
_FAR = 16


def find(document: Document, lines: Sequence[str]) -> Iterator[Gap]:
    has_place = any(mark in document.body for mark in _PLACE_MARKS)
    if document.call is None or not has_place or not _runs_linters(document.call):
        return
    asked = asked_words(document.call)
    for rows in _together(_frame_rows(lines)):
        start, stop = rows[0], rows[-1] + 1
        left_out = {row for row in rows if not any(word in lines[row].lower() for word in asked)}
        kept = tuple(lines[row] for row in range(start, stop) if row not in left_out)
        what = f"source lines below findings, what else is said of these in the next {len(kept):,} lines"
        yield Gap(start, stop, what, is_judged=True, instead=kept)


def _runs_linters(call: ToolCall) -> bool:
    """Not beside a program that prints a file, which may show findings of yesterday."""
    return may_run(call, _PROGRAMS) and not any(map(prints_file, commands_within(call.command or "")))


def _frame_rows(lines: Sequence[str]) -> list[int]:
    """Those of all findings but the first, in the order of the text."""
    inner = inner_rows(lines)
    found: list[int] = []
    places, is_open, is_of_biome, is_frame = 0, False, False, False
    for row, line in enumerate(lines):
        if _is_place(row, lines):
            places, is_open, is_of_biome, is_frame = places + 1, True, _BIOME.fullmatch(line) is not None, False
        elif is_of_biome:
            is_open = is_open and line[:1] in ("", " ")
            is_frame = is_open and _FRAME.fullmatch(line) is not None
        else:
            is_open = is_open and bool(line)
            is_frame = is_open and bool(_FRAME.fullmatch(line) or (is_frame and _REMOVED.fullmatch(line)))
        if places > 1 and row in inner and (is_frame or (is_open and _BLANK.fullmatch(line))):
            found.append(row)
    return found


def _is_place(row: int, lines: Sequence[str]) -> bool:
    line = lines[row]
    is_oxlint = row > 0 and _OXLINT.fullmatch(line) and _OXLINT_RULE.fullmatch(lines[row - 1])
    return bool(is_oxlint or _PYTHON.fullmatch(line) or _BIOME.fullmatch(line))


def _together(rows: Sequence[int]) -> Iterator[Sequence[int]]:
    """Runs of rows between which nothing else takes many lines."""
    start = 0
    for place in range(1, len(rows) + 1):
        if place == len(rows) or rows[place] - rows[place - 1] > _FAR:
            yield rows[start:place]
            start = place

"""Say the file of what a compiler finds once, where the place stands in brackets: tsc, MSBuild, Visual C++.

    src/cart.ts(12,5): error TS2322: Type …      src/cart.ts
    src/cart.ts(31,9): error TS2304: Cannot …    12,5: error TS2322: Type …
    src/mail.ts(4,1): error TS2307: Cannot …     31,9: error TS2304: Cannot …

                                                 src/mail.ts
                                                 4,1: error TS2307: Cannot …

    Cart.cs(12,5): error CS0103: … [/a/a.csproj]    Cart.cs [/a/a.csproj]
    Cart.cs(31,9): error CS0246: … [/a/a.csproj]    12,5: error CS0103: …
                                                    31,9: error CS0246: …

Only of programs that run, and of commands that show no file. What is said of a finding in further lines, indented,
stays below it. Byte-exact, the order of the rows included.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Sequence

from headroom_compression.calls.shown_files import prints_no_file
from headroom_compression.client_text import has_cut
from headroom_compression.document import Document
from headroom_compression.document import Stage
from headroom_compression.formats.blocks import blocks_below_blank_lines
from headroom_compression.formats.words_in_lines import stands_in

STAGE = Stage.KIND
MIN_LINES = 3

_MIN_ROWS = 3
# 12   12,5   12,5,12,18   of an error TS2322, a warning, a note
_FINDING = (
    r"[1-9][0-9]{0,8}(?:,[0-9]{1,9}){0,3}\)?: (?:fatal |internal )?(?:error|warning|info|message|note|suggestion)\b"
)
# src/cart.ts(12,5): error TS2322: Type 'number' is not assignable to type 'string'.
_ROW = re.compile(rf"([^\s()\[\]:](?:[^()\[\]:\n]|:[\\/]){{0,300}})\((?={_FINDING})([0-9,]+)\)(: [^\n]*)")
_SIGN = re.compile(rf"\({_FINDING}")
_SHORT_ROW = re.compile(rf"(?={_FINDING})([0-9,]+)(: [^\n]*)")
# MSBuild says behind each finding for which project it was building.
_PROJECT = re.compile(r" \[[^\[\]\n]{1,300}proj(?:::[^\[\]\n]{1,60})?\]$")
_CONTINUED = (" ", "\t")


def fold(document: Document) -> str | None:
    body = document.body
    if not prints_no_file(document.call) or not stands_in(body, "): ") or not _SIGN.search(body) or has_cut(body):
        return None
    lines = body.split("\n")
    rows = [_ROW.fullmatch(line) for line in lines]
    if sum(map(bool, rows)) < _MIN_ROWS:
        return None
    folded = "\n".join(_grouped(lines, rows))
    return folded if len(folded) < len(body) else None


def is_exact(document: Document, folded: str) -> bool:
    return "\n".join(_whole(folded.split("\n"))) == document.body


def blocks(folded: str) -> tuple[int, ...]:
    return blocks_below_blank_lines(folded.split("\n"))


def entries(folded: str) -> Iterator[int]:
    """The findings below a heading, each with the indented lines below it."""
    lines = folded.split("\n")
    is_below = False
    for row, line in enumerate(lines):
        if _SHORT_ROW.fullmatch(line):
            if is_below:
                yield row
        elif not line.startswith(_CONTINUED):
            is_below = _is_heading(lines, row)


def _grouped(lines: Sequence[str], rows: Sequence[re.Match[str] | None]) -> Iterator[str]:
    heading = None
    for place, (line, row) in enumerate(zip(lines, rows, strict=True)):
        if row is None:
            heading = heading if line.startswith(_CONTINUED) else None
            yield line
            continue
        project = _project(row[3])
        if row[1] + project != heading:
            heading = row[1] + project
            yield from ["", heading] if place else [heading]
        yield row[2] + row[3].removesuffix(project)


def _whole(lines: Sequence[str]) -> Iterator[str]:
    """The lines that a text with headings stands for."""
    path, project = "", ""
    for place, line in enumerate(lines):
        row = _SHORT_ROW.fullmatch(line)
        if row and path:
            yield f"{path}({row[1]}){row[2]}{project}"
        elif _is_heading(lines, place):
            project = _project(line)
            path = line.removesuffix(project)
        elif not (line == "" and _is_heading(lines, place + 1)):
            path = path if line.startswith(_CONTINUED) else ""
            yield line


def _is_heading(lines: Sequence[str], place: int) -> bool:
    """Whether a row stands below the line, and nothing or an empty line above it."""
    has_row = place + 1 < len(lines) and _SHORT_ROW.fullmatch(lines[place + 1]) is not None
    is_apart = place == 0 or not lines[place - 1]
    return has_row and is_apart and bool(lines[place]) and not lines[place].startswith(_CONTINUED)


def _project(line: str) -> str:
    match = _PROJECT.search(line)
    return match[0] if match else ""

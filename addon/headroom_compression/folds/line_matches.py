"""Write the rows of a search tool that says "Line" in each of them as `rg --heading` does.

    /repo/src/a.py:                  /repo/src/a.py:
      Line 12: import re             12:import re
                                     13:import sys
      Line 13: import sys

Only for tools that search, and only where all rows have that form, each with an empty line behind it (opencode, kilo)
or none. Byte-exact, the order of the rows included.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Sequence

from headroom_compression.calls.searches import is_searching_tool
from headroom_compression.client_text import has_cut
from headroom_compression.document import Document
from headroom_compression.document import Stage

STAGE = Stage.KIND

_ROW = re.compile(r"  Line ([1-9][0-9]{0,8}): (.*)")
_SHORT_ROW = re.compile(r"([1-9][0-9]{0,8}):(.*)")
_SIGN = "\n  Line "


def fold(document: Document) -> str | None:
    if document.call is None or _SIGN not in document.body or not is_searching_tool(document.call):
        return None
    if has_cut(document.body):
        return None
    lines = document.body.split("\n")
    is_spaced = _is_spaced(lines)
    folded: list[str] = []
    is_behind_row = False
    for line in lines:
        row = _ROW.fullmatch(line)
        if row:
            folded.append(f"{row[1]}:{row[2]}")
        elif line or not (is_spaced and is_behind_row):
            folded.append(line)
        is_behind_row = row is not None
    return "\n".join(folded)


def is_exact(document: Document, folded: str) -> bool:
    lines = folded.split("\n")
    return document.body in {"\n".join(_unfolded(lines, gap)) for gap in ([], [""])}


def _is_spaced(lines: Sequence[str]) -> bool:
    """Whether an empty line stands behind each row."""
    behind = [lines[place + 1 : place + 2] for place, line in enumerate(lines) if _ROW.fullmatch(line)]
    return all(following == [""] for following in behind)


def _unfolded(lines: Sequence[str], gap: Sequence[str]) -> Iterator[str]:
    """The lines as the tool wrote them; gap: what it writes behind each row."""
    for line in lines:
        row = _SHORT_ROW.fullmatch(line)
        if row is None:
            yield line
        else:
            yield f"  Line {row[1]}: {row[2]}"
            yield from gap

"""Parts of a text that can be read without what stands above them, and the lines that name what stands below them."""

from __future__ import annotations

import re
from collections.abc import Sequence

# What tools and loops of shells print above a file, a folder, a diff or a commit.
_HEADING = re.compile(
    # ==> a.py <==   === a.py ===   --- a/a.py   ### a.py   >>> a.py
    r"(?:==+>?|--[-]+|##+|\*\*+|>>+) ?[^\s=*#>-][^\n]*"
    r"|diff --git [^\n]+|Index: [^\n]+|commit [0-9a-f]{7,40}(?: \([^\n]*\))?"
    r"|(?:(?:#|//) ?)?(?:[Ff]ile|FILE|Path|PATH): ?\S[^\n]*"
    r"|<(?:document|file|file_content|path|source)\b[^<>\n]*>(?:[^<>\n]+</path>)?"
)
# src/a.py   ./a.py:
_FILE = re.compile(r"[\w@.+/-]*\w\.[A-Za-z]\w{0,7}:?")
# ls -R: the names below it are not indented, as what belongs to a key of YAML is.
_FOLDER = re.compile(r"[^\s:]+:")
# @@ -12,7 +12,8 @@ def total(cart):   it stands below the name of its file
_HUNK = re.compile(r"@@ -[^\n]+ @@[^\n]*")
# So many empty lines may stand above a heading, or at the end of a text.
_MAX_BLANK = 4


def blocks_below_blank_lines(lines: Sequence[str]) -> tuple[int, ...]:
    """The rows with which they begin: the first one, and each below an empty line; none is empty itself."""
    return tuple(row for row, line in enumerate(lines) if line and not (row and lines[row - 1]))


def heading_above(lines: Sequence[str], start: int, row: int) -> int | None:
    """The row of the heading that a row belongs to, if it is one from `start` on; None for a row that begins anew."""
    following = range(row, min(row + _MAX_BLANK, len(lines)))
    rest = next((below for below in following if lines[below]), None)
    if is_heading(lines, rest) if rest is not None else len(following) < _MAX_BLANK:
        return None
    is_hunk = _HUNK.fullmatch(lines[row]) is not None
    rows = range(row - 1, start - 1, -1)
    return next(
        (above for above in rows if is_heading(lines, above) or (not is_hunk and _HUNK.match(lines[above]))), None
    )


def is_heading(lines: Sequence[str], row: int) -> bool:
    """Whether the line names what the lines below it are of."""
    line = lines[row]
    if not line or line[0].isspace():  # most lines of code, and faster
        return False
    if _HEADING.fullmatch(line):
        return True
    below = lines[row + 1] if row + 1 < len(lines) else ""
    if not below or " " in line:
        return False
    if _FILE.fullmatch(line):
        return not _FILE.fullmatch(below)
    return line[-1] == ":" and not (row and lines[row - 1]) and not below[0].isspace() and bool(_FOLDER.fullmatch(line))

"""Lists of paths, a row each, as find, `rg --files` and the tools of agents write them, and what stands around them."""

from __future__ import annotations

import re

from headroom_compression.client_text import has_cut
from headroom_compression.client_text import is_footer
from headroom_compression.client_text import rows_elided

_MAX_PATH_LENGTH = 1_000
# Names with more words are rare, sentences have more.
_MAX_SPACES = 3
# Found 12 files    Found 250 files limit: 250, offset: 0    . (the first line of `find .`)
# Found 12 matches for "total" in /shop:    SWE-agent's search_dir, whose rows end in " (2 matches)", and find_file
_COUNT = re.compile(
    r"Found [0-9]{1,9} files?(?: limit: [0-9]{1,9}(?:, offset: [0-9]{1,9})?)?"
    r"|Found [0-9]{1,9} matches for \"[^\n]{1,300}\" in [^\n]{1,300}:"
)
# What tools write behind a list: (Results are truncated. …)    [Showing results with pagination = …]
# Shell cwd was reset to /home/me/project    End of matches for "total" in /shop
_NOTE = re.compile(r"\(.*\)|\[.*\]|Shell cwd was reset to .*|End of matches for \".*\" in .*|")
# No path that is taken for one holds one of these; search results, messages and quoted names do.
_NOT_IN_PATHS = re.compile("[\\x00-\\x1f\\x7f:\"'`<>|*?\\\\]")


def lists_in(lines: list[str]) -> list[range]:
    """The rows of the list, or of the two on both sides of what a client left out of it.

    What holds the rest of a row stays between them. The first may end with the beginning of one: whichever folder is
    named above that, it is as far as it was seen.
    """
    cut = _cut_in(lines)
    sides = [range(cut.start), range(cut.stop, len(lines))] if cut else [range(len(lines))]
    return [_list_among(side, lines) for side in sides if side]


def _cut_in(lines: list[str]) -> range | None:
    """The rows where a client left something out, with what may be the rest of one; None where it did so twice, too."""
    elided = rows_elided(lines)
    if elided:
        return range(elided.start, elided.stop + 1)
    cuts = [row for row, line in enumerate(lines) if has_cut(line)]
    return range(cuts[0], cuts[0] + 1) if len(cuts) == 1 else None


def _list_among(side: range, lines: list[str]) -> range:
    before, rows, _ = cut_out_list(lines[side.start : side.stop])
    return range(side.start + len(before), side.start + len(before) + len(rows))


def cut_out_list(lines: list[str]) -> tuple[list[str], list[str], list[str]]:
    """The lines before the list, the list, and the lines after it."""
    start = 1 if lines[0] == "." or _COUNT.fullmatch(lines[0]) else 0
    stop = len(lines)
    while stop > start and (_NOTE.fullmatch(lines[stop - 1]) or is_footer(lines[stop - 1])):
        stop -= 1
    return lines[:start], lines[start:stop], lines[stop:]


def is_path(row: str) -> bool:
    # A message of the tool may hold a path too: "Permission denied for all of src/a".
    if " /" in row or row.count(" ") > _MAX_SPACES:
        return False
    has_name = row.strip("/.") and "//" not in row and row.rfind("/", 0, -1) != 0  # of "/a" and "/a/" no folder's
    return bool(has_name) and len(row) <= _MAX_PATH_LENGTH and row == row.strip() and not _NOT_IN_PATHS.search(row)

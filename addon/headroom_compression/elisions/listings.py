"""The columns of `ls -l` and `find -ls`: rights, owners, sizes, times. Every name stays, in a line of its own.

Names stand as `ls -F` writes them: `/` behind a folder, `*` behind a file that can be run, links with what they point
to. Entries that differ stay whole: in rights or owner, empty, much larger than the others, found by their columns. So
do headings and totals. Nothing where the order, or what files are picked by, says that the columns are asked for.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from collections.abc import Sequence
from itertools import groupby
from statistics import median

from headroom_compression.calls.asked_words import asked_words
from headroom_compression.calls.programs import programs_run
from headroom_compression.calls.vocabulary import HEADS
from headroom_compression.document import Document
from headroom_compression.document import Stage
from headroom_compression.formats.gaps import Gap
from headroom_compression.formats.gaps import inner_rows
from headroom_compression.formats.gaps import next_lines
from headroom_compression.formats.listing_rows import LISTING_ROW
from headroom_compression.record import record

WORKS_ON = Stage.TERMINAL
WORKS_BESIDE_CUTS = True

#   131330      4 drwxr-xr-x   2 root     root         4096 Nov 25 19:20 ./src
_FIND_COLUMNS = re.compile(r" {0,12}[0-9]{1,12} {1,10}[0-9.]{1,10} ")
# total 120    src/cart:
_HEADING = re.compile(r"total [0-9][0-9.,]{0,12}[KMGTP]?|[^\n]{0,1000}:|")
_UNITS = {"": 0, "K": 1, "M": 2, "G": 3, "T": 4, "P": 5}
# Anything else sorts by a column, or writes other columns.
_LETTERS = frozenset("laAhRrFpdN1")
_LONG_OPTIONS = frozenset({"--all", "--almost-all", "--recursive", "--human-readable", "--color=never"})
# find src -size +100k -mtime -2 -ls: what files are picked by stands in their columns.
_PICKED_BY_COLUMN = re.compile(
    r"-(?:[acm](?:min|time)|[acB]?newer\w{0,3}|empty|executable|gid|group|inum|links|nogroup|nouser|perm|readable|samefile"
    r"|size|uid|used|user|writable)"
)
_BESIDES = HEADS | {"pwd", "echo", "cd", "grep", "mkdir", "which", "whoami", "date", "true"}
_MIN_ROWS = 12
_MIN_SHARE = 5  # one in so many has the same owner and rights
_OUTLYING = 20  # times the usual size


@record
class _Entry:
    name: str
    sort: tuple[str, str, str]
    size: float
    columns: str


def find(document: Document, lines: Sequence[str]) -> Iterator[Gap]:
    listers = [words for words in programs_run(document.call) if words[0] not in _BESIDES]
    if document.call is None or not listers or not all(map(_is_listed_by_name, listers)):
        return
    marks = not any(word.startswith("-") and set("Fp") & set(word) for words in listers for word in words)
    rows = [_read(line, marks=marks) for line in lines]
    whole = _standing_out([row for row in rows if isinstance(row, _Entry)], asked_words(document.call))
    inner = inner_rows(lines)
    for is_listing, group in groupby(range(len(lines)), key=lambda row: rows[row] is not None):
        numbers = list(group)
        start, stop = max(numbers[0], inner.start), min(numbers[-1] + 1, inner.stop)
        found = [(lines[number], rows[number]) for number in range(start, stop)]
        if is_listing and sum(isinstance(row, _Entry) for _, row in found) >= _MIN_ROWS:
            names = [row.name if isinstance(row, _Entry) and row not in whole else line for line, row in found]
            what = f"columns of a listing, its names as ls -F has them in the {next_lines(names)}"
            yield Gap(start, stop, what, is_judged=True, instead=tuple(names))


def _is_listed_by_name(words: Sequence[str]) -> bool:
    options = [word for word in words[1:] if word.startswith("-")]
    if words[0] == "find":
        is_by_column = any(map(_PICKED_BY_COLUMN.fullmatch, options))
        return options[-1:] == ["-ls"] and words[-1] == "-ls" and not is_by_column
    letters = {letter for word in options if not word.startswith("--") for letter in word[1:]}
    long = {word for word in options if word.startswith("--")}
    return words[0] in {"ls", "ll"} and "l" in letters and letters <= _LETTERS and long <= _LONG_OPTIONS


def _read(line: str, *, marks: bool) -> _Entry | str | None:
    """An entry, a heading as it is, or None for other lines."""
    columns = _FIND_COLUMNS.match(line)
    match = LISTING_ROW.fullmatch(line, columns.end() if columns else 0)
    if match is None:
        return line if _HEADING.fullmatch(line) else None
    kind, rights = match["mode"][0], match["mode"][1:10]
    can_run = kind == "-" and "x" in rights
    mark = "/" if kind == "d" else "*" if can_run else ""
    digits = match["size"].rstrip("KMGTP")
    size = float(digits.replace(",", "")) * 1024 ** _UNITS[match["size"][len(digits) :]]
    sort = (kind, rights, f"{match['owner']} {match['group']}")
    return _Entry(match["name"] + (mark if marks else ""), sort, size, line[: match.start("name")].lower())


def _standing_out(entries: Sequence[_Entry], asked: Sequence[str]) -> set[_Entry]:
    """Entries that stay whole."""
    sorts = Counter(entry.sort for entry in entries)
    kinds = Counter(entry.sort[0] for entry in entries)
    sizes = [entry.size for entry in entries if entry.sort[0] == "-" and entry.size]
    limit = _OUTLYING * median(sizes) if sizes else 0
    return {
        entry
        for entry in entries
        if sorts[entry.sort] * _MIN_SHARE < kinds[entry.sort[0]]
        or (entry.sort[0] == "-" and (not entry.size or entry.size > limit))
        or any(word in entry.columns for word in asked)
    }

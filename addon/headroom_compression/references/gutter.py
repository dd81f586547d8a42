"""Line numbers in front of lines: where they are, how they are thinned, and how they are rebuilt.

A gutter is a field with the number, then a separator, then the content:

    "     1→package redact"   Claude Code's Read: six wide, then an arrow
    "     1\\tpackage redact"  cat -n, nl -ba: six wide, then a tab
    "1\\tpackage redact"       Claude Code's Read since 2026, inspect's read_file: a number, then a tab, from the first
                              line of the text on
    "1459:            self"   SWE-agent's viewer, under "[File: PATH (N lines total)]"
    "00012| package redact"   opencode's read, older, in <file>
    "12: package redact"      opencode's read, newer, after <path>
    "12\\tpackage redact"     Kimi Code's Read, above what it says of the lines
    "12|package redact"       Hermes' read_file, where `envelope` opened its JSON
    " 12 | package redact"    Cline's and Roo's read_file, as wide as the last number or not at all
    "12:a match", "13-not"    grep -n of one file with context: never thinned, for a dash alone reads like a diff

Thinned, the number and its padding go and the separator stays, so that the content begins behind the same mark in
every row. The first row of a run keeps its whole field, from which the others are rebuilt. Bare, the separator goes,
too: such rows stand between two rows whose numbers say how many they are, so that it is seen where the run ends.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import takewhile

from headroom_compression.calls.tool_call import GutterForm
from headroom_compression.client_text import viewer_path
from headroom_compression.record import record
from headroom_compression.references.markers import read_marker

# By how readily lines are pointed at. A row is at most two rows away from a number, at `eager` five: then 1% more of a
# file read is saved.
KEPT_EVERY = {"off": 5, "careful": 5, "eager": 10}
# The separators that rows without a number may lose. They save 4% of what older Claude Code reads, 1% of SWE-agent's
# windows. A tab in front of a number can be told from an indentation only where none is made of tabs, so it is left to
# `eager`.
_MARKS = frozenset({"→", ":", "|", ": ", "| ", " | "})
BARE = {"off": _MARKS, "careful": _MARKS, "eager": _MARKS | {"\t"}}
# Who numbers lines in one of these forms numbers all of a file: what has numbers in fewer lines shows them as its own.
NUMBER_MOST = frozenset({GutterForm.TOOL, GutterForm.READER, GutterForm.CODE_READER})
# The most rows between two numbers.
MAX_BARE = 9
# With what no bare row may begin: it would read like one that has a number in front.
_LIKE_A_NUMBER = r"[ \t]*[L#]?[0-9]{1,10}(?:[ \t]?[\t|│:→#)-]|\s*\Z)"
# What clients, and searches, say between the lines of outputs, or in one line: a row that begins so keeps its number
# when others go bare, or it would read like theirs. A file of prompts holds <system-reminder>, one of tests bash-$.
_LIKE_THE_CLIENTS = re.compile(
    r"(?=\S)(?:</?(?:content|directory|entries|environment|error|exception|file|function|message|note|output|path|result"
    r"|returncode|stderr|stdout|system|tool|type|user|warning)[\w-]*(?:[ >/]|\Z)"
    r"|\([A-Z0-9][^\n]*\)\s*\Z|\[\w[^\n ]* [^\n]*\]\s*\Z|\.\.\.|…|={2,3}> |bash-\$|--\s*\Z"
    r"|(?:Chunk ID|Command|Directory|Error|Exit [Cc]ode|Output|Total output lines|Wall time|isError):(?:\s|\Z)"
    r"|Process (?:exited|running) with |MCP text [0-9]|[a-z_]{4,20} [0-9]+ of [0-9]+:"
    r"|\W{0,8}(?:\w+ ){0,3}(?:[Tt]runcated|TRUNCATED)\b)"
)
# Fewer rows may be numbered by chance.
MIN_ROWS = 5
# To write a field takes ten times as long as to compare it, so those written last are kept, in blocks: 16,384 fields of
# 70 bytes. An agent sees one form of them or two, and most often the first thousand lines of files.
_FIELDS_AT_ONCE, _KEPT_BLOCKS = 64, 256

_SIX_WIDE = re.compile(r"( {5}[1-9]| {4}[1-9][0-9]| {3}[1-9][0-9]{2}| {2}[1-9][0-9]{3}| [1-9][0-9]{4})(→|\t)")
_NUMBER_AND_TAB = re.compile(r"([1-9][0-9]{0,8})(\t)")
_VIEWER = re.compile(r"([1-9][0-9]{0,8})(:)")
_SEARCH = re.compile(r"([1-9][0-9]{0,8})([-:])")
_CONTEXT, _MATCH = "-", ":"
_BEFORE_NUMBERS = " 0"
_OPENCODE = re.compile(r"(0[0-9]{4}|[1-9][0-9]{0,8})(\| |: )")
_PIPES = re.compile(r"([1-9][0-9]{0,8})(\|)")
_CONTENT_OF_FILE = re.compile(
    r"total_lines: [0-9]{1,9}\n(?:[a-z_]{4,20}: [^\n]{1,200}\n){1,5}content 1 of 1:\n[1-9][0-9]{0,8}\|"
)
# <system>121 lines read from file starting from line 40. Total lines in file: 209. …</system>
_READ_FROM = re.compile(
    r"\n<system>[1-9][0-9]{0,8} lines? read from file starting from line [1-9][0-9]{0,8}\.[^\n]*</system>\Z"
)
_MAX_READ_FROM = 400
_BARS = re.compile(r"( {0,5}[1-9][0-9]{0,5})( \| )")
_BARS_ROW = re.compile("^" + _BARS.pattern, re.MULTILINE)
# A row of any run, of which each fifth row of a text is one at least: to ask of these takes a fifth of the time.
_NUMBERED_ROW = re.compile(r" {0,9}[0-9]{1,10}(?:[→\t:|-]| \| )")
# A table has bars in its head and below it, too: then the numbers are data. Thinned rows and markers have them.
_OTHER_BARS = re.compile(r"^(?! {0,5}[1-9][0-9]{0,5} \| | \| |\[)[^\n|]{0,2000}\|", re.MULTILINE)


@record
class Run:
    """Rows `start` to `stop` carry the numbers from `first` on. for_matches: the separator of a search's own rows."""

    start: int
    stop: int
    first: int
    separator: str
    width: int
    fill: str
    for_matches: str = ""

    def field(self, number: int, *, is_match: bool = False) -> str:
        """The number as the full gutter shows it, with its separator."""
        return str(number).rjust(self.width, self.fill) + (self.for_matches if is_match else self.separator)

    def field_length(self, number: int) -> int:
        return max(len(str(number)), self.width) + len(self.separator)

    def number(self, row: int) -> int:
        return self.first + row - self.start

    def is_match(self, line: str, number: int) -> bool:
        return bool(self.for_matches) and line.startswith(self.field(number, is_match=True))

    def has(self, line: str, number: int) -> bool:
        """Whether the line begins with the full gutter of that number."""
        return line.startswith(str(number).rjust(self.width, self.fill) + self.separator) or (
            bool(self.for_matches) and self.is_match(line, number)
        )


def opening(text: str, form: GutterForm = GutterForm.ANY) -> re.Pattern[str] | None:
    """The pattern of a row that can begin a run; None where nothing in the text can."""
    if form is GutterForm.SEARCH:
        return _SEARCH
    if form is GutterForm.NONE:
        return None
    if viewer_path(text):
        return _VIEWER
    if form is GutterForm.VIEWER:
        return None
    # Looking for the marks takes 0.1 instead of 20 microseconds for 30 rows without one.
    return _opening_of_reader(text, form) or (_SIX_WIDE if "\t" in text or "→" in text else None)


def _opening_of_reader(text: str, form: GutterForm) -> re.Pattern[str] | None:
    """That of a form which only tools have that read files."""
    if form is GutterForm.READER or form is GutterForm.CODE_READER:
        if _is_read_from(text) or (form is GutterForm.CODE_READER and _NUMBER_AND_TAB.match(text)):
            return _NUMBER_AND_TAB
        if text.startswith("total_lines: ") and _CONTENT_OF_FILE.match(text):
            return _PIPES
        if _has_bars(text):
            return _BARS
    return _OPENCODE if text.startswith(("<path>", "<file>")) else None


def _is_read_from(text: str) -> bool:
    """Whether Kimi Code says behind it which lines these are."""
    return text.endswith("</system>") and _READ_FROM.search(text, max(0, len(text) - _MAX_READ_FROM)) is not None


def _has_bars(text: str) -> bool:
    return " | " in text and _BARS_ROW.search(text) is not None and _OTHER_BARS.search(text) is None


def open_run(line: str, row: int, pattern: re.Pattern[str]) -> Run | None:
    """A run that begins in this row and has only it so far."""
    match = pattern.match(line)
    if match is None:
        return None
    field, separator = match.groups()
    fill = "0" if field[0] == "0" else " "
    if pattern is _SEARCH:
        return Run(row, row + 1, int(field), _CONTEXT, len(field), fill, for_matches=_MATCH)
    return Run(row, row + 1, int(field), separator, len(field), fill)


def find_runs(lines: list[str], pattern: re.Pattern[str], *, in_most: bool = False) -> list[Run]:
    """Runs of at least MIN_ROWS rows in a text as the tool wrote it, numbered one by one.

    in_most: none where they are fewer than half of the rows.
    """
    if not any(map(_NUMBERED_ROW.match, lines[::MIN_ROWS])):
        return []
    runs: list[Run] = []
    row = 0
    while row < len(lines):
        run = open_run(lines[row], row, pattern) if pattern.match(lines[row]) else None
        row += 1
        if run is None:
            continue
        row = _stop_of(run, lines)
        if row - run.start >= MIN_ROWS:
            runs.append(replace(run, stop=row))
    return [] if in_most and 2 * sum(run.stop - run.start for run in runs) < len(lines) else runs


def _stop_of(run: Run, lines: list[str]) -> int:
    """Where a run ends that has one row so far."""
    row, number = run.stop, run.first + 1
    if run.for_matches:
        while row < len(lines) and run.has(lines[row], number):
            row += 1
            number += 1
        return row
    has_all = True
    # What `has` asks, in C for many rows at once: a third of the time, half as long again where no field is kept.
    while has_all and row < len(lines):
        fields = _fields_from(number, run)
        found = [*takewhile(bool, map(str.startswith, lines[row : row + len(fields)], fields))]
        row += len(found)
        number += len(found)
        has_all = len(found) == len(fields)
    return row


def _fields_from(number: int, run: Run) -> Sequence[str]:
    """The full gutters of that number and of some that follow."""
    behind = number % _FIELDS_AT_ONCE
    return _block_of_fields(number - behind, run.width, run.fill, run.separator)[behind:]


@lru_cache(maxsize=_KEPT_BLOCKS)
def _block_of_fields(first: int, width: int, fill: str, separator: str) -> Sequence[str]:
    return [f"{number:{fill}>{width}}{separator}" for number in range(first, first + _FIELDS_AT_ONCE)]


def looks_numbered(content: str, separator: str) -> bool:
    """Whether the content itself begins like a gutter, so that a thinned row could be misread."""
    digits = content.lstrip(" ")
    return digits[:1].isdecimal() and digits.lstrip("0123456789").startswith(separator)


def may_go_bare(contents: Sequence[str], separators: Collection[str]) -> bool:
    """Whether rows can be told from those that have one of the separators, or a number, in front."""
    marks = "|".join(map(re.escape, separators))
    like_others = re.compile(rf"{marks}|{_LIKE_A_NUMBER}")
    return not any(map(like_others.match, contents))


def reads_like_the_clients(content: str) -> bool:
    """Whether a bare row would read like a line of the client around or between those of the tool."""
    return _LIKE_THE_CLIENTS.match(content) is not None


def those_like_the_clients(contents: Iterable[str]) -> Iterator[object]:
    """For each row a match, or None where it would not; all in C."""
    return map(_LIKE_THE_CLIENTS.match, contents)


def goes_on_bare(lines: Sequence[str], place: int, run: Run, number: int) -> int:
    """How many rows from a place on are bare ones of the run: up to one with just the number that it has by its place.

    number: that of the first of them. 0 where the run has ended. A field as wide as in another run counts them, too:
    who reads them could not tell.
    """
    separator = run.separator
    if separator not in BARE["eager"] or run.for_matches:
        return 0
    for height, line in enumerate(lines[place + 1 : place + 1 + MAX_BARE], 1):
        if not line.lstrip(_BEFORE_NUMBERS)[:1].isdecimal():  # nearly all
            continue
        if line.startswith(f"{number + height}{separator}") or run.has(line, number + height):
            between = lines[place + 1 : place + height]
            return 0 if any(one.startswith(separator) or read_marker(one) for one in between) else height
    return 0

"""The lines that stand in a sent text for lines left out of it. One form each way: written here, read here.

    [38 lines identical to lines 11-48 of src/a.go above]
    [1 line identical to line 12 of README.md above]
    [23 lines identical to lines 81-103 of this output above]
    [ran again, output identical to lines 1-57 of the output of "git diff" above]
    [ran again, output identical to the output of "./configure" above]

The last one is for an output whose lines nobody can count: level recall left some out, or some have numbers of their
own in front.

No programming language has a comment of this shape. The title is whatever stands between "of" and "above", in words
from the call itself, or says that it is the output in which the line stands.
"""

from __future__ import annotations

import re

from headroom_compression.formats.words_in_lines import stands_in
from headroom_compression.record import record

# Of the outputs that a name fits, in words: the place of one. Of many runs of one command, as of one that shows what
# another program does, the lines of the last few come again.
ORDINALS = {
    "latest": -1,
    "first": 0,
    "second": 1,
    "third": 2,
    "fourth": 3,
    "second latest": -2,
    "third latest": -3,
    "fourth latest": -4,
}
ANY_ORDINAL = "(?:(?:second|third|fourth) )?latest|first|second|third|fourth"
_SAME_LINES = re.compile(
    r"\[([1-9][0-9]{0,8}) lines identical to lines ([1-9][0-9]{0,8})-([1-9][0-9]{0,8}) of (.+) above\]"
)
_SAME_LINE = re.compile(r"\[1 line identical to line ([1-9][0-9]{0,8}) of (.+) above\]")
_RAN_AGAIN = re.compile(r"\[ran again, output identical to lines ([1-9][0-9]{0,8})-([1-9][0-9]{0,8}) of (.+) above\]")
_RAN_UNCOUNTED = re.compile(rf"\[ran again, output identical to (the (?:output|{ANY_ORDINAL}) .+) above\]")
# The title of the output that a marker stands in.
OWN = "this output"
_OF_CHUNK = "the output with Chunk ID "
_SIGNS = (" identical to line", "[ran again, output identical to ")


@record
class Marker:
    """Lines `first` to `last` of the output called `title` stand here; `whole`: they are all of it, an earlier one.

    Both are 0 where the lines of the whole cannot be counted.
    """

    first: int
    last: int
    title: str
    whole: bool = False

    @property
    def count(self) -> int:
        return self.last - self.first + 1

    @property
    def is_counted(self) -> bool:
        return self.first > 0

    def line(self) -> str:
        if not self.is_counted:
            return f"[ran again, output identical to {self.title} above]"
        place = f"{self.first}-{self.last} of {self.title} above]"
        if self.whole:
            return f"[ran again, output identical to lines {place}"
        if self.count == 1:
            return f"[1 line identical to line {self.first} of {self.title} above]"
        return f"[{self.count} lines identical to lines {place}"


def name_of_chunk(chunk: str) -> str:
    """What an output is called by Codex's own name for it, which stands above it."""
    return _OF_CHUNK + chunk


def chunk_of(title: str) -> str | None:
    """Codex's own name of an output, where that is what a title says."""
    return title.removeprefix(_OF_CHUNK) if title.startswith(_OF_CHUNK) else None


def read_marker(line: str) -> Marker | None:
    """The marker that a line is, if it is one."""
    if not line.startswith("["):
        return None
    if match := _RAN_AGAIN.fullmatch(line):
        return Marker(int(match[1]), int(match[2]), match[3], whole=True)
    if match := _RAN_UNCOUNTED.fullmatch(line):
        return Marker(0, 0, match[1], whole=True)
    if match := _SAME_LINES.fullmatch(line):
        marker = Marker(int(match[2]), int(match[3]), match[4])
        return marker if marker.count == int(match[1]) > 1 else None
    if match := _SAME_LINE.fullmatch(line):
        return Marker(int(match[1]), int(match[1]), match[2])
    return None


def holds_marker(text: str) -> bool:
    """Whether the text has anything that could be taken for a marker."""
    return stands_in(text, _SIGNS[0]) or stands_in(text, _SIGNS[1])

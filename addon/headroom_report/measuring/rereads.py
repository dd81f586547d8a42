"""When an agent reads again: the definition behind the figures of `values.rereads`, for live requests and audits.

A line is identified by its text without a number in front of it and without space around it. It counts once an output,
if that text has 12 characters or more.

- An opportunity is a line that an output shows: "behind a marker" where a marker stands for it, else "in sight". It is
  a later sight where an earlier output of the conversation showed the same line, else a first sight. Pointers stand for
  later sights only, and what was looked at twice is looked at again more often: so first sights are compared with first
  ones and later ones with later ones.
- A line is read again when one of the next 20 outputs shows it, and nine tenths of the lines of that output were shown
  by the 20 before it. So a test run with other results does not count, nor a file after an edit, nor a wider part of
  it: they bring something new. The same lines count, whatever command shows them, and parts of a stored original.
- Each opportunity is taken once: the output that reads a line again is the line's next opportunity.

Lines are counted and not outputs, so that long and short outputs weigh alike on both sides. Of a recording that was
made without the addon, where no marker stood, the figures tell how often agents come back anyway. On 76 such sessions
lines that would stand behind markers were read again no more often than others (`scripts/savings/rereads.py`).

Not counted: lines of an output that has a pointer and lines that a fold rewrote, and of one that a budget put away long
after the model had read it (how many files of such outputs were opened is counted elsewhere).
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from itertools import chain
from itertools import islice

from headroom_compression.client_text import split_header
from headroom_compression.formats.gap_markers import read_gap_marker
from headroom_compression.formats.gap_markers import read_put_away_marker
from headroom_compression.references.markers import read_marker
from headroom_report.values import json_text
from headroom_report.values.rereads import NO_REREADS
from headroom_report.values.rereads import WITHIN_CALLS
from headroom_report.values.rereads import Rereads
from headroom_report.values.rereads import ShownLines

# Of a text: as it came, and as it is sent.
Text = tuple[str, str]

_LEAST_LENGTH = 12  # of a line: shorter ones, such as `return None`, stand everywhere
_LEAST_LINES = 4  # of an output that reads again, or of what it reads again behind markers
_SHARE_KNOWN = 0.9
_MAX_LENGTH = 200_000  # characters of an output that are looked at
_MAX_LINES = 5_000  # of a conversation, at about 90 bytes; those that were shown longest ago are forgotten
_IN_FRONT = " \t0123456789:|→"  # of a line: its number, and what separates that from the text


# The kinds of sights, as indices of the counts; a later sight is the number of the first one plus 1.
_BEHIND, _IN_SIGHT, _UNCOUNTED = 0, 2, 4
_SIGHTS = 5


class SeenLines:
    """What the outputs of one conversation showed, taken in their order."""

    def __init__(self) -> None:
        self._outputs = 0
        self._lines: dict[int, int] = {}  # its latest output and sight, as one number; the latest at the end

    def __len__(self) -> int:
        """How many lines are remembered."""
        return len(self._lines)

    def add(self, texts: Sequence[Text], *, is_counted: bool = True) -> Rereads:
        """Take the texts of the next output; return what is to be added to the sums.

        is_counted: whether its lines are opportunities; not those that were counted in another conversation.
        """
        self._outputs += 1
        shown = _shown_lines(texts)
        if len(shown) < _LEAST_LINES:
            return NO_REREADS
        counts, recent = self._note(shown, is_counted=is_counted)
        again = [0] * _SIGHTS
        if len(recent) >= _SHARE_KNOWN * len(shown):
            for sight in recent:
                again[sight] += 1
        for line in [*islice(self._lines, max(len(self._lines) - _MAX_LINES, 0))]:
            del self._lines[line]
        first, later, first_in_sight, later_in_sight, _ = map(ShownLines, counts, again)
        is_reread = first.again + later.again >= _LEAST_LINES
        return Rereads(first, later, first_in_sight, later_in_sight, int(is_reread))

    def _note(self, shown: Mapping[int, bool | None], *, is_counted: bool) -> tuple[list[int], list[int]]:
        """Count the lines by kind of sight. Return that, and the earlier sights of those that recent outputs showed."""
        counts = [0] * _SIGHTS
        recent = []
        lines, now = self._lines, self._outputs * _SIGHTS
        places = [now + sight for sight in range(_SIGHTS)]  # the same objects for all lines: each takes 32 bytes
        oldest = now - WITHIN_CALLS * _SIGHTS
        for line, is_behind in shown.items():
            before = lines.pop(line, None)
            if is_behind is None or not is_counted:
                sight = _UNCOUNTED
            else:
                sight = (_BEHIND if is_behind else _IN_SIGHT) + (before is not None)
            counts[sight] += 1
            lines[line] = places[sight]
            if before is not None and before >= oldest:
                recent.append(before % _SIGHTS)
        return counts, recent


def _shown_lines(texts: Iterable[Text]) -> dict[int, bool | None]:
    """The lines of an output, and whether a marker stands for each; None where that cannot be told."""
    shown: dict[int, bool | None] = {}
    left = _MAX_LENGTH
    for came, sent in texts:
        lines = _lines(came[:left])
        shown |= dict.fromkeys(_keys(lines), False) if sent == came else _behind_markers(lines, _lines(sent[:left]))
        left -= len(came)
        if left <= 0:
            break
    return shown


def _behind_markers(came: Sequence[str], sent: Sequence[str]) -> dict[int, bool | None]:
    """For each line that came whether a marker stands for it in what is sent; None where that cannot be told."""
    lines, known = _keys(came), set(came)
    markers = {line for line in sent if line.startswith("[") and _is_marker(line) and line not in known}
    if not markers:
        return dict.fromkeys(lines, False)
    kept = _keys(line for line in sent if line not in markers)
    is_rewritten = len(kept.keys() & lines.keys()) < _SHARE_KNOWN * len(kept)
    is_put_away = any(map(read_put_away_marker, markers))
    if is_put_away or (is_rewritten and any(map(read_marker, markers))):
        return dict.fromkeys(lines)
    return {line: line not in kept for line in lines}


def _is_marker(line: str) -> bool:
    return any(read(line) is not None for read in (read_marker, read_gap_marker, read_put_away_marker))


def _keys(lines: Iterable[str]) -> dict[int, None]:
    """What identifies the lines that count, each once, in their order."""
    return {hash(text): None for line in lines if len(text := line.lstrip(_IN_FRONT).rstrip()) >= _LEAST_LENGTH}


def _lines(text: str) -> list[str]:
    """The lines of the tool, without what the client put before or around them."""
    body = split_header(text)[1]
    if body.startswith(("{", "[")) and "\\n" in body:
        inside = [*_texts_in(json_text.parse_or_none(body))]
        if inside:
            return [*chain.from_iterable(value.split("\n") for value in inside)]
    return body.split("\n")


def _texts_in(value: object) -> Iterator[str]:
    """The texts of several lines in the JSON that a client wrapped around them, at most four levels deep."""
    values = [value]
    for _ in range(4):
        yield from (value for value in values if isinstance(value, str) and "\n" in value)
        values = [inner for value in values for inner in _members(value)]


def _members(value: object) -> Iterable[object]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()

"""What one line of a log says, apart from its values: lines of one form differ in numbers and ids only.

The fold log_templates writes neighbouring lines shorter; here lines from anywhere in a log are compared.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Sequence

from headroom_compression.formats.alarms import EXIT_KEYS
from headroom_compression.formats.alarms import is_bad_status
from headroom_compression.formats.logs.templates import MAX_LINE_LENGTH
from headroom_compression.formats.logs.templates import TIME_WITHIN
from headroom_compression.formats.logs.templates import time_at_beginning
from headroom_compression.formats.words_in_lines import rows_holding
from headroom_compression.formats.words_in_lines import with_one_digit
from headroom_compression.record import record

_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
_METHOD = rf"\b(?:{'|'.join(_METHODS)})"
# {"level":30,"time":1795634946540,   {"level":"info","ts":1795634946.54,
_EPOCH = re.compile(r'"(?:time|ts|timestamp)": ?1[0-9]{9}')
# INFO   level=30   [notice]
_LEVEL = re.compile(
    r"\b(?:trace|debug|info|notice|log|warn(?:ing)?|err(?:or)?|crit(?:ical)?|fatal|level)\b", re.IGNORECASE
)
# "GET /orders HTTP/1.1" 200   GET /orders 404 12 ms
_REQUEST = re.compile(rf'{_METHOD} [^\s"]{{1,2000}}(?: HTTP/[0-9.]{{1,3}}"?)? [1-5][0-9]{{2}}\b')
# In small letters, of a line in small letters: to leave their size open takes twice as long.
# http/1.1" 200   get /orders 404   | 503 |   completed 500   status 503   -> 503   "status":404   "level":50
_STATUS = re.compile(
    r"(?=[-|cdeghloprs])"  # what the others begin with; half the time
    rf'(?:\bhttp/[0-9.]{{1,3}}"? |{_METHOD.lower()} [^\s"]{{1,2000}} |\||\bcompleted|->'
    r"|\bstatus(?:[ _]?code)?(?= {1,3}[1-5][0-9]{2}\b)"
    r'|\b(?P<key>status|status_?code|level|severity|code|exit|rc|errno)"?[=:]) {0,3}"?(?P<value>[0-9]{1,3})\b'
)
# One of them is in each line in which a status stands, and in each that says how bad it is.
_STATUS_WORDS = (
    "http/", "get ", "head ", "post ", "put ", "patch ", "delete ", "options ", "|", "completed", "->", "status",
    "level", "severity", "code", "exit", "rc", "errno",
)  # fmt: skip
# A uuid, a number with its unit (12.5ms, 10.0.0.7:443), or a word with a digit in it (req8fa2, 0x7f12).
_VALUE = re.compile(
    r"(?<![0-9A-Za-z])(?P<whole>[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
    r"|(?P<number>[0-9](?:[0-9.,:]{0,40}[0-9])?)(?P<unit>[a-zµ]{1,3}|[KMGT]i?B|%|)(?![0-9A-Za-z])"
    r"|[A-Za-z]{0,64}[0-9][0-9A-Za-z]{0,200})"
)
_PIECES_A_VALUE = 1 + _VALUE.groups
_DOTS_OF_ADDRESS = 3


class LogEntry:
    """A line of a log. What takes time is found out when it is asked for: most lines are alone with what they say.

    likeness: the same for lines of one form; others may share it. It is "" for an empty line.
    second: of the day. may_have_status: False where no word is in the line that would say so.
    """

    __slots__ = ("_form", "_statuses", "_time_end", "_values", "likeness", "line", "may_have_status", "second")

    def __init__(self, line: str, time: re.Match[str] | None) -> None:
        self.line = line
        self.second = _second(time[0]) if time else None
        self._time_end = time.end() if time else 0
        self.likeness = _likeness(line, self._time_end)
        self.may_have_status = True
        self._form: str | None = None
        self._values: tuple[float | str | None, ...] = ()
        self._statuses: list[tuple[str, str]] | None = None

    @property
    def form(self) -> str:
        """The line without its values, "" for an empty line."""
        if self._form is None:
            self._read()
        return self._form or ""

    @property
    def values(self) -> tuple[float | str | None, ...]:
        """Numbers as such, the others as they stand; None for those up to the end of the time, which goes on: only
        addresses count there."""
        if self._form is None:
            self._read()
        return self._values

    @property
    def has_bad_status(self) -> bool:
        """Whether the status of its request says that it failed."""
        return any(_is_bad(*status) for status in self.statuses)

    @property
    def statuses(self) -> list[tuple[str, str]]:
        """What says how a request ended or how bad the line is: the key, if there is one, and the number."""
        if self._statuses is None:
            found = _STATUS.finditer(self.line.casefold()) if self.may_have_status else ()
            self._statuses = [(match["key"] or "", match["value"]) for match in found]
        return self._statuses

    def _read(self) -> None:
        if not self.likeness:
            self._form = ""
            return
        pieces = _VALUE.split(self.line)  # for each value what stands before it, itself, its number and its unit
        befores, wholes, numbers = (pieces[place::_PIECES_A_VALUE] for place in range(_VALUE.groups))
        self._values = tuple(self._told(befores, wholes, numbers))
        # Nothing counted is another case than something.
        pieces[1::_PIECES_A_VALUE] = ["0" if number == "0" else "#" for number in numbers]
        pieces[2::_PIECES_A_VALUE] = [None] * len(numbers)
        form = "".join(filter(None, pieces))
        self._form = " ".join([form, str(len(self._values)), *(value for _, value in self.statuses)])

    def _told(
        self, befores: Sequence[str], wholes: Sequence[str], numbers: Sequence[str | None]
    ) -> Iterator[float | str | None]:
        place = 0
        for before, whole, number in zip(befores, wholes, numbers, strict=False):
            place += len(before)
            try:
                yield float(number or "")
            except ValueError:
                yield whole if place >= self._time_end or whole.count(".") >= _DOTS_OF_ADDRESS else None
            place += len(whole)


@record
class _MayHold:
    """What may stand in the lines of a text. epoch: a time since 1970. request: one of HTTP."""

    request: bool = True
    epoch: bool = True


_ANYTHING = _MayHold()


def read_entries(lines: Sequence[str], *, needs_level: bool) -> list[LogEntry | None]:
    """What `read_entry` says of each line, in less time."""
    text = "\n".join(lines)
    may_hold = _MayHold(any(method in text for method in _METHODS), '"t' in text)
    entries = [read_entry(line, needs_level=needs_level, may_hold=may_hold) for line in lines]
    if not any(entry and entry.likeness for entry in entries):
        return entries
    with_status = rows_holding(_STATUS_WORDS, lines)
    for row, entry in enumerate(entries):
        if entry and entry is not _EMPTY:
            entry.may_have_status = row in with_status
    return entries


def most_entries(lines: Sequence[str]) -> int:
    """An upper bound of how many of the lines are of a log, empty ones aside; found in a twentieth of the time."""
    text = "\n".join(lines)
    return with_one_digit(text).count(b"00:00:00") + text.count('"t') + sum(map(text.count, _METHODS))


def read_entry(line: str, *, needs_level: bool, may_hold: _MayHold = _ANYTHING) -> LogEntry | None:
    """None for what is no line of a log: one without a time, or a level where that is needed, and no HTTP request."""
    if not line or line.isspace():
        return _EMPTY
    if len(line) > MAX_LINE_LENGTH or "\r" in line:
        return None
    time = time_at_beginning(line)
    has_time = time is not None or (may_hold.epoch and _EPOCH.search(line, 0, 2 * TIME_WITHIN) is not None)
    has_head = has_time and (not needs_level or _LEVEL.search(line, 0, 2 * TIME_WITHIN) is not None)
    return LogEntry(line, time) if has_head or (may_hold.request and _REQUEST.search(line)) else None


def _likeness(line: str, stop: int) -> str:
    """What stands behind the first blank after the time, without values; never "", so that no line looks empty."""
    blank = line.find(" ", stop) + 1 or len(line)
    return _VALUE.sub("#", line[blank:]) + "\n" if line else ""


def _second(time: str) -> int:
    hours, minutes, seconds = time[:8].split(":")
    return int(hours) * 3600 + int(minutes) * 60 + int(seconds)


_EMPTY = LogEntry("", None)


def _is_bad(key: str, value: str) -> bool:
    return value.strip("0") != "" if key in EXIT_KEYS else is_bad_status(float(value))

"""What one line of a log says, apart from its values: lines of one form differ in numbers and ids only.

log_forms writes neighbouring lines shorter; here lines from anywhere in a log are compared.
"""

from __future__ import annotations

import re

from headroom_compression.alarms import EXIT_KEYS
from headroom_compression.alarms import is_bad_status
from headroom_compression.frozen import frozen
from headroom_compression.log_forms import LONGEST_LINE
from headroom_compression.log_forms import TIME
from headroom_compression.log_forms import TIME_WITHIN
from headroom_compression.log_levels import has_bad_level

_METHOD = r"\b(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)"
# {"level":30,"time":1795634946540,   {"level":"info","ts":1795634946.54,
_EPOCH = re.compile(r'"(?:time|ts|timestamp)": ?1[0-9]{9}')
# INFO   level=30   [notice]
_LEVEL = re.compile(
    r"\b(?:trace|debug|info|notice|log|warn(?:ing)?|err(?:or)?|crit(?:ical)?|fatal|level)\b", re.IGNORECASE
)
# "GET /orders HTTP/1.1" 200   GET /orders 404 12 ms
_REQUEST = re.compile(rf'{_METHOD} [^\s"]{{1,2000}}(?: HTTP/[0-9.]{{1,3}}"?)? [1-5][0-9]{{2}}\b')
# HTTP/1.1" 200   GET /orders 404   | 503 |   Completed 500   status 503   -> 503   "status":404   "level":50
_STATUS = re.compile(
    rf'(?:\bHTTP/[0-9.]{{1,3}}"? |{_METHOD} [^\s"]{{1,2000}} |\||\bCompleted|->'
    r"|\bstatus(?:[ _]?code)?(?= {1,3}[1-5][0-9]{2}\b)"
    r'|\b(?P<key>status|status_?code|level|severity|code|exit|rc|errno)"?[=:]) {0,3}"?(?P<value>[0-9]{1,3})\b',
    re.IGNORECASE,
)
# A uuid, a number with its unit (12.5ms, 10.0.0.7:443), or a word with a digit in it (req8fa2, 0x7f12).
_VALUE = re.compile(
    r"(?<![0-9A-Za-z])(?:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
    r"|(?P<number>[0-9](?:[0-9.,:]{0,40}[0-9])?)(?P<unit>[a-zµ]{1,3}|[KMGT]i?B|%|)(?![0-9A-Za-z])"
    r"|[A-Za-z]{0,64}[0-9][0-9A-Za-z]{0,200})"
)
_DOTS_OF_ADDRESS = 3


@frozen
class LogEntry:
    """form: the line without its values, "" for an empty line. second: of the day.

    values: numbers as such, the others as they stand. But None for those up to the end of the time, which goes on;
    only addresses count there.
    has_trouble: its level or the status of its request says so.
    """

    form: str
    values: tuple[float | str | None, ...] = ()
    second: int | None = None
    has_trouble: bool = False


_EMPTY = LogEntry("")


def read_entry(line: str, *, needs_level: bool) -> LogEntry | None:
    """None for what is no line of a log: one without a time, or a level where that is needed, and no HTTP request."""
    if not line or line.isspace():
        return _EMPTY
    if len(line) > LONGEST_LINE or "\r" in line:
        return None
    time = TIME.search(line, 0, TIME_WITHIN)
    has_time = time is not None or _EPOCH.search(line, 0, 2 * TIME_WITHIN) is not None
    has_head = has_time and (not needs_level or _LEVEL.search(line, 0, 2 * TIME_WITHIN) is not None)
    if not has_head and not _REQUEST.search(line):
        return None
    statuses = [((match["key"] or "").lower(), match["value"]) for match in _STATUS.finditer(line)]
    values: list[float | str | None] = []
    time_end = time.end() if time else 0
    form = _VALUE.sub(lambda match: _place(match, values, time_end), line)
    return LogEntry(
        form=" ".join([form, str(len(values)), *(value for _, value in statuses)]),
        values=tuple(values),
        second=_second(time[0]) if time else None,
        has_trouble=has_bad_level(line) or any(_is_bad(*status) for status in statuses),
    )


def _place(match: re.Match[str], values: list[float | str | None], time_end: int) -> str:
    """What stands in a form for a value. Nothing counted is another case than something."""
    try:
        values.append(float(match["number"] or ""))
    except ValueError:
        is_told = match.start() >= time_end or match[0].count(".") >= _DOTS_OF_ADDRESS
        values.append(match[0] if is_told else None)
    return match[0] if match["number"] == "0" else f"#{match['unit'] or ''}"


def _second(time: str) -> int:
    hours, minutes, seconds = time[:8].split(":")
    return int(hours) * 3600 + int(minutes) * 60 + int(seconds)


def _is_bad(key: str, value: str) -> bool:
    return value.strip("0") != "" if key in EXIT_KEYS else is_bad_status(float(value))

"""Levels of the lines of a log: which say that something is wrong.

How a logger spells its levels is a guess about the world where one line is judged (`has_bad_level`). Where a whole log
is there, its levels prove themselves: they stand in one place of all lines and are few, most of them are known to be
calm, and each that is not is trouble (`bad_levels`, `rows_of_bad_level`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence

from headroom_compression.formats.logs.level_places import MAX_LEVELS
from headroom_compression.formats.logs.level_places import Column
from headroom_compression.formats.logs.level_places import level_columns
from headroom_compression.formats.words_in_lines import WordsInLines
from headroom_compression.formats.words_in_lines import holds_one_of

# error=0   "err":null: behind a word of trouble, it says that there was none
WAS_NONE = r'"?[=:] ?(?:0(?:\.0{1,9})?(?![0-9.x])|null\b|<?nil\b|none\b|false\b|"")'
# A level stands at the beginning: after a time, a host, a service, a process.
_LEVEL_WITHIN = 240
_LETTER_WITHIN = 120
# warn of log4j; erro, fata, pani of logrus; eror of log15; WRN, FTL, PNC of zerolog; EMER of Open vSwitch.
# The short ones are parts of names, too, when they are not in capitals: tls.crt
_BAD_LEVEL = re.compile(
    r"\b(?:(?i:warn(?:ing)?|wrng|err(?:or)?|eror|erro|crit(?:ical)?|fatal|fatl|fata|ftl|severe|alert|emerg(?:ency)?"
    r"|emrg|d?panic|pani)|WRN|CRT|FAT|PNC|SEV|ALR|ALRT|EMER)\b"
    rf"(?!{WAS_NONE})"
)
# [wrn]   lvl=crt   "level":"pnc"   fail: Microsoft.Hosting[2]   (EE) of X.org   =CRASH REPORT==== of Erlang
_SHORT = r"(?:wrn|crt|fat|pnc|sev|alrt?|emer|fail(?:ure)?)"
_SPELT_BAD_LEVEL = re.compile(
    rf'[\[(<|] ?{_SHORT}[\])>|: ]|\s{_SHORT}[\])>|]|\b(?:level|lvl|severity|sev)"?[=:] ?"?{_SHORT}\b'
    r"|(?:^|[ \t|])fail: [\w.]{1,200}\[|\((?:EE|WW)\)|=CRASH REPORT=",
    re.IGNORECASE,
)
# Each line of either has one of these, which are faster to look for.
_STEMS = ("alert", "crit", "emerg", "emrg", "eror", "err", "fat", "ftl", "pani", "sev", "warn")
_SHORT_STEMS = ("(ee", "(ww", "alr", "crash", "crt", "emer", "fail", "fat", "pnc", "sev", "wrn")
# "level":50 of pino
_LEVEL_OF_PINO = re.compile(r'level"?[=:] ?[456]0\b')
# E1123 10:15:01   W, [2026-   10:15:01.123 W Activity:   E! [inputs]   [C 261123   "s":"F"
# but not "stderr F ", in which a container's runtime says that a line is complete
_LETTER_OF_TROUBLE = re.compile(
    r"[EWFC](?:(?<![^\s\[|/].)(?<!stdout\s.)(?<!stderr\s.)(?<!C)(?:[0-9]{4,8}[ .T]|[\s\])/:|,!])"
    r'|(?<=\[C)(?: [0-9]|\])|(?<="s":"[EWF])"|(?<="s": "[EWF])")'
)
# 10:15:01.123 # of Redis
_SIGN_OF_TROUBLE = re.compile(r"[0-9]{2}:[0-9]{2}:[0-9]{2}(?:[.,][0-9]{1,9})?Z? # ")
# <27>Nov 23   <3>1 2026-   web-1  | <11>   %LINK-3-UPDOWN: of network devices: number modulo 8, 4 is a warning
_PRIORITY = re.compile(r"(?:^|\| )<([0-9]{1,3})>|%[A-Z][A-Z0-9_]{1,40}-([0-7])-[A-Z]")
_WORST_CALM_PRIORITY = 5
# One of these is in each line in which one of the three finds something.
_MAY_BE_SIGN = re.compile(
    r"[EWFC<%#](?:(?<=[EWFC])(?<![^\s\[|/\"].)[0-9\s\])/:|,!\"]|(?<=<)[0-9]|(?<=%)[A-Z]|(?<= #) )"
)
_MAX_PRIORITY = 191
# Levels that need no look, in the spellings of loggers. Not T, which stands in each time.
_CALM = frozenset({
    "access", "audit", "cfg", "conf", "config", "d", "dbg", "dbug", "deb", "debg", "debu", "debug", "default", "fine",
    "finer", "finest", "http", "i", "ii", "inf", "info", "information", "informational", "log", "n", "note", "noti",
    "notice", "ntc", "ok", "silly", "stdout", "success", "system", "tra", "trace", "trc", "trce", "v", "verb",
    "verbose", "vrb",
    # of java.util.logging, which writes its levels in the language of the system
    "fein", "infos", "informação", "información", "informazioni", "konfiguration", "précis",
    "信息", "情報", "資訊", "정보",
})  # fmt: skip
# What is in capitals at the beginning of lines, few of it, and is no level.
_NO_LEVELS = frozenset({
    "AM", "CEST", "CET", "DELETE", "EDT", "EST", "GET", "GMT", "HEAD", "HTTP", "HTTPS", "OPTIONS", "P", "PATCH", "PDT",
    "PM", "POST", "PST", "PUT", "T", "TCP", "UDP", "UTC", "Z",
})  # fmt: skip
# Without "_", in lower case.
LEVEL_KEYS = frozenset({
    "level", "levelname", "levelno", "levelvalue", "loglevel", "lvl", "priority", "sev", "severity", "severitynumber",
    "severitytext",
})  # fmt: skip
_MIN_WORD_LENGTH, _MAX_LEVEL_LENGTH = 3, 14  # log, ПРЕДУПРЕЖДЕНИЕ
# Of the lines so many must have their level in one place, or that place is none of levels.
_IN_ALL = 0.9
_IN_MOST = 0.5
_IN_SOME = 0.1
# A level that so few lines have stands out in a log whose levels nobody knows.
_RARE = 0.1
_SYSLOG = 7  # no level of syslog or GELF is above
_PINO = 60  # nor one of pino or bunyan
_WARNING_OF_PINO = 40
_WARNING_OF_OTEL = 13
_WARNING_OF_PYTHON = 30


def has_bad_level(line: str) -> bool:
    """Whether the line has, where loggers write it, a level that is a warning or worse in each log that has it."""
    head = line[:_LEVEL_WITHIN]
    lowered = head.lower()
    is_short = holds_one_of(_SHORT_STEMS, lowered)
    if (is_short or holds_one_of(_STEMS, lowered)) and _BAD_LEVEL.search(head):
        return True
    if (is_short and _SPELT_BAD_LEVEL.search(head)) or ("level" in lowered and _LEVEL_OF_PINO.search(head)):
        return True
    return _has_bad_sign(head)


def rows_with_bad_level(
    lines: Sequence[str], within: WordsInLines | None = None, besides: Collection[int] = ()
) -> set[int]:
    """The rows, from 0, of lines for which `has_bad_level` holds, in less time than to ask it of each.

    within: the same lines, where other words are looked for in them, too. besides: rows that nobody asks for.
    """
    spelt = (within or WordsInLines(lines)).rows_holding((*_STEMS, *_SHORT_STEMS, "level")).difference(besides)
    others = set(_rows_that_may_have_sign(lines)).difference(spelt, besides)
    signed = {row for row in others if _has_bad_sign(lines[row][:_LEVEL_WITHIN])}
    return signed.union(row for row in spelt if has_bad_level(lines[row]))


def _rows_that_may_have_sign(lines: Sequence[str]) -> Iterator[int]:
    text, row, place = "\n".join(lines), 0, 0
    for found in _MAY_BE_SIGN.finditer(text):
        row += text.count("\n", place, found.start())
        place = found.start()
        yield row


def _has_bad_sign(head: str) -> bool:
    """Whether the beginning of a line has a level in one letter or number that is a warning or worse."""
    if _LETTER_OF_TROUBLE.search(head, 0, _LETTER_WITHIN) or (" # " in head and _SIGN_OF_TROUBLE.search(head)):
        return True
    match = _PRIORITY.search(head) if "<" in head or "%" in head else None
    number = int(match[1] or match[2]) if match else _MAX_PRIORITY
    return number < _MAX_PRIORITY and number % (_SYSLOG + 1) < _WORST_CALM_PRIORITY


def rows_of_bad_level(lines: Sequence[str | None], within: WordsInLines | None = None) -> set[int]:
    """The rows of a log whose level is trouble, by what all lines of it show. None: a line without a level.

    within: the same lines, empty ones for None, where other words are looked for in them, too.
    """
    rows = [row for row, line in enumerate(lines) if line is not None]
    said = [line or "" for line in lines]
    columns = level_columns(said, rows, within or WordsInLines(said))
    found: set[int] = set()
    is_known = False
    for place, column in columns.items():
        counts = _counts(column)
        bad = _bad_in_column(place, counts, len(rows))
        is_known = is_known or (bad is not None and counts.total() >= _IN_MOST * len(rows))
        found.update(row for level in bad or () for row in column[level])
    return found if is_known else found | _rows_of_rare_level(columns, len(rows))


def _counts(column: Column) -> Counter[str]:
    return Counter({level: len(rows) for level, rows in column.items()})


def _bad_in_column(place: str | int, counts: Counter[str], rows: int) -> Collection[str] | None:
    """The values that are trouble; None for a column that is none of levels."""
    if isinstance(place, str):  # of one of several services that share the log
        return bad_levels(place, counts) if counts.total() >= _IN_SOME * rows else None
    if len(counts) == 1:  # a letter may be of anything
        (word,) = counts
        return () if _is_calm(word) and len(word) >= _MIN_WORD_LENGTH else None
    calm = sum(count for level, count in counts.items() if _is_calm(level))
    bad = {level for level in counts if not _is_calm(level)}
    known = calm + sum(counts[level] for level in bad if _BAD_LEVEL.match(level))
    is_known = len(counts) <= 2 * MAX_LEVELS and known >= _IN_ALL * rows
    is_spelt = len(counts) <= MAX_LEVELS and counts.total() >= _IN_ALL * rows and all(map(_may_be_level, bad))
    return bad if calm >= _IN_MOST * rows and (is_known or is_spelt) else None


def _is_calm(level: str) -> bool:
    word = level.rstrip("]>|:")
    return word.lower() in _CALM and word not in _NO_LEVELS


def bad_levels(key: str, counts: Mapping[str, int]) -> Collection[str]:
    """Of the levels below one key in all lines or records the ones that are trouble.

    Numbers are read by the scale that all of them fit. Of words each is trouble that is not known to be calm, where
    most are; where none is known, what few lines have.
    """
    total = sum(counts.values())
    numbers = {level: int(level) for level in counts if level.isdecimal() and level.isascii()}
    if len(numbers) == len(counts):
        return {level for level, number in numbers.items() if _is_bad_number(key, number, numbers, counts)}
    if sum(count for level, count in counts.items() if _is_calm(level)) >= _IN_MOST * total:
        return {level for level in counts if not _is_calm(level)}
    bad = {level for level in counts if _BAD_LEVEL.match(level)}
    few = {level for level, count in counts.items() if count <= _RARE * total and not _is_calm(level)}
    return bad | few if len(counts) <= MAX_LEVELS else bad


def _is_bad_number(key: str, number: int, numbers: Mapping[str, int], counts: Mapping[str, int]) -> bool:
    key = key.lower().replace("_", "")
    highest = max(numbers.values())
    if key == "severitynumber":
        return number >= _WARNING_OF_OTEL
    if key == "levelno":
        return number >= _WARNING_OF_PYTHON
    if highest <= _SYSLOG:
        return number < _WORST_CALM_PRIORITY
    if highest <= _PINO and number >= _WARNING_OF_PINO:
        return True
    usual = max(numbers, key=lambda level: (counts[level], level))
    is_rare = counts[str(number)] <= _RARE * sum(counts.values()) if str(number) in counts else True
    return is_rare and number > numbers[usual]


def _rows_of_rare_level(columns: Mapping[str | int, Column], rows: int) -> set[int]:
    """The rows whose level few have, in the first column that may hold levels of a logger nobody knows."""
    for place in sorted(place for place in columns if isinstance(place, int)):
        counts = _counts(columns[place])
        is_in_all = counts.total() >= _IN_ALL * rows
        if is_in_all and 1 < len(counts) <= MAX_LEVELS and all(map(_may_be_level, counts)):
            rare = [level for level, count in counts.items() if count <= _RARE * rows and not _is_calm(level)]
            return {row for level in rare for row in columns[place][level]}
    return set()


def _may_be_level(level: str) -> bool:
    """Whether it looks like one: a sign, or a short word in capitals or between what divides it from the rest."""
    word = level.rstrip("]>|:")
    has_no_case = not word.isascii() and word.lower() == word.upper()
    is_apart = word.isupper() or has_no_case or word != level or not word.isalpha()
    return len(word) <= _MAX_LEVEL_LENGTH and word not in _NO_LEVELS and is_apart

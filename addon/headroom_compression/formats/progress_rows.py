"""Rows in which a program says how far it has come, each of which a terminal would have drawn over the one before.

     45%|████▌     | 675/1500 [00:22<00:28, 29.31it/s]              tqdm
    Receiving objects:  45% (5400/12000), 4.50 MiB | 1.20 MiB/s     git
    [download]  45.0% of   45.32MiB at    4.91MiB/s ETA 00:05       yt-dlp
    675/1500 [=========>....................] - ETA: 28s            Keras
       ━━━━━━━━━━━━━━━━━━ 1.2/3.4 MB 5.6 MB/s eta 0:00:01           pip
    numpy-1.26.4         | 6.5 MB    | ####5      |  45%            conda
       50K .......... .......... .......... ..........  1% 7.26M 9s wget
     45  120M   45 54.0M    0     0  2048k      0  0:00:59  0:00:26  0:00:33 2102k
    (Reading database ... 45%

A share in percent alone may be a result. Progress also says how long it will still take, draws a bar of that length, or
says of how many parts so many are done, beside a bar or with nothing else in words.
"""

from __future__ import annotations

import re

from headroom_compression.formats.words_in_lines import holds_one_of
from headroom_compression.record import record

# One of them is in each text that has such rows; above curl's stands "% Total".
_SIGNS = ("%", "ETA", "eta", "━", "[=")
_MAX_LENGTH = 400
_PERCENT = re.compile(r"(?<![\w.,/])([0-9]{1,3}(?:\.[0-9]{1,3})?) ?%")
# 675/1500   12.3/45.6 MB   1.2M/3.4M   (5400/12000)
_AMOUNT = r"([0-9]{1,15}(?:\.[0-9]{1,6})?) ?([kMGT]?)i?B?"
_PARTS = re.compile(rf"(?<![\w.,/]){_AMOUNT}/{_AMOUNT}(?![\w.,/])")
_BAR = re.compile(r"[|\[](?:[█▉▊▋▌▍▎▏▓░=>.\- ]|#[0-9]?){5,200}[|\]]|[━╸╺]{5,200}")
_EMPTY = " .-░"
# ETA 00:05   eta 0:00:01   [00:22<00:28   12.34MB/s    0:00:12
_REST = re.compile(r"\b(?:ETA|eta)\b|[0-9]<[0-9?]|[kMG]i?B/s +[0-9]{1,3}:[0-9]{2}:[0-9]{2}(?!\S)")
_COUNT = r"[0-9.]{1,8}[kMGT]?"
_TIME = r" +(?:--|[0-9]{1,3}):(?:--|[0-9]{2}):(?:--|[0-9]{2})"
# Whole rows that say how far one thing has come: curl's, wget's, dpkg's.
_WHOLE_ROWS = (
    re.compile(rf" {{0,2}}([0-9]{{1,3}})(?: +{_COUNT}){{7}}(?:{_TIME}){{3}} +{_COUNT}"),
    re.compile(r" *[0-9]{1,9}[KMG] [., ]{8,64}([0-9]{1,3})% +[0-9.]{1,8}[KMG]?[ =][0-9hms.]{1,12}"),
    re.compile(r"\([A-Z][a-z]{1,20} [a-z]{1,20} \.\.\. ([0-9]{1,3})%"),
)
_BEGINNINGS = frozenset(" (0123456789")
# Each such row of a text has one of them.
_MARKS = (_BAR, _REST, _PARTS, *(re.compile(rf"^{row.pattern}", re.MULTILINE) for row in _WHOLE_ROWS))
# With its unit: 29.31it/s   00:22<00:28   ?it/s   4.91MiB/s   4.50 MiB   28s
_NUMBER = re.compile(
    r"(?<![A-Za-z_])[0-9?][0-9.,:<?]*"
    r"(?: ?[kKMGT]i?B(?:/s)?(?!\w)|[A-Za-z]{1,12}/[A-Za-z]{1,8}(?!\w)|[kKMGThms%]{1,2}(?!\w))?"
)
# What is measured beside, and may be a result: loss=0.31   - accuracy: 0.9500   loss 0.31   but not: ETA: 28s
_VALUE = re.compile(
    r"\b(?!ETA\b|eta\b)([A-Za-z]\w{0,40}(?=[=:])|[A-Za-z]\w{2,40}(?= ))(?:=|: | )"
    r"(-?[0-9]{1,15}(?:\.[0-9]{1,15})?(?:e[+-]?[0-9]{1,3})?)(?![\w:.])"
)
_UNITS = {"": 1.0, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12}
# In percent: numbers are rounded, or cut.
_TOLERANCE = 1.5


@record
class Progress:
    """What is going on, in the words of the row, and how much of it is done, in percent.

    values: what else the row measures, by its name.
    """

    task: str
    percent: float
    values: tuple[tuple[str, float], ...] = ()


def may_have_progress(text: str) -> bool:
    return holds_one_of(_SIGNS, text) and any(mark.search(text) for mark in _MARKS)


def read_progress(line: str) -> Progress | None:
    """None for a row that is none, or may be a result."""
    if len(line) > _MAX_LENGTH:
        return None
    if line[:1] in _BEGINNINGS:
        for place, whole in enumerate(_WHOLE_ROWS):
            if match := whole.fullmatch(line.rstrip()):
                return Progress(str(place), float(match[1]))
    return _read_share(line) if holds_one_of(_SIGNS, line) else None


def _read_share(line: str) -> Progress | None:
    said, parts = _PERCENT.search(line), _percent_of_parts(line)
    percent = float(said[1]) if said else parts
    if percent is None:
        return None
    bar, says_rest = _BAR.search(line), _REST.search(line) is not None
    if bar is None and parts is None and not says_rest:
        return None
    start = said.start() if said else 0
    label, after = (_BAR.sub("|", part).strip() for part in (line[:start], line[start:]))
    task = label if any(map(str.isalpha, label)) else ""
    rest = " ".join(_NUMBER.sub("#", after).split())
    if not says_rest:
        is_numbered = not task and any(map(str.isdigit, _PARTS.sub("", label)))  # as the rows of a table
        is_near = parts is not None and abs(parts - percent) <= _TOLERANCE
        is_plain = said is not None and not any(map(str.isalpha, rest))
        is_sure = _is_drawn(bar, percent) or (is_near and (is_plain or bar))
        if is_numbered or not is_sure:
            return None
    values = tuple((name, float(number)) for name, number in _VALUE.findall(line[start:]))
    return Progress(f"{task}\n{rest}", percent, values)


def _is_drawn(bar: re.Match[str] | None, percent: float) -> bool:
    """Whether a bar in a row is as long as the share says."""
    inner = bar[0].strip("|[]") if bar else ""
    inner = inner[1:-1] if inner[:1] == inner[-1:] == " " else inner  # conda's stands between blanks
    filled = len(inner) - sum(map(inner.count, _EMPTY))
    return bool(inner) and abs(100 * filled / len(inner) - percent) <= 100 / len(inner)


def _percent_of_parts(line: str) -> float | None:
    match = _PARTS.search(line) if "/" in line else None
    if match is None:
        return None
    done, whole = float(match[1]) * _UNITS[match[2] or match[4]], float(match[3]) * _UNITS[match[4]]
    return 100 * done / whole if 0 <= done <= whole > 0 else None

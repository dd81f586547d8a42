"""Which of the texts that a terminal does not show any more may go: those that only told how far something was.

A record of a file whose lines end in "\\r" is no state of progress, whatever numbers it holds, nor is a text that tells
of a failure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from headroom_compression.formats.alarms import tells_of_error

# States of progress: "Rebasing (3/10)"  " 45%|"  "2.1 MB/s"  "--:--:--"  "Reading ..."  "[==>  ]"  "⠋"
_NUMBERS = r"[0-9]%|(?<![0-9/])[0-9]{1,12}/[0-9]|[0-9] of [0-9]|-:--"
_SIGNS = r"\.\.\.|…|[#=>.█━╸╺─]{3}|[⠁-⣿]"
_PROGRESS = re.compile(rf"{_NUMBERS}|{_SIGNS}|/s\b|[0-9]:[0-9]{{2}}|[0-9] ?[kKMG]i?B\b")
_COUNTED_PROGRESS = re.compile(f"{_NUMBERS}|{_SIGNS}")
_METER = re.compile(_NUMBERS)
# Such a state may begin so, as "[3/10] Building a.o" or "⠋ reify:lodash", or have a bar of tqdm: "a.bin: 45%|████".
_SURELY_PROGRESS = re.compile(r"\A[ \[(]{0,9}(?:[0-9]{1,12}(?:%|/[0-9]| of [0-9])|[⠁-⣿|/\\-] |[#=>.█━╸╺─]{3})|[0-9]%\|")
# The only one of its row may end so, as "collecting ... " or "at 100%".
_ENDS_WITH_COUNT = re.compile(r"(?:[0-9]%|[0-9]/[0-9]{1,12}|\.\.\.|…)[ )\]]{0,9}\Z")
# How records of a file or a log begin, as "2025-03-12 19:39" or "12:00:39 ".
_RECORD = re.compile(
    r"[ \[(\"]{0,3}(?:[0-9]{4}[-/][0-9]{2}[-/][0-9]{2}|[0-9]{1,2}/[A-Z0-9]\w{1,2}/[0-9]{2}|[0-9]{2}:[0-9]{2}:[0-9])"
)
_WORD = re.compile(r"[^\W\d_]{2,}")


def is_expendable(lower: str, upper: str, before: str) -> bool:
    """Whether a text that another one was drawn over may go. before: what was written before the lower one."""
    lower = lower.rstrip(" ")
    if not lower or upper.startswith(lower):
        return True
    if not _PROGRESS.search(lower) or _RECORD.match(lower):
        return False
    words = _WORD.findall(lower)
    if {*words} <= {*_WORD.findall(upper)}:  # only numbers change
        return True
    is_cleared = not upper.strip(" ")
    return (is_cleared or _is_state(lower, words, upper, before)) and not tells_of_error(lower)


def _is_state(text: str, words: list[str], upper: str, before: str) -> bool:
    """Whether it is a state of progress that has other words than the next one, as the name of what is worked on."""
    if _COUNTED_PROGRESS.search(text) and any(words[:1] == _WORD.findall(other)[:1] for other in (upper, before)):
        return True
    is_sure = _SURELY_PROGRESS.search(text) is not None
    if _METER.search(upper):  # the meter of curl may stand over the last line of what it fetched
        return is_sure and _SURELY_PROGRESS.search(upper) is not None
    return is_sure or (not before and _ENDS_WITH_COUNT.search(text) is not None)


def hides_failure(erased: Iterable[str], shown: str) -> bool:
    """Whether one of the texts that were erased tells of a failure in words that do not all stand in what is shown.

    Not a state of progress: `[3/10] Building errors.o` names what is worked on.
    """
    failures = {text for text in {*erased} if tells_of_error(text) and not _SURELY_PROGRESS.search(text)}
    words = {*_WORD.findall(shown)} if failures else set()
    return not all(words.issuperset(_WORD.findall(text)) for text in failures)

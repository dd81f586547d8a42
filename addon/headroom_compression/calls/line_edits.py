"""Commands that change a file by the numbers of its lines: after one of them the numbers in outputs stay."""

from __future__ import annotations

import re

from headroom_compression.calls.shell_words import MAX_COMMAND

# sed -i '12,15d' f    gsed -Ei '/x/d; 12!d' f    sed 12d f > g    edit 12:15    perl -i ... if $. == 12    ed -s f
# awk 'NR==12{$0="x"}1' f > g    ex -sc '12d|x' f    of scripts: lines[11] = "x"    del lines[3:6]
# A pattern that begins with letters is found ten times as fast, so what must stand before them is asked behind them.
_SED = r"sed(?:(?<=\bsed)|(?<=\bgsed))\b"
_INTO_FILE = r">\s?[^\s&|/=0-9]"
# A word that each of them has is found ten times as fast as the pattern.
_EDITS = (
    (
        "sed",
        re.compile(
            rf"{_SED}[^|;&\n]{{0,40}}\s(?:-[nErsz]{{0,4}}i|--in-place)[^|&\n]{{0,80}}"
            r"['\"\s;][0-9]{1,9}(?:,(?:[0-9]{1,9}|\$))?!?[sdiacry{]"
        ),
    ),
    (
        "sed",
        re.compile(
            rf"{_SED}\s{{1,4}}(?:-[Ee]\s)?['\"]?[0-9]{{1,9}}(?:,(?:[0-9]{{1,9}}|\$))?[dci][^|&\n]{{0,80}}{_INTO_FILE}"
        ),
    ),
    ("awk", re.compile(rf"awk(?<=awk)\b[^|&\n]{{0,40}}\bNR ?[=!<>]=? ?[0-9]{{1,9}}[^|\n]{{0,200}}{_INTO_FILE}")),
    ("edit", re.compile(r"edit(?<![^\n]edit) [0-9]{1,9}:[0-9]{1,9}")),
    ("-s", re.compile(r"ed(?<=\bed)\s+-s\b")),
    ("ex", re.compile(r"ex(?<=\bex)\s+-s?c\s['\"]?[0-9]{1,9}")),
    ("perl", re.compile(r"perl(?<=\bperl)\b[^|;&\n]{0,40}\s-[a-z]{0,4}i[^\n]{0,80}\$\.")),
    ("lines", re.compile(r"lines(?<=\blines)(?:\[[0-9]{0,6}:?[0-9]{1,6}\] ?=(?!=)|\.(?:insert|pop|splice)\([0-9])")),
    ("del lines", re.compile(r"del(?<=\bdel) lines\[[0-9]")),
)
# One of them stands in each of these.
_EDITING_WORDS = ("ed", "perl", "awk", "ex ", "lines")


def edits_by_line(command: str) -> bool:
    """Searches the two ends: what lies between them is the text of a file that the command writes."""
    if not any(map(command.__contains__, _EDITING_WORDS)):  # nearly always, and a tenth of the time
        return False
    ends = command[:MAX_COMMAND], command[MAX_COMMAND:][-MAX_COMMAND:]
    for end in ends:
        for word, pattern in _EDITS:
            if word in end and pattern.search(end):
                return True
    return False

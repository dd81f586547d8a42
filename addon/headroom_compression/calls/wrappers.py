"""What may stand in front of a program and changes nothing of what it prints: `sudo`, `timeout 5`, `CI=1`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import dropwhile

ASSIGNMENT = re.compile(r"[A-Za-z_][A-Za-z0-9_]*=.*", re.DOTALL)
# What stands behind one of them is a command; a loop's head, behind "for", is a list of words.
_KEYWORDS = frozenset({"!", "do", "elif", "else", "if", "then", "until", "while", "{"})
_WRAPPERS = frozenset({"command", "env", "time", "sudo", "nohup"})
# timeout -k 5 20s npm start   timeout --foreground 2m npm start: the options, then how long
_TIMEOUT_OPTION = re.compile(
    r"--(?:foreground|preserve-status|verbose)|-v|(?:-k|-s|--kill-after=|--signal=)[A-Z0-9.smhd]+"
)
_TIMEOUT_OPTION_OF_TWO_WORDS = frozenset({"-k", "-s", "--kill-after", "--signal"})
_DURATION = re.compile(r"[0-9.]{1,12}[smhd]?")


def without_wrappers(words: Sequence[str]) -> tuple[str, ...]:
    """From the program on that `sudo`, `timeout 5`, `CI=1` and their like stand in front of."""
    while words:
        if words[0] == "timeout" and (command := _limited(words)):
            words = command
        elif words[0] in _WRAPPERS or ("=" in words[0] and ASSIGNMENT.fullmatch(words[0])):
            words = words[1:]
        else:
            break
    return tuple(words)


def own_words(words: Sequence[str]) -> tuple[str, ...]:
    """Those of the program that a part of a loop or a condition runs: `do timeout 5 cat f` gives ("cat", "f")."""
    is_behind_keyword = bool(words) and words[0] in _KEYWORDS
    return without_wrappers(tuple(dropwhile(_KEYWORDS.__contains__, words)) if is_behind_keyword else words)


def _limited(words: Sequence[str]) -> Sequence[str]:
    """What `timeout` runs; nothing where that is not certain."""
    start = 1
    while start < len(words) and words[start].startswith("-"):
        is_pair = words[start] in _TIMEOUT_OPTION_OF_TWO_WORDS
        if not is_pair and not _TIMEOUT_OPTION.fullmatch(words[start]):
            return ()
        start += 2 if is_pair else 1
    return words[start + 1 :] if start < len(words) and _DURATION.fullmatch(words[start]) else ()

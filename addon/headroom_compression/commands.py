"""Reading a shell command line: the programs of its pipe, and the one that made the lines of the output.

Only what is wholly understood: one pipe of plain words. Everything else has no known producer.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator

# 2>/dev/null  2>&1, as shlex cuts them
_ERRORS_ELSEWHERE = (("2", ">", "/dev/null"), ("2", ">&", "1"))
_OPERATORS = frozenset("();<>|&")
_ASSIGNMENT = re.compile(r"[A-Za-z_][A-Za-z0-9_]*=.*", re.DOTALL)
_WRAPPERS = frozenset({"command", "env", "time", "sudo"})
# They print some or all of the lines that they read and change none; the others only with these options.
_FILTERS = frozenset({"head", "tail", "sort"})
_FILTERS_WITH = {
    **dict.fromkeys(("cat", "tac", "uniq"), re.compile(r"(?!)")),
    **dict.fromkeys(("grep", "egrep", "fgrep", "rg"), re.compile(r"-[viEFwxaeP]{1,8}|--color=never")),
}
_LONGEST_COMMAND = 2_000


def pipeline(command: str) -> list[list[str]] | None:
    """The words of each program of a pipe; None when there is anything but pipes and words.

    `nl -ba a.py 2>/dev/null | head` gives [["nl", "-ba", "a.py"], ["head"]].
    """
    if len(command) > _LONGEST_COMMAND or "\n" in command:
        return None
    lexer = shlex.shlex(command, posix=True, punctuation_chars=True)
    lexer.whitespace_split = True
    lexer.commenters = ""
    programs: list[list[str]] = [[]]
    try:
        for word in _without_redirected_errors(list(lexer)):
            if word == "|":
                programs.append([])
            elif word and set(word) <= _OPERATORS:
                return None
            else:
                programs[-1].append(word)
    except ValueError:
        return None
    return programs if all(programs) else None


def _without_redirected_errors(words: list[str]) -> Iterator[str]:
    position = 0
    while position < len(words):
        if tuple(words[position : position + 3]) in _ERRORS_ELSEWHERE:
            position += 3
            continue
        yield words[position]
        position += 1


def producer(command: str) -> tuple[str, ...]:
    """The words of the program that made the lines of the output, filters such as `| head` left away; () if unknown."""
    programs = pipeline(command)
    if programs is None or not all(_is_line_filter(words) for words in programs[1:]):
        return ()
    words = programs[0]
    while words and (_ASSIGNMENT.fullmatch(words[0]) or words[0] in _WRAPPERS):
        words = words[1:]
    return tuple(words)


def _is_line_filter(words: list[str]) -> bool:
    if words[0] in _FILTERS:
        return True
    harmless = _FILTERS_WITH.get(words[0])
    return harmless is not None and all(harmless.fullmatch(word) for word in words[1:] if word.startswith("-"))

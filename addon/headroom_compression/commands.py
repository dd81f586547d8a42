"""Reading a shell command line: the programs of its pipe, and the one that made the lines of the output.

Only what is wholly understood: one pipe of plain words. Everything else has no known producer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

# A word may be quoted in part: a'b c'"d e"\\ f
_TOKEN = re.compile(
    r"""[ \t\r]+
    |2>(?:&1|[ \t]*/dev/null)(?=[ \t\r();<>|&]|$)
    |(?P<operator>[();<>|&]+)
    |(?P<word>(?:[^ \t\r'"\\();<>|&]+|'[^']*'|"(?:[^"\\]|\\.)*"|\\.)+)""",
    re.VERBOSE,
)
_QUOTED = re.compile(r"""'[^']*'|"(?:[^"\\]|\\.)*"|\\.""")
_ESCAPED_IN_QUOTES = re.compile(r'\\(["\\])')
_ASSIGNMENT = re.compile(r"[A-Za-z_][A-Za-z0-9_]*=.*", re.DOTALL)
_WRAPPERS = frozenset({"command", "env", "time", "sudo"})
# They print some or all of the lines that they read and change none; the others only with these options.
_FILTERS = frozenset({"head", "tail", "sort"})
_FILTERS_WITH = {
    **dict.fromkeys(("cat", "tac", "uniq"), re.compile(r"(?!)")),
    **dict.fromkeys(("grep", "egrep", "fgrep", "rg"), re.compile(r"-[viEFwxaeP]{1,8}|--color=never")),
}
_LONGEST_COMMAND = 2_000
_SEQUENCES = frozenset({"|", "&&", "||", ";"})


@lru_cache(maxsize=4)  # several readers look at the same command, one after the other
def pipeline(command: str) -> Sequence[list[str]] | None:
    """The words of each program of a pipe; None when there is anything but pipes and words.

    `nl -ba a.py 2>/dev/null | head` gives [["nl", "-ba", "a.py"], ["head"]].
    """
    return None if "\n" in command else _programs(command, frozenset({"|"}))


@lru_cache(maxsize=4)  # each elision looks at the same command
def programs(command: str) -> Sequence[tuple[str, ...]]:
    """The words of all programs that the lines of a command run one after the other or in pipes, wrappers left away.

    `npm ci && CI=1 npx jest | tail` gives [("npm", "ci"), ("npx", "jest"), ("tail",)]. Empty where the command holds
    more than that: groups, substitutions, loops, redirected output.
    """
    found: list[tuple[str, ...]] = []
    for line in command.split("\n"):
        words = _programs(line, _SEQUENCES) if line.strip() else []
        if words is None:
            return ()
        found += [_without_wrappers(program) for program in words]
    return tuple(program for program in found if program)


def _programs(command: str, operators: frozenset[str]) -> list[list[str]] | None:
    """The words of each program between such operators; None when there is anything else."""
    if len(command) > _LONGEST_COMMAND:
        return None
    found: list[list[str]] = [[]]
    position = 0
    while position < len(command):
        token = _TOKEN.match(command, position)
        if token is None or (token.lastgroup == "operator" and token[0] not in operators):
            return None
        if token.lastgroup == "operator":
            found.append([])
        elif token.lastgroup == "word":
            found[-1].append(_unquoted(token[0]))
        position = token.end()
    return found if all(found) else None


def _unquoted(word: str) -> str:
    is_plain = "'" not in word and '"' not in word and "\\" not in word
    return word if is_plain else _QUOTED.sub(_content, word)


def _content(quoted: re.Match[str]) -> str:
    text = quoted[0]
    if text[0] == '"':
        return _ESCAPED_IN_QUOTES.sub(r"\1", text[1:-1])
    return text[1:-1] if text[0] == "'" else text[1:]


def producer(command: str) -> tuple[str, ...]:
    """The words of the program that made the lines of the output, filters such as `| head` left away; () if unknown."""
    piped = pipeline(command)
    if piped is None or not all(_is_line_filter(words) for words in piped[1:]):
        return ()
    return _without_wrappers(piped[0])


def _without_wrappers(words: Sequence[str]) -> tuple[str, ...]:
    while words and (_ASSIGNMENT.fullmatch(words[0]) or words[0] in _WRAPPERS):
        words = words[1:]
    return tuple(words)


def _is_line_filter(words: list[str]) -> bool:
    if words[0] in _FILTERS:
        return True
    harmless = _FILTERS_WITH.get(words[0])
    return harmless is not None and all(harmless.fullmatch(word) for word in words[1:] if word.startswith("-"))

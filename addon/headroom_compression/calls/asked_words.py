"""The words that a call searches for, so that lines that hold them stay."""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Mapping
from itertools import pairwise

from headroom_compression.calls.launchers import commands_within
from headroom_compression.calls.launchers import is_launcher
from headroom_compression.calls.tool_call import ToolCall
from headroom_compression.calls.vocabulary import SEARCHERS

# Programs that search, and the options of others after which comes what they pick out.
_SEARCHING = SEARCHERS | {"findstr"}


_PICKING: Mapping[str, tuple[str, ...]] = {
    "pytest": ("-k",),
    "py.test": ("-k",),
    "unittest": ("-k",),
    "jest": ("-t", "--testNamePattern"),
    "vitest": ("-t", "--testNamePattern"),
    "mocha": ("-g", "--grep", "-f", "--fgrep"),
    "go": ("-run",),
    "rspec": ("-e", "--example"),
    "ctest": ("-R",),
    "journalctl": ("-g", "--grep"),
    **dict.fromkeys(_SEARCHING, ("-e", "--regexp")),
}


# pytest -k "orders and not slow": tests whose names hold the one, and not the other. unittest -k takes a pattern.
_OF_EXPRESSIONS = frozenset({"pytest", "py.test"})


_NOT_ASKED = re.compile(r"\bnot +[\w.:/-]{1,200}|\b(?:and|or|not)\b")


_MIN_ASKED_LENGTH = 3


# What is searched for by a pattern is kept by the plain words in it.
_PLAIN_WORDS = re.compile(r"[\w./-]{3,80}")


def asked_words(call: ToolCall) -> tuple[str, ...]:
    """What the call searches for, in lower case: lines that hold one of these words are what it was made for."""
    patterns = list(call.asked)
    expressions: list[str] = []
    for words in map(_from_picker, commands_within(call.command or "")):
        (expressions if words[0] in _OF_EXPRESSIONS else patterns).extend(_patterns(words))
    found = {word.lower() for pattern in patterns for word in _PLAIN_WORDS.findall(pattern)}
    found |= {word.lower() for pattern in expressions for word in _PLAIN_WORDS.findall(_NOT_ASKED.sub(" ", pattern))}
    return tuple(sorted(word for word in found if len(word) >= _MIN_ASKED_LENGTH))


def _from_picker(words: tuple[str, ...]) -> tuple[str, ...]:
    """From the program on that picks lines or tests out, where a launcher starts it: nice -n 5 pytest -k orders."""
    names = [word.rpartition("/")[2] for word in words]
    starts = range(len(words)) if is_launcher(words[0]) else range(1)
    start = next((row for row in starts if names[row] in _PICKING), 0)
    return (names[start], *words[start + 1 :])


def _patterns(words: tuple[str, ...]) -> Iterator[str]:
    """What comes after options such as -e, -k and -run=, and the first plain word of a program that searches."""
    words = words[1:] if words[:2] == ("git", "grep") else words
    is_searching = words[0] in _SEARCHING and "--files" not in words  # rg --files lists them
    picking = _PICKING.get(words[0], ())
    for before, word in pairwise(words):
        option, _, value = word.partition("=")
        if before in picking:
            yield word
        elif value and option in picking:
            yield value
        elif is_searching and not word.startswith("-"):
            yield word
            is_searching = False

"""Which files the errors of a build tell of: the steps of these are worth a look."""

from __future__ import annotations

import re
from collections.abc import Iterator

from headroom_compression.formats.words_in_lines import holds_one_of

# src/cart.c:12:5: error: ...   make[1]: *** [Makefile:12: src/cart.o] Error 1   FAILED: [code=1] src/cart.o
_FAILED_FILE = re.compile(
    r" {0,24}(?:([^\s:]{1,300}):[0-9]{1,7}:(?:[0-9]{1,5}:)? (?:fatal )?error\b"
    r"|g?make(?:\[[0-9]{1,3}\])?: \*\*\* \[(?:[^\s:\]]{1,300}:[0-9]{1,7}: )?([^\]\s]{1,300})\]"
    r"|FAILED: (?:\[code=[0-9]{1,10}\] )?(\S{1,300}))"
)
_FAILURES = ("error", " *** [", "FAILED: ")  # one of them is in each such line


def failed_names(text: str) -> Iterator[str]:
    """The names of files, without their folders, that errors tell of."""
    if not holds_one_of(_FAILURES, text):
        return
    for line in text.split("\n"):
        found = _FAILED_FILE.match(line) if holds_one_of(_FAILURES, line) else None
        if found:
            yield next(path for path in found.groups() if path).rpartition("/")[2]


def names_one_of(line: str, failed: set[str]) -> bool:
    """Whether one of its words is such a name, with whatever ending behind it: cart.c.o"""
    names = (word.rpartition("/")[2] for word in line.split()) if failed else ()
    return any(name in failed or name.rpartition(".")[0] in failed for name in names)

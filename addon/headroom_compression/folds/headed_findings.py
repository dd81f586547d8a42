"""Take the file out of findings that stand below its name already, as pyright writes them.

    /srv/shop/app/cart.py                                /srv/shop/app/cart.py
      /srv/shop/app/cart.py:8:12 - error: Type "int" …     8:12 - error: Type "int" …
      /srv/shop/app/cart.py:9:3 - warning: Import …        9:3 - warning: Import …

Only of programs that run, and of commands that show no file. Byte-exact.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Sequence

from headroom_compression.calls.shown_files import prints_no_file
from headroom_compression.client_text import has_cut
from headroom_compression.document import Document
from headroom_compression.document import Stage
from headroom_compression.formats.words_in_lines import stands_in

STAGE = Stage.KIND
MIN_LINES = 2

_INDENT = "  "
_PLACE = re.compile(r"[1-9][0-9]{0,8}:[1-9][0-9]{0,8} - ")
_SIGN = re.compile(r"\n  [^\s:][^:\n]{0,400}:[1-9][0-9]{0,8}:[1-9][0-9]{0,8} - ")


def fold(document: Document) -> str | None:
    if not prints_no_file(document.call) or not stands_in(document.body, " - "):
        return None
    if not _SIGN.search(document.body) or has_cut(document.body):
        return None
    return "\n".join(_short(document.body.split("\n")))


def is_exact(document: Document, folded: str) -> bool:
    return "\n".join(_whole(folded.split("\n"))) == document.body


def blocks(folded: str) -> tuple[int, ...]:
    """From lines that are not indented, below such that are."""
    lines = folded.split("\n")
    is_flush = [bool(line) and not line.startswith(_INDENT) for line in lines]
    return tuple(row for row, is_first in enumerate(is_flush) if is_first and not (row and is_flush[row - 1]))


def entries(folded: str) -> Iterator[int]:
    """The findings below a heading with which a block begins, each with what is indented further below it."""
    begun = {*blocks(folded)}
    is_below = False
    for row, line in enumerate(folded.split("\n")):
        if not line.startswith(_INDENT):
            is_below = row in begun
        elif is_below and _PLACE.match(line, len(_INDENT)):
            yield row


def _short(lines: Sequence[str]) -> Iterator[str]:
    heading = ""
    for line in lines:
        heading = heading if line.startswith(_INDENT) else line
        start = len(_INDENT) + len(heading)
        is_below = heading and line.startswith(_INDENT) and line.startswith(heading, len(_INDENT))
        is_place = is_below and line.startswith(":", start) and _PLACE.match(line, start + 1)
        yield _INDENT + line[start + 1 :] if is_place else line


def _whole(lines: Sequence[str]) -> Iterator[str]:
    """The lines that a text with short rows stands for."""
    heading = ""
    for line in lines:
        heading = heading if line.startswith(_INDENT) else line
        is_short = heading and line.startswith(_INDENT) and _PLACE.match(line, len(_INDENT))
        yield f"{_INDENT}{heading}:{line[len(_INDENT) :]}" if is_short else line

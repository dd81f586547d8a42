"""Of the words that a model took from tool outputs: how many still stood in the request when it used them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Sequence

from recordings import OUTPUTS
from recordings import Item
from recordings import is_model_made
from recordings import texts

# Names, paths, numbers and the like, without the end of a sentence; shorter ones are too common.
_WORD = re.compile(r"[A-Za-z0-9_./:@-]{5,200}[A-Za-z0-9_]")
# In JSON inside a text a line begins behind these two characters, which belong to no word.
_ESCAPE = re.compile(r"\\[nrt]")


def survival(items: Sequence[Item], sent: Sequence[Item]) -> tuple[int, int]:
    """How many such words there are, and how many were verbatim in the items sent before. Each counts once."""
    known: set[str] = set()
    from_outputs: set[str] = set()
    shown: list[str] = []
    used = kept = 0
    for original, item in zip(items, sent, strict=True):
        words = set(_words(original))
        if is_model_made(original):
            for word in words & from_outputs:
                from_outputs.discard(word)
                used += 1
                kept += any(word in text for text in reversed(shown))
        elif original.get("type") in OUTPUTS:
            from_outputs |= words - known
        known |= words
        shown.extend(texts(item))
    return used, kept


def _words(item: Item) -> Iterator[str]:
    for text in texts(item):
        yield from _WORD.findall(_ESCAPE.sub(" ", text))

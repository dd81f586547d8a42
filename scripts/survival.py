"""Of the words that a model took from tool outputs: how many still stood in the request when it used them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass

from headroom_report.items import OUTPUTS
from headroom_report.items import Item
from headroom_report.items import is_model_made
from headroom_report.items import texts

# Names, paths, numbers and the like, without the end of a sentence; shorter ones are too common.
_WORD = re.compile(r"[A-Za-z0-9_./:@-]{5,200}[A-Za-z0-9_]")
# In JSON inside a text a line begins behind these two characters, which belong to no word.
_ESCAPE = re.compile(r"\\[nrt]")
# Between a folder and a name, a file and a line number.
_CUT = re.compile(r"[/:]")


@dataclass(slots=True)
class Survival:
    """used: such words, each counted once. verbatim: of them, those in the items sent before.

    recoverable: those, and those whose two halves stand in one text sent before, as a folder and a name in it do.
    """

    used: int = 0
    verbatim: int = 0
    recoverable: int = 0


def survival(items: Sequence[Item], sent: Sequence[Item]) -> Survival:
    """Look for each word that the model makes and took from an output in what was sent up to then."""
    known: set[str] = set()
    from_outputs: set[str] = set()
    shown: list[str] = []
    found = Survival()
    for original, item in zip(items, sent, strict=True):
        words = set(_words(original))
        if is_model_made(original):
            for word in words & from_outputs:
                from_outputs.discard(word)
                is_verbatim = any(word in text for text in reversed(shown))
                found.used += 1
                found.verbatim += is_verbatim
                found.recoverable += is_verbatim or any(_in_halves(word, text) for text in reversed(shown))
        elif original.get("type") in OUTPUTS:
            from_outputs |= words - known
        known |= words
        shown.extend(texts(item))
    return found


def _in_halves(word: str, text: str) -> bool:
    """Whether the text has a line that ends in the first half, and a line that begins with the second."""
    cuts = (cut.start() for cut in _CUT.finditer(word))
    lines = f"\n{text}\n"
    return any(
        f"\n{word[cut + 1 :]}" in lines and (f"{word[:cut]}:\n" in lines or f"{word[: cut + 1]}\n" in lines)
        for cut in cuts
    )


def _words(item: Item) -> Iterator[str]:
    for text in texts(item):
        yield from _WORD.findall(_ESCAPE.sub(" ", text))

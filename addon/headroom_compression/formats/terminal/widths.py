"""How many columns of a terminal characters take: what the shortening and its check have in common.

Letters of East Asia and emoji take two, accents that are characters of their own none. Where terminals differ, nothing
is said: emoji that a mark behind them changes (joiners, skin colours, variation selectors, flags), marks without a
place of their own in the tables, Korean letters that are put together.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from unicodedata import category
from unicodedata import combining
from unicodedata import east_asian_width

from headroom_compression.known_characters import is_printable

_SKIN_COLOURS = range(0x1F3FB, 0x1F400)
_FLAG_LETTERS = range(0x1F1E6, 0x1F200)
_HANGUL_PARTS = range(0x1100, 0x1200)
_NOT_SURE = (_SKIN_COLOURS, _FLAG_LETTERS, _HANGUL_PARTS)


def width_of(text: str) -> int | None:
    """The columns that a text takes; None where that depends on the terminal."""
    if text.isascii():
        return None if "\t" in text else len(text)
    total = 0
    for place, character in enumerate(text):
        width = _width(character)
        if width is None or (width == 0 and place == 0):
            return None
        total += width
    return total


def cells(text: str) -> Iterator[str]:
    """The text column by column: behind a letter of two columns comes an empty string, an accent is in its letter's.

    What depends on the terminal is taken as one column.
    """
    cell = ""
    for character in text:
        width = _width(character)
        if width == 0:
            cell += character
            continue
        if cell:
            yield from _cell(cell)
        cell = character
    if cell:
        yield from _cell(cell)


def split_accents(text: str) -> tuple[str, str]:
    """The accents that a text begins with, which belong to the letter before it, and the rest."""
    stop = 0
    while stop < len(text) and _width(text[stop]) == 0:
        stop += 1
    return text[:stop], text[stop:]


def _cell(text: str) -> tuple[str, ...]:
    return (text, "") if _width(text[0]) == len(("", "")) else (text,)


@lru_cache(maxsize=4096)
def _width(character: str) -> int | None:
    if character.isascii():
        return None if character == "\t" else 1
    if any(ord(character) in letters for letters in _NOT_SURE) or not is_printable(character):
        return None
    if combining(character):
        return 0
    if category(character) in {"Mn", "Me"}:
        return None
    return 2 if east_asian_width(character) in "WF" else 1

"""A long text as pieces that are counted once, however often they stand in it: a log is counted in half the time.

Exact, for two reasons that lie in the pattern by which o200k_base splits a text before it looks for tokens:

1. No match of it goes from a character that is no white space to a blank behind it, nor from a line feed to a character
   that is neither white space nor "/". A text that is cut there has as many tokens as its two parts.
2. Digits stand alone, up to three in a match, and each such number is one token: any digit may stand for another.
"""

from __future__ import annotations

import re
from collections import Counter
from unicodedata import category

# To find the pieces of source code takes half as long as to count it, in vain: below this there is little to gain.
MIN_CHARACTERS = 32 * 1024
# Words with the blanks before them, up to a place to cut at: not at blanks behind other white space, or before a line's
# end, nor at an end of a line before white space or "/".
_PIECE = re.compile(r" *[^ \n]+(?:(?<=\s) +| +(?=\n|\Z)|\n(?![^\s/]) *[^ \n]*|(?<=[ \n])[^ \n]+)*\n?")
_ONE_DIGIT = bytes.maketrans(b"123456789", b"0" * 9)
_OTHERS = re.compile(r"[^\x00-\x7f]+")
# Characters that the pattern may take for digits, and that may be one token with a digit. Cn: unknown to this Python.
_MAY_BE_DIGITS = frozenset({"Nd", "Nl", "No", "Cn"})


def pieces_of(text: str) -> Counter[str] | None:
    """How often each piece stands in the text; together they have as many tokens. None where that is not sure."""
    try:
        plain = text if _has_other_digits(text) else text.encode().translate(_ONE_DIGIT).decode()
    except UnicodeEncodeError:  # a lone surrogate
        return None
    pieces = _PIECE.findall(plain)
    return Counter(pieces) if sum(map(len, pieces)) == len(plain) else None


def _has_other_digits(text: str) -> bool:
    others = () if text.isascii() else set("".join(_OTHERS.findall(text)))
    return any(category(character) in _MAY_BE_DIGITS for character in others)

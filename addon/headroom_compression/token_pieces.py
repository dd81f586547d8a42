"""A long text as pieces that are counted once, however often they stand there: a log is counted in half the time.

Exact, for two reasons that lie in the pattern by which o200k_base splits a text before it looks for tokens:

1. No match of it goes from a character that is no white space to a blank behind it, nor from a line feed to a character
   that is neither white space nor "/". A text that is cut there has as many tokens as its two parts.
2. Digits stand alone, up to three in a match, and each such number is one token: any digit may stand for another.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from collections.abc import Mapping
from unicodedata import category

from headroom_compression.frozen import frozen

# To find the pieces of source code takes half as long as to count it, in vain: shorter texts are not worth the risk.
MIN_CHARACTERS = 32 * 1024
# What repeats itself less is counted faster as it is.
_MAX_SHARE = 0.5
# Words with the blanks before them, up to a place to cut at: not at blanks behind other white space, or before a line's
# end, nor at an end of a line before white space or "/".
_PIECE = re.compile(r" *[^ \n]+(?:(?<=\s) +| +(?=\n|\Z)|\n(?![^\s/]) *[^ \n]*|(?<=[ \n])[^ \n]+)*\n?")
_ONE_DIGIT = bytes.maketrans(b"123456789", b"0" * 9)
# Another character that the pattern takes for a digit may be one token with it.
_OTHERS = re.compile(r"[^\x00-\x7f]+")
_MAY_BE_DIGITS = frozenset({"Nd", "Nl", "No", "Cn"})  # Cn: not known to this Python
# By whether a piece begins with a blank, and whether it ends with a line feed: what stands between two such pieces, so
# that they can be cut there, and how many tokens it is.
_BETWEEN = {(True, False): ("", 0), (True, True): ("a", 1), (False, False): (" a\n", 2), (False, True): ("", 0)}


@frozen
class Counted:
    """A text of which the tokens count `times` times, but for `added` of them."""

    text: str
    times: int
    added: int


def pieces_of(text: str, most: int) -> list[Counted] | None:
    """What has as many tokens together as the text; None where that is not sure, or would take longer.

    most: characters of one text, which a longer piece alone exceeds.
    """
    try:
        plain = text if _has_other_digits(text) else text.encode().translate(_ONE_DIGIT).decode()
    except UnicodeEncodeError:
        return None
    pieces = _PIECE.findall(plain)
    repeated = Counter(pieces)
    if sum(map(len, pieces)) != len(plain) or sum(map(len, repeated)) > _MAX_SHARE * len(plain):
        return None
    repeated[pieces[-1]] -= 1  # nothing need stand behind it
    return [Counted(pieces[-1], 1, 0), *_joined(repeated, most)]


def _has_other_digits(text: str) -> bool:
    others = () if text.isascii() else set("".join(_OTHERS.findall(text)))
    return any(category(character) in _MAY_BE_DIGITS for character in others)


def _joined(repeated: Mapping[str, int], most: int) -> Iterator[Counted]:
    """Pieces of one kind that stand there as often, in one text."""
    groups: dict[tuple[int, bool, bool], list[str]] = {}
    for piece, times in repeated.items():
        if piece[0] == "/" or piece[0].isspace() != (piece[0] == " ") or piece[-1].isspace() != (piece[-1] == "\n"):
            yield Counted(piece, times, 0)
        else:
            groups.setdefault((times, piece[0] == " ", piece[-1] == "\n"), []).append(piece)
    for (times, has_blank, ends_line), pieces in groups.items():
        between, added = _BETWEEN[has_blank, ends_line]
        for some in _limited(pieces, most):
            yield Counted(between.join(some), times, added * (len(some) - 1))


def _limited(pieces: list[str], most: int) -> Iterator[list[str]]:
    """The pieces, in lists of at most so many characters."""
    some: list[str] = []
    length = 0
    for piece in pieces:
        if some and length + len(piece) > most:
            yield some
            some, length = [], 0
        some.append(piece)
        length += len(piece)
    if some:
        yield some

"""A long text taken apart into pieces that have as many tokens by themselves, so that each is counted once.

`tokens.PATTERN` says where a token may end. None goes on to a blank before what is no white space, or from a digit to
what is none, whatever stands before: what begins there has as many tokens behind any other text. Digits stand alone in
it, up to three in a match, all of which are one token: one digit serves for all, and logs repeat themselves.
"""

from __future__ import annotations

import re
from collections import Counter
from collections import defaultdict
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Sequence
from itertools import chain
from unicodedata import category

from headroom_compression.record import record

# In characters: the first part is as long as the one, the others up to the other, which takes up to a millisecond, in
# which no other thread goes on.
_SAMPLE, _SLICE = 4 * 1024, 64 * 1024
# By so much of a text it is seen whether it pays: of that more is different in source code.
_BEGINNING, _MAX_DIFFERENT = 128 * 1024, 0.6
_BLANK, _COMMA = re.compile(r" (?=\S)"), re.compile("(?<=0),")
# One blank in so many characters, or more, makes pieces short; so does one number with a comma behind it.
_CHARACTERS_PER_BLANK, _CHARACTERS_PER_NUMBER = 64, 16
# Stand for a blank that does not divide, and for a line feed that does, before the first piece of a line: none goes on
# from one to what is neither white space nor "/". That piece is counted behind another such line.
_KEPT, _FIRST, _LINE = "\0", "\1", "a\n"
# Of lines that no piece may begin with, and of empty ones.
_NO_BEGINNING = re.compile(f"\n(?=([\t\r/ {_KEPT}\n]))")
# Other white space of PATTERN than blanks, tabs and ends of lines.
_RARE_BLANKS = "\x0b\x0c\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
_NO_TEXT = (_KEPT, _FIRST, *_RARE_BLANKS)
_ONE_DIGIT = bytes.maketrans(b"123456789", b"0" * 9)
_ASCII = bytes(range(128))
# Characters that the pattern may take for digits, and that may be one token with a digit. Cn: unknown to this Python.
_MAY_BE_DIGITS = frozenset({"Nd", "Nl", "No", "Cn"})


@record
class RepeatedPieces:
    """A text taken apart. ends: what stands before and behind the pieces. times: how often each stands there.

    divider: what stands before each of them.
    """

    ends: tuple[str, str]
    divider: str
    times: Counter[str]


def count_pieces(texts: Sequence[RepeatedPieces], count_whole: Callable[[str], int]) -> list[int]:
    """The tokens of forms of a text with the same divider.

    Pieces that stand as often as each other in each of them are counted together, which takes half the time.
    """
    alike: defaultdict[tuple[int, ...], list[str]] = defaultdict(list)
    for piece in dict.fromkeys(chain.from_iterable(text.times for text in texts)):
        alike[tuple([text.times.get(piece, 0) for text in texts])].append(piece)
    totals = [sum(map(count_whole, text.ends)) for text in texts]
    for times, pieces in alike.items():
        tokens = _count_together(texts[0].divider, pieces, count_whole)
        totals = [total + number * tokens for total, number in zip(totals, times, strict=True)]
    return totals


def _count_together(divider: str, pieces: Sequence[str], count_whole: Callable[[str], int]) -> int:
    text = divider + divider.join(pieces)
    added = text.count(_FIRST) * count_whole(f" {_LINE}")
    return count_whole(text.replace(_FIRST, _LINE).replace(_KEPT, " ")) - added


def repeated_pieces(text: str) -> RepeatedPieces | None:
    """None where to take it apart does not pay, or may not be exact."""
    try:
        plain = text if _has_other_digits(text) else text.encode().translate(_ONE_DIGIT).decode()
    except UnicodeEncodeError:  # a lone surrogate
        return None
    if any(sign in plain for sign in _NO_TEXT):
        return None
    divider = _COMMA if _is_of_numbers(plain) else _BLANK
    first = divider.search(plain)
    if first is None:
        return None
    stop = plain.rindex("0,") + 1 if divider is _COMMA else len(plain)
    times: Counter[str] = Counter()
    for end, part in _parts(plain, first.end(), stop, divider):
        times.update(part.replace("0,", f"0{_FIRST}").split(_FIRST) if divider is _COMMA else _words(part))
        if end < _BEGINNING and sum(map(len, times)) > _MAX_DIFFERENT * end:
            return None
    return RepeatedPieces((plain[: first.start()], plain[stop:]), first[0], times)


def _parts(text: str, start: int, stop: int, divider: re.Pattern[str]) -> Iterator[tuple[int, str]]:
    """Where each part ends, and what stands in it, between two dividers."""
    length = _SAMPLE
    while start < stop:
        found = divider.search(text, start + length, stop)
        end = found.start() if found else stop
        yield end, text[start:end]
        start, length = end + 1, min(2 * length, _SLICE)


def _words(text: str) -> list[str]:
    """What stands between blanks, each of which is the last one before what is no white space, and at ends of lines."""
    if "  " in text:
        text = text.replace("  ", f"{_KEPT} ").replace(f" {_KEPT}", 2 * _KEPT).replace("  ", f"{_KEPT} ")
    for blank in "\n\t\r":
        if blank in text:  # nearly all have but the first
            text = text.replace(f" {blank}", _KEPT + blank)
    if text.endswith(" "):
        text = text[:-1] + _KEPT
    signs = set(_NO_BEGINNING.findall(text))  # to look for each of them in the text takes ten times as long
    text = text.replace("\n", f"\n {_FIRST}")
    for sign in signs:
        text = text.replace(f" {_FIRST}{sign}", sign)
    return text.split(" ")


def _is_of_numbers(text: str) -> bool:
    """Whether it has hardly a blank, and many numbers: a list of them."""
    few = len(text) // _CHARACTERS_PER_BLANK  # of most texts the first fourth has more
    has_blanks = text.count(" ", 0, 16 * few) > few or text.count(" ") + text.count("\n") > few
    return not has_blanks and text.count("0,") * _CHARACTERS_PER_NUMBER > len(text)


def _has_other_digits(text: str) -> bool:
    others = "" if text.isascii() else _not_ascii(text)
    return any(category(character) in _MAY_BE_DIGITS for character in set(others))


def _not_ascii(text: str) -> str:
    return text.encode(errors="surrogatepass").translate(None, _ASCII).decode(errors="surrogatepass")

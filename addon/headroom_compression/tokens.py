"""Exact o200k_base token counts, from the rank file that is shipped beside this module.

tiktoken's own `get_encoding` downloads that file when its cache lacks it, without a timeout and through `HTTPS_PROXY`.
In the proxy that `HTTPS_PROXY` points at it would wait for itself, so the encoding is built here from its parts.
Pattern and file format are those of `tiktoken_ext/openai_public.py` and `tiktoken/load.py` in openai/tiktoken.
"""

from __future__ import annotations

import functools
import hashlib
import lzma
import re
from binascii import a2b_base64
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING
from unicodedata import category

if TYPE_CHECKING:
    from collections.abc import Iterator

    import tiktoken

__all__ = ["check", "count", "count_both", "load"]

RANK_FILE = Path(__file__).parent / "data" / "o200k_base.tiktoken.xz"
# Of the file as it is shipped, and of what OpenAI publishes, which is in it.
PACKED_SHA256 = "525e9ef7ef1926dfc41c2fd03529afc9822289ed48c4ae4927cf061c92dab0e9"
RANK_SHA256 = "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d"
SPECIAL_TOKENS = {"<|endoftext|>": 199999, "<|endofprompt|>": 200018}
PATTERN_PARTS = (
    r"""[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?""",
    r"""[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?""",
    r"""\p{N}{1,3}""",
    r""" ?[^\s\p{L}\p{N}]+[\r\n/]*""",
    r"""\s*[\r\n]+""",
    r"""\s+(?!\S)""",
    r"""\s+""",
)
PATTERN = "|".join(PATTERN_PARTS)
# The same, all parts without a look ahead in one group: tiktoken's engine (fancy-regex) tries each part of a pattern
# that has one by itself, but hands a group without to a faster engine as a whole. Outputs take a quarter less.
_GROUPED_PATTERN = "|".join((f"(?:{'|'.join(PATTERN_PARTS[:5])})", *PATTERN_PARTS[5:]))

# tiktoken 0.14 panics (a BaseException) on some texts of a megabyte; pieces of this size stay far below.
PIECE_LIMIT = 256 * 1024

# To find the pieces of source code takes half as long as to count it, in vain: below this there is little to gain.
MIN_REPEATING = 32 * 1024
# Words with the blanks before them, up to a place that PATTERN never matches across: not at blanks behind other white
# space, or before a line's end, nor at an end of a line before white space or "/". Nearly all of them end at one blank
# or at a line that begins with a word, which the first two ask for: that takes a tenth to a fifth less.
_PIECE = re.compile(
    r" *+[^ \n]++(?:(?= [^ \n])(?<=\S)|\n(?=[^\s/])"
    r"|(?:(?<=\s) ++| ++(?=\n|\Z)|\n(?![^\s/]) *+[^ \n]*+|(?<=[ \n])[^ \n]++)*+\n?)"
)
# Of text in which digits are zeros: up to the end of a number, which PATTERN never matches across.
_NUMBER_PIECE = re.compile(r"[^0]*+0++|[^0]++")
# One blank in so many characters, or more, makes pieces short; so does one number with a comma behind it.
_CHARACTERS_PER_BLANK, _CHARACTERS_PER_NUMBER = 64, 16
# Takes up to 3 ms.
_SLICE = 64 * 1024
_ONE_DIGIT = bytes.maketrans(b"123456789", b"0" * 9)
_ASCII = bytes(range(128))
# Characters that the pattern may take for digits, and that may be one token with a digit. Cn: unknown to this Python.
_MAY_BE_DIGITS = frozenset({"Nd", "Nl", "No", "Cn"})
# To count a piece by itself takes as long as to count so many characters more in one text; above such a share of the
# text's characters it is counted faster as it is.
_CHARACTERS_PER_PIECE = 20
_MAX_NEW = 0.75
# It may take as long as to count the first form of a text as it is: the others then take a third.
_MAX_NEW_OF_FORMS = 1.0

# Up to a newline that PATTERN never matches across: the next line is not blank and does not start with "/".
_AT_LINE = re.compile(r"(?<=\n)(?!/)(?=[ \t]*\S)")
_EXACT_PIECE = re.compile(rf"(?s:.{{1,{PIECE_LIMIT}}}){_AT_LINE.pattern}")
# In characters: to count a text in four parts takes as long as so many more.
_MIN_SHARED = 200
# Of empty lines and comments in a row more need not be looked through.
_MAX_LINES_TRIED = 20


def check() -> None:
    """Raise OSError when the rank file cannot be read, and RuntimeError when it is not the expected one.

    It takes 1 ms; what is in the file, which takes 70, is checked as well before it is used.
    """
    _require_digest(RANK_FILE.read_bytes(), PACKED_SHA256)


def load() -> None:
    """Build the encoding now (about 0.4 s, much of it holding the GIL) rather than at the first count.

    Raises what `check` raises.
    """
    _encoding()


def count(text: str, known: dict[str, int] | None = None) -> int:
    """Return the number of o200k_base tokens of a text; the names of special tokens in it are ordinary text.

    A lone surrogate counts as U+FFFD, a surrogate pair as its character. Texts above `PIECE_LIMIT` characters that
    hardly repeat themselves are counted in parts: still exact where a line that is not blank and does not start with
    "/" begins at every cut, otherwise within a few tokens per part. Raises what `check` raises if `load` has not been
    called.

    known: the tokens of pieces of texts before, such as another form of this one; those of this one are added.
    """
    pieces = _repeated_pieces(text) if len(text) >= MIN_REPEATING else None
    if pieces is None:
        return _count_whole(text)
    counts = {} if known is None else known
    new = [piece for piece in pieces if piece not in counts]
    # A text above the limit counts the same whatever is known, also where its parts are within a few tokens only.
    is_exact = len(text) <= PIECE_LIMIT
    asked, most = (new, _MAX_NEW_OF_FORMS) if is_exact and known is not None else (pieces, _MAX_NEW)
    if sum(map(len, asked)) + _CHARACTERS_PER_PIECE * len(asked) > most * len(text):
        return _count_whole(text)
    counts.update(zip(new, map(_count_whole, new), strict=True))
    return sum(times * counts[piece] for piece, times in pieces.items())


def count_both(one: str, other: str) -> tuple[int, int]:
    """The tokens of two forms of a text, of which what both begin and end with is counted once."""
    if max(len(one), len(other)) >= MIN_REPEATING:
        return count(one), count(other)
    start = _shared_start(one, other)
    end = _shared_end(one, other, min(len(one), len(other)) - start)
    if start + end < _MIN_SHARED:
        return count(one), count(other)
    shared = sum(_count_whole(text) for text in (one[:start], one[len(one) - end :]) if text)
    return (
        shared + _count_whole(one[start : len(one) - end]),
        shared + _count_whole(other[start : len(other) - end]),
    )


def _shared_start(one: str, other: str) -> int:
    """How many characters both begin with, up to a line before which no token goes on."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one.startswith(other[low:middle], low):
            low = middle
        else:
            high = middle - 1
    for _ in range(_MAX_LINES_TRIED):
        low = one.rfind("\n", 0, low) + 1
        if low == 0 or (_AT_LINE.match(one, low) and _AT_LINE.match(other, low)):
            return low
        low -= 1
    return 0


def _shared_end(one: str, other: str, most: int) -> int:
    """How many of at most so many characters both end with, from a line on before which no token goes on."""
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        if one.endswith(other[len(other) - middle : len(other) - low], 0, len(one) - low):
            low = middle
        else:
            high = middle - 1
    start = len(one) - low
    for _ in range(_MAX_LINES_TRIED):
        start = one.find("\n", start) + 1
        if start == 0 or _AT_LINE.match(one, start):
            return len(one) - start if start else 0
    return 0


def _repeated_pieces(text: str) -> Counter[str] | None:
    """How often each piece stands in the text; together they have as many tokens. None where that is not sure.

    Two things in PATTERN make it exact. No match goes from a character that is no white space to a blank behind it, nor
    from a line feed to a character that is neither white space nor "/": a text that is cut there has as many tokens as
    its parts. And digits stand alone, up to three in a match, all of which are one token: one digit serves for all, and
    numbers without blanks between them can be cut behind each.
    """
    try:
        plain = text if _has_other_digits(text) else text.encode().translate(_ONE_DIGIT).decode()
    except UnicodeEncodeError:  # a lone surrogate
        return None
    if plain[:1].isspace():  # so that a piece begins wherever one ends, and a long blank is gone through once
        return None
    found: Counter[str] = Counter()
    for pieces in _pieces_in_slices(plain, _NUMBER_PIECE if _is_of_numbers(plain) else _PIECE):
        if pieces is None:
            return None
        found.update(pieces)
    return found


def _is_of_numbers(text: str) -> bool:
    """Whether it has hardly a blank, and many numbers: a list of them."""
    has_blanks = (text.count(" ") + text.count("\n")) * _CHARACTERS_PER_BLANK > len(text)
    return not has_blanks and text.count("0,") * _CHARACTERS_PER_NUMBER > len(text)


def _pieces_in_slices(text: str, piece: re.Pattern[str]) -> Iterator[list[str] | None]:
    """All pieces; None in the place of those of which some are not side by side.

    While a pattern goes through a text no other thread goes on: 25 to 45 ms a MB. The end of a slice can change the
    last piece in it only, so the next slice begins with that.
    """
    start, stop, is_last = 0, _SLICE, False
    while not is_last:
        is_last = stop >= len(text)
        pieces = piece.findall(text, start) if is_last else piece.findall(text, start, stop)[:-1]
        joined = "".join(pieces)
        if not text.startswith(joined, start) or (is_last and start + len(joined) < len(text)):
            yield None
            return
        yield pieces
        after = start + len(joined)
        stop, start = after + (_SLICE if pieces else 2 * (stop - start)), after


def _has_other_digits(text: str) -> bool:
    others = "" if text.isascii() else _not_ascii(text)
    return any(category(character) in _MAY_BE_DIGITS for character in set(others))


def _not_ascii(text: str) -> str:
    return text.encode(errors="surrogatepass").translate(None, _ASCII).decode(errors="surrogatepass")


def _count_whole(text: str) -> int:
    encoding = _encoding()
    if len(text) <= PIECE_LIMIT:
        return len(encoding.encode_ordinary(text))
    return sum(len(encoding.encode_ordinary(piece)) for piece in _pieces(text))


def _pieces(text: str) -> Iterator[str]:
    start = 0
    while len(text) - start > PIECE_LIMIT:
        exact = _EXACT_PIECE.match(text, start)
        end = exact.end() if exact else start + PIECE_LIMIT
        yield text[start:end]
        start = end
    yield text[start:]


@functools.cache
def _encoding() -> tiktoken.Encoding:
    import tiktoken  # noqa: PLC0415  of no use before the ranks are there, and mitmproxy need not wait for either

    ranks = _read_ranks()
    encoding = tiktoken.Encoding(
        "o200k_base", pat_str=_GROUPED_PATTERN, mergeable_ranks=ranks, special_tokens=SPECIAL_TOKENS
    )
    ranks.clear()  # only pickling reads them again; returns about 30 MB
    return encoding


def _read_ranks() -> dict[bytes, int]:
    """Parse lines such as `IHRoZQ== 290`: a token's bytes in base64, a space, its rank."""
    words = _read_rank_file().split()
    return dict(zip(map(a2b_base64, words[::2]), map(int, words[1::2]), strict=True))


def _read_rank_file() -> bytes:
    try:
        content = lzma.decompress(RANK_FILE.read_bytes())
    except lzma.LZMAError as error:
        raise RuntimeError(f"{RANK_FILE} is damaged ({error}); install headroom-addon again") from error
    _require_digest(content, RANK_SHA256)
    return content


def _require_digest(content: bytes, expected: str) -> None:
    digest = hashlib.sha256(content).hexdigest()
    if digest != expected:
        raise RuntimeError(f"{RANK_FILE} has SHA-256 {digest} instead of {expected}; install headroom-addon again")

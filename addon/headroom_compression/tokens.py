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
from pathlib import Path
from typing import TYPE_CHECKING

from headroom_compression.repeated_pieces import count_pieces
from headroom_compression.repeated_pieces import repeated_pieces

if TYPE_CHECKING:
    from collections.abc import Iterator

    import tiktoken

__all__ = ["check", "count", "count_both", "has_at_least", "load"]

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

# Below this there is little to gain: to take a text apart costs a tenth to a third of counting it.
MIN_REPEATING = 16 * 1024
# Between a letter and what is none, a digit and what is none, another sign and a digit PATTERN always ends a match. An
# apostrophe may go on from a letter, and what is not ASCII may be anything. A sign before such an end has the bit of
# its sort, one behind it those of the sorts that end there: they have one in common, or none.
_LETTER, _DIGIT, _OTHER = 1, 2, 4
_SORTS = [
    0 if sign == "'" or not sign.isascii() else _DIGIT if sign.isdecimal() else _LETTER if sign.isalpha() else _OTHER
    for sign in map(chr, range(256))
]
_ENDING = {0: 0, _LETTER: _DIGIT, _DIGIT: _LETTER | _OTHER, _OTHER: _LETTER | _DIGIT}
_BEFORE, _BEHIND = bytes(_SORTS), bytes(map(_ENDING.__getitem__, _SORTS))
_SLICE = 16 * 1024  # takes 0.1 ms
# Up to a newline that PATTERN never matches across: the next line is not blank and does not start with "/".
_AT_LINE = re.compile(r"(?<=\n)(?!/)(?=[ \t]*\S)")
_EXACT_PIECE = re.compile(rf"(?s:.{{1,{PIECE_LIMIT}}})(?:{_AT_LINE.pattern}|(?= \S))")
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


def count(text: str) -> int:
    """Return the number of o200k_base tokens of a text; the names of special tokens in it are ordinary text.

    A lone surrogate counts as U+FFFD, a surrogate pair as its character. Texts above `PIECE_LIMIT` characters that
    hardly repeat themselves are counted in parts: still exact where a line that is not blank and does not start with
    "/" begins at every cut, or a word behind a blank, otherwise within a few tokens per part. Raises what `check`
    raises if `load` has not been called.
    """
    pieces = repeated_pieces(text) if len(text) >= MIN_REPEATING else None
    return _count_whole(text) if pieces is None else count_pieces([pieces], _count_whole)[0]


def has_at_least(text: str, number: float) -> bool:
    """Whether a text surely has so many tokens. False may be wrong: mostly it sees two thirds of them or more.

    It takes a third of the time of counting what it has to look at.
    """
    found = 0
    for start in range(0, len(text), _SLICE):
        signs = text[start : start + _SLICE].encode(errors="surrogatepass")
        before, behind = signs[:-1].translate(_BEFORE), signs[1:].translate(_BEHIND)
        found += (int.from_bytes(before, "big") & int.from_bytes(behind, "big")).bit_count()
        if found >= number:
            return True
    return False


def count_both(one: str, other: str) -> tuple[int, int]:
    """The tokens of two forms of a text, of which what both have is counted once, as far as it is seen."""
    if min(len(one), len(other)) >= MIN_REPEATING:
        first, second = repeated_pieces(one), repeated_pieces(other)
        if first and second and first.divider == second.divider:
            counts = count_pieces([first, second], _count_whole)
            return counts[0], counts[1]
    start = _shared_start(one, other)
    end = _shared_end(one, other, min(len(one), len(other)) - start)
    if start + end < _MIN_SHARED:
        return count(one), count(other)
    shared = sum(count(text) for text in (one[:start], one[len(one) - end :]) if text)
    return shared + count(one[start : len(one) - end]), shared + count(other[start : len(other) - end])


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

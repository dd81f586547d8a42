"""Looking for words in many lines at once."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from collections.abc import Sequence
from functools import cached_property
from functools import lru_cache
from itertools import accumulate

# Of the bytes of a text in small letters its letters stay, all else divides words.
_WORDS_ONLY = bytes(byte if byte in b"abcdefghijklmnopqrstuvwxyz" or byte > 0x7F else 0x20 for byte in range(256))  # noqa: PLR2004
# To gather the different words of a shorter text pays for few words only.
_MIN_LENGTH = 4_000
# To gather them takes as long as to look for so many words in all of the text.
_MIN_WORDS = 12
# Of characters. While a word is looked for in a text no other thread goes on, 0.7 ms for a MB.
_AT_ONCE = 2**19
_ONE_DIGIT = bytes.maketrans(b"123456789", b"0" * 9)


class WordsInLines:
    """Lines in which words are looked for. What is gathered of them for that is gathered once.

    All lines at once: a word that stands nowhere takes 0.01 ms per MB, where asking each line takes 3 ms.
    """

    def __init__(self, lines: Sequence[str]) -> None:
        self._text = "\n".join(lines).casefold()

    def rows_holding(self, words: Sequence[str]) -> set[int]:
        """The rows, from 0, of lines that hold one of the words, in letters of any size. words: in small letters."""
        text, rows = self._text, set()
        for word in self._within(words):
            place = text.find(word)
            while place >= 0:
                following = bisect_right(self._starts, place)
                rows.add(following - 1)
                place = text.find(word, self._starts[following])
        return rows

    def _within(self, words: Sequence[str]) -> Sequence[str]:
        if len(self._text) < _MIN_LENGTH or (len(words) < _MIN_WORDS and "_different" not in vars(self)):
            return [word for word in words if word in self._text]
        return _those_within(self._text, self._different, words)

    @cached_property
    def _different(self) -> str:
        return _different_words(self._text)

    @cached_property
    def _starts(self) -> Sequence[int]:
        return [0, *accumulate(len(line) + 1 for line in self._text.split("\n"))]


def rows_holding(words: Sequence[str], lines: Sequence[str]) -> set[int]:
    """Where they are asked for once: see `WordsInLines`."""
    return WordsInLines(lines).rows_holding(words)


def stands_in(text: str, word: str) -> bool:
    """Whether a word stands in a text that may have megabytes, through which no thread has to go without a pause.

    Of such a text its characters are asked for first, which takes a twentieth of the time.
    """
    if len(text) <= _AT_ONCE:
        return word in text
    starts = range(0, len(text), _AT_ONCE)
    return all(character in text for character in word) and any(
        text.find(word, start, start + _AT_ONCE + len(word) - 1) >= 0 for start in starts
    )


def stands_times(text: str, sign: str, times: int) -> bool:
    """Whether a character stands there so often: to count all takes 0.3 ms a MB, to find none a sixth of that."""
    place = -1
    for _ in range(times):
        place = text.find(sign, place + 1)
        if place < 0:
            return False
    return True


def with_one_digit(text: str) -> bytes:
    """The text with 0 in the place of each other digit."""
    return text.encode(errors="surrogatepass").translate(_ONE_DIGIT)


def holds_one_of(words: Iterable[str], text: str) -> bool:
    """Whether any of the words stands anywhere in the text, as it is."""
    for word in words:  # noqa: SIM110  any() takes half as long again
        if word in text:
            return True
    return False


def words_within(text: str, words: Iterable[str]) -> list[str]:
    """Those of the words that stand anywhere in the text, which is in small letters, as they are."""
    if len(text) < _MIN_LENGTH:
        return [word for word in words if word in text]
    return _those_within(text, _different_words(text), words)


def _different_words(text: str) -> str:
    """A MB of a log has 20 kB of them, in which each word is looked for first."""
    words = set(text.encode(errors="surrogatepass").translate(_WORDS_ONLY).split())
    return b" ".join(words).decode(errors="surrogatepass")


def _those_within(text: str, different: str, words: Iterable[str]) -> list[str]:
    """Before a word is looked for in the text, its letters are among the different ones, and its signs, which takes a
    twentieth of the time."""
    return [
        word
        for word in words
        if all(part in different for part in _parts(word))
        and all(sign in text for sign in _signs(word))
        and word in text
    ]


@lru_cache(maxsize=1024)
def _parts(word: str) -> Sequence[str]:
    """What of it is letters, each of which stands in a word of every text that holds it."""
    parts = word.encode(errors="surrogatepass").translate(_WORDS_ONLY).split()
    return [part.decode(errors="surrogatepass") for part in parts]


@lru_cache(maxsize=1024)
def _signs(word: str) -> Sequence[str]:
    """Each character of it that is no letter."""
    return [character for character in word if not character.isalpha()]

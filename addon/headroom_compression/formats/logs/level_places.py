"""Where the levels of a log may stand: below a key, or behind so many words, which is the same place in most lines."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection
from collections.abc import Mapping
from collections.abc import Sequence
from itertools import islice
from typing import TypeAlias

from headroom_compression.formats.words_in_lines import WordsInLines
from headroom_compression.formats.words_in_lines import holds_one_of
from headroom_compression.formats.words_in_lines import with_one_digit

MAX_LEVELS = 12  # log4j has eight, with own ones among them
# The rows of each level in one place.
Column: TypeAlias = defaultdict[str, list[int]]
_WITHIN = 120  # characters: after a time, a host, a service, a process
# "level":30   lvl=eror   "severityNumber": 17   PRIORITY=3   "s":"I"
_KEYED = re.compile(
    r"(?<![A-Za-z_-])(level|lvl|severity|sev|loglevel|log_level|levelname|level_?name|levelno|level_value|priority"
    r'|severity_?number|severity_?text|(?<=")s|(?<="@)l)"?\s?[=:]\s{0,2}"?([A-Za-z*#]{1,16}|[0-9]{1,5})\b',
    re.IGNORECASE,
)
_KEY_STEMS = ("level", "lvl", "sev", "prio", '"s"', '"@l"')
# INFO   EROR[   [wrn]   E of E1123   |D|   a sign that stands alone
_WORD = re.compile(r"(?:[A-Za-z\x80-\U0010ffff]+|(?<=[\s\[])[^\w\s\[\]]{1,2}(?=[\s\]]))[\]>|:]?")
_MOST_WORDS_WITHIN = 60  # characters; to look for words in all of the beginning takes twice as long
_MAX_WORDS = 8  # before the level: a date in words, a host, a service, a thread
_TELLING_ROWS = 200  # which show in most logs where messages begin, and no level can be
_NEARLY_ALL = 0.9


def level_columns(lines: Sequence[str], rows: Sequence[int], within: WordsInLines) -> Mapping[str | int, Column]:
    """What may be levels, by their place: the key, or how many words stand before it.

    within: the same lines, where other words are looked for in them, too.
    """
    columns: defaultdict[str | int, Column] = defaultdict(lambda: defaultdict(list))
    for row in within.rows_holding(_KEY_STEMS):
        keyed = _KEYED.search(lines[row]) if holds_one_of(_KEY_STEMS, lines[row].lower()) else None
        if keyed:
            columns[keyed[1].lower()][keyed[2]].append(row)
    rows_by_words = _rows_by_words(lines, rows)
    for place in range(_MAX_WORDS):
        column: Column = defaultdict(list)
        for words, of_them in rows_by_words.items():
            if len(words) > place:
                column[words[place]] += of_them
            if len(column) > 2 * MAX_LEVELS:  # it is no column of levels
                break
        else:
            columns[place] = column
    return columns


def _rows_by_words(lines: Sequence[str], rows: Sequence[int]) -> Mapping[tuple[str, ...], list[int]]:
    """The rows by the first words of their lines, which are the same whatever the numbers between them are.

    The first lines tell how many of the words may matter, and so how much has to be read of the others.
    """
    found: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    telling = rows if len(rows) < 2 * _TELLING_ROWS else rows[:_TELLING_ROWS]
    others = rows[len(telling) :]
    _gather(found, lines, telling, _MAX_WORDS, _MOST_WORDS_WITHIN)
    needed = _places_left(found) if others else 0
    if needed:
        _gather(found, lines, others, needed, _length_of_words(needed, [lines[row][:_WITHIN] for row in telling[::5]]))
    return found


def _gather(
    found: defaultdict[tuple[str, ...], list[int]], lines: Sequence[str], rows: Sequence[int], needed: int, length: int
) -> None:
    """Add the rows to those found. length: of lines that have so many words more than are needed, they need no more."""
    for within in (length, _WITHIN):
        rows_by_head: defaultdict[str, list[int]] = defaultdict(list)
        for row, head in zip(rows, _with_digits_alike([lines[row][:within] for row in rows]), strict=True):
            rows_by_head[head].append(row)
        rows = []
        for head, of_them in rows_by_head.items():
            words = _words(head)
            if len(words) > needed or within == _WITHIN or len(head) < within:
                found[words] += of_them
            else:
                rows += of_them


def _places_left(rows_by_words: Collection[tuple[str, ...]]) -> int:
    """Up to which place there may be levels: behind it the lines so far have too many different words each."""
    for place in reversed(range(_MAX_WORDS)):
        if len({words[place] for words in rows_by_words if len(words) > place}) <= 2 * MAX_LEVELS:
            return place + 1
    return 0


def _length_of_words(needed: int, heads: Sequence[str]) -> int:
    """In how many characters nearly all of the lines have more words than are needed."""
    ends = sorted(_end_of_word(needed, head) for head in heads)
    return ends[int(_NEARLY_ALL * len(ends))]


def _end_of_word(number: int, head: str) -> int:
    """The place where that word ends, counted from 0; where the line ends that has fewer."""
    found = next(islice(_WORD.finditer(head), number, None), None)
    return found.end() if found else len(head)


def _with_digits_alike(lines: Sequence[str]) -> Sequence[str]:
    """The lines with a zero in the place of each digit, all at once, which takes less than line by line."""
    text = with_one_digit("\n".join(lines))
    return text.decode(errors="surrogatepass").split("\n") if lines else ()


def _words(text: str) -> tuple[str, ...]:
    """Each with what closes it. The last one of those that are found may be cut, what is before it is not."""
    return tuple(_WORD.findall(text))

"""What may be a level is found in the same places, however much of the lines is read."""

from __future__ import annotations

import re
from collections import defaultdict

from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from headroom_compression.formats.logs.level_places import MAX_LEVELS
from headroom_compression.formats.logs.level_places import level_columns
from headroom_compression.formats.words_in_lines import WordsInLines

WORD = re.compile(r"(?:[A-Za-z\x80-\U0010ffff]+|(?<=[\s\[])[^\w\s\[\]]{1,2}(?=[\s\]]))[\]>|:]?")
WITHIN, PLACES = 120, 8
FEW = st.sampled_from(["INFO", "WARN", "[wrn]", "|D|", "!", "web-1", "2026-11-23T10:15:01Z", "7", "é:", "T", ""])
MANY = st.integers(0, 500).map(lambda number: "".join("abcdefghij"[int(digit)] for digit in str(number)))


@st.composite
def logs(draw: st.DrawFn) -> list[str]:
    """Lines whose first words are few, and whose others are of many or few; more of them than those that tell."""
    few, many = draw(st.integers(0, 6)), draw(st.integers(0, 9))
    chosen = draw(
        st.lists(st.tuples(st.lists(FEW, min_size=few, max_size=few), st.lists(MANY, max_size=many)), min_size=9)
    )
    lines = [" ".join([*first, *rest]) for first, rest in chosen]
    return [f"{lines[number % len(lines)]}{'0' * (number % 30)} {number}" for number in range(450)]


def columns_by_line(lines: list[str]) -> dict[int, dict[str, list[int]]]:
    """The words of each line in each place, where they are few."""
    words = [WORD.findall(line[:WITHIN]) for line in lines]
    found: dict[int, dict[str, list[int]]] = {}
    for place in range(PLACES):
        column: defaultdict[str, list[int]] = defaultdict(list)
        for row, those in enumerate(words):
            if len(those) > place:
                column[those[place]].append(row)
        if len(column) <= 2 * MAX_LEVELS:
            found[place] = column
    return found


@given(logs())
@settings(deadline=None)
def test_the_places_are_those_of_the_words_of_each_line(lines: list[str]) -> None:
    columns = level_columns(lines, range(len(lines)), WordsInLines(lines))
    sorted_rows = {place: {word: sorted(rows) for word, rows in column.items()} for place, column in columns.items()}
    assert sorted_rows == columns_by_line(lines)

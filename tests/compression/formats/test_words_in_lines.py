"""Looking for words in all lines at once says what asking each line would."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from headroom_compression.formats import words_in_lines
from headroom_compression.formats.words_in_lines import WordsInLines
from headroom_compression.formats.words_in_lines import rows_holding
from headroom_compression.formats.words_in_lines import stands_in
from headroom_compression.formats.words_in_lines import stands_times
from headroom_compression.formats.words_in_lines import words_within

LINES = st.lists(st.text("abAB ıİßéÉ\r\x85\u2028", max_size=8))


@given(st.lists(st.text("ab é", min_size=1, max_size=3), max_size=3), LINES)
def test_the_rows_are_those_of_the_lines_that_hold_a_word(words: list[str], lines: list[str]) -> None:
    expected = {row for row, line in enumerate(lines) if any(word in line.casefold() for word in words)}
    assert rows_holding(words, lines) == expected


@given(st.lists(st.lists(st.text("ab é-", min_size=1, max_size=3), max_size=20), max_size=3), LINES)
def test_many_lines_can_be_asked_for_several_lists_of_words(asked: list[list[str]], lines: list[str]) -> None:
    long = [*lines, *["calm and long"] * 400]
    within = WordsInLines(long)
    for words in asked:
        expected = {row for row, line in enumerate(long) if any(word in line.casefold() for word in words)}
        assert within.rows_holding(words) == expected


def test_words_that_stand_more_than_once_in_a_line_count_once() -> None:
    assert rows_holding(["warn", "err"], ["warn warn err", "", "ERR", "calm"]) == {0, 2}


@given(st.lists(st.text("ab é-0✕", min_size=1, max_size=4)), st.text("ab éß✕-0\n\ud800", max_size=60))
def test_the_words_within_a_long_text_are_those_that_stand_in_it(words: list[str], text: str) -> None:
    long = text + "\n" + "calm and long " * 400
    assert words_within(long, words) == [word for word in words if word in long]


@given(st.text("ab-", min_size=1, max_size=5), st.text("ab-", max_size=30), st.integers(1, 9))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_word_is_found_where_a_part_of_the_text_ends(
    monkeypatch: pytest.MonkeyPatch, word: str, text: str, length: int
) -> None:
    monkeypatch.setattr(words_in_lines, "_AT_ONCE", length)
    assert stands_in(text, word) == (word in text)


@given(st.text("ab:", max_size=12), st.integers(1, 4))
def test_a_character_stands_in_a_text_as_often_as_it_is_counted(text: str, times: int) -> None:
    assert stands_times(text, ":", times) == (text.count(":") >= times)

"""What recordings say, made fit to be shown."""

from __future__ import annotations

import time

import pytest

from headroom_report.values.plain_text import one_line
from headroom_report.values.plain_text import visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("plain é 漢 😀\n\ttab", "plain é 漢 😀\n\ttab", id="letters of any kind, newline and tab"),
        pytest.param("\x1b[31mred\x07", "\\x1b[31mred\\x07", id="what a terminal obeys"),
        pytest.param("a\x00b\x7f\x9b", "a\\x00b\\x7f\\x9b", id="other controls"),
        pytest.param("a\u202eb\u2066", "a\\u202eb\\u2066", id="changes of direction"),
        pytest.param("\ud83d", "\\ud83d", id="half an emoji"),
        pytest.param("a\rb", "a\\rb", id="return"),
    ],
)
def test_what_would_be_obeyed_is_shown(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_one_line_is_one_and_not_too_long() -> None:
    assert one_line("a  b\n\x1bc", 10) == "a b \\x1bc"
    assert one_line("abcdef", 4) == "abc…"


@pytest.mark.parametrize("text", ["a" * 2**23, "a " * 2**22, "\x1b" * 2**23])
def test_of_a_long_text_no_more_is_made_fit_than_is_shown(text: str) -> None:
    begun = time.process_time()
    assert len(one_line(text, 60)) == 60
    assert time.process_time() - begun < 0.5, "escaping all of it takes seconds"

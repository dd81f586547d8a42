"""The screen that checks the terminal fold: what stands where after an output was printed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headroom_compression.formats.terminal.screen import Screen
from headroom_compression.formats.terminal.screen import visible_rows
from tests.compression.support.counted import CountedRows

ROWS = 2_000


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        pytest.param("", [""], id="nothing"),
        pytest.param("a\nb\n", ["a", "b", ""], id="lines"),
        pytest.param("a  \r\nb", ["a", "b"], id="CRLF and trailing spaces"),
        pytest.param("100%\rdone", ["done"], id="drawn over"),
        pytest.param("loading\rdone", ["doneing"], id="drawn over in part"),
        pytest.param("loading\rdone\x1b[K", ["done"], id="erased to the end"),
        pytest.param("loading\x1b[2Kdone", ["       done"], id="erased whole, the cursor stays"),
        pytest.param("a\nb\nc\x1b[2A\x1b[Jx", ["ax", "", ""], id="erased below"),
        pytest.param("a\nb\nc\nd\x1b[3A\x1b[J\x1b[2Bx\x1b[A\x1b[Jy", ["a", "  y", "", ""], id="erased below twice"),
        pytest.param("a\nb\n\x1b[2Ax\n", ["x", "b", ""], id="up and down"),
        pytest.param("a\nb\x1b[Fx\x1b[Ey", ["x", "y"], id="up and down to the first column"),
        pytest.param("ab\bc", ["ac"], id="backspace"),
        pytest.param("\b\bc", ["c"], id="backspace in the first column"),
        pytest.param("a\x1b[3Cb\x1b[5Dc\x1b[3Gd", ["c d b"], id="within a row"),
        pytest.param("\x1b[1;31ma\x1b[m\x1b[38;5;8mb\x1b[38;2;8;8;8mc", ["abc"], id="colours"),
        pytest.param("\x1b]0;title\x07a\x1b]9;4;1;50\x1b\\b\x1b(B\x1b=\x1b[?25l", ["ab"], id="settings"),
        pytest.param("\x1b]8;;http://a\x07b\x1b]8;;\x07c", ["b (http://a)c"], id="link"),
        pytest.param("\x1b]8;;http://a\x07http://a\x1b]8;;\x07c", ["http://ac"], id="link that shows its target"),
        pytest.param("a\tb", ["a\t\0\0\0\0\0\0b"], id="a tab is not spaces"),
    ],
)
def test_what_is_visible(text: str, rows: list[str]) -> None:
    assert visible_rows(text) == rows


@given(st.lists(st.sampled_from(["a", "bc", " ", "\t", "\u00e9", "e\u0301", "\u6f22", "\u2713"])).map("".join))
def test_whole_lines_are_what_they_are_piece_by_piece(line: str) -> None:
    """A line in a row of its own is taken as a whole, one behind a character that was erased is not."""
    assert visible_rows(f".{line}\n") == visible_rows(f"x\b.{line}\n")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a\x1b[Ab", id="above the first row"),
        pytest.param("\x1b[2;3Hb", id="cursor addressing"),
        pytest.param("\x1b[2Jb", id="clear"),
        pytest.param("\x1b[1Kb", id="erase to the left"),
        pytest.param("\x1b[?1049hb", id="alternate screen"),
        pytest.param("\x1b[1;5rb", id="scroll region"),
        pytest.param("\x1b[8mb", id="conceal"),
        pytest.param("\x1b[0;08mb", id="conceal after reset"),
        pytest.param("\x1b[38;5;3;8mb", id="conceal after a colour"),
        pytest.param("\x1b[6n", id="question"),
        pytest.param("\x1b]11;?\x07", id="question for a colour"),
        pytest.param("\x1b]52;c;YQ==\x07", id="clipboard"),
        pytest.param("\x1bM", id="reverse line feed"),
        pytest.param("\x1b[3", id="half a sequence"),
        pytest.param("a\x0cb", id="form feed"),
        pytest.param("a\0b", id="NUL"),
        pytest.param("a\x9b31mb", id="sequence of one byte"),
        pytest.param("a\x1b[1000C\x1b[1000Cb", id="far to the right"),
    ],
)
def test_what_is_not_understood(text: str) -> None:
    assert visible_rows(text) is None


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            lambda n: "row\n" * n + "\x1b[23A" * (n // 23) + "\x1b[J" * n, id="far up, erased again and again"
        ),
        pytest.param(lambda n: "row\n" * n + "\x1b[23A\x1b[J\x1b[23B" * n, id="erased and back again and again"),
    ],
)
def test_each_row_below_is_erased_once_for_each_time_the_cursor_came_there(text: Callable[[int], str]) -> None:
    erased = [count_erased(text(size)) for size in (ROWS, 2 * ROWS)]
    assert erased[1] <= 2.2 * erased[0] + 100


def count_erased(text: str) -> int:
    screen = Screen()
    screen.rows = rows = CountedRows(screen.rows)
    screen.print(text)
    return rows.count_of_slices

"""Columns of letters, and the cells that they fill."""

from __future__ import annotations

import pytest

from headroom_compression.formats.terminal.screen import visible_rows
from headroom_compression.formats.terminal.widths import cells
from headroom_compression.formats.terminal.widths import split_accents
from headroom_compression.formats.terminal.widths import width_of


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("abc", 3),
        ("", 0),
        ("é█⠋", 3),
        ("训练", 4),
        ("e\u0301a", 2),
        ("か\u3099", 2),
        ("🔨 a", 4),
        ("a\tb", None),
        ("\u0301a", None),
        ("⚠\ufe0f", None),
        ("👩\u200d💻", None),
        ("👍\U0001f3fd", None),
        ("🇩🇪", None),
        ("\u1100\u1161", None),
        ("ก\u0e31", None),
    ],
)
def test_columns(text: str, expected: int | None) -> None:
    assert width_of(text) == expected


@pytest.mark.parametrize("text", ["", "abc", "训a练", "e\u0301\u0308a", "漢\u0301b", "⚠\ufe0f"])
def test_cells_are_the_text_column_by_column(text: str) -> None:
    row = [*cells(text)]
    assert "".join(row) == text
    assert width_of(text) in {len(row), None}


def test_accents_at_the_beginning() -> None:
    assert split_accents("\u0301\u0308ab") == ("\u0301\u0308", "ab")
    assert split_accents("ab") == ("", "ab")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("漢字\rab", ["ab字"]),
        ("漢字\ra", ["a 字"]),
        ("漢字\b\b\bab", [" ab"]),
        ("a漢\b\x1b[0me", ["a e"]),
        ("cafe\x1b[1m\u0301", ["cafe\u0301"]),
        ("e\u0301a\rb", ["ba"]),
    ],
)
def test_letters_of_two_columns_and_of_none_on_the_screen(text: str, shown: list[str]) -> None:
    assert visible_rows(text) == shown

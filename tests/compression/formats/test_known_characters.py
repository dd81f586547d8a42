"""What is known of characters is the same on every version of Python."""

from __future__ import annotations

from hashlib import sha256
from sys import maxunicode

import pytest

from headroom_compression.formats.known_characters import is_printable
from headroom_compression.formats.terminal.widths import width_of

# Of Unicode 14.0. A newer version of Python may know more characters: then they belong into the module's table.
OF_ALL_CHARACTERS = "94ee628c9a9cad556b75d19d77d1bc58b3675b5c913511d09bcf50e7d5a7729e"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("plain", True, id="ASCII"),
        pytest.param("é ✅ 漢", True, id="letters and an emoji"),
        pytest.param("\U0001fae8", False, id="an emoji of 2022"),
        pytest.param("a\U00031350", False, id="a letter of 2022 behind another"),
        pytest.param("a\x1b", False, id="a control character"),
        pytest.param("\u2028", False, id="an end of a line"),
    ],
)
def test_what_can_be_printed(text: str, *, expected: bool) -> None:
    assert is_printable(text) is expected


def test_each_character_is_the_same_on_every_python() -> None:
    known = ((is_printable(character), width_of(character)) for character in map(chr, range(maxunicode + 1)))
    assert sha256(repr([*known]).encode()).hexdigest() == OF_ALL_CHARACTERS

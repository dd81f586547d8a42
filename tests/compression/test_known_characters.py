"""What is known of characters is the same on every version of Python."""

from __future__ import annotations

import re
from hashlib import sha256
from sys import maxunicode

import pytest

from headroom_compression.formats.terminal.widths import width_of
from headroom_compression.known_characters import is_printable
from headroom_compression.known_characters import reads_alike

# Of Unicode 14.0. A newer version of Python may know more characters: then they belong into the module's table.
OF_ALL_CHARACTERS = "94ee628c9a9cad556b75d19d77d1bc58b3675b5c913511d09bcf50e7d5a7729e"
OF_WHAT_READS_ALIKE = "f50604d9bf3e49681bebeb4505727e4e38a7708f9c82066bf5b71b342a354ddf"
WORDS, DIGITS = re.compile(r"\w"), re.compile(r"\d")


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


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("plain", True, id="ASCII"),
        pytest.param("é ✅ 漢 \U0001f600\U00020000", True, id="letters and an emoji"),
        pytest.param("\U0001fae8\U0001fa77", True, id="emojis of 2022, which are no letters"),
        pytest.param("\U0001d400\U0001e900", True, id="older letters that begin the same way"),
        pytest.param("a\U00031350", False, id="a letter of 2022"),
        pytest.param("\U00011f51", False, id="a digit of 2022"),
        pytest.param("\U0002ebf0", False, id="a letter of 2023"),
        pytest.param(r'{"a": "\ud884\udf50"}', False, id="that in JSON in ASCII"),
        pytest.param(r'{"a": "\uD884\uDF50"}', False, id="in capitals"),
        pytest.param(r"{\"a\": \"\\\ud884\\\udf50\"}", False, id="in JSON in JSON"),
        pytest.param(r"['\U00031350']", False, id="that as Python writes it"),
        pytest.param(r"\U00110000 \ud884 \udf50", True, id="what stands for no letter"),
        pytest.param(r'{"a": "\ud840\udc00"}', True, id="an older letter in JSON in ASCII"),
        pytest.param(r'{"a": "\ud83d\ude00"}', True, id="an emoji in JSON in ASCII"),
        pytest.param(r"['\U0001f600']", True, id="an emoji as Python writes it"),
        pytest.param("\ud83d", True, id="half an emoji"),
    ],
)
def test_what_reads_alike(text: str, *, expected: bool) -> None:
    assert reads_alike(text) is expected


def test_what_reads_alike_is_the_same_on_every_python() -> None:
    alike = "".join(filter(reads_alike, map(chr, range(maxunicode + 1))))
    found = "\n".join("".join(pattern.findall(alike)) for pattern in (WORDS, DIGITS)) + alike.lower()
    assert sha256(found.encode(errors="surrogatepass")).hexdigest() == OF_WHAT_READS_ALIKE

"""What is taken apart into pieces has as many tokens as the whole text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies

from headroom_compression import repeated_pieces as module
from headroom_compression import tokens
from headroom_compression.repeated_pieces import count_pieces
from headroom_compression.repeated_pieces import repeated_pieces

# No text of these is long enough for it, so that each is counted as a whole.
BLANKS = (" ", "  ", "   ", "\n", "\n\n", "\t", "\r\n")
SIGNS = (*BLANKS, "/", "a", "'s", " B", "12", "9", ".", "\u00e9", "\u00b2", "\u4e2d", "\x1c", "(")
NUMBERS = ("7,", "12,", "345,", "67890", ",", "[", "],", "-", ".", '"a"', "e", " ", "\n", "/", "'s")
LOG = "\n".join(f"2026-11-28T10:00:{number:07}Z took {number % 7} ms (5 files)" for number in range(1_000))


def counted_in_pieces(text: str, part: int = module._SAMPLE) -> int | None:  # noqa: SLF001  parts of a few characters
    """The tokens of the text, taken apart whether it pays or not; None where it is not."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_MAX_DIFFERENT", 10)
        patch.setattr(module, "_SAMPLE", part)
        patch.setattr(module, "_SLICE", part)
        patch.setattr(module, "_CHARACTERS_PER_BLANK", 3)
        pieces = repeated_pieces(text)
    return count_pieces([pieces], tokens.count)[0] if pieces else None


@given(strategies.lists(strategies.sampled_from(SIGNS), max_size=40).map("".join), strategies.integers(1, 12))
@settings(deadline=None)
def test_pieces_have_as_many_tokens_as_the_text(text: str, part: int) -> None:
    assert counted_in_pieces(text, part) in {None, tokens.count(text)}


@given(strategies.lists(strategies.sampled_from(NUMBERS), max_size=40).map("".join), strategies.integers(1, 12))
@settings(deadline=None)
def test_numbers_have_as_many_tokens_as_their_list(text: str, part: int) -> None:
    text = "1," * 60 + text
    assert counted_in_pieces(text, part) == tokens.count(text)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("one  two   three    four", id="runs of blanks"),
        pytest.param("one two \n three\n\n  four", id="blanks before the end of a line, and behind it"),
        pytest.param("one two};\n/three four", id="a line that begins with a slash"),
        pytest.param("one two\r\nthree \r\n\tfour five", id="returns and tabs"),
        pytest.param("one two ", id="a blank at the end"),
        pytest.param(" \n one two", id="blanks at the beginning"),
    ],
)
def test_white_space_is_cut_where_no_token_goes_on(text: str) -> None:
    assert counted_in_pieces(text) == tokens.count(text)


@pytest.mark.parametrize("sign", ["\0", "\1", "\x85", "\u3000", "\ud800"])
def test_signs_that_stand_for_others_and_rare_blanks_are_in_no_piece(sign: str) -> None:
    assert repeated_pieces(LOG) is not None
    assert repeated_pieces(LOG + sign) is None


def test_a_log_is_taken_apart_into_few_pieces() -> None:
    pieces = repeated_pieces(LOG)
    assert pieces is not None
    assert len(pieces.times) < 10


def test_where_most_is_different_nothing_is_taken_apart() -> None:
    words = ("".join(chr(97 + (number >> shift) % 16) for shift in (0, 4, 8, 12)) for number in range(8_000))
    assert repeated_pieces(" ".join(words)) is None

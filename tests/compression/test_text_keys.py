"""A key is of the call and the text, and of nothing else."""

from __future__ import annotations

from headroom_compression import text_key


def test_the_same_text_of_the_same_call_has_the_same_key() -> None:
    assert text_key("call_1", "a\n") == text_key("call_1", "a\n")
    assert len(text_key("call_1", "a\n")) == 8


def test_another_call_or_another_text_has_another_key() -> None:
    keys = [("call_1", "a"), ("call_2", "a"), ("call_1", "b"), (None, "a"), ("", "call_1a"), ("call_1a", "")]
    assert len({text_key(*key) for key in keys}) == len(keys)


def test_a_lone_surrogate_is_a_character_like_others() -> None:
    assert text_key("call_1", "\ud83d") != text_key("call_1", "\ud83e")

"""Which words in front of a program are none of its own."""

from __future__ import annotations

import pytest

from headroom_compression.calls.wrappers import without_wrappers


@pytest.mark.parametrize(
    ("words", "program"),
    [
        ("npm test", "npm test"),
        ("CI=1 env NODE_ENV=test npm test", "npm test"),
        ("sudo nohup make", "make"),
        ("timeout 90 pytest", "pytest"),
        ("timeout -k 5 --foreground 2m sudo make all", "make all"),
        ("timeout --help", "timeout --help"),
        ("timeout soon make", "timeout soon make"),
        ("sudo", ""),
    ],
)
def test_what_stands_in_front_is_taken_away_where_it_is_certain(words: str, program: str) -> None:
    assert without_wrappers(words.split()) == tuple(program.split())

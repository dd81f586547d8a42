"""Counts equal tiktoken's own, on any text, without a network and without a panic."""

from __future__ import annotations

import lzma
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import tiktoken
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies
from tiktoken_ext import openai_public  # type: ignore[import-untyped]  # ships no types

from headroom_compression import tokens
from tests.compression.support.panics import PanicError

# A fresh process in which every way out fails; prints the count of one text.
COUNT_WITHOUT_NETWORK = """
import socket
import sys

def refuse(*arguments, **options):
    raise OSError("no network in this test")

socket.socket = socket.create_connection = socket.getaddrinfo = refuse
from headroom_compression import tokens

tokens.load()
print(tokens.count(sys.argv[1]))
"""


class PanicsOnLongTexts:
    """Stands in for the encoding: takes each character for a token, and a text over the limit for its end."""

    def encode_ordinary(self, text: str) -> range:
        if len(text) > tokens.PIECE_LIMIT:
            raise PanicError
        return range(len(text))


def tiktoken_own_definition() -> dict[str, Any]:
    """Return o200k_base as tiktoken defines it, with our rank file in place of its download."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(openai_public, "load_tiktoken_bpe", read_ranks_in_place_of_download)
        definition: dict[str, Any] = openai_public.o200k_base()
    return definition


def read_ranks_in_place_of_download(address: str, expected_hash: str) -> dict[bytes, int]:
    assert address.endswith("/o200k_base.tiktoken")
    assert expected_hash == tokens.RANK_SHA256
    return tokens._read_ranks()  # noqa: SLF001  the download is replaced by the shipped file


@pytest.fixture(scope="module")
def reference() -> tiktoken.Encoding:
    return tiktoken.Encoding(**tiktoken_own_definition())


@pytest.fixture
def fresh_cache() -> Iterator[None]:
    tokens._encoding.cache_clear()  # noqa: SLF001  as in a new process
    yield
    tokens._encoding.cache_clear()  # noqa: SLF001


def test_definition_is_the_one_of_tiktoken() -> None:
    own = tiktoken_own_definition()
    assert own["pat_str"] == tokens.PATTERN
    assert own["special_tokens"] == tokens.SPECIAL_TOKENS
    assert own["name"] == "o200k_base"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("", 0, id="empty"),
        pytest.param("hello world", 2, id="words"),
        pytest.param("tiktoken is great!", 6, id="a word in pieces"),
        pytest.param("<|endoftext|>", 7, id="the name of a special token is text"),
        pytest.param("\ud800", 1, id="a lone surrogate is U+FFFD"),
        pytest.param("a\ud83d\ude00", 2, id="a surrogate pair is its character"),
    ],
)
def test_known_counts(text: str, expected: int) -> None:
    assert tokens.count(text) == expected


@settings(deadline=None)
@given(strategies.text())
def test_counts_are_those_of_tiktoken(reference: tiktoken.Encoding, text: str) -> None:
    assert tokens.count(text) == len(reference.encode_ordinary(text))


@settings(deadline=None, max_examples=25)
@given(strategies.text(strategies.sampled_from("\n\r\t \x1c\x85\u00a0/aA1;\u4e2d"), max_size=60))
def test_pieces_cut_at_safe_newlines_lose_nothing(reference: tiktoken.Encoding, text: str) -> None:
    long_text = (text + "\nnext line") * (2 * tokens.PIECE_LIMIT // (len(text) + 10))
    pieces = list(tokens._pieces(long_text))  # noqa: SLF001
    assert len(pieces) > 1
    assert "".join(pieces) == long_text
    assert tokens.count(long_text) == len(reference.encode_ordinary(long_text))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(" " * 600_000, id="spaces"),
        pytest.param("\t" * 600_000, id="tabs"),
        pytest.param("\u00a0" * 600_000, id="no-break spaces"),
        pytest.param("\n" + " " * 600_000, id="spaces after a newline"),
        pytest.param(("\n" + " " * 1_000) * 3_000, id="blank lines"),
        pytest.param("\n/" * 1_000_000, id="lines that start with a slash"),
        pytest.param("a" * 1_000_000, id="one letter"),
    ],
)
def test_hostile_texts_are_counted_in_pieces(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert 0 < tokens.count(text) <= len(text.encode())
    monkeypatch.setattr(tokens, "_encoding", PanicsOnLongTexts)
    assert tokens.count(text) == len(text)


def test_a_cut_inside_a_blank_run_costs_a_few_tokens_per_piece(reference: tiktoken.Encoding) -> None:
    text = " " * 600_000
    assert abs(tokens.count(text) - len(reference.encode_ordinary(text))) <= 4


def test_no_network_is_needed(tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "TIKTOKEN_CACHE_DIR": str(tmp_path),
        "PYTHONPATH": os.pathsep.join(entry for entry in sys.path if entry),
    }
    finished = subprocess.run(
        [sys.executable, "-c", COUNT_WITHOUT_NETWORK, "hello world"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (finished.stdout, finished.stderr) == ("2\n", "")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("fresh_cache")
@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        pytest.param(b"not xz at all", "is damaged", id="no xz"),
        pytest.param(tokens.RANK_FILE.read_bytes()[:5_000], "is damaged", id="cut off"),
        pytest.param(lzma.compress(b"IQ== 0\n"), "instead of 446a9538", id="other content"),
    ],
)
def test_a_wrong_rank_file_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: bytes, complaint: str
) -> None:
    wrong = tmp_path / "o200k_base.tiktoken.xz"
    wrong.write_bytes(content)
    monkeypatch.setattr(tokens, "RANK_FILE", wrong)
    with pytest.raises(RuntimeError, match=complaint) as caught:
        tokens.load()
    assert str(wrong) in str(caught.value)
    with pytest.raises(RuntimeError, match="instead of 525e9ef7") as caught:
        tokens.check()
    assert str(wrong) in str(caught.value)


def test_the_rank_file_is_as_it_was_shipped() -> None:
    tokens.check()


@pytest.mark.usefixtures("fresh_cache")
def test_a_missing_rank_file_is_an_os_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tokens, "RANK_FILE", tmp_path / "missing")
    with pytest.raises(FileNotFoundError):
        tokens.count("x")


def test_a_long_text_that_repeats_itself_is_counted_exactly(reference: tiktoken.Encoding) -> None:
    text = "\n".join(f"2026-11-28T10:00:{number:07}Z took {number % 7} ms (5 files)" for number in range(1_000))
    assert tokens.count(text) == len(reference.encode_ordinary(text))


@settings(deadline=None)
@given(strategies.text(strategies.sampled_from("\n\r\t \x1c\x85'/aA190.;\u00e9\u00b2\u4e2d"), max_size=60))
def test_no_text_surely_has_more_tokens_than_it_has(text: str) -> None:
    assert not tokens.has_at_least(text, tokens.count(text) + 1)


def test_most_tokens_are_seen_by_where_they_surely_end() -> None:
    text = "\n".join(f"2026-11-28T10:00:{number:07}Z took {number % 7} ms (5 files)" for number in range(1_000))
    assert tokens.has_at_least(text, 0.75 * tokens.count(text))


LINES = strategies.lists(strategies.text(strategies.sampled_from("\r\t /a1;\u4e2d\x85"), max_size=6), max_size=60)


@settings(deadline=None)
@given(LINES, LINES, LINES, LINES)
def test_what_two_forms_share_is_counted_once_and_exactly(
    begin: list[str], one: list[str], other: list[str], end: list[str]
) -> None:
    forms = ["\n".join([*begin * 9, *middle, *end * 9]) for middle in (one, other)]
    assert tokens.count_both(forms[0], forms[1]) == (tokens.count(forms[0]), tokens.count(forms[1]))


@pytest.mark.parametrize("length", [3, 60, 5_000])
def test_forms_may_be_parts_of_each_other(length: int) -> None:
    text = "".join(f"    line {number}\n" for number in range(length))
    for other in ("", text, text * 2, text[:-1], text[1:]):
        assert tokens.count_both(text, other) == (tokens.count(text), tokens.count(other))


def test_long_forms_are_counted_exactly() -> None:
    log = [f"2026-11-28T10:00:{number:07}Z took {number % 7} ms (5 files)" for number in range(1_000)]
    text, bare = "\n".join(log), "\n".join(line[29:] for line in log)
    for other in (bare, text[:-1], "word " * 5_000, ",".join("12345" for _ in range(5_000))):
        assert tokens.count_both(text, other) == (tokens.count(text), tokens.count(other))

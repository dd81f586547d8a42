"""Packages without the place that they share; an independent reader puts it back."""

from __future__ import annotations

import re
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headroom_compression.calls.reading import read_call
from headroom_compression.document import Document
from headroom_compression.folds import shared_places
from tests.compression.support.bodies import command_call

NAMES = st.lists(st.sampled_from(["a", "b.v2", "c-d", "cart", "x_1"]), min_size=1, max_size=4).map("/".join)
GO_ROWS = st.lists(
    st.tuples(st.sampled_from(["ok  ", "?   "]), NAMES, st.sampled_from(["0.1s", "(cached)"])), max_size=9
)
OTHER = st.lists(st.sampled_from(["FAIL\tacme.io/a/b/cart\t0.1s", "=== RUN   TestX", "", "ok", "\tx\ty"]), max_size=9)
PLACE = "acme.io/a/b"


def document_of(text: str, command: str = "go test ./...") -> Document:
    return Document.of(text, read_call(command_call(command)))


def put_back(text: str) -> str:
    lines = text.split("\n")
    heads = [line for line in lines if line.startswith("[")]
    if not heads:
        return text
    place = heads[0].rpartition(" ")[2][:-1]
    lines.remove(heads[0])
    whole = [re.sub(r"^(ok  |\?   )\t([^\t]+)\t", rf"\1\t{place}\2\t", line) for line in lines]
    return "\n".join(line.replace(f"{place}.\t", f"{place[:-1]}\t") for line in whole)


@given(GO_ROWS, OTHER, st.randoms(use_true_random=False))
def test_an_independent_reader_puts_it_back(rows: list[tuple[str, str, str]], other: list[str], chance: Random) -> None:
    lines = [f"{status}\t{PLACE}/{name}\t{time}" for status, name, time in rows] + other
    chance.shuffle(lines)
    text = "\n".join(lines)
    folded = shared_places.fold(document_of(text))
    if folded is None:
        assert "\t" not in text
    else:
        assert shared_places.is_exact(document_of(text), folded)
        assert put_back(folded) == text


REQUIREMENTS = "".join(
    f"Requirement already satisfied: p{number}>=1 in /opt/env/lib/python3.12/site-packages (from shop) (1.{number})\n"
    for number in range(5)
)
PACKAGES = "".join(f"ok  \tgithub.com/acme/shop/internal/p{number}\t0.1s\n" for number in range(5))


@pytest.mark.parametrize(
    ("command", "text"),
    [("pip install -e .", REQUIREMENTS), ("go test ./...", PACKAGES), ("mise run test && mise run lint", PACKAGES)],
)
def test_the_place_is_said_once(command: str, text: str) -> None:
    folded = shared_places.fold(document_of(text, command)) or ""
    assert sum("github.com" in line or "/opt" in line for line in folded.split("\n")) == 1
    assert shared_places.is_exact(document_of(text, command), folded)


@pytest.mark.parametrize(
    ("command", "text"),
    [
        ("cat test.log", PACKAGES),
        ("./show test.log", PACKAGES),
        ("go test ./...; cat old.log", PACKAGES),
        ("git show HEAD:pip.log", REQUIREMENTS),
    ],
)
def test_what_may_be_a_file_stays(command: str, text: str) -> None:
    assert shared_places.fold(document_of(text, command)) is None


@pytest.mark.parametrize(
    "text",
    [PACKAGES.replace("github.com/acme/shop/internal", "a/b"), PACKAGES[:84], REQUIREMENTS.replace("/opt", "opt")],
)
def test_what_saves_little_stays(text: str) -> None:
    assert shared_places.fold(document_of(text)) == text


@pytest.mark.parametrize(
    ("old", "new"),
    [("[5 packages", "[6 packages"), ("[5 packages", "[4 packages"), ("internal/]", "intern/]"), ("\tp1\t", "\tp1/\t")],
)
def test_damage_is_refused(old: str, new: str) -> None:
    folded = shared_places.fold(document_of(PACKAGES)) or ""
    assert old in folded
    assert not shared_places.is_exact(document_of(PACKAGES), folded.replace(old, new))


def test_a_row_in_which_the_client_cut_stays() -> None:
    text = PACKAGES.replace("p2\t0.1s", "p2\t…12 chars truncated…")
    folded = shared_places.fold(document_of(text)) or ""
    assert "github.com/acme/shop/internal/p2\t…12 chars truncated…" in folded
    assert shared_places.is_exact(document_of(text), folded)

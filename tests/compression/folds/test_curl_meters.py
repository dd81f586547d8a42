"""What curl writes above its progress is the same each time, and comes back as it was."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headroom_compression.calls.reading import read_call
from headroom_compression.document import Document
from headroom_compression.folds import curl_meters
from tests.compression.support.bodies import command_call

TITLES = (
    "  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current",
    "                                 Dload  Upload   Total   Spent    Left  Speed",
)
ZEROS = "  0     0    0     0    0     0      0      0 --:--:-- --:--:-- --:--:--     0"
LAST = "100   293  100   293    0     0  12993      0 --:--:-- --:--:-- --:--:-- 15421"
HEAD = [*TITLES, "", ZEROS]
NAMED = "[titles and first row of curl's progress meter]"
LINES = st.lists(st.sampled_from([*TITLES, "", ZEROS, LAST, "<html>", "curl: (7) Failed to connect"]), max_size=4)
METER = "\n".join([*HEAD, LAST, ""])


def document_of(text: str, command: str = "curl http://127.0.0.1:8080/") -> Document:
    return Document.of(text, read_call(command_call(command)))


def restored(folded: str) -> str:
    return folded.replace(NAMED, "\n".join(HEAD))


@given(LINES, LINES)
def test_an_independent_reader_restores_it(above: list[str], below: list[str]) -> None:
    document = document_of("\n".join([*above, *HEAD, *below, ""]))
    folded = curl_meters.fold(document)
    assert folded is not None
    assert len(folded) < len(document.body)
    assert restored(folded) == document.body
    assert curl_meters.is_exact(document, folded)


@given(LINES, st.data())
def test_damage_is_refused(below: list[str], data: st.DataObject) -> None:
    document = document_of("\n".join([*HEAD, *below, ""]))
    lines = (curl_meters.fold(document) or "").split("\n")
    place = data.draw(st.integers(0, len(lines) - 1))
    for other in ([], [lines[place] + "x"], ["1" + lines[place]]):
        assert not curl_meters.is_exact(document, "\n".join([*lines[:place], *other, *lines[place + 1 :]]))


@pytest.mark.parametrize(
    ("text", "command"),
    [
        pytest.param(METER, "cat build.log", id="a file"),
        pytest.param(METER, "curl -O a.example/c; cat build.log", id="a file behind curl"),
        pytest.param(METER, "make", id="another program"),
        pytest.param(f"{METER}{NAMED}\n", "curl a.example", id="what reads like ours"),
        pytest.param("\n".join([*TITLES, LAST, ""]), "curl a.example", id="titles as a terminal shows them"),
        pytest.param("\n".join([*TITLES, ZEROS, LAST, ""]), "curl a.example", id="no empty line"),
        pytest.param(METER.replace("\n", "\r\n"), "curl a.example", id="other ends of lines"),
        pytest.param(METER + f'{{"x": "{1_400 * "x"}"}}', "curl a.example", id="much JSON"),
        pytest.param("", "curl a.example", id="nothing"),
    ],
)
def test_what_is_not_surely_curls_stays(text: str, command: str) -> None:
    assert curl_meters.fold(document_of(text, command)) is None


def test_an_unknown_call_is_left_alone() -> None:
    assert curl_meters.fold(Document.of(METER, None)) is None


def test_each_row_reads_alone() -> None:
    assert curl_meters.blocks(f"{NAMED}\n{LAST}\n") == (0, 1, 2)

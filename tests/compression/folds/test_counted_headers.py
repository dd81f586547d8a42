"""Codex's count of an output, where it says only how long the text is; an independent reader restores it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headroom_compression.calls.tool_call import ToolCall
from headroom_compression.document import Document
from headroom_compression.folds import counted_headers

CALL = ToolCall("exec_command", "", b"", command="ls")
ENDED = "Process exited with code 0"
ABOVE = st.sampled_from((
    ENDED, "Process exited with code -1", "Process exited with code 127", "Process running with session ID 41200",
))  # fmt: skip
PRINTED = st.text(st.sampled_from("ab:\n\t\r\u2028é€😀"), max_size=40)


def counted(printed: str, state: str = ENDED, count: int | None = None) -> str:
    said = (len(printed.encode()) + 3) // 4 if count is None else count
    return f"Chunk ID: 3e0888\nWall time: 0.0512 seconds\n{state}\nOriginal token count: {said}\nOutput:\n{printed}"


def restored(folded: str) -> str:
    """The fourth line says how many bytes stand below "Output:", four to a token."""
    above, printed = folded.split("\nOutput:\n", 1)
    tokens = -(-len(printed.encode("utf-8")) // 4)
    return f"{above}\nOriginal token count: {tokens}\nOutput:\n{printed}"


@given(PRINTED, ABOVE)
def test_an_independent_reader_restores_it(printed: str, state: str) -> None:
    text = counted(printed, state)
    document = Document.of(text, CALL)
    folded = counted_headers.fold(document)
    if document.body != printed:  # it begins like more of Codex's header
        assert folded is None
        return
    assert folded is not None
    assert counted_headers.is_exact(document, folded)
    assert restored(folded) == text
    assert document.unwrapped(folded).body == printed


@given(PRINTED, ABOVE, st.integers(0, 40))
def test_another_count_stays(printed: str, state: str, count: int) -> None:
    document = Document.of(counted(printed, state, count), CALL)
    folded = counted_headers.fold(document)
    assert folded is None or restored(folded) == document.text


@given(PRINTED, st.data())
def test_damage_is_refused(printed: str, data: st.DataObject) -> None:
    document = Document.of(counted(printed), CALL)
    lines = (counted_headers.fold(document) or "").split("\n")
    place = data.draw(st.integers(0, len(lines) - 1))
    for other in ([], [lines[place] + "xxxx"], ["1" + lines[place]]):
        assert not counted_headers.is_exact(document, "\n".join([*lines[:place], *other, *lines[place + 1 :]]))


@pytest.mark.parametrize(
    ("text", "tool"),
    [
        pytest.param(counted("a\n"), "Read", id="a file that looks alike"),
        pytest.param(counted("a\n"), "shell", id="a tool that counts nothing"),
        pytest.param(counted("a\n").replace("Chunk ID: 3e0888\n", ""), "exec_command", id="no chunk"),
        pytest.param(counted("a\n").replace(f"{ENDED}\n", ""), "exec_command", id="no word of how it ended"),
        pytest.param(counted("a\n").replace("Original token count: 1\n", ""), "exec_command", id="no count"),
        pytest.param(counted("a\n").replace("count: 1", "count: 01"), "exec_command", id="a count with a zero"),
        pytest.param(counted("Total output lines: 9\n\na\n"), "exec_command", id="a count of lines"),
        pytest.param(counted("a" * 9_000 + "…77 tokens truncated…" + "a" * 9), "exec_command", id="a long text"),
    ],
)
def test_what_is_left_alone(text: str, tool: str) -> None:
    assert counted_headers.fold(Document.of(text, ToolCall(tool, "", b"", command="ls"))) is None


def test_an_unknown_call_is_left_alone() -> None:
    assert counted_headers.fold(Document.of(counted("a\n"), None)) is None

"""The form of an output that is put away, and which outputs tell of a failure."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies

from headroom_compression import tokens
from headroom_compression.calls.reading import read_call
from headroom_compression.formats.gap_markers import read_put_away_marker
from headroom_compression.recall import putting_away
from headroom_compression.recall.putting_away import put_away_text
from headroom_compression.recall.putting_away import tells_failure
from headroom_compression.recall.store import Store
from headroom_compression.recall.store import UnwrittenStore
from headroom_compression.recall.store import name_of
from tests.compression.support.bodies import Item
from tests.compression.support.bodies import command_call
from tests.compression.support.bodies import function_call

LINES = "".join(f"row {number} of the report\n" for number in range(40))
HEADER = "Chunk ID: 1f2a3b\nWall time: 0.1 seconds\nProcess exited with code 0\nOutput:\n"
# Some letters are others in capitals or without a dot, and a word ends before others of another alphabet or none.
STATUS_WORDS = (
    *("exit", "EXITED", "ex\u0131t", "EX\u0130T", "exit_code=", "exit code", "status", " with ", " ", "_", ": ", '":'),
    *("<returncode>", "<RETURNCODE>", "\u212aode", "1", "0", "-12", "\n", "a", "\u00e4", "\U0001f600"),
)
STORE = UnwrittenStore(Path("/recall"))
UNFIT = UnwrittenStore(Path("/re]call"))


def sent(text: str, call: Item | None) -> str:
    form = put_away_text(text, read_call(call) if call else None, STORE)
    assert form is not None
    assert form.name == name_of(text)
    assert form.tokens == tokens.count(form.text)
    return form.text


def test_of_a_command_the_lines_in_the_file_are_named() -> None:
    count = f"[40 lines, {len(LINES)} characters, left out here to make room; "
    assert sent(LINES, command_call("./report")) == f"{count}they are lines 1-40 of /recall/{name_of(LINES)}]"
    whole = HEADER + LINES
    marker = f"{count}they are lines 5-44 of /recall/{name_of(whole)}]"
    assert sent(whole, command_call("./report")) == HEADER + marker
    assert read_put_away_marker(marker) is not None


def test_a_file_can_be_read_again() -> None:
    again = f"read the file again, or as it was then: /recall/{name_of(LINES)}]"
    for call in (
        command_call("sed -n 1,40p a.txt"),
        command_call("cat a.txt"),
        function_call("read_file", {"path": "a"}),
    ):
        assert sent(LINES, call).endswith(again)
    others = (command_call("grep -n row a.txt"), function_call("edit", {"path": "a"}), None)
    assert all("they are lines 1-40 of" in sent(LINES, other) for other in others)


def test_a_header_in_a_file_that_is_shown_is_none_of_the_clients() -> None:
    whole = "Exit code: 0\nOutput:\n" + LINES
    assert sent(whole, function_call("read_file", {"path": "a"})).startswith("[42 lines, ")


def test_what_the_client_put_behind_the_output_stays() -> None:
    whole = f"<returncode>0</returncode>\n<output>\n{LINES}</output>"
    form = sent(whole, function_call("bash", {"command": "./report"}))
    assert form.startswith("<returncode>0</returncode>\n<output>\n[40 lines, ")
    assert form.endswith("]\n</output>")


def test_one_line_is_one_line() -> None:
    assert "[1 line, 900 characters, left out here to make room; it is line 1 of /" in sent("x" * 900, None)


def test_what_cannot_be_stored_is_not_put_away(tmp_path: Path) -> None:
    assert put_away_text("half \ud83d of one", None, STORE) is None
    assert put_away_text(LINES, None, UNFIT) is None
    assert put_away_text(LINES, None, Store(tmp_path, 0)) is None


def test_the_file_holds_the_text_byte_for_byte(tmp_path: Path) -> None:
    text = "a\r\nb\x0b\u2028\n" + LINES
    folder = tmp_path / "store"
    folder.mkdir(mode=0o700)
    form = put_away_text(text, None, Store(folder, 2**20))
    assert form is not None
    assert (folder / form.name).read_bytes() == text.encode()


@pytest.mark.parametrize(
    ("text", "has_failed"),
    [
        (HEADER + LINES, False),
        (HEADER.replace("code 0", "code 2") + LINES, True),
        ("<returncode>1</returncode>\n<output>\n" + LINES, True),
        ("Exit code: 127\nOutput:\nno such command\n", True),
        ('{"output": "no", "metadata": {"exit_code": 1}}', True),
        ('{"output": "yes", "metadata": {"exit_code": 0}}', False),
        (LINES + "[exit code: 3]\n", True),
        ("Traceback (most recent call last):\n  File ...", True),
        ("Error: file not found\n" + LINES, True),
        ("0 errors\n" + LINES, False),
        (LINES, False),
    ],
)
def test_failures_are_told_by_their_status(text: str, has_failed: bool) -> None:  # noqa: FBT001  a column
    assert tells_failure(text) is has_failed


@given(strategies.lists(strategies.sampled_from(STATUS_WORDS), max_size=12))
def test_statuses_are_found_where_the_pattern_finds_them(words: list[str]) -> None:
    text = "".join(words)
    found = [match.span() for match in putting_away._statuses(text)]  # noqa: SLF001  it is told by much else, too
    assert sorted(found) == [match.span() for match in putting_away._STATUS.finditer(text)]  # noqa: SLF001

"""Where the client's own lines end, and what else is read from a text."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headroom_compression import client_text
from headroom_compression.client_text import Reporter
from headroom_compression.client_text import chunk_id
from headroom_compression.client_text import footer_height
from headroom_compression.client_text import has_cut
from headroom_compression.client_text import is_remark
from headroom_compression.client_text import is_same_state
from headroom_compression.client_text import lines_beside
from headroom_compression.client_text import reporter_of
from headroom_compression.client_text import rows_elided
from headroom_compression.client_text import split_header
from headroom_compression.client_text import split_state
from headroom_compression.client_text import unchanged_state
from headroom_compression.client_text import viewer_path
from headroom_compression.client_text import was_cut
from headroom_compression.client_text import without_footer

HEADERS = [
    pytest.param("", id="none"),
    pytest.param(
        "Chunk ID: 1a2b3c\nWall time: 0.0000 seconds\nProcess exited with code 0\nOriginal token count: 9\nOutput:\n",
        id="exec_command",
    ),
    pytest.param(
        "Chunk ID: 1a2b3c\nWall time: 10.0 seconds\nProcess running with session ID 7\nOutput:\n", id="still running"
    ),
    pytest.param("Exit code: 0\nWall time: 0 seconds\nOutput:\n", id="shell_command"),
    pytest.param("Exit code: 0\nWall time: 0 seconds\nTotal output lines: 900\nOutput:\n", id="with lines counted"),
    pytest.param("Script completed\nWall time 0.1 seconds\nOutput:\n", id="code mode"),
    pytest.param("Script failed\nWall time 0.1 seconds\nOutput:\n", id="code mode, failed"),
    pytest.param("Wall time: 0.0046 seconds\nOutput:\n", id="MCP"),
    pytest.param("MCP text 1 of 1:\n", id="MCP text"),
    pytest.param("MCP text 1 of 1:\nExit code: 0\nOutput:\n", id="a command inside MCP"),
    pytest.param(
        "Exit code: 0\nOutput:\nWarning: truncated output (original token count: 9)\nTotal output lines: 3\n\n",
        id="with a warning of a cut",
    ),
    pytest.param("Exit code: 0\nOutput:\nTotal output lines: 3\n\n", id="with a count after it"),
    pytest.param("<returncode>0</returncode>\n<output>\n", id="mini-swe-agent"),
    pytest.param(
        "<returncode>0</returncode>\n<warning>\nToo long.\nTry another command.\n</warning><output_head>\n",
        id="mini-swe-agent, of which it left out the middle",
    ),
    pytest.param("Command: a\nb\nDirectory: (root)\nError: (none)\nExit Code: 0\nOutput:\n", id="Qwen Code"),
]
FOOTERS = ["<shellId: 2 completed with exit code 0>", "</output>", "</output>\n"]


@pytest.mark.parametrize("header", HEADERS)
@pytest.mark.parametrize("body", ["", "one\ntwo\n", "Output:\n", "\n", "Exit code: 1\n", "x\nChunk ID: 1\nOutput:\n"])
def test_the_header_of_each_client_is_split_off(header: str, body: str) -> None:
    assert split_header(header + body) == (header, body)


@pytest.mark.parametrize(
    "text",
    [
        "Exit code: 0\nsome text\nOutput:\n",
        "Exit code: 0\n",
        "exit code: 0\nOutput:\n",
        "Output:\n",
        "MCP text 1 of 2:\nfoo",
        " Exit code: 0\nOutput:\n",
        "Exit code: " + "9" * 300 + "\nOutput:\n",
        "Wall time: 1\n" * 9 + "Output:\n",
    ],
)
def test_what_only_looks_like_a_header_is_none(text: str) -> None:
    assert split_header(text) == ("", text)


STATE = "\n(Open file: /shop/a (1).py)\n(Current directory: /shop)\nbash-$"

OF_OPENHANDS = (
    "\n[Current working directory: /shop/[1]]\n[Python interpreter: /usr/bin/python3]"
    "\n[Command finished with exit code -1]"
)
PROCESS = "\nprocess_id: process-12\nprocess exit code was 0"
STATES = [(STATE, ""), (OF_OPENHANDS, "terminal"), (PROCESS, ""), ("\nprocess_id: 7f\nprocess exit code was -15", "")]


@pytest.mark.parametrize("body", ["", "one\ntwo", "one\n", "(Open file: n/a)", *(f"x{state}" for state, _ in STATES)])
@pytest.mark.parametrize(("state", "tool"), STATES)
def test_the_state_behind_an_output_is_split_off(body: str, state: str, tool: str) -> None:
    assert split_state(body + state, tool) == (body, state)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("one" + STATE + "\n", id="a line follows"),
        pytest.param("one" + STATE + " ls", id="a command at the prompt"),
        pytest.param(STATE[1:], id="no line above it"),
        pytest.param("one\n(Open file: n/a)\n\n(Current directory: /)\nbash-$", id="a line between"),
        pytest.param("one\n(Current directory: /)\nbash-$", id="no file"),
        pytest.param("one\n(Open file: " + "x" * 3_000 + ")\n(Current directory: /)\nbash-$", id="a long line"),
        pytest.param("one\nbash-$", id="a prompt alone"),
        pytest.param("one" + PROCESS + "\n", id="a line behind a process"),
        pytest.param("one" + PROCESS + " ", id="a blank behind a process"),
        pytest.param(PROCESS[1:], id="a process without a line above it"),
        pytest.param("one\nprocess exit code was 0", id="a process without a number"),
        pytest.param("one\nprocess_id: 1\n\nprocess exit code was 0", id="a line between, of a process"),
        pytest.param("", id="nothing"),
    ],
)
def test_what_only_looks_like_a_state_is_none(text: str) -> None:
    assert split_state(text) == (text, "")


@pytest.mark.parametrize(
    ("text", "tool"),
    [
        pytest.param("one" + OF_OPENHANDS, "bash", id="a tool of another client"),
        pytest.param("one" + OF_OPENHANDS + "\n", "terminal", id="a line follows"),
        pytest.param("one" + OF_OPENHANDS.rpartition("\n")[0], "terminal", id="no exit code"),
        pytest.param("one" + OF_OPENHANDS.replace("\n[P", "\n\n[P"), "terminal", id="a line between"),
    ],
)
def test_what_only_looks_like_the_state_of_openhands_is_none(text: str, tool: str) -> None:
    assert split_state(text, tool) == (text, "")


def test_a_state_is_the_same_whatever_its_end_says() -> None:
    failed = OF_OPENHANDS.replace("code -1", "code 2")
    assert is_same_state(OF_OPENHANDS, failed)
    assert not is_same_state(OF_OPENHANDS, OF_OPENHANDS.replace("/shop", "/"))
    assert not is_same_state(OF_OPENHANDS, STATE)
    assert not is_same_state("", "")
    assert unchanged_state(failed) == (
        "\n[Current working directory and Python interpreter: unchanged]\n[Command finished with exit code 2]"
    )
    assert unchanged_state(STATE) == "\n(Open file and current directory: unchanged)\nbash-$"
    assert unchanged_state("") == ""


def test_the_chunk_id_is_the_first_line() -> None:
    assert chunk_id("Chunk ID: 1a2b3c\nOutput:\n") == "1a2b3c"
    assert chunk_id("Wall time: 1\nChunk ID: 1a2b3c\n") is None
    assert chunk_id("Chunk ID: a b\n") is None


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("before…17224 tokens truncated…after", True),
        ("…33893 chars truncated…", True),
        ("… tokens truncated…", False),
        ("...17 tokens truncated...", False),
        ("…17 lines truncated…", False),
        ("truncated…", False),
    ],
)
def test_a_client_cut_is_known_by_its_mark(line: str, expected: bool) -> None:  # noqa: FBT001  a column of the table
    assert has_cut(line) is expected


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("[File: /r/a.py (93 lines total)]\n1:x", "/r/a.py"),
        ("Edited.\n[File: a b.py (1 lines total)]\n1:x", "a b.py"),
        ("x" * 400 + "\n[File: a.py (1 lines total)]\n", None),
        ("  [File: a.py (1 lines total)]\n", None),
        ("[File: a.py]\n", None),
        ("", None),
    ],
)
def test_the_viewer_names_its_file(text: str, path: str | None) -> None:
    assert viewer_path(text) == path


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\n…17224 tokens truncated…\nb", True),
        ("<output_head>\na\n</output_head>\n<elided_chars>\n7806 characters elided\n</elided_chars>", True),
        ("a\n... [120 lines truncated] ...\nb", True),
        ("[1,204 characters omitted]", True),
        ("(Output truncated. Full output saved to: /tmp/tool.txt)", True),
        ("a\n[... omitted 412 of 668 lines ...]\nb", True),
        ("[...123 lines omitted...]", True),
        ("[... Observation truncated due to length ...]", True),
        ("[Showing lines 1-2000 of 5000 (50KB limit)]", True),
        ("bash tool truncated output as it exceeded 30000 characters", True),
        ("a\n<response clipped><NOTE>b</NOTE>", True),
        ("... 1200 lines truncated ...", True),
        ("a...[truncated 3000 chars]...b", True),
        ("a\n(truncated)", True),
        ("--- TRUNCATED ---", True),
        ("return {\n    rows,\n    truncated,\n}", False),
        ("+        truncated,\n-    truncated;", False),
        ("[gw0] [ 10%] SKIPPED a.py::b[1]\n[ SKIPPED ] Suite.test (2 ms)", False),
        ('<span class="skipped">2 skipped</span> ... skipped', False),
        ("the file was truncated\n12 lines of it", False),
        ("results were saved to results.json", False),
        ("E     ...Full output truncated (2 lines hidden), use '-vv' to show\n", False),
        ("\x1b[31mE     ...Full output truncated, use '-vv' to show\x1b[0m\r\n", False),
        ("E   ...Full output truncated, use '-vv' to show\n(Output truncated)", True),
        ("AssertionError: 'one two three [truncated]... != 'one two four [truncated]...", False),
        ("", False),
    ],
)
def test_what_clients_say_of_their_cuts(text: str, expected: bool) -> None:  # noqa: FBT001  a table's column
    assert was_cut(text) == expected


PIECES = st.sampled_from(
    [
        "[",
        "...",
        "12 of 40 lines",
        " ",
        "omitted",
        "Truncated",
        "output ",
        "saved to: /tmp",
        "\n",
        "\r\n",
        "a",
        "]",
        "İ",
    ]
)


@given(st.lists(PIECES, max_size=8))
def test_a_cut_stands_in_one_line(pieces: list[str]) -> None:
    text = "".join(pieces)
    assert was_cut(text) == any(map(was_cut, text.split("\n")))


@pytest.mark.parametrize("footer", FOOTERS)
@pytest.mark.parametrize("body", ["", "one\n", "one\n\n", "one\n</output>\n"])
def test_the_footer_is_told_apart(body: str, footer: str) -> None:
    assert without_footer(body + footer) == body
    assert footer_height((body + footer).split("\n")) == 1 + footer.endswith("\n")


@pytest.mark.parametrize("text", ["", "\n", "one", "one\n", "a </output>", "</output>\n\n", "<a>"])
def test_an_output_without_a_footer_stays(text: str) -> None:
    assert without_footer(text) == text
    assert footer_height(text.split("\n")) == (not text or text.endswith("\n"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("one two three", []),
        ("cut one two three", [range(2, 4)]),
        ("one two three cut", [range(2)]),
        ("one two cut three four five cut cut six", [range(1), range(4, 5)]),
        ("one cut two", []),
    ],
)
def test_the_lines_next_to_a_cut_may_be_parts_of_lines(text: str, expected: list[range]) -> None:
    words = text.split()
    assert lines_beside([row for row, word in enumerate(words) if word == "cut"], len(words)) == expected


def test_what_is_cut_at_more_places_than_clients_cut_has_no_lines_beside_cuts() -> None:
    """Each elision may look through the whole text for each of them."""
    assert len(lines_beside(range(2, 100, 5), 100)) == 21
    assert lines_beside(range(2, 105, 5), 105) == []


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("[Command succeeded with exit code 0]", True),
        ("[The command completed with exit code 0.]", True),
        ("[Current working directory: /srv/shop]", True),
        ("<shellId: 2 completed with exit code 0>", True),
        ("</output>", True),
        ("[]", False),
        ('["A"]', False),
        ("[true]", False),
        ("[Command] failed", False),
        ("]", False),
        ("", False),
    ],
)
def test_what_clients_say_behind_an_output_is_no_json(line: str, *, expected: bool) -> None:
    assert is_remark(line) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{\n  "returncode": 0,\n  "output": ""\n}', Reporter.IN_JSON),
        ('{"output": "", "exit_code": 0, "error": null}', Reporter.IN_JSON),
        ('{"returncode": 0}', None),
        ('{"output":""}', None),
        ("<returncode>0</returncode>", Reporter.IN_TAGS),
        ("Wall time: 0.013 seconds\nx", Reporter.TIMED),
        ("Wall time: 0.013 seconds", Reporter.TIMED),
        ("Wall time: 0.0130 seconds\nOutput:\n", None),
        ("", None),
    ],
)
def test_reports_are_told_by_their_beginning(text: str, expected: Reporter | None) -> None:
    assert reporter_of(text) is expected


@pytest.mark.parametrize("before", range(12))
def test_a_cut_is_known_where_a_part_of_the_text_ends(monkeypatch: pytest.MonkeyPatch, before: int) -> None:
    monkeypatch.setattr(client_text, "_AT_ONCE", 8)
    assert was_cut(f"{'x' * before}\n<response clipped>\n")
    assert not was_cut(f"{'x' * before}\nclip ped\n")


@pytest.mark.parametrize("case", [str.lower, str.upper])
@pytest.mark.parametrize(
    "line", ["clipped", "[elided]", "[12 lines omitted]", "(truncated)", "[showing 1-20 of 40 lines]", "[1,2,3]", ""]
)
def test_whether_a_text_was_cut_does_not_depend_on_other_lines(line: str, case: Callable[[str], str]) -> None:
    assert was_cut(case(line)) == was_cut(f"{case(line)}\ntwelve weeks\n")


ELIDED = ["</output_head>", "<elided_chars>", "12 characters elided", "</elided_chars>", "<output_tail>"]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        pytest.param(["a", *ELIDED, "b", "</output_tail>"], range(1, 6), id="between two ends"),
        pytest.param(ELIDED, range(5), id="alone"),
        pytest.param(["a", "b"], None, id="none"),
        pytest.param(["a", *ELIDED[:-1], "b"], None, id="no second end"),
        pytest.param(["a", *ELIDED[:2], *ELIDED[3:], "b"], None, id="without the number"),
    ],
)
def test_the_rows_between_the_ends_of_an_output(lines: list[str], expected: range | None) -> None:
    assert rows_elided(lines) == expected

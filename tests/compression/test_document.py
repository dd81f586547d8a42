"""What a client put before an output, by the tool and by what the client did before."""

from __future__ import annotations

import json

import pytest

from headroom_compression.calls.tool_call import ToolCall
from headroom_compression.document import Document
from headroom_compression.document import parts_of

BASH = ToolCall("Bash", "", b"", command="make")
EXEC = ToolCall("exec_command", "", b"", command="make")
TIMED = "Wall time: 0.013 seconds\n"
CECLI = (
    "errors: []\ndetails: []\nresult 1 of 1, _ {}:\nShell command completed within 30s timeout (exit code 0). Output:\n"
)
CODEX = "Wall time: 0.0130 seconds\nOutput:\n"


@pytest.mark.parametrize(
    ("text", "call", "is_reported", "header"),
    [
        pytest.param(TIMED + "x\n", BASH, True, TIMED, id="a time before each output so far"),
        pytest.param(TIMED.rstrip(), BASH, True, TIMED.rstrip(), id="nothing behind the time"),
        pytest.param(TIMED + "x\n", BASH, False, "", id="a time that may be the command's"),
        pytest.param("x\n", BASH, True, "", id="no time"),
        pytest.param(CODEX + "x\n", EXEC, False, CODEX, id="a tool of Codex"),
        pytest.param(CODEX + "x\n", BASH, False, "", id="another tool"),
        pytest.param(CODEX + "x\n", None, False, CODEX, id="an unknown call"),
    ],
)
def test_headers(text: str, call: ToolCall | None, header: str, *, is_reported: bool) -> None:
    assert parts_of(text, call, is_reported=is_reported) == (header, text.removeprefix(header))


def test_the_state_of_a_shell_is_none_of_the_output() -> None:
    states = [
        "\n(Open file: a.py)\n(Current directory: /shop)\nbash-$",
        "\n(Open file: n/a)\n(Current directory: /)\nbash-$",
    ]
    documents = [Document.of(f"one\ntwo{state}", BASH) for state in states]
    assert [document.body for document in documents] == ["one\ntwo", "one\ntwo"]
    assert [document.text for document in documents] == [f"one\ntwo{state}" for state in states]
    assert documents[0].whole == documents[1].whole
    # "[ran again, output identical to the output of ...]" would say that there is one below the other, too.
    assert documents[0].whole != Document.of("one\ntwo", BASH).whole


@pytest.mark.parametrize(
    ("title", "body"),
    [
        pytest.param('result 1 of 1, query "make", success true:\n', "a\nb\n", id="a command of Cline's"),
        pytest.param("isError: false\nMCP text 1 of 1:\n", "a\nb", id="a text of MCP with a field"),
        pytest.param("MCP part 1 of 1:\n", "result 1 of 1:\nb", id="a text like a title"),
        pytest.param(CECLI, "a\r\nb\r\n", id="a command of cecli's"),
        pytest.param("", "result 1 of 2:\na\nresult 2 of 2:\nb", id="several texts"),
        pytest.param("", "total_lines: 2\ncontent 1 of 1:\n1|a\n2|b", id="a file of Hermes, which its rows need"),
    ],
)
def test_what_stands_above_the_only_text_of_an_envelope_is_no_row_of_it(title: str, body: str) -> None:
    document = Document.of(json.dumps([{"result": body}]), BASH)
    opened = document.unwrapped(title + body)
    assert (opened.header, opened.body, opened.whole) == (title, body, document.whole)
    assert Document.of(title + body, BASH).header == ""

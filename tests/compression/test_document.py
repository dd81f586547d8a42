"""What a client put before an output, by the tool and by what the client did before."""

from __future__ import annotations

import pytest

from headroom_compression.calls.tool_call import ToolCall
from headroom_compression.document import Document
from headroom_compression.document import parts_of

BASH = ToolCall("Bash", "", b"", command="make")
EXEC = ToolCall("exec_command", "", b"", command="make")
TIMED = "Wall time: 0.013 seconds\n"
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

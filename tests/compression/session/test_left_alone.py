"""Outputs that stay as they are: of excluded tools, and those that a program reads."""

from __future__ import annotations

import json

import pytest

from headroom_compression import Settings
from headroom_compression import compress_request_body
from headroom_compression.calls.tool_call import ToolCall
from headroom_compression.session.left_alone import is_excluded
from tests.compression.support.bodies import Item
from tests.compression.support.bodies import code_lines
from tests.compression.support.bodies import command_call
from tests.compression.support.bodies import custom_call
from tests.compression.support.bodies import custom_output
from tests.compression.support.bodies import function_call
from tests.compression.support.bodies import function_output
from tests.compression.support.bodies import request_body
from tests.compression.support.bodies import sent_items
from tests.compression.support.bodies import shell_call
from tests.compression.support.bodies import shell_output
from tests.compression.support.budget_sessions import WITH_BUDGET

BY_PROGRAM = {"caller": {"type": "program", "caller_id": "prog_1"}}
DIRECT = {"caller": {"type": "direct"}}
RECORDS = json.dumps([{"id": number, "title": f"issue {number}", "state": "open"} for number in range(60)], indent=2)
TEXT = "\n".join(code_lines(40))
TWO_COMMANDS: Item = {"type": "shell_call", "call_id": "call_1", "action": {"commands": ["cat a.py", "cat b.py"]}}
LS = ToolCall("bash", "", b"", command="ls -l")


@pytest.mark.parametrize(
    ("call", "output"),
    [
        pytest.param(function_call("list_issues", {}), function_output(RECORDS), id="function"),
        pytest.param(custom_call("list_issues", "all"), custom_output(RECORDS), id="custom tool"),
        pytest.param(command_call("gh issue list --json id"), function_output(RECORDS), id="command"),
        pytest.param(shell_call("gh issue list --json id"), shell_output(RECORDS), id="shell of the API"),
        pytest.param(TWO_COMMANDS, shell_output("\x1b[31m" + TEXT + "\x1b[0m"), id="a call that is not understood"),
    ],
)
@pytest.mark.parametrize("chosen", [Settings(), Settings(references="eager"), WITH_BUDGET])
def test_what_a_program_parses_is_sent_as_the_tool_wrote_it(call: Item, output: Item, chosen: Settings) -> None:
    """The server gives it to the program that called the tool: `JSON.parse` would fail on what a model can read."""
    assert sent_items(compress_request_body(request_body(call, output), chosen).body)[1] != output
    assert sent_items(compress_request_body(request_body(call | DIRECT, output | DIRECT), chosen).body)[1] != output
    for items in ((call | BY_PROGRAM, output | BY_PROGRAM), (call | BY_PROGRAM, output), (call, output | BY_PROGRAM)):
        body = request_body(*items)
        assert compress_request_body(body, chosen).body is body


@pytest.mark.parametrize("references", ["careful", "eager"])
def test_a_model_is_never_pointed_to_what_only_a_program_has_seen(references: str) -> None:
    written = function_call("write", {"path": "b.py", "content": TEXT}, "call_2") | BY_PROGRAM
    unseen = (command_call("cat a.py") | BY_PROGRAM, function_output(TEXT) | BY_PROGRAM, written)
    seen = (command_call("cat a.py", "call_3"), function_output(TEXT, "call_3"))
    again = (command_call("cat a.py", "call_4"), function_output(TEXT, "call_4"))
    sent = sent_items(compress_request_body(request_body(*unseen, *seen, *again), Settings(references=references)).body)
    assert [item.get("output") for item in sent[:5]] == [None, TEXT, None, None, TEXT]
    assert sent[6]["output"] != TEXT


def test_what_a_program_reads_is_counted_and_never_put_away() -> None:
    pairs = [
        (command_call(f"cat {number}.py", f"c{number}") | BY_PROGRAM, function_output(TEXT + str(number), f"c{number}"))
        for number in range(60)
    ]
    body = request_body(*(item for pair in pairs for item in pair))
    assert compress_request_body(body, WITH_BUDGET).body is body


@pytest.mark.parametrize(
    ("call", "patterns", "expected"),
    [
        pytest.param(LS, ("ls *",), True, id="a command"),
        pytest.param(LS, ("cat *", "ba*"), True, id="a tool"),
        pytest.param(LS, ("ls",), False, id="a command with more words"),
        pytest.param(None, ("ls",), True, id="an unknown call"),
        pytest.param(None, (), False, id="no patterns"),
    ],
)
def test_patterns_name_tools_or_commands(call: ToolCall | None, patterns: tuple[str, ...], *, expected: bool) -> None:
    assert is_excluded(call, patterns) is expected

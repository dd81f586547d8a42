"""The names of tools in a report, and which outputs count."""

from __future__ import annotations

import pytest

from headroom_report.measuring.outputs import LARGEST
from headroom_report.measuring.outputs import MeasuredItem
from headroom_report.measuring.outputs import by_tool
from headroom_report.measuring.outputs import largest
from headroom_report.measuring.outputs import named_outputs
from headroom_report.values.savings import Tokens
from headroom_report.values.savings import ToolSavings
from tests.compression.support.bodies import Item
from tests.compression.support.bodies import command_call
from tests.compression.support.bodies import function_call
from tests.compression.support.bodies import function_output
from tests.compression.support.bodies import message


def measured(*items: Item, cost: Tokens = Tokens(10, 4)) -> list[MeasuredItem]:  # noqa: B008  frozen
    return [MeasuredItem(item, item, cost) for item in items]


@pytest.mark.parametrize(
    ("call", "tool", "title"),
    [
        pytest.param(command_call("nl -ba a.py | head"), "exec_command: nl", "nl -ba a.py | head", id="command"),
        pytest.param(
            command_call("/usr/bin/cat a.py"), "exec_command: cat", "/usr/bin/cat a.py", id="program by its path"
        ),
        pytest.param(command_call("make; ls"), "exec_command: other commands", "make; ls", id="several programs"),
        pytest.param(function_call("Read", {"file_path": "/a.py"}), "Read", "Read /a.py", id="tool with a file"),
        pytest.param(function_call("plan", {"step": 1}), "plan", 'plan({"step": 1})', id="other tool"),
        pytest.param(message("no call"), "unknown call", None, id="no call"),
        pytest.param(function_call("a\ud800", {}), "unknown call", None, id="half a character in a name"),
    ],
)
def test_an_output_is_named_by_its_call(call: Item, tool: str, title: str | None) -> None:
    (output,) = named_outputs(measured(call, function_output("a.py")))
    assert (output.tool, output.title, output.texts) == (tool, title, ("a.py", "a.py"))


def test_a_call_id_used_twice_belongs_to_the_nearest_earlier_call() -> None:
    calls = [command_call("ls"), function_output("a"), command_call("cat a"), function_output("b")]
    assert [output.title for output in named_outputs(measured(*calls))] == ["ls", "cat a"]


def test_only_new_outputs_count_and_only_shortened_ones_are_large() -> None:
    old = MeasuredItem(function_output("a"), function_output("a"), Tokens(10, 1), is_new=False)
    same = measured(function_output("b"), cost=Tokens(9, 9))
    many = [*measured(*(function_output("c") for _ in range(LARGEST + 2))), old, *same]
    outputs = list(named_outputs(many))
    assert by_tool(outputs) == (ToolSavings("unknown call", LARGEST + 3, LARGEST + 2, Tokens(129, 57)),)
    assert [output.tokens for output in largest(outputs)] == [Tokens(10, 4)] * LARGEST
    assert largest(outputs[-1:]) == ()

"""What was left out so far, and which calls open it."""

from __future__ import annotations

import pytest

from headroom_compression.recall.openings import Openings
from tests.compression.support.bodies import Item
from tests.compression.support.bodies import command_call
from tests.compression.support.bodies import custom_call
from tests.compression.support.bodies import function_call
from tests.compression.support.bodies import shell_call

NAME = "3f9a2c81d0b4e6f7.txt"
KNOWN = Openings().with_elided(NAME, "exec_command", "pytest_runs")


@pytest.mark.parametrize(
    "call",
    [
        command_call(f"cat /home/dev/.local/state/headroom-addon/{NAME}", "c"),
        command_call(f"cd ~/.local/state/headroom-addon && sed -n 14,425p {NAME} | head", "c"),
        function_call("read_file", {"path": f"/state/{NAME}", "limit": 20}, "c"),
        custom_call("exec", f'text(await tools.exec_command({{"cmd":"cat /state/{NAME}"}}))', "c"),
        shell_call(f"cat /state/{NAME}", "c"),
    ],
    ids=["cat", "sed in its folder", "a tool that reads", "code mode", "a shell item"],
)
def test_a_call_that_names_the_file_opens_it(call: Item) -> None:
    state = KNOWN.after_call(call)
    assert state.opened == {"c"}
    assert state.refused == {("exec_command", "pytest_runs")}


@pytest.mark.parametrize(
    "call",
    [
        command_call("cat /state/0000000000000000.txt", "c"),
        command_call(f"cat /state/x{NAME}", "c"),
        command_call("pytest -v", "c"),
        {"type": "function_call", "call_id": 7, "arguments": NAME},
    ],
    ids=["another name", "part of a name", "no name", "no id"],
)
def test_others_do_not(call: Item) -> None:
    assert KNOWN.after_call(call) == KNOWN


def test_what_was_put_away_is_reopened_and_refuses_nothing() -> None:
    state = KNOWN.with_put_away(("0000000000000000.txt", NAME)).after_call(
        command_call("cat /0000000000000000.txt", "c")
    )
    assert state.opened == {"c"}
    assert state.reopened == {"0000000000000000.txt"}
    assert state.refused == frozenset()
    assert list(state.elided) == [NAME, "0000000000000000.txt"]


def test_a_call_id_that_is_used_again_opens_nothing_any_more() -> None:
    opened = KNOWN.after_call(command_call(f"cat /state/{NAME}", "c"))
    again = opened.after_call(command_call("make", "c"))
    assert again.opened == frozenset()
    assert again.refused == opened.refused


def test_an_original_that_two_tools_gave_is_refused_to_both() -> None:
    state = KNOWN.with_elided(NAME, "bash", "log_lines").after_call(command_call(f"cat /state/{NAME}", "c"))
    assert state.refused == {("exec_command", "pytest_runs"), ("bash", "log_lines")}

"""Who called a tool."""

from __future__ import annotations

import pytest

from headroom_compression.calls.callers import is_of_program
from headroom_compression.calls.callers import is_of_subagent


@pytest.mark.parametrize(
    ("caller", "expected"),
    [
        pytest.param({"type": "program", "caller_id": "prog_1"}, True, id="a program"),
        pytest.param({"type": "unheard_of"}, True, id="one that is not known here"),
        pytest.param({"type": "direct"}, False, id="the model"),
        pytest.param({}, False, id="an object that says nothing"),
        pytest.param(None, False, id="null"),
        pytest.param("program", False, id="no object"),
    ],
)
def test_what_a_program_calls(caller: object, *, expected: bool) -> None:
    assert is_of_program({"type": "function_call", "caller": caller}) is expected
    assert not is_of_program({"type": "function_call"})


@pytest.mark.parametrize(
    ("agent", "expected"),
    [
        pytest.param({"agent_name": "/root/reader"}, True, id="an agent that the first has begun"),
        pytest.param({"agent_name": None}, True, id="one without a name"),
        pytest.param({"agent_name": "/root"}, False, id="the first one"),
        pytest.param({}, False, id="an object that says nothing"),
        pytest.param(None, False, id="null"),
    ],
)
def test_what_a_subagent_calls(agent: object, *, expected: bool) -> None:
    assert is_of_subagent({"type": "function_call", "agent": agent}) is expected
    assert not is_of_subagent({"type": "function_call"})

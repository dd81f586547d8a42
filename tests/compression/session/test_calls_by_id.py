"""Which call an output belongs to."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from headroom_compression.calls.reading import read_call
from headroom_compression.calls.tool_call import ToolCall
from headroom_compression.session.calls_by_id import Calls
from tests.compression.session.test_conversation import TEXT
from tests.compression.session.test_conversation import sent
from tests.compression.session.test_conversation import turn_after
from tests.compression.support.bodies import function_call

MANY = 5_000


def test_an_id_used_twice_belongs_to_the_nearest_earlier_call() -> None:
    turn = turn_after(calls=("cat a.py", "cat b.py"))
    call = turn.call("call_1")
    assert call is not None
    assert call.path == "b.py"


@pytest.mark.parametrize("call_id", ["call_2", "", None, 1, [], {"a": 1}])
def test_an_id_that_nobody_called_is_an_unknown_call(call_id: object) -> None:
    turn = turn_after()
    assert turn.call(call_id) is None
    assert sent(turn, TEXT, call_id) == TEXT


def test_a_call_that_cannot_be_read_hides_the_earlier_one_of_its_id() -> None:
    turn = turn_after()
    turn.add_item({"type": "function_call", "call_id": "call_1", "name": None})
    assert turn.call("call_1") is None


def test_branches_that_go_on_in_several_threads_count_all_calls_together() -> None:
    calls = Calls()
    calls.add("before", None)
    branches = [calls.continued(0) for _ in range(4)]
    size_of_one = calls.holdings[0].size
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor() as threads:
            list(threads.map(add_many, branches))
    finally:
        sys.setswitchinterval(interval)
    assert calls.holdings[0].size == size_of_one * (1 + 4 * MANY)


def add_many(calls: Calls) -> None:
    for number in range(MANY):
        calls.add(str(number), None)


RUNNING = "Chunk ID: 1a\nWall time: 30.0 seconds\nProcess running with session ID 7\nOutput:\n..."
ENDED = "Chunk ID: 1a\nWall time: 30.0 seconds\nProcess exited with code 0\nOutput:\n..."


def waiting(call_id: str, **arguments: object) -> ToolCall | None:
    return read_call(function_call("write_stdin", {"session_id": 7, "chars": "", **arguments}, call_id))


@pytest.mark.parametrize(
    ("text", "call", "producer"),
    [
        pytest.param(RUNNING, waiting("2"), ("bun", "test"), id="it goes on"),
        pytest.param(ENDED, waiting("2"), (), id="it has ended"),
        pytest.param(RUNNING, waiting("2", session_id=8), (), id="another one"),
        pytest.param(RUNNING, waiting("2", chars="cat a\n"), (), id="it is spoken to"),
        pytest.param("cat: " + RUNNING, waiting("2"), (), id="a file that says so"),
    ],
)
def test_what_is_waited_for_is_the_program_that_goes_on(
    text: str, call: ToolCall | None, producer: tuple[str, ...]
) -> None:
    calls = Calls()
    calls.note_running(read_call(function_call("exec_command", {"cmd": "bun test"}, "1")), [text])
    continued = calls.with_program(call)
    assert continued is not None
    assert continued.producer == producer


def test_a_program_that_is_spoken_to_in_the_same_turn_is_unknown() -> None:
    calls = Calls()
    calls.note_running(read_call(function_call("exec_command", {"cmd": "bun test"}, "1")), [RUNNING])
    calls.add("2", waiting("2", chars="cat a\n"))
    continued = calls.with_program(waiting("3"))
    assert continued is not None
    assert continued.producer == ()


def test_a_program_that_was_spoken_to_is_unknown_from_then_on() -> None:
    calls = Calls()
    calls.note_running(read_call(function_call("exec_command", {"cmd": "bun test"}, "1")), [RUNNING])
    calls.note_running(waiting("2", chars="cat a\n"), [RUNNING])
    continued = calls.with_program(waiting("3"))
    assert continued is not None
    assert continued.producer == ()

"""Which call an output belongs to."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from headroom_compression.session.calls_by_id import Calls
from tests.compression.session.test_conversation import TEXT
from tests.compression.session.test_conversation import sent
from tests.compression.session.test_conversation import turn_after

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

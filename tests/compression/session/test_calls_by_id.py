"""Which call an output belongs to."""

from __future__ import annotations

import pytest

from tests.compression.session.test_conversation import TEXT
from tests.compression.session.test_conversation import sent
from tests.compression.session.test_conversation import turn_after


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

"""Each reading of a file points to the one before it, which points to the one before that."""

from __future__ import annotations

import gc
import logging
from weakref import ref

import pytest

from headroom_compression import Memory
from headroom_compression import compress_request_body
from headroom_compression.references import lines_in_sight
from headroom_compression.references.lines_in_sight import KeptSights
from tests.compression.support.bodies import Item
from tests.compression.support.bodies import function_call
from tests.compression.support.bodies import function_output
from tests.compression.support.bodies import message
from tests.compression.support.bodies import request_body

READINGS = 200
ROWS, STEP = 40, 20


def reading(number: int) -> list[Item]:
    first = 1 + number * STEP
    call = function_call("Read", {"file_path": "/w/big.py", "offset": first, "limit": ROWS}, f"c{number}")
    rows = [
        f"{row:6d}\t    value_{row} = compute_{row * 7919 % 10007}(first={row})" for row in range(first, first + ROWS)
    ]
    return [call, function_output("\n".join(rows), f"c{number}")]


def chain(count: int = READINGS) -> list[Item]:
    return [message("Go."), *(item for number in range(count) for item in reading(number))]


@pytest.mark.parametrize("is_evicted", [False, True], ids=["", "what was read for pointers is forgotten"])
def test_a_fork_of_it_is_sent_as_without_memory(
    is_evicted: bool,  # noqa: FBT001  a table's column
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.WARNING)
    memory = Memory()
    for count in (READINGS - 1, READINGS):
        compress_request_body(request_body(*chain(count)), memory=memory)
    if is_evicted:
        monkeypatch.setattr(lines_in_sight._KEPT, "_sights", KeptSights()._sights)  # noqa: SLF001
    fork = request_body(*chain(READINGS - 1), message("Other."), *reading(READINGS))
    for body in (fork, request_body(*chain(READINGS + 1))):
        assert compress_request_body(body, memory=memory).body == compress_request_body(body).body
    assert caplog.messages == []


def test_what_is_kept_of_outputs_keeps_no_session_alive() -> None:
    memory = Memory()
    body = request_body(*chain(5))
    state = compress_request_body(body, memory=memory).conversation
    assert state is not None
    shown = ref(state.shown)
    assert shown() is not None
    del memory, state
    gc.collect()
    assert shown() is None

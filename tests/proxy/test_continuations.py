"""Which conversation an id stands for, for whom, and how many are kept."""

from __future__ import annotations

import pytest
from mitmproxy.test import tutils

from headroom_compression import Conversation
from headroom_compression import Settings
from headroom_compression import compress_request_body
from headroom_proxy.continuations import BYTES_PER_ANSWER
from headroom_proxy.continuations import IDS_PER_SESSION
from headroom_proxy.continuations import Continuations
from headroom_proxy.continuations import Scope
from headroom_proxy.continuations import scope_of

LIMIT = 2**20
HERE = Scope("here", 443, b"key")
CALL = b'{"type":"function_call","call_id":"c","name":"f","arguments":""}'
BODY = b'{"input":[%s,{"type":"function_call_output","call_id":"c","output":"%s"}]}'


def conversation(lines: int = 1) -> Conversation:
    text = "\\n".join(f"line {number}" for number in range(lines)).encode()
    state = compress_request_body(BODY % (CALL, text)).conversation
    assert state is not None
    return state


def test_finds_what_was_kept() -> None:
    continuations = Continuations(LIMIT)
    state, other = conversation(), conversation()
    continuations.keep(HERE, "r1", state)
    continuations.keep(HERE, "r2", other)
    assert continuations.find(HERE, "r1") is state
    assert continuations.find(HERE, "r2") is other
    assert continuations.find(HERE, "r3") is None


def test_an_id_that_comes_again_stands_for_the_latest() -> None:
    continuations = Continuations(LIMIT)
    continuations.keep(HERE, "r1", conversation())
    latest = conversation()
    continuations.keep(HERE, "r1", latest)
    assert continuations.find(HERE, "r1") is latest


@pytest.mark.parametrize("other", [Scope("there", 443, b"key"), Scope("here", 80, b"key"), Scope("here", 443, b"")])
def test_an_id_counts_in_its_scope_only(other: Scope) -> None:
    continuations = Continuations(LIMIT)
    continuations.keep(HERE, "r1", conversation())
    assert continuations.find(other, "r1") is None


def test_forgets_the_session_that_was_continued_least_recently() -> None:
    sessions = [conversation(400) for _ in range(4)]
    continuations = Continuations(limit=3 * sessions[0].size + 4 * BYTES_PER_ANSWER)
    for number, state in enumerate(sessions[:3]):
        continuations.keep(HERE, f"r{number}", state)
    continuations.keep(HERE, "r0 again", sessions[0])
    continuations.keep(HERE, "r3", sessions[3])
    assert continuations.find(HERE, "r1") is None
    for kept in ("r0", "r0 again", "r2", "r3"):
        assert continuations.find(HERE, kept) is not None


def test_keeps_the_latest_ids_of_a_session() -> None:
    continuations, state = Continuations(16 * LIMIT), Conversation.start(Settings())
    for number in range(IDS_PER_SESSION + 1):
        continuations.keep(HERE, f"r{number}", state)
    assert continuations.find(HERE, "r0") is None
    assert continuations.find(HERE, "r1") is state


def test_one_session_over_the_limit_is_not_kept() -> None:
    continuations = Continuations(limit=BYTES_PER_ANSWER + 1000)
    continuations.keep(HERE, "r1", conversation(400))
    assert continuations.find(HERE, "r1") is None
    continuations.keep(HERE, "r2", Conversation.start(Settings()))
    assert continuations.find(HERE, "r2") is not None


@pytest.mark.parametrize("name", ["Authorization", "api-key", "X-Api-Key", "ChatGPT-Account-Id", "Cookie"])
def test_other_credentials_are_another_scope(name: str) -> None:
    one, other, same = (tutils.treq(headers=[(name.encode(), value)]) for value in (b"one", b"other \xff", b"one"))
    assert scope_of(one) == scope_of(same)
    assert len({scope_of(one), scope_of(other), scope_of(tutils.treq(headers=[]))}) == 3
    assert "one" not in repr(scope_of(one))


def test_a_value_in_another_header_is_another_scope() -> None:
    one, other = (tutils.treq(headers=[(name, b"same")]) for name in (b"authorization", b"api-key"))
    assert scope_of(one) != scope_of(other)


def test_the_items_of_an_answer_are_taken_up_when_it_is_continued() -> None:
    continuations = Continuations(LIMIT)
    state = conversation()
    call = {"type": "function_call", "call_id": "later", "name": "ls", "arguments": "{}"}
    continuations.keep(HERE, "r1", state, ({"type": "message", "content": "Hm."}, call))
    assert state.is_latest, "who sends all of its history goes on from here"
    found = continuations.find(HERE, "r1")
    assert found is not None
    assert found.calls_length == state.calls_length + 1
    assert continuations.find(HERE, "r1") is found


def test_what_an_answer_wrote_counts() -> None:
    continuations = Continuations(2 * BYTES_PER_ANSWER + 50_000)
    patch = {"type": "custom_tool_call", "call_id": "c", "name": "apply_patch", "input": "x" * 60_000}
    continuations.keep(HERE, "r1", conversation(), (patch,))
    assert continuations.find(HERE, "r1") is None

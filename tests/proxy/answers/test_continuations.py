"""Which conversation an id stands for, for whom, and how many are kept."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from mitmproxy.test import tutils

from headroom_compression import Conversation
from headroom_compression import Settings
from headroom_compression import compress_request_body
from headroom_proxy.answers.continuations import BYTES_PER_ANSWER
from headroom_proxy.answers.continuations import IDS_PER_SESSION
from headroom_proxy.answers.continuations import Continuations
from headroom_proxy.answers.continuations import Scope
from headroom_proxy.answers.continuations import scope_of
from tests.proxy.test_headers import KEYS
from tests.proxy.test_headers import VARYING_NAMES

LIMIT = 2**20
HERE, THERE = Scope("here", 443, b"key"), Scope("there", 443, b"key")
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


def scope_with(*headers: tuple[str, str], path: str = "/v1/responses", method: str = "POST") -> Scope:
    fields = [(b"Host", b"gateway.test"), *((name.encode(), value.encode("latin-1")) for name, value in headers)]
    return scope_of(tutils.treq(headers=fields, path=path.encode(), method=method.encode()))


@pytest.mark.parametrize("name", [*KEYS, "Host", "X-Unheard-Of", "X-Forwarded-For", "Session-Id", "User-Agent"])
def test_another_value_of_a_header_is_another_scope(name: str) -> None:
    one, other, same = (scope_with((name, value)) for value in ("one", "other \xff", "one"))
    assert one == same
    assert len({one, other, scope_with()}) == 3
    assert "one" not in repr(one)
    assert one != scope_with((name, "one"), (name, "one")) != scope_with((name, "one"), (name, "other"))
    assert one == scope_with((name.upper(), "one"))


@pytest.mark.parametrize("name", VARYING_NAMES)
def test_what_varies_between_requests_of_one_user_is_the_same_scope(name: str) -> None:
    assert scope_with((name, "one")) == scope_with((name, "other")) == scope_with()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("/key-a/v1/responses", "/key-b/v1/responses"),
        ("/v1/responses?api-key=a", "/v1/responses?api-key=b"),
        ("/v1/responses?key=a", "/v1/responses"),
        ("/v1/responses?user=%61", "/v1/responses?user=a"),
        ("/v1/responses", "/V1/responses"),
        ("/a/responses/compact", "/b/responses"),
    ],
)
def test_another_target_is_another_scope(one: str, other: str) -> None:
    assert scope_with(path=one) != scope_with(path=other)
    assert "key" not in repr(scope_with(path=one))


@pytest.mark.parametrize("path", ["/v1/responses/", "/v1/responses/compact", "/v1/responses/input_tokens/"])
def test_all_that_is_asked_of_one_conversation_is_one_scope(path: str) -> None:
    assert scope_with(path=path) == scope_with()


def test_a_websocket_is_in_the_scope_of_its_user() -> None:
    handshake = [
        ("Connection", "Upgrade"),
        ("Upgrade", "websocket"),
        ("Sec-WebSocket-Key", "MTIz"),
        ("Sec-WebSocket-Version", "13"),
    ]
    assert scope_with(*handshake, method="GET") == scope_with()
    protocols = [("Sec-WebSocket-Protocol", f"realtime, openai-insecure-api-key.{key}") for key in "ab"]
    assert len({scope_with(*handshake, protocol, method="GET") for protocol in protocols}) == 2


def test_values_are_told_from_names_and_from_each_other() -> None:
    pairs = [[("a", "b")], [("a", "")], [("ab", "")], [("a", "b1:c1:d")], [("a", "b"), ("c", "d")], [("c", "d")]]
    assert len({scope_with(*headers) for headers in pairs}) == len(pairs)
    assert scope_with(("a", "b"), ("c", "d")) == scope_with(("c", "d"), ("a", "b"))
    assert scope_with(("a", "b"), ("a", "d")) != scope_with(("a", "d"), ("a", "b"))


@pytest.mark.parametrize("version", ["HTTP/2.0", "HTTP/3"])
def test_the_authority_counts_as_the_host(version: str) -> None:
    one, other = (
        tutils.treq(headers=[], authority=authority, http_version=version.encode()) for authority in (b"a", b"b")
    )
    assert scope_of(one) != scope_of(other)
    assert scope_of(one) == scope_of(tutils.treq(headers=[(b"host", b"a")], authority=b""))


def test_to_find_out_a_scope_takes_little() -> None:
    """Of a head with all that is known of, and credentials of 2 kB: 200 us at most, where it takes 20."""
    fields = [(name.encode(), b"v" * 60) for name in (*KEYS, *VARYING_NAMES)]
    request = tutils.treq(headers=[*fields, (b"authorization", b"x" * 2_000)], path=b"/v1/responses")
    scope_of(request)
    since = time.thread_time()
    for _ in range(1_000):
        scope_of(request)
    assert time.thread_time() - since < 0.2


def test_a_forgotten_id_means_nothing() -> None:
    continuations = Continuations(LIMIT)
    for answer in ("r1", "r2"):
        continuations.keep(HERE, answer, conversation())
    continuations.forget(HERE, "r1")
    continuations.forget(HERE, "r9")
    continuations.forget(THERE, "r2")
    assert continuations.find(HERE, "r1") is None
    assert continuations.find(HERE, "r2") is not None


def test_all_ids_of_a_scope_are_forgotten_and_no_others() -> None:
    continuations, state = Continuations(LIMIT), conversation()
    for scope in (HERE, THERE):
        for answer in ("r1", "r2"):
            continuations.keep(scope, answer, state)
    continuations.forget_all_of(HERE)
    continuations.forget_all_of(HERE)
    assert [continuations.find(HERE, answer) for answer in ("r1", "r2")] == [None, None]
    assert [continuations.find(THERE, answer) for answer in ("r1", "r2")] == [state, state]
    continuations.forget_all_of(THERE)
    assert continuations.size == 0


def continued(state: Conversation, text: str) -> Conversation:
    body = json.dumps({"input": [{"type": "function_call_output", "call_id": "c", "output": text}]}).encode()
    after = compress_request_body(body, conversation=state).conversation
    assert after is not None
    return after


def branch(continuations: Continuations, number: int) -> str:
    """Continue the answer `r0` once more; return the id of the answer to that."""
    trunk = continuations.find(HERE, "r0")
    assert trunk is not None, number
    continuations.keep(HERE, f"b{number}", continued(trunk, f"branch {number}\n" * 20))
    return f"b{number}"


def test_branches_count_what_they_have_more() -> None:
    trunk = conversation(4_000)
    continuations = Continuations(limit=30 * trunk.size)
    continuations.keep(THERE, "r0", conversation(400))
    continuations.keep(HERE, "r0", trunk)
    answers = [branch(continuations, number) for number in range(60)]
    assert trunk.size < continuations.size < 60 * trunk.size / 2, "where runs begin each branch knows by itself"
    assert all(continuations.find(HERE, answer) for answer in answers)
    assert continuations.find(THERE, "r0"), "of another user"


def test_the_point_that_branches_have_left_stays_longer_than_they() -> None:
    trunk = conversation(4_000)
    continuations = Continuations(limit=3 * trunk.size)
    continuations.keep(HERE, "r0", trunk)
    answers = [branch(continuations, number) for number in range(60)]
    assert continuations.find(HERE, answers[1]) is None
    assert continuations.find(HERE, answers[-1]) is not None
    assert continuations.find(HERE, "r0") is trunk


def test_a_session_that_is_asked_for_is_in_use() -> None:
    sessions = [conversation(400) for _ in range(4)]
    continuations = Continuations(limit=3 * sessions[0].size + 4 * BYTES_PER_ANSWER)
    for number, state in enumerate(sessions[:3]):
        continuations.keep(HERE, f"r{number}", state)
    continuations.find(HERE, "r0")
    continuations.keep(HERE, "r3", sessions[3])
    assert continuations.find(HERE, "r0") is not None
    assert continuations.find(HERE, "r1") is None


def test_an_id_that_is_asked_for_is_in_use() -> None:
    continuations, state = Continuations(16 * LIMIT), Conversation.start(Settings())
    for number in range(IDS_PER_SESSION):
        continuations.keep(HERE, f"r{number}", state)
    continuations.find(HERE, "r0")
    continuations.keep(HERE, "one more", state)
    assert continuations.find(HERE, "r0") is state
    assert continuations.find(HERE, "r1") is None


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


@pytest.mark.parametrize(
    "item",
    [
        {"type": "shell_call", "call_id": "c", "action": {"commands": ["x" * 60_000]}},
        {"type": "local_shell_call", "call_id": "c", "action": {"command": ["sh", "-c", "x" * 60_000], "env": {}}},
        {"type": "shell_call", "call_id": "c", "action": {"commands": ["ls"] * 20_000}},
        {"type": "function_call", "call_id": "c", "name": "f", "arguments": "x" * 60_000},
    ],
    ids=["a list", "in an object", "many small ones", "a text"],
)
def test_what_an_answer_holds_counts_wherever_it_stands(item: dict[str, Any]) -> None:
    continuations = Continuations(2 * BYTES_PER_ANSWER + 50_000)
    continuations.keep(HERE, "r1", conversation(), (item,))
    assert continuations.find(HERE, "r1") is None


def test_of_a_compaction_it_counts_that_there_was_one() -> None:
    continuations = Continuations(LIMIT)
    state = conversation(400)
    before = continuations.size
    continuations.keep(HERE, "r1", state, ({"type": "compaction", "encrypted_content": "x" * 2 * LIMIT},))
    found = continuations.find(HERE, "r1")
    assert found is not None
    assert found.shown_length == 0
    assert continuations.size - before < LIMIT


def test_an_answer_that_cannot_be_written_is_unknown() -> None:
    continuations, deep = Continuations(LIMIT), "x"
    for _ in range(300):
        deep = [deep]  # type: ignore[assignment]
    continuations.keep(HERE, "r1", conversation())
    with pytest.raises(TypeError):
        continuations.keep(HERE, "r1", conversation(), ({"type": "shell_call", "call_id": "c", "action": deep},))
    assert continuations.find(HERE, "r1") is None

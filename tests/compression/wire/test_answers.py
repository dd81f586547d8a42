"""What events of a server are read, and that nothing that a server may send raises."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies

from headroom_compression import UNREAD_ANSWER
from headroom_compression import AnswerEvent
from headroom_compression import Progress
from headroom_compression import RequestIds
from headroom_compression import Usage
from headroom_compression import read_answer
from headroom_compression import read_answer_event
from headroom_compression import read_request_ids
from headroom_compression import telling_events
from tests.compression.support.bodies import Item
from tests.compression.support.bodies import command_call

CALL = command_call("ls")
USAGE: Item = {"input_tokens": 900, "input_tokens_details": {"cached_tokens": 128}, "output_tokens": 7}
BROKEN = AnswerEvent(Progress.BROKEN)
WORDS = ("created", "completed", "incomplete", "failed", "cancelled", "output_item.done", "output_item.added")


def event(kind: str, **members: object) -> bytes:
    return json.dumps({"type": kind, "sequence_number": 3, **members}).encode()


@pytest.mark.parametrize(
    ("reported", "expected"),
    [
        pytest.param(USAGE, Usage(900, 128, 7), id="all of it"),
        pytest.param({"input_tokens": 9, "output_tokens": 0}, Usage(9, None, 0), id="without a cache"),
        pytest.param(USAGE | {"input_tokens_details": None}, Usage(900, None, 7), id="no details"),
        pytest.param(USAGE | {"input_tokens_details": {"cached_tokens": None}}, Usage(900, None, 7), id="not known"),
        pytest.param(USAGE | {"input_tokens_details": {"cached_tokens": 0}}, Usage(900, 0, 7), id="none cached"),
        pytest.param(USAGE | {"input_tokens_details": {"cached_tokens": 900}}, Usage(900, 900, 7), id="all cached"),
        pytest.param(
            USAGE | {"input_tokens_details": {"cached_tokens": 901}}, Usage(900, None, 7), id="more cached than sent"
        ),
        pytest.param(
            USAGE | {"input_tokens_details": {"cached_tokens": -1}}, Usage(900, None, 7), id="nonsense cached"
        ),
        pytest.param(USAGE | {"input_tokens": -1}, None, id="less than nothing"),
        pytest.param(USAGE | {"input_tokens": "900"}, None, id="a text"),
        pytest.param(USAGE | {"output_tokens": 0.5}, None, id="half a token"),
        pytest.param({"prompt_tokens": 9, "completion_tokens": 1}, None, id="of another API"),
        pytest.param(None, None, id="none"),
        pytest.param([900], None, id="a list"),
    ],
)
def test_reads_the_tokens_that_the_server_reports(reported: object, expected: Usage | None) -> None:
    whole = json.dumps({"object": "response", "id": "r", "status": "completed", "usage": reported}).encode()
    assert read_answer(whole).usage == expected


WITHHELD: Item = {"id": "rs_1", "type": "reasoning", "action": "removed", "reason": "prefix_mismatch"}


@pytest.mark.parametrize(
    ("reported", "expected"),
    [
        pytest.param([WITHHELD, WITHHELD | {"id": "rs_2"}], ("rs_1", "rs_2"), id="two"),
        pytest.param(
            [WITHHELD | {"reason": "turn_boundary"}, WITHHELD | {"reason": "model_mismatch"}], (), id="reasons"
        ),
        pytest.param([WITHHELD | {"action": "kept"}], (), id="not removed"),
        pytest.param([WITHHELD | {"type": "message"}], (), id="no reasoning"),
        pytest.param([WITHHELD | {"id": 7}, "rs_1", None, [WITHHELD]], (), id="of other shapes"),
        pytest.param(
            [{"type": "thinking_dropped", "path": "messages.1", "reason": "prefix_mismatch"}], (), id="Claude"
        ),
        pytest.param([], (), id="none"),
        pytest.param(None, (), id="null"),
        pytest.param(WITHHELD, (), id="no list"),
    ],
)
def test_reads_which_reasoning_was_withheld_behind_a_changed_beginning(
    reported: object, expected: tuple[str, ...]
) -> None:
    response = {"object": "response", "id": "r", "status": "completed", "input_transformations": reported}
    assert read_answer(json.dumps(response).encode()).withheld == expected
    found = read_answer_event(event("response.completed", response=response))
    assert found is not None
    assert found.withheld == expected


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        (event("response.created", response={"id": "r2"}), AnswerEvent(Progress.BEGUN, "r2")),
        (
            event("response.created", response={"id": "r2", "previous_response_id": None, "output": []}),
            AnswerEvent(Progress.BEGUN, "r2", ""),
        ),
        (
            event("response.completed", response={"id": "r2", "previous_response_id": "r1", "output": [CALL]}),
            AnswerEvent(Progress.ENDED, "r2", "r1", (CALL,)),
        ),
        (event("response.incomplete", response={"id": "r2"}), AnswerEvent(Progress.ENDED, "r2")),
        (
            event("response.completed", response={"id": "r2", "usage": USAGE}),
            AnswerEvent(Progress.ENDED, "r2", usage=Usage(input=900, cached=128, output=7)),
        ),
        (event("response.output_item.done", item=CALL), AnswerEvent(Progress.ITEM, items=(CALL,))),
        (event("response.failed", response={"id": "r2"}), AnswerEvent(Progress.BROKEN, "r2")),
        (event("response.cancelled", response={"id": "r2"}), AnswerEvent(Progress.BROKEN, "r2")),
        (event("response.failed", response=None), BROKEN),
        (event("error", status=400), BROKEN),
        (event("error", status=400, stream_id="a"), AnswerEvent(Progress.BROKEN, lane="a")),
        (
            event("response.output_item.done", item=CALL, stream_id="a"),
            AnswerEvent(Progress.ITEM, items=(CALL,), lane="a"),
        ),
        (event("response.inject.created", response_id="r2"), AnswerEvent(Progress.ADDED, continues="r2")),
        (
            event("response.inject.failed", response_id="r2", input=[], error={}, stream_id="a"),
            AnswerEvent(Progress.NOT_ADDED, continues="r2", lane="a"),
        ),
        (event("response.inject.created", response_id=None), None),
        (
            event("response.steer.accepted", steer={"id": "s", "previous_response_id": "r2"}, stream_id="a"),
            AnswerEvent(Progress.STEERED, continues="r2", lane="a", steer="s"),
        ),
        (
            event("response.steer.pending", steer={"id": "s", "previous_response_id": "r2"}),
            AnswerEvent(Progress.NOT_STEERED, steer="s"),
        ),
        (event("response.steer.failed", steer={"id": "s"}), AnswerEvent(Progress.NOT_STEERED, steer="s")),
        (event("response.steer.failed", steer={"input": "before it had an id"}), None),
        (event("response.completed", response={"id": "r2"})[:-1], UNREAD_ANSWER),
        (event("response.output_text.delta", delta='say "response.created"'), None),
        (event("response.output_item.added", item=CALL), None),
        (event("response.in_progress", response={"id": "r2"}), None),
        (b"", None),
        (b"[]", None),
    ],
)
def test_reads_an_event(sent: bytes, expected: AnswerEvent | None) -> None:
    assert read_answer_event(sent) == expected


def test_text_that_names_an_event_is_none() -> None:
    assert read_answer_event(event("response.output_text.done", text='"response.completed"')) is None


@pytest.mark.parametrize(
    ("stream", "expected"),
    [
        (b"\n", []),
        (b"\n\n\n\n", []),
        (b'\ndata:"error"\n\n', [b'"error"']),
        (b'\n\n\ndata:"error"\n\n\ndata: 2\n\ndata: "error" 3\n\n', [b'"error"', b' "error" 3']),
        (b'\nid: 1\ndata: [\n: other\ndata:"error"\ndata\ndata:]\n\n', [b' [\n"error"\n]']),
        (b'\ndata: 1\n\n: "error"\n\ndata: 3\n\n', [b""]),
        (b'\ndata: "error" "error"\ndata: "error"\n\n', [b' "error" "error"\n "error"']),
        (b'\ndata: "error"\n\ndata: "error"\n', [b' "error"']),
        (b'\n data: "error"\nxdata:\n\n', [b""]),
    ],
)
def test_finds_telling_events_in_a_stream(stream: bytes, expected: list[bytes]) -> None:
    assert list(telling_events(stream)) == expected


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (
            {"object": "response", "id": "r1", "status": "completed", "output": [CALL]},
            AnswerEvent(Progress.ENDED, "r1", items=(CALL,)),
        ),
        ({"object": "response", "id": "r1", "status": "queued"}, AnswerEvent(Progress.BROKEN, "r1")),
        ({"object": "response.compaction", "id": "r1", "output": [CALL]}, AnswerEvent(Progress.BROKEN, "r1")),
        ({"object": "response.input_tokens", "input_tokens": 9}, BROKEN),
        ({"object": "list", "data": []}, BROKEN),
        ({"error": {"message": "no"}}, BROKEN),
    ],
)
def test_reads_a_whole_answer(answer: Item, expected: AnswerEvent) -> None:
    assert read_answer(json.dumps(answer).encode()) == expected


@pytest.mark.parametrize(
    ("body", "ids"),
    [
        (b'{"previous_response_id": "r1", "input": []}', RequestIds("r1")),
        (b'{"previous_response_id": "r1", "stream_id": "a"}', RequestIds("r1", "a")),
        (b'{"stream_id": "a"}', RequestIds("", "a")),
        (b'{"previous_response_id": null, "input": []}', RequestIds()),
        (b'{"previous_response_id": 1}', RequestIds()),
        (b'{"input": [{"previous_response_id": "r1"}]}', RequestIds()),
        (b'["previous_response_id"]', RequestIds()),
        (b'{"previous_response_id"', RequestIds()),
        (b'{"input": []}', RequestIds()),
        (b'{"previous\\u005fresponse_id": "r1", "\\u0073tream_id": "a"}', RequestIds("r1", "a")),
        (b'{"input": "\\ud83d", "previous_response_id": "r1", "stream_id": "a"}', RequestIds("r1", "a")),
        (b'{"input": "\\ud83d", "previous_response_id": 1}', RequestIds()),
        (b'{"input": "\\ud83d", "stream_id": "a", "stream_id": "b"}', RequestIds()),
        (b'{"type": "response.inject", "response_id": "r1", "input": []}', RequestIds(into="r1")),
        (b'{"type": "response.inject", "response_id": "r1", "input": "\\ud83d"}', RequestIds(into="r1")),
        (b'{"type": "response.inject", "previous_response_id": "r1"}', RequestIds(into="")),
        (b'{"type": "response.inject", "input": []}', RequestIds(into="")),
        (b'{"type": "response.create", "response_id": "r1"}', RequestIds()),
    ],
)
def test_reads_what_a_request_continues(body: bytes, ids: RequestIds) -> None:
    assert read_request_ids(body) == ids


SDK_ORDER = ("input", "instructions", "model", "previous_response_id", "store", "stream", "stream_id", "tools")
LONG = [{"type": "message", "role": "user", "content": "x" * 90_000}]


@pytest.mark.parametrize("order", [SDK_ORDER, SDK_ORDER[::-1]])
def test_reads_ids_that_stand_between_long_members(order: tuple[str, ...]) -> None:
    members = {"previous_response_id": "r1", "stream_id": "a", "input": LONG, "tools": LONG}
    body = json.dumps({key: members.get(key, key) for key in order}).encode()
    assert read_request_ids(body) == RequestIds("r1", "a")


def test_what_cannot_be_read_may_have_any_id() -> None:
    assert read_answer(b'{"id":') == UNREAD_ANSWER
    assert read_answer(b"") == BROKEN


values = strategies.recursive(
    strategies.none() | strategies.booleans() | strategies.integers() | strategies.text(),
    lambda inner: strategies.lists(inner) | strategies.dictionaries(strategies.text(), inner),
    max_leaves=5,
)


@given(strategies.sampled_from(["error", *(f"response.{word}" for word in WORDS)]), values, values, values)
def test_members_of_any_shape_never_raise(kind: str, response: object, item: object, output: object) -> None:
    read_answer_event(event(kind, response=response, item=item))
    read_answer_event(event(kind, response={"id": item, "previous_response_id": output, "output": output}))
    read_answer_event(event(kind, response={"input_transformations": output, "usage": item}))
    read_answer(json.dumps({"object": "response", "status": "completed", "id": item, "output": output}).encode())
    read_answer(json.dumps(response).encode())


@given(strategies.binary())
def test_any_bytes_never_raise(sent: bytes) -> None:
    read_answer_event(sent)
    read_answer_event(b'{"type":"response.created"' + sent)
    read_answer(sent)
    read_request_ids(b'"previous_response_id"' + sent)

"""Flow files that a real mitmdump wrote, and one with a WebSocket."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from mitmproxy.http import HTTPFlow
from mitmproxy.io import FlowWriter
from mitmproxy.test import tflow
from mitmproxy.test import tutils
from mitmproxy.websocket import WebSocketMessage
from wsproto.frame_protocol import Opcode

from headroom_compression.wire.paths import EDITED_MARK
from headroom_report.reading.answers import RecordedAnswer
from headroom_report.reading.formats import flows
from headroom_report.reading.formats.opening import ForeignFileError
from headroom_report.values.usage_sums import UsageSum
from tests.compression.support.bodies import Item
from tests.compression.support.bodies import command_call
from tests.compression.support.bodies import function_output
from tests.compression.support.bodies import message
from tests.compression.support.bodies import request_body
from tests.report.conftest import Notes
from tests.report.conftest import Traffic


def create(*items: Item, **members: object) -> tuple[bool, bytes]:
    return True, json.dumps({"type": "response.create", "input": items, **members}).encode()


def event(kind: str, **members: object) -> tuple[bool, bytes]:
    return False, json.dumps({"type": kind, **members}).encode()


def completed(response_id: str) -> tuple[bool, bytes]:
    usage = {"input_tokens": 10, "input_tokens_details": {"cached_tokens": 4}, "output_tokens": 2}
    return event("response.completed", response={"id": response_id, "output": [], "usage": usage})


def websocket_flow(*messages: tuple[bool, bytes]) -> HTTPFlow:
    flow = tflow.twebsocketflow()
    flow.request.path = "/v1/responses"
    assert flow.websocket
    flow.websocket.messages = [WebSocketMessage(Opcode.TEXT, *message) for message in messages]
    return flow


def posted_flow(answer: bytes) -> HTTPFlow:
    flow = tflow.tflow(resp=tutils.tresp(status_code=200, content=answer))
    flow.request.path, flow.request.method, flow.request.content = "/v1/responses", "POST", BODY
    return flow


BODY = request_body(message("Hi."))
FAILURES = (
    b'data: {"type":"response.created","response":{"id":"resp_1"}}\n\ndata: {"type":"response.failed"}\n\n',
    b'data: {"type":"error"}\n\n',
    b'{"object":"response","status":"failed","id":"resp_1"}',
)
CALL = command_call("ls")
CONVERSATION = (
    create(message("Hi.")),
    event("response.output_item.done", item=CALL),
    completed("resp_1"),
    (True, b'{"type":"response.cancel"}'),
    create(function_output("a.py"), previous_response_id="resp_1"),
    completed("resp_2"),
)
REFUSED_FIRST = (
    create(message("Hi."), previous_response_id="resp_0"),
    event("error", status=400, error={"code": "previous_response_not_found"}),
    create(message("Hi."), message("Go on.")),
    event("response.created", response={"id": "resp_1"}),
    event("response.incomplete", response={"id": "resp_1", "output": []}),
    event("error", status=400, error={"code": "websocket_connection_limit_reached"}),
    create(message("Hi."), message("Go on."), message("Again.")),
    event("response.created", response={"id": "resp_2"}),
    event("response.failed", response={"id": "resp_2"}),
)


def save(path: Path, *saved: HTTPFlow) -> Path:
    with path.open("wb") as file:
        writer = FlowWriter(file)
        for flow in saved:
            writer.add(flow)
    return path


def test_requests_over_http(traffic: Traffic, notes: Notes) -> None:
    opening = notes.opening(traffic.flows)
    assert flows.recognises(opening)
    requests = list(flows.read(opening))
    assert [request.members for request in requests] == [json.loads(body) for body in traffic.bodies]
    assert [request.answer.response_id for request in requests] == ["resp_1", "resp_2", "resp_3", "resp_4"]
    assert all(request.answer.usage for request in requests)
    assert notes == []


def test_requests_that_were_compressed_already_are_left_out_and_told(traffic: Traffic, notes: Notes) -> None:
    requests = list(flows.read(notes.opening(traffic.edited_flows)))
    assert [request.members for request in requests] == [json.loads(body) for body in traffic.bodies[:2]]
    path = traffic.edited_flows
    assert notes == [f"{path}: 2 requests are left out: headroom-addon had compressed them before they were saved"]


def test_messages_of_a_websocket(tmp_path: Path, notes: Notes) -> None:
    first, second = flows.read(notes.opening(save(tmp_path / "flows", websocket_flow(*CONVERSATION))))
    assert first.answer == RecordedAnswer("resp_1", (CALL,), UsageSum(10, 4, 2))
    assert second.members["previous_response_id"] == "resp_1"


def test_requests_that_failed_beneath_a_good_status_are_left_out_and_told(tmp_path: Path, notes: Notes) -> None:
    saved = (*map(posted_flow, FAILURES), posted_flow(b"cut off"))
    (request,) = flows.read(notes.opening(save(tmp_path / "flows", *saved)))
    assert request.answer == RecordedAnswer()
    assert notes == [f"{tmp_path}/flows: 3 requests are left out: refused, or without an answer"]


def test_messages_that_were_refused_are_left_out_and_told(tmp_path: Path, notes: Notes) -> None:
    (request,) = flows.read(notes.opening(save(tmp_path / "flows", websocket_flow(*REFUSED_FIRST))))
    assert (len(request.members["input"]), request.answer) == (2, RecordedAnswer("resp_1"))
    assert notes == [f"{tmp_path}/flows: 2 requests are left out: refused, or without an answer"]


def test_other_flows_are_passed_over_and_broken_ones_told(tmp_path: Path, notes: Notes) -> None:
    other, broken, get, marked = (tflow.tflow() for _ in range(4))
    for flow in (broken, get, marked):
        flow.request.path = "/v1/responses"
    broken.request.method, get.request.method = "POST", "GET"
    broken.request.headers["content-encoding"] = "gzip"
    broken.response = tutils.tresp()
    refused, unanswered = tflow.tflow(resp=tutils.tresp(status_code=429)), tflow.tflow()
    for flow in (refused, unanswered):
        flow.request.path, flow.request.method = "/v1/responses", "POST"
    marked.metadata[EDITED_MARK] = True
    path = save(tmp_path / "flows", other, broken, get, marked, refused, unanswered)
    assert list(flows.read(notes.opening(path))) == []
    assert [note.partition(": ")[2] for note in notes] == [
        "1 request is left out: headroom-addon had compressed them before they were saved",
        "2 requests are left out: refused, or without an answer",
        "1 request is left out: no JSON with input items",
    ]


def test_a_file_that_breaks_off_gives_what_it_holds(traffic: Traffic, tmp_path: Path, notes: Notes) -> None:
    path = tmp_path / "cut"
    path.write_bytes(traffic.flows.read_bytes()[:-100])
    requests = flows.read(notes.opening(path))
    assert [len(next(requests).members["input"]) for _ in range(3)] == [1, 3, 5]
    with pytest.raises(ForeignFileError, match="broken off"):
        next(requests)


def test_what_else_is_asked_of_items_is_no_request_of_a_model(tmp_path: Path, notes: Notes) -> None:
    asked = [posted_flow(b'{"object":"response.input_tokens","input_tokens":9}') for _ in range(2)]
    for flow, name in zip(asked, ("compact", "input_tokens"), strict=True):
        flow.request.path = f"/v1/responses/{name}"
    (request,) = flows.read(notes.opening(save(tmp_path / "flows", *asked, posted_flow(b"{}"))))
    assert request.answer == RecordedAnswer()
    assert notes == []

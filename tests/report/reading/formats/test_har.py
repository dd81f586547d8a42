"""Archives that a real mitmdump wrote, one with a WebSocket, and entries of other programs."""

from __future__ import annotations

import json
from base64 import b64encode
from pathlib import Path
from typing import Any

from mitmproxy.addons.savehar import SaveHar

from headroom_report.reading.answers import RecordedAnswer
from headroom_report.reading.formats import har
from tests.compression.support.bodies import message
from tests.compression.support.bodies import request_body
from tests.report.conftest import Notes
from tests.report.conftest import Traffic
from tests.report.reading.formats.test_flows import CONVERSATION
from tests.report.reading.formats.test_flows import FAILURES
from tests.report.reading.formats.test_flows import REFUSED_FIRST
from tests.report.reading.formats.test_flows import websocket_flow

BODY = request_body(message("Hi.")).decode()
ANSWER = '{"object":"response","status":"completed","id":"resp_1","output":[]}'


def archive(path: Path, *entries: object) -> Path:
    path.write_text(json.dumps({"log": {"entries": entries}}))
    return path


def entry(body: object, status: int = 200, **content: str) -> dict[str, Any]:
    request = {"method": "POST", "url": "https://host/v1/responses", "postData": {"text": body}}
    return {"request": request, "response": {"status": status, "content": content}}


def posted(**data: str) -> dict[str, Any]:
    return {"request": {"method": "POST", "url": "https://host/v1/responses", "postData": data}}


def test_requests_over_http(traffic: Traffic, notes: Notes) -> None:
    opening = notes.opening(traffic.har)
    assert har.recognises(opening)
    requests = list(har.read(opening))
    assert [request.members for request in requests] == [json.loads(body) for body in traffic.bodies]
    assert [request.answer.response_id for request in requests] == ["resp_1", "resp_2", "resp_3", "resp_4"]


def test_messages_of_a_websocket(tmp_path: Path, notes: Notes) -> None:
    path = tmp_path / "archive"
    path.write_text(json.dumps(SaveHar().make_har([websocket_flow(*CONVERSATION)])))
    first, second = har.read(notes.opening(path))
    assert first.answer.response_id == "resp_1"
    assert second.members["previous_response_id"] == "resp_1"


def test_messages_that_were_refused_are_left_out_and_told(tmp_path: Path, notes: Notes) -> None:
    path = tmp_path / "archive"
    path.write_text(json.dumps(SaveHar().make_har([websocket_flow(*REFUSED_FIRST)])))
    (request,) = har.read(notes.opening(path))
    assert (len(request.members["input"]), request.answer) == (2, RecordedAnswer("resp_1"))
    assert notes == [f"{path}: 2 requests are left out: refused, or without an answer"]


def test_entries_of_other_programs(tmp_path: Path, notes: Notes) -> None:
    encoded = b64encode(ANSWER.encode()).decode()
    path = archive(
        tmp_path / "archive",
        entry(BODY, text=ANSWER),
        entry(BODY, text=encoded, encoding="base64"),
        entry(BODY, text="no base64", encoding="base64"),
        entry(BODY),
        {"request": {"method": "GET", "url": "https://host/v1/responses"}},
        {"request": {"method": "POST", "url": "https://host/other", "postData": {"text": BODY}}},
        {"request": {"method": "POST", "url": "https://host/v1/responses/compact", "postData": {"text": BODY}}},
        {"request": {"method": "POST", "url": "https://host/responses/input_tokens?", "postData": {"text": BODY}}},
        entry("no JSON"),
        None,
    )
    answers = [request.answer for request in har.read(notes.opening(path))]
    assert answers == [RecordedAnswer("resp_1"), RecordedAnswer("resp_1"), RecordedAnswer(), RecordedAnswer()]
    assert notes == [f"{path}: 1 request is left out: its body is no JSON with input items"]


def test_what_cannot_be_measured_stops_no_other_and_is_counted(tmp_path: Path, notes: Notes) -> None:
    path = archive(
        tmp_path / "archive",
        entry(BODY, status=429),
        entry(BODY, status=0),
        *(entry(BODY, text=failure.decode()) for failure in FAILURES),
        posted(),
        {**entry(BODY), "_webSocketMessages": ["no object"]},
        {"request": {"method": "GET", "url": "http://[oops"}},
        posted(text=b64encode(BODY.encode()).decode(), encoding="base64"),
        entry(BODY),
    )
    assert len(list(har.read(notes.opening(path)))) == 2
    assert [note.partition(": ")[2] for note in notes] == [
        "5 requests are left out: refused, or without an answer",
        "1 request is left out: the archive does not hold its body",
        "2 requests are left out: not as an archive has it",
    ]

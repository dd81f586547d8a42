"""Flow files that mitmproxy saves (`mitmdump -w FILE`): requests over HTTP, and the messages of WebSockets.

The one module here that knows mitmproxy. Of a flow that carries the addon's mark the file holds only what was sent, not
what came, so that it is left out, with a note.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mitmproxy.exceptions import FlowReadException
from mitmproxy.http import HTTPFlow
from mitmproxy.http import Message
from mitmproxy.http import Response
from mitmproxy.io import FlowReader

from headroom_compression.wire.paths import EDITED_MARK
from headroom_compression.wire.paths import FIRST_REFUSAL
from headroom_compression.wire.paths import is_responses_path
from headroom_report.reading.answers import REFUSED
from headroom_report.reading.answers import RecordedAnswer
from headroom_report.reading.answers import read_body
from headroom_report.reading.formats.opening import ForeignFileError
from headroom_report.reading.formats.opening import Opening
from headroom_report.reading.requests import RecordedRequest
from headroom_report.reading.requests import read_messages
from headroom_report.reading.requests import read_request

KIND = "mitmproxy flows"
# The length of a flow, then that of its first key, as mitmproxy writes them: 3177:9:websocket;
_BEGINNING = re.compile(rb"[0-9]{1,12}:[0-9]{1,3}:[a-z_]{2,20}[;,]")


def recognises(opening: Opening) -> bool:
    return _BEGINNING.match(opening.head) is not None


def read(opening: Opening) -> Iterator[RecordedRequest]:
    edited = unreadable = refused = 0
    for flow in _flows(opening):
        if EDITED_MARK in flow.metadata:
            edited += 1
            continue
        for request in _requests(flow):
            if request is None:
                unreadable += 1
            elif request.answer.is_refused:
                refused += 1
            else:
                yield request
    opening.note_left_out(edited, "headroom-addon had compressed them before they were saved")
    opening.note_left_out(refused, "refused, or without an answer")
    opening.note_left_out(unreadable, "no JSON with input items")


def _requests(flow: HTTPFlow) -> Iterator[RecordedRequest | None]:
    """None for a body that is no request; of a refused one the body is not read."""
    if flow.websocket:
        yield from read_messages((message.from_client, message.content) for message in flow.websocket.messages)
    elif flow.request.method == "POST":
        answer = _answer(flow.response)
        yield RecordedRequest({}, answer) if answer.is_refused else read_request(_content(flow.request), answer)


def _answer(response: Response | None) -> RecordedAnswer:
    if response is None or response.status_code >= FIRST_REFUSAL:
        return REFUSED
    return read_body(_content(response))


def _flows(opening: Opening) -> Iterator[HTTPFlow]:
    with opening.stream() as stream:
        try:
            for flow in FlowReader(stream).stream():
                if isinstance(flow, HTTPFlow) and is_responses_path(flow.request.path):
                    yield flow
        except FlowReadException as error:
            raise ForeignFileError("broken off, or no flow file that this mitmproxy can read") from error


def _content(message: Message) -> bytes:
    """Without its Content-Encoding; nothing where that is broken."""
    try:
        return message.content or b""
    except ValueError:
        return b""

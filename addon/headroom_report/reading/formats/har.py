"""HTTP archives (HAR 1.2) of browsers, mitmproxy and other proxies, with WebSockets as Chrome and mitmproxy do."""

from __future__ import annotations

from base64 import b64decode
from collections import Counter
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from headroom_compression.wire.paths import FIRST_REFUSAL
from headroom_compression.wire.paths import is_responses_path
from headroom_report.reading.answers import read_body
from headroom_report.reading.formats.opening import Opening
from headroom_report.reading.requests import RecordedRequest
from headroom_report.reading.requests import read_messages
from headroom_report.reading.requests import read_request

KIND = "HAR"
_REFUSED = "refused, or without an answer"


def recognises(opening: Opening) -> bool:
    match opening.document:
        case {"log": {"entries": list()}}:
            return True
    return False


def read(opening: Opening) -> Iterator[RecordedRequest]:
    document = opening.document
    left_out: Counter[str] = Counter()
    for entry in document["log"]["entries"] if isinstance(document, dict) else ():
        try:
            requests = list(_requests(entry))
        except _LeftOutError as error:
            left_out[str(error)] += 1
        except (AttributeError, TypeError, ValueError):
            left_out["not as an archive has it"] += 1
        else:
            left_out[_REFUSED] += sum(request.answer.is_refused for request in requests)
            yield from (request for request in requests if not request.answer.is_refused)
    for reason, count in left_out.items():
        opening.note_left_out(count, reason)


class _LeftOutError(Exception):
    """Why a request is not measured."""


def _requests(entry: Mapping[str, Any]) -> Iterator[RecordedRequest]:
    match entry:
        case {"request": {"url": str(url), "method": str(method)}} if is_responses_path(urlsplit(url).path):
            if "_webSocketMessages" in entry:
                yield from _of_messages(entry["_webSocketMessages"])
            elif method == "POST":
                yield _of_post(entry)


def _of_messages(messages: Sequence[Mapping[str, Any]]) -> Iterator[RecordedRequest]:
    yield from read_messages((message.get("type") == "send", _bytes(message.get("data"))) for message in messages)


def _of_post(entry: Mapping[str, Any]) -> RecordedRequest:
    match entry:
        case {"response": {"status": int(status)}} if not 0 < status < FIRST_REFUSAL:
            raise _LeftOutError(_REFUSED)
    posted = entry["request"].get("postData")
    if not posted or not posted.get("text"):
        raise _LeftOutError("the archive does not hold its body")
    request = read_request(_decoded(posted), read_body(_content(entry)))
    if request is None:
        raise _LeftOutError("its body is no JSON with input items")
    return request


def _decoded(content: Mapping[str, Any]) -> bytes:
    text = content["text"]
    return b64decode(text) if content.get("encoding") == "base64" else _bytes(text)


def _content(entry: Mapping[str, Any]) -> bytes:
    match entry:
        case {"response": {"content": {"text": str()} as content}}:
            try:
                return _decoded(content)
            except ValueError:
                return b""
    return b""


def _bytes(text: object) -> bytes:
    return text.encode(errors="replace") if isinstance(text, str) else b""

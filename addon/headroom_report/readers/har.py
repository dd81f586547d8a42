"""HTTP archives (HAR 1.2) of browsers, mitmproxy and other proxies, with WebSockets as Chrome and mitmproxy do."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterator
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from headroom_report.answers import read_body
from headroom_report.readers.opening import Opening
from headroom_report.requests import RecordedRequest
from headroom_report.requests import read_messages
from headroom_report.requests import read_request
from headroom_report.wire import is_responses_path

KIND = "HAR"


def recognises(opening: Opening) -> bool:
    match opening.document:
        case {"log": {"entries": list()}}:
            return True
    return False


def read(opening: Opening) -> Iterator[RecordedRequest]:
    document = opening.document
    for entry in document["log"]["entries"] if isinstance(document, dict) else ():
        match entry:
            case {"request": {"url": str(url)}} if is_responses_path(urlsplit(url).path):
                yield from _requests(entry, opening)


def _requests(entry: Mapping[str, Any], opening: Opening) -> Iterator[RecordedRequest]:
    match entry:
        case {"_webSocketMessages": list(messages)}:
            yield from read_messages(
                (message.get("type") == "send", _bytes(message.get("data"))) for message in messages if message
            )
        case {"request": {"method": "POST", "postData": {"text": str(body)}}}:
            request = read_request(body, read_body(_content(entry)))
            if request:
                yield request
            else:
                opening.note(f"{opening.path}: a request is left out, its body is no JSON with input items")


def _content(entry: Mapping[str, Any]) -> bytes:
    match entry:
        case {"response": {"content": {"text": str(text), "encoding": "base64"}}}:
            try:
                return b64decode(text)
            except ValueError:
                return b""
        case {"response": {"content": {"text": str(text)}}}:
            return _bytes(text)
    return b""


def _bytes(text: object) -> bytes:
    return text.encode(errors="replace") if isinstance(text, str) else b""

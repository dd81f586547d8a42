"""Requests as a client writes them, and what the addon logs of them."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

OUTPUT = b'{"model": "m", "input": [{"type": "function_call_output", "call_id": "c", "output": "%s"}]}'
LONG_BODY = OUTPUT % (b"padding " * 20)
SHORT_BODY = OUTPUT % b""


def post(body: bytes, *headers: str, path: str = "/v1/responses", method: str = "POST") -> bytes:
    """Write a request with the header lines given, a length, and a wish to close the connection."""
    head = [f"{method} {path} HTTP/1.1", "Host: upstream.test", *headers, f"Content-Length: {len(body)}"]
    return "\r\n".join([*head, "Connection: close", "", ""]).encode() + body


def warnings_in(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [
        record.getMessage()
        for record in caplog.records
        if record.levelno >= logging.WARNING and record.name.startswith("headroom")
    ]

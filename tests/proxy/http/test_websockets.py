"""Which messages are requests, and that a changed one is not cut."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from mitmproxy.proxy.layers.websocket import Fragmentizer

from headroom_proxy.http import websockets

if TYPE_CHECKING:
    from collections.abc import Iterator

LONG = ("x" + "\N{GRINNING FACE}" * 5_000).encode()


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (b'{"type":"response.create","input":[]}', True),
        (b' { "type" : "response.create" }', True),
        (b'{"input":[],"type":"response.create"}', True),
        (b'{"input":"\\ud83d","type":"response.create"}', True),
        (b'{"type":"response.cancel","reason":"response.create"}', False),
        (b'{"type":"response.inject","response_id":"resp_1","input":[]}', True),
        (b'{"input":[],"response_id":"resp_1","type":"response.inject"}', True),
        (b'{"type":"response.injected"}', False),
        (b'{"type":"response.steer"}', False),
        (b'[{"type":"response.create"}]', False),
        (b'{"input":[{"type":"response.create"}]}', False),
        (b'{"input":[],"type":"response.create"', False),
        (b'{"type":1,"a":"response.create"}', False),
        (b"\xff response.create", False),
        (b"[" * 100_000 + b"response.create", False),
        (b"", False),
    ],
)
def test_is_request(message: bytes, expected: bool) -> None:  # noqa: FBT001  a table's column
    assert websockets.is_request(message) is expected


@pytest.fixture
def in_one_frame() -> Iterator[None]:
    websockets.send_in_one_frame()
    yield
    websockets.send_in_mitmproxys_fragments()


def frames() -> list[str]:
    return [str(message.data) for message in Fragmentizer([b"as it came"], is_text=True)(LONG)]


@pytest.mark.usefixtures("in_one_frame")
def test_a_changed_message_is_one_frame() -> None:
    assert frames() == [LONG.decode()]


def test_mitmproxy_would_lose_characters() -> None:
    """The reason for the other test; when this fails, mitmproxy was mended."""
    assert "".join(frames()) != LONG.decode()

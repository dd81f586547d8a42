"""Options of mitmproxy itself beside the addon: recordings that replay, and what is said at the start."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING

import pytest
from mitmproxy.options import Options

from headroom_proxy.neighbours import Warnings
from tests.proxy.exchanged import warnings_in
from tests.proxy.test_mitmdump import BODY
from tests.proxy.test_mitmdump import ON
from tests.proxy.test_mitmdump import mitmdump
from tests.proxy.test_mitmdump import send

if TYPE_CHECKING:
    import socket
    from pathlib import Path

    from tests.proxy.conftest import Upstream

EVENTS = b"".join(
    b"event: response.output_text.delta\ndata: %b\n\n" % json.dumps({"delta": "a" * number}).encode()
    for number in range(30)
)
TYPE = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
FRAMINGS = {
    "chunked": TYPE
    + b"Transfer-Encoding: chunked\r\n\r\n"
    + b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in (EVENTS[:99], EVENTS[99:], b"")),
    "with a length": TYPE + b"Content-Length: %d\r\n\r\n" % len(EVENTS) + EVENTS,
}
READING = BODY % rb"".join(rb"%6d\tvalue = compute()\n" % number for number in range(1, 400))
OFF = "--set=compress_passthrough=false"


def record(confdir: Path, upstream: Upstream, reply: bytes, switch: str, flows: Path) -> bytes:
    """The reply that the client got while mitmdump recorded."""

    def write(connection: socket.socket) -> None:
        connection.sendall(reply)

    upstream.reply = write
    mode = f"--mode=reverse:http://127.0.0.1:{upstream.port}"
    with mitmdump(confdir, switch, mode, f"--save-stream-file={flows}") as proxy:
        received = send(proxy.port, READING)
        assert proxy.stop() == 0
    return received


def replay(confdir: Path, upstream: Upstream, switch: str, flows: Path) -> bytes:
    """What the client gets of a recording; the upstream must not be asked."""
    asked = len(upstream.received)
    mode = f"--mode=reverse:http://127.0.0.1:{upstream.port}"
    kill = "--set=server_replay_extra=kill"
    with mitmdump(confdir, switch, mode, f"--server-replay={flows}", kill) as proxy:
        received = send(proxy.port, READING)
    assert len(upstream.received) == asked
    return received


def body_of(reply: bytes) -> bytes:
    head, _, body = reply.partition(b"\r\n\r\n")
    if b"chunked" not in head.lower():
        return body
    parts = []
    while body:
        size, _, rest = body.partition(b"\r\n")
        parts.append(rest[: int(size, 16)])
        body = rest[int(size, 16) + 2 :]
    return b"".join(parts)


@pytest.mark.parametrize("framing", FRAMINGS)
def test_a_recorded_event_stream_replays_whole(framing: str, confdir: Path, upstream: Upstream, tmp_path: Path) -> None:
    flows = tmp_path / "flows"
    assert body_of(record(confdir, upstream, FRAMINGS[framing], ON, flows)) == EVENTS
    assert upstream.received[0].body != READING
    assert body_of(replay(confdir, upstream, ON, flows)) == EVENTS


def test_a_recording_made_without_the_addon_answers_with_it(confdir: Path, upstream: Upstream, tmp_path: Path) -> None:
    flows = tmp_path / "flows"
    record(confdir, upstream, FRAMINGS["chunked"], OFF, flows)
    assert upstream.received[0].body == READING
    assert body_of(replay(confdir, upstream, ON, flows)) == EVENTS
    assert body_of(replay(confdir, upstream, OFF, flows)) == EVENTS


VALUES = {"stream_large_bodies": "1m", "modify_body": ["/a/b"], "save_stream_file": "flows", "server_replay": ["flows"]}


@pytest.fixture
def options() -> Options:
    options = Options()
    for name, value in VALUES.items():
        options.add_option(name, type(value) if isinstance(value, str) else list, type(value)(), "")
    return options


@pytest.mark.parametrize("name", VALUES)
def test_warns_once_of_an_option_that_meets_the_addon(
    name: str, options: Options, caplog: pytest.LogCaptureFixture
) -> None:
    warn = partial(Warnings().warn, options, is_dry_run=False)
    warn()
    assert warnings_in(caplog) == []
    options.update(**{name: VALUES[name]})
    warn()
    warn()
    assert [name in line for line in warnings_in(caplog)] == [True]


def test_a_dry_run_meets_only_what_it_cannot_measure(options: Options, caplog: pytest.LogCaptureFixture) -> None:
    options.update(**VALUES)
    Warnings().warn(options, is_dry_run=True)
    assert warnings_in(caplog) == [
        "headroom-addon: requests over stream_large_bodies are streamed and cannot be compressed."
    ]

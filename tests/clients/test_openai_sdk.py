"""The openai Python SDK, in an environment of its own: it cannot share one with mitmproxy 11."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.loopback.proxy import Proxy
from tests.loopback.upstream import FunctionCall
from tests.loopback.upstream import LoopbackUpstream
from tests.loopback.upstream import Message

VERSION = "3.57.0"
DRIVER = Path(__file__).with_name("openai_driver.py")
COMMANDS = ("nl -ba areas.py", "nl -ba areas.py", "sed -n '40,160p' areas.py", "cat areas.py", "cat areas.py")


@pytest.fixture(scope="session")
def python_with_sdk(install: Callable[[str, list[list[str]]], Path]) -> Path:
    environment = [sys.executable, "-m", "venv", "{folder}"]
    sdk = ["{folder}/bin/python", "-m", "pip", "install", "--quiet", f"openai[realtime]=={VERSION}"]
    return install(f"openai-realtime-{VERSION}", [environment, sdk]) / "bin" / "python"


@pytest.fixture
def upstream() -> Iterator[LoopbackUpstream]:
    script = [(FunctionCall("exec_command", {"cmd": command}),) for command in COMMANDS]
    with LoopbackUpstream([*script, (Message("Everything read."),)], tls=True) as upstream:
        yield upstream


@pytest.fixture
def drive(
    python_with_sdk: Path, upstream: LoopbackUpstream, proxy: Proxy, workplace: Path
) -> Callable[[str], dict[str, Any]]:
    def run_driver(mode: str) -> dict[str, Any]:
        base_url = f"https://localhost:{upstream.port}/api/codex-proxy/some-key/v1"
        done = subprocess.run(
            [python_with_sdk, DRIVER, base_url, mode],
            cwd=workplace,
            env={
                "PATH": os.environ["PATH"],
                "HTTPS_PROXY": f"http://127.0.0.1:{proxy.port}",
                "SSL_CERT_FILE": str(proxy.authority),
            },
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        printed: dict[str, Any] = json.loads(done.stdout)
        return printed

    return run_driver


@pytest.mark.parametrize("mode", ["stream", "whole"])
def test_session_ends_well_and_keeps_every_promise(
    mode: str, drive: Callable[[str], dict[str, Any]], upstream: LoopbackUpstream, check_promises: Callable[[], None]
) -> None:
    assert drive(mode)["final"] == "Everything read."
    outputs_sent = [item["output"] for item in json.loads(upstream.response_requests[-1].body)["input"][2::2]]
    assert [type(output) for output in outputs_sent] == [str, list, str, list, str]
    check_promises()


def test_stored_conversation_is_sent_in_increments_and_keeps_every_promise(
    drive: Callable[[str], dict[str, Any]],
    upstream: LoopbackUpstream,
    check_promises_of_increments: Callable[[], None],
) -> None:
    assert drive("stored")["final"] == "Everything read."
    inputs = [json.loads(request.body)["input"] for request in upstream.response_requests]
    assert [len(items) for items in inputs] == [1] * (len(COMMANDS) + 1)
    assert len(upstream.history.conversations[-1]) == 1 + 2 * len(COMMANDS)
    check_promises_of_increments()


def test_websocket_session_ends_well_and_keeps_every_promise(
    drive: Callable[[str], dict[str, Any]],
    upstream: LoopbackUpstream,
    check_promises_of_websockets: Callable[[], None],
) -> None:
    assert drive("websocket")["final"] == "Everything read."
    assert len(upstream.websockets.creates) == len(COMMANDS) + 1
    assert len(upstream.history.conversations[-1]) == 1 + 2 * len(COMMANDS)
    check_promises_of_websockets()


def test_events_arrive_while_the_upstream_is_still_writing(
    drive: Callable[[str], dict[str, Any]], upstream: LoopbackUpstream
) -> None:
    upstream.event_delay = 0.05
    arrivals = drive("stream")["arrivals"]
    assert len(arrivals) == len(COMMANDS) + 1
    for arrived, request in zip(arrivals, upstream.response_requests, strict=True):
        assert arrived[0] < request.event_times[-1]

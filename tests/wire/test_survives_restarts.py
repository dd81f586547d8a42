"""The real mitmdump as a process: killed in a session, its script touched under way, its log searched for secrets."""

from __future__ import annotations

import json
import os
import shutil
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from tests.wire.bodies import SHORTENED
from tests.wire.bodies import turns

from headroom_compression import compress_request_body
from loopback_proxy import Proxy
from loopback_proxy import running_proxy
from loopback_upstream import LoopbackUpstream
from loopback_upstream import Message

ROOT = Path(__file__).parents[2]
ADDON = Path(os.environ.get("HEADROOM_ADDON_SCRIPT") or ROOT / "addon" / "headroom_addon.py")
PATH = "/v1/responses"
SECRETS = ("planted-key-in-a-header", "planted-word-in-a-body")


@pytest.fixture
def upstream() -> Iterator[LoopbackUpstream]:
    with LoopbackUpstream(lambda _: (Message("Done."),), tls=True, event_delay=0.05) as upstream:
        yield upstream


def arguments(script: Path, upstream: LoopbackUpstream) -> list[str]:
    options = ("compress_passthrough=true", f"ssl_verify_upstream_trusted_ca={upstream.authority}")
    return ["-s", str(script), *(f"--set={option}" for option in options)]


def post(proxy: Proxy, upstream: LoopbackUpstream, body: bytes, headers: dict[str, str] | None = None) -> None:
    assert list(proxy.post(("localhost", upstream.port, PATH), body, headers or {}))


def test_a_session_goes_on_with_the_same_bytes_after_a_kill(upstream: LoopbackUpstream, tmp_path: Path) -> None:
    sent = turns(4)
    for body in sent:
        with running_proxy(arguments(ADDON, upstream), tmp_path) as proxy:
            post(proxy, upstream, body)
            os.kill(proxy.pid, signal.SIGKILL)
    received = [request.body for request in upstream.response_requests]
    assert received == [compress_request_body(body).body for body in sent]


def test_a_reload_loses_no_request(upstream: LoopbackUpstream, tmp_path: Path) -> None:
    """mitmproxy looks for a change of the script each second."""
    script = tmp_path / "addon" / "headroom_addon.py"
    for package in ("headroom_proxy", "headroom_compression"):
        shutil.copytree(ADDON.parent / package, script.parent / package)
    shutil.copy(ADDON, script)
    with running_proxy(arguments(script, upstream), tmp_path) as proxy, ThreadPoolExecutor(4) as pool:
        requests = [pool.submit(post, proxy, upstream, SHORTENED) for _ in range(20)]
        os.utime(script, (2**31, 2**31))
        requests += [pool.submit(post, proxy, upstream, SHORTENED) for _ in range(20)]
        for request in requests:
            request.result()
    assert {request.body for request in upstream.response_requests} <= {
        SHORTENED,
        compress_request_body(SHORTENED).body,
    }
    assert len(upstream.response_requests) == len(requests)


def test_nothing_of_a_request_is_logged(upstream: LoopbackUpstream, tmp_path: Path) -> None:
    key, word = SECRETS
    body = json.loads(SHORTENED)
    body["input"].append({"type": "function_call_output", "call_id": "none", "output": f"{word}\n" * 30})
    words = [*arguments(ADDON, upstream), "--set=termlog_verbosity=debug"]
    with running_proxy(words, tmp_path) as proxy:
        post(proxy, upstream, json.dumps(body).encode(), {"Authorization": f"Bearer {key}"})
        post(proxy, upstream, json.dumps({"input": f"{word}_output"}).encode(), {"Authorization": f"Bearer {key}"})
        log = proxy.log
    assert "headroom: responses" in log
    assert not any(secret in log for secret in SECRETS)

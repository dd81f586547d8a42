"""The real mitmdump as a process: killed in a session, its script touched under way, its log searched for secrets."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from headroom_compression import __version__
from headroom_compression import compress_request_body
from headroom_proxy.addon import WATCHDOG_SECONDS
from headroom_proxy.encodings import DECODED_LIMIT
from tests.loopback.proxy import SECONDS_TO_START
from tests.loopback.proxy import Proxy
from tests.loopback.proxy import running_proxy
from tests.loopback.upstream import LoopbackUpstream
from tests.loopback.upstream import Message
from tests.proxy.test_encodings import gigabyte_in_brotli
from tests.proxy.test_encodings import gigabyte_in_gzip
from tests.proxy.test_encodings import gigabyte_in_zstd
from tests.wire.bodies import SHORTENED
from tests.wire.bodies import turns

ROOT = Path(__file__).parents[2]
ADDON = Path(os.environ.get("HEADROOM_ADDON_SCRIPT") or ROOT / "addon" / "headroom_addon.py")
PATH = "/v1/responses"
SECONDS_TO_RELOAD = 40
SLOW_FOLD = """
import time
from headroom_compression.folds import rows

fold = rows.fold

def fold_slowly(*known):
    time.sleep(0.1)
    return fold(*known)

rows.fold = fold_slowly
"""
ONE_SLOW_FOLD = """
import pathlib
import time
from headroom_compression.folds import rows

fold = rows.fold
wanted = pathlib.Path(__file__).with_name("wanted")

def fold_slowly(*known):
    if wanted.exists():
        wanted.unlink()
        time.sleep(1)
    return fold(*known)

rows.fold = fold_slowly
"""
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


@pytest.mark.skipif(sys.platform == "win32", reason="has no such signal")
def test_a_pause_of_the_process_is_no_work_that_takes_too_long(upstream: LoopbackUpstream, tmp_path: Path) -> None:
    slow = tmp_path / "slow.py"
    slow.write_text(ONE_SLOW_FOLD)
    wanted = tmp_path / "wanted"
    sent = turns(2)
    with running_proxy([*arguments(ADDON, upstream), "-s", str(slow)], tmp_path) as proxy:
        deadline = time.monotonic() + SECONDS_TO_START
        while "headroom: responses" not in proxy.log:  # the tokenizer is being loaded
            assert time.monotonic() < deadline, proxy.log
            post(proxy, upstream, SHORTENED)
        upstream.requests.clear()
        wanted.touch()
        with ThreadPoolExecutor(1) as pool:
            under_way = pool.submit(post, proxy, upstream, sent[0])
            while wanted.exists():
                assert time.monotonic() < deadline, proxy.log
                time.sleep(0.05)
            os.kill(proxy.pid, signal.SIGSTOP)
            time.sleep(WATCHDOG_SECONDS + 2)
            os.kill(proxy.pid, signal.SIGCONT)
            under_way.result()
        post(proxy, upstream, sent[1])
    received = [request.body for request in upstream.response_requests]
    assert received == [compress_request_body(body).body for body in sent]


def test_a_reload_loses_no_request(upstream: LoopbackUpstream, tmp_path: Path) -> None:
    """mitmproxy looks for a change of the script each second. What waits just then goes on as it came."""
    script = tmp_path / "addon" / "headroom_addon.py"
    for package in ("headroom_proxy", "headroom_report", "headroom_compression"):
        shutil.copytree(ADDON.parent / package, script.parent / package)
    shutil.copy(ADDON, script)
    slow = tmp_path / "slow.py"
    slow.write_text(SLOW_FOLD)
    words = [*arguments(script, upstream), "-s", str(slow)]
    with running_proxy(words, tmp_path) as proxy, ThreadPoolExecutor(4) as pool:
        requests = [pool.submit(post, proxy, upstream, SHORTENED) for _ in range(4)]
        os.utime(script, (2**31, 2**31))
        deadline = time.monotonic() + SECONDS_TO_RELOAD
        while proxy.log.count(f"headroom-addon {__version__}: on") < 2:
            assert time.monotonic() < deadline, proxy.log
            requests.append(pool.submit(post, proxy, upstream, SHORTENED))
            requests[-4].result()  # so that there are always some under way
        for request in requests:
            request.result()
        after_reload = slice(len(requests), len(requests) + 4)
        for _ in range(4):
            post(proxy, upstream, SHORTENED)
        script.write_text("def broken(")  # a syntax error that someone saves: from here on there is no addon
        os.utime(script, (2**31 + 9, 2**31 + 9))
        while "SyntaxError" not in proxy.log:
            assert time.monotonic() < deadline, proxy.log
            post(proxy, upstream, SHORTENED)
        post(proxy, upstream, SHORTENED)
    expected = compress_request_body(SHORTENED).body
    received = [request.body for request in upstream.response_requests]
    assert set(received) == {expected, SHORTENED}
    assert set(received[after_reload]) == {expected}
    assert received[-1] == SHORTENED
    assert all(line.endswith("switched off") for line in proxy.log.splitlines() if "unchanged" in line)


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


def peak_megabytes(process: int) -> int:
    status = Path(f"/proc/{process}/status")
    if not status.exists():
        pytest.skip("this system does not tell what a process needs")
    lines = dict(line.split(":", 1) for line in status.read_text().splitlines())
    return int(lines["VmHWM"].split()[0]) // 1024


def test_bombs_and_giants_pass_in_a_bounded_memory(upstream: LoopbackUpstream, tmp_path: Path) -> None:
    """mitmdump alone needs about 320 MB for 65 MB of body; a bomb of 1 GB adds its 64 MB and what a step makes."""
    giant = b'{"note":"%b",%b' % (b"x" * (DECODED_LIMIT + 1), SHORTENED[1:])
    bodies = {
        "identity": giant,
        "zstd": gigabyte_in_zstd(),
        "gzip": gigabyte_in_gzip(),
        "br": gigabyte_in_brotli(),
    }
    with running_proxy(arguments(ADDON, upstream), tmp_path) as proxy:
        for name, body in bodies.items():
            post(proxy, upstream, body, {"Content-Encoding": name})
        assert peak_megabytes(proxy.pid) < 700
        log = proxy.log
    assert [request.body == body for request, body in zip(upstream.requests, bodies.values(), strict=True)] == [
        True
    ] * 4
    assert "unchanged" not in log

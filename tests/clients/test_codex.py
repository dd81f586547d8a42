"""Codex CLI with a custom provider: POST, server-sent events, plain JSON; with a model of each of its two generations.

One calls `exec_command` and gets a string back; the other writes a script for its `exec` tool and gets a list of texts.
"""

import json
import os
import subprocess
import time
from collections.abc import Callable
from collections.abc import Iterator
from pathlib import Path

import pytest

from loopback_proxy import Proxy
from loopback_upstream import CustomToolCall
from loopback_upstream import FunctionCall
from loopback_upstream import LoopbackUpstream
from loopback_upstream import Message
from raw_bodies import outputs

VERSION = "0.169.0"
CALLS_FUNCTIONS, WRITES_SCRIPTS = "gpt-5.5", "gpt-6.1-sol"
COMMANDS = ("nl -ba areas.py", "sed -n '40,160p' areas.py", "nl -ba areas.py", "cat areas.py")
PREFIX = "/api/codex-proxy/some-key/v1"
CONFIGURATION = """
model = "{model}"
model_provider = "loopback"
approval_policy = "never"
sandbox_mode = "danger-full-access"
check_for_update_on_startup = false
[otel]
metrics_exporter = "none"
[analytics]
enabled = false
[model_providers.loopback]
name = "loopback"
base_url = "https://localhost:{port}{prefix}"
env_key = "LOOPBACK_KEY"
wire_api = "responses"
request_max_retries = 0
stream_max_retries = 0
"""


@pytest.fixture(scope="session")
def codex(install: Callable[[str, list[list[str]]], Path]) -> Path:
    npm = ["npm", "install", "--no-audit", "--no-fund", "--prefix", "{folder}", f"@openai/codex@{VERSION}"]
    return install(f"codex-{VERSION}", [npm]) / "node_modules" / ".bin" / "codex"


@pytest.fixture(params=[CALLS_FUNCTIONS, WRITES_SCRIPTS])
def model(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def upstream(model: str) -> Iterator[LoopbackUpstream]:
    calls = [(_call(model, json.dumps({"cmd": command})),) for command in COMMANDS]
    with LoopbackUpstream([*calls, (Message("Everything read."),)], tls=True, event_delay=0.02) as upstream:
        yield upstream


def _call(model: str, arguments: str) -> FunctionCall | CustomToolCall:
    if model == CALLS_FUNCTIONS:
        return FunctionCall("exec_command", json.loads(arguments))
    return CustomToolCall("exec", f"text(await tools.exec_command({arguments}))")


@pytest.fixture
def session(
    codex: Path, model: str, upstream: LoopbackUpstream, proxy: Proxy, workplace: Path
) -> subprocess.CompletedProcess[str]:
    home = proxy.folder / "home"
    home.mkdir()
    (home / "config.toml").write_text(CONFIGURATION.format(model=model, port=upstream.port, prefix=PREFIX))
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "CODEX_HOME": str(home),
        "HTTPS_PROXY": f"http://127.0.0.1:{proxy.port}",
        "CODEX_CA_CERTIFICATE": str(proxy.authority),
        "LOOPBACK_KEY": "some-key",
    }
    return subprocess.run(
        [codex, "exec", "--skip-git-repo-check", "Read areas.py."],
        cwd=workplace,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_session_ends_well_and_keeps_every_promise(
    session: subprocess.CompletedProcess[str],
    sent_bodies: Callable[[], list[bytes]],
    check_promises: Callable[[], None],
) -> None:
    assert (session.returncode, session.stdout.strip()) == (0, "Everything read."), session.stderr
    assert sum("area_40" in output for output in outputs(sent_bodies()[-1])) == len(COMMANDS), session.stderr
    check_promises()


@pytest.mark.usefixtures("session")
def test_its_last_request_sent_again_is_compressed_to_the_same_bytes_and_answered_event_by_event(
    upstream: LoopbackUpstream, proxy: Proxy, sent_bodies: Callable[[], list[bytes]]
) -> None:
    reply = proxy.post(("localhost", upstream.port, f"{PREFIX}/responses"), sent_bodies()[-1], {})
    arrivals = [time.monotonic() for _ in reply]
    earlier, again = upstream.response_requests[-2:]
    assert again.body == earlier.body
    assert arrivals[0] < again.event_times[-1]

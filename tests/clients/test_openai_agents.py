"""The openai-agents SDK with a function tool: POST, whole replies, plain JSON, all of the conversation each time."""

import sys
from collections.abc import Callable
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clients.command_line import COMMANDS
from tests.clients.command_line import FINAL_MESSAGE
from tests.clients.command_line import run_client
from tests.loopback.proxy import Proxy
from tests.loopback.upstream import FunctionCall
from tests.loopback.upstream import LoopbackUpstream
from tests.loopback.upstream import Message

VERSION = "0.24.0"
DRIVER = Path(__file__).with_name("agents_driver.py")


@pytest.fixture
def upstream() -> Iterator[LoopbackUpstream]:
    calls = [(FunctionCall("exec_command", {"cmd": command}),) for command in COMMANDS]
    with LoopbackUpstream([*calls, (Message(FINAL_MESSAGE),)], tls=True) as upstream:
        yield upstream


def test_session_ends_well_and_keeps_every_promise(
    install: Callable[[str, list[list[str]]], Path],
    upstream: LoopbackUpstream,
    proxy: Proxy,
    workplace: Path,
    check_promises: Callable[[], None],
) -> None:
    environment = [sys.executable, "-m", "venv", "{folder}"]
    sdk = ["{folder}/bin/python", "-m", "pip", "install", "--quiet", f"openai-agents=={VERSION}"]
    folder = install(f"openai-agents-{VERSION}", [environment, sdk])
    run_client(
        [folder / "bin" / "python", DRIVER, f"https://localhost:{upstream.port}/v1"],
        workplace,
        {"HTTPS_PROXY": f"http://127.0.0.1:{proxy.port}", "SSL_CERT_FILE": str(proxy.authority)},
    )
    check_promises()

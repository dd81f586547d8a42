"""Claude Code speaks the Messages API: everything it sends arrives byte for byte."""

import json
from collections.abc import Callable
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clients.command_line import COMMANDS
from tests.clients.command_line import FINAL_MESSAGE
from tests.clients.command_line import PROMPT
from tests.clients.command_line import node_through
from tests.clients.command_line import npm_installation
from tests.clients.command_line import run_client
from tests.clients.messages_upstream import MessagesUpstream
from tests.clients.messages_upstream import running_messages_upstream
from tests.loopback.proxy import Proxy

VERSION = "2.1.332"
ENVIRONMENT = {
    "ANTHROPIC_API_KEY": "some-key",
    "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
    "DISABLE_AUTOUPDATER": "1",
}


def install_claude_code(install: Callable[[str, list[list[str]]], Path]) -> Path:
    folder = install(f"claude-code-{VERSION}", npm_installation("@anthropic-ai/claude-code", VERSION))
    return folder / "node_modules" / ".bin" / "claude"


@pytest.fixture
def upstream() -> Iterator[MessagesUpstream]:
    with running_messages_upstream(COMMANDS, FINAL_MESSAGE) as upstream:
        yield upstream


def test_session_ends_well_and_every_request_arrives_as_sent(
    install: Callable[[str, list[list[str]]], Path],
    upstream: MessagesUpstream,
    proxy: Proxy,
    sent_bodies: Callable[[], list[bytes]],
    workplace: Path,
) -> None:
    program = install_claude_code(install)
    environment = {"ANTHROPIC_BASE_URL": f"https://localhost:{upstream.port}", **node_through(proxy)}
    run_client(
        [program, "--allowedTools", "Bash", "--print", PROMPT],
        workplace,
        environment | ENVIRONMENT,
    )
    last = json.loads(upstream.bodies[-1])
    assert json.dumps(last["messages"]).count("tool_result") == len(COMMANDS)
    assert sorted(upstream.bodies) == sorted(sent_bodies())

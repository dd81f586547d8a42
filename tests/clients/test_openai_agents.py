"""The openai-agents SDK with a function tool: POST, whole replies, plain JSON, all of the conversation each time."""

from collections.abc import Callable
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clients import openai_agents
from tests.clients.command_line import COMMANDS
from tests.clients.command_line import FINAL_MESSAGE
from tests.clients.command_line import run_client
from tests.loopback.proxy import Proxy
from tests.loopback.upstream import FunctionCall
from tests.loopback.upstream import LoopbackUpstream
from tests.loopback.upstream import Message


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
    folder = install(openai_agents.NAME, openai_agents.INSTALLATION)
    run_client(openai_agents.command(folder, upstream.port), workplace, openai_agents.through(proxy))
    check_promises()

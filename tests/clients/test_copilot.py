"""GitHub Copilot CLI with an endpoint of its user's own, over POST and over a WebSocket."""

from collections.abc import Callable
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clients.command_line import COMMANDS
from tests.clients.command_line import PROMPT
from tests.clients.command_line import bash_script
from tests.clients.command_line import node_through
from tests.clients.command_line import npm_installation
from tests.clients.command_line import run_client
from tests.loopback.proxy import Proxy
from tests.loopback.upstream import LoopbackUpstream

VERSION = "1.0.102"
ENVIRONMENT = {
    "COPILOT_AUTO_UPDATE": "false",
    "COPILOT_MODEL": "gpt-5.5",
    "COPILOT_PROVIDER_API_KEY": "some-key",
    "COPILOT_PROVIDER_WIRE_API": "responses",
}


@pytest.fixture
def upstream() -> Iterator[LoopbackUpstream]:
    with LoopbackUpstream(bash_script(), tls=True) as upstream:
        yield upstream


@pytest.fixture
def run_session(
    install: Callable[[str, list[list[str]]], Path], upstream: LoopbackUpstream, proxy: Proxy, workplace: Path
) -> Callable[[str], None]:
    def run(transport: str) -> None:
        folder = install(f"copilot-{VERSION}", npm_installation("@github/copilot", VERSION))
        endpoint = {
            "COPILOT_PROVIDER_BASE_URL": f"https://localhost:{upstream.port}/v1",
            "COPILOT_PROVIDER_TRANSPORT": transport,
        }
        run_client(
            [folder / "node_modules/.bin/copilot", "--silent", "--allow-all-tools", "--prompt", PROMPT],
            workplace,
            ENVIRONMENT | endpoint | node_through(proxy),
        )

    return run


def test_session_over_posts_keeps_every_promise(
    run_session: Callable[[str], None], check_promises: Callable[[], None]
) -> None:
    run_session("http")
    check_promises()


def test_session_over_a_websocket_keeps_every_promise(
    run_session: Callable[[str], None], upstream: LoopbackUpstream, check_promises_of_websockets: Callable[[], None]
) -> None:
    run_session("websockets")
    assert [len(create.parsed["input"]) for create in upstream.websockets.creates] == [1] * (len(COMMANDS) + 1)
    check_promises_of_websockets()

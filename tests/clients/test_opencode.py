"""opencode with an API key for OpenAI: POST, server-sent events, plain JSON, the whole conversation in each request."""

import json
from collections.abc import Callable
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clients.command_line import PROMPT
from tests.clients.command_line import bash_script
from tests.clients.command_line import node_through
from tests.clients.command_line import npm_installation
from tests.clients.command_line import run_client
from tests.loopback.proxy import Proxy
from tests.loopback.upstream import LoopbackUpstream

VERSION = "1.18.33"
MODEL = "openai/gpt-5.5"
ENVIRONMENT = {
    "OPENCODE_DISABLE_AUTOUPDATE": "1",
    "OPENCODE_DISABLE_DEFAULT_PLUGINS": "1",
    "OPENCODE_DISABLE_LSP_DOWNLOAD": "1",
    "OPENCODE_DISABLE_MODELS_FETCH": "1",
}


@pytest.fixture
def upstream() -> Iterator[LoopbackUpstream]:
    with LoopbackUpstream(bash_script(), tls=True) as upstream:
        yield upstream


def test_session_ends_well_and_keeps_every_promise(
    install: Callable[[str, list[list[str]]], Path],
    upstream: LoopbackUpstream,
    proxy: Proxy,
    workplace: Path,
    check_promises: Callable[[], None],
) -> None:
    program = install(f"opencode-{VERSION}", npm_installation("opencode-ai", VERSION)) / "node_modules/.bin/opencode"
    endpoint = {"baseURL": f"https://localhost:{upstream.port}/v1", "apiKey": "some-key"}
    configuration = {"provider": {"openai": {"options": endpoint}}, "share": "disabled"}
    environment = {"OPENCODE_CONFIG_CONTENT": json.dumps(configuration)} | ENVIRONMENT | node_through(proxy)
    with_title = ["--title", "Areas"]  # else the first request asks for one
    run_client([program, "run", *with_title, "--auto", "--model", MODEL, PROMPT], workplace, environment)
    check_promises()

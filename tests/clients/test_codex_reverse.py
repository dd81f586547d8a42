"""Codex CLI that takes mitmdump in reverse mode for its server: neither a proxy setting nor a certificate is needed."""

from collections.abc import Callable
from collections.abc import Iterator

import pytest

from tests.clients import codex
from tests.clients.codex import Codex
from tests.loopback.proxy import Proxy
from tests.loopback.upstream import LoopbackUpstream


@pytest.fixture
def upstream() -> Iterator[LoopbackUpstream]:
    with LoopbackUpstream(codex.script(codex.CALLS_FUNCTIONS), tls=True) as upstream:
        yield upstream


@pytest.fixture
def mode_arguments(upstream: LoopbackUpstream) -> list[str]:
    return ["--mode", f"reverse:https://localhost:{upstream.port}"]


@pytest.fixture
def base_url(proxy: Proxy) -> str:
    return f"http://127.0.0.1:{proxy.port}/v1"


def test_custom_provider_posts_and_keeps_every_promise(
    codex_cli: Codex, base_url: str, check_promises: Callable[[], None]
) -> None:
    codex_cli.configure(codex.CALLS_FUNCTIONS, *codex.custom_provider(base_url))
    codex_cli.run({})
    check_promises()


def test_built_in_provider_uses_a_websocket_and_keeps_every_promise(
    codex_cli: Codex, base_url: str, check_promises_of_websockets: Callable[[], None]
) -> None:
    codex_cli.configure(codex.CALLS_FUNCTIONS, f'openai_base_url = "{base_url}"')
    codex_cli.log_in({"OPENAI_API_KEY": "some-key"})
    codex_cli.run({})
    check_promises_of_websockets()

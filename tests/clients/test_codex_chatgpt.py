"""Codex CLI with a ChatGPT login (made up): over a WebSocket, and with zstd-compressed POSTs where there is none."""

from collections.abc import Callable
from collections.abc import Iterator

import pytest

from tests.clients import codex
from tests.clients.codex import Codex
from tests.loopback.proxy import Proxy
from tests.loopback.upstream import LoopbackUpstream
from tests.loopback.upstream import Manners

BUILT_IN = ('openai_base_url = "{origin}/backend-api/codex"', "")
WITHOUT_WEBSOCKETS = (
    'model_provider = "openai-http"',
    """
[model_providers.openai-http]
name = "OpenAI"
base_url = "{origin}/backend-api/codex"
wire_api = "responses"
requires_openai_auth = true
supports_websockets = false
""",
)


@pytest.fixture
def upstream() -> Iterator[LoopbackUpstream]:
    with LoopbackUpstream(codex.script(codex.WRITES_SCRIPTS), tls=True) as upstream:
        upstream.documents["/backend-api/wham/accounts/check"] = accounts_served_by(origin_of(upstream))
        yield upstream


def origin_of(upstream: LoopbackUpstream) -> str:
    return f"https://localhost:{upstream.port}"


def accounts_served_by(origin: str) -> dict[str, object]:
    """Return what Codex asks for before its first request."""
    account = {
        "id": "some-account",
        "name": "someone",
        "structure": "personal",
        "plan_type": "pro",
        "is_deactivated": False,
        "account_routing_override": "us",
        "workspace_backend_origin": origin,
    }
    return {"accounts": [account], "account_ordering": [account["id"]], "default_account_id": account["id"]}


@pytest.fixture
def run_session(
    codex_cli: Codex, upstream: LoopbackUpstream, proxy: Proxy
) -> Callable[[tuple[str, str], int | None], None]:
    def run(configuration: tuple[str, str], refusal: int | None) -> None:
        upstream.websockets.manners = Manners(refusal=refusal)
        settings, provider = (text.format(origin=origin_of(upstream)) for text in configuration)
        settings += f'\nchatgpt_base_url = "{origin_of(upstream)}/backend-api/"'
        codex_cli.configure(codex.WRITES_SCRIPTS, settings, provider)
        codex_cli.log_in(codex.chatgpt_login())
        codex_cli.run(codex.through(proxy))

    return run


@pytest.mark.parametrize(
    ("configuration", "refusal"),
    [
        pytest.param(WITHOUT_WEBSOCKETS, None, id="provider without WebSockets"),
        pytest.param(BUILT_IN, 426, id="built-in provider after 426"),
    ],
)
def test_session_over_posts_sends_zstd_and_keeps_every_promise(
    configuration: tuple[str, str],
    refusal: int | None,
    run_session: Callable[[tuple[str, str], int | None], None],
    upstream: LoopbackUpstream,
    check_promises: Callable[[], None],
) -> None:
    run_session(configuration, refusal)
    encodings = {dict(request.headers).get("content-encoding") for request in upstream.response_requests}
    assert encodings == {"zstd"}
    check_promises()


def test_session_over_a_websocket_keeps_every_promise(
    run_session: Callable[[tuple[str, str], int | None], None],
    upstream: LoopbackUpstream,
    check_promises_of_websockets: Callable[[], None],
) -> None:
    run_session(BUILT_IN, None)
    assert {message.path for message in upstream.websockets.messages} == {"/backend-api/codex/responses"}
    check_promises_of_websockets()

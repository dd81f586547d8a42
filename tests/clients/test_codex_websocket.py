"""Codex CLI with its built-in provider and an API key: a WebSocket, on which a message holds the new items only."""

from collections.abc import Callable
from collections.abc import Iterator

import pytest

from tests.clients import codex
from tests.clients.codex import Codex
from tests.clients.command_line import COMMANDS
from tests.clients.promises import assert_conversation_stays_the_same
from tests.loopback.proxy import Proxy
from tests.loopback.upstream import LoopbackUpstream
from tests.loopback.upstream import Manners


@pytest.fixture(params=[codex.CALLS_FUNCTIONS, codex.WRITES_SCRIPTS])
def model(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def upstream(model: str) -> Iterator[LoopbackUpstream]:
    with LoopbackUpstream(codex.script(model), tls=True) as upstream:
        yield upstream


@pytest.fixture
def run_session(codex_cli: Codex, model: str, upstream: LoopbackUpstream, proxy: Proxy) -> Callable[[], None]:
    def run() -> None:
        codex_cli.configure(model, f'openai_base_url = "https://localhost:{upstream.port}/v1"')
        codex_cli.log_in({"OPENAI_API_KEY": "some-key"})
        codex_cli.run(codex.through(proxy))

    return run


def test_session_ends_well_and_keeps_every_promise(
    run_session: Callable[[], None], upstream: LoopbackUpstream, check_promises_of_websockets: Callable[[], None]
) -> None:
    run_session()
    prewarm, first, *rest = [message.parsed for message in upstream.websockets.messages]
    assert (prewarm["generate"], prewarm["store"]) == (False, False)
    assert first["previous_response_id"] == "resp_1"
    assert [len(message["input"]) for message in rest] == [1] * len(COMMANDS)
    assert upstream.response_requests == []
    check_promises_of_websockets()


@pytest.mark.parametrize("model", [codex.CALLS_FUNCTIONS], indirect=True)
@pytest.mark.parametrize(
    "manners",
    [
        pytest.param(
            Manners(creates_per_connection=4, fragment_size=100), id="closed after four answers, in fragments"
        ),
        pytest.param(Manners(broken_replies={4: 3}), id="broken off within a call"),
        pytest.param(Manners(broken_replies={4: -1}), id="broken off after a call"),
        pytest.param(Manners(forgets_after=frozenset({4})), id="forgetting its responses"),
    ],
)
def test_client_that_has_to_begin_again_sends_the_same_conversation(
    manners: Manners,
    run_session: Callable[[], None],
    upstream: LoopbackUpstream,
    check_promises_of_websockets: Callable[[], None],
) -> None:
    upstream.websockets.manners = manners
    run_session()
    beginnings = [message for message in upstream.websockets.creates if "previous_response_id" not in message.parsed]
    assert len(beginnings) == 2
    assert len(beginnings[-1].parsed["input"]) > len(COMMANDS)
    assert_conversation_stays_the_same(upstream.history.conversations)
    check_promises_of_websockets()

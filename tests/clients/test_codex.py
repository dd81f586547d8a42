"""Codex CLI with a custom provider: POST, server-sent events, plain JSON; with a model of each generation."""

import time
from collections.abc import Callable
from collections.abc import Iterator

import pytest

from tests.clients import codex
from tests.clients.codex import Codex
from tests.clients.command_line import COMMANDS
from tests.loopback.proxy import Proxy
from tests.loopback.raw_bodies import outputs
from tests.loopback.upstream import LoopbackUpstream

PREFIX = "/api/codex-proxy/some-key/v1"


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
        codex_cli.configure(model, *codex.custom_provider(f"https://localhost:{upstream.port}{PREFIX}"))
        codex_cli.run(codex.through(proxy))

    return run


def test_session_ends_well_and_keeps_every_promise(
    run_session: Callable[[], None], sent_bodies: Callable[[], list[bytes]], check_promises: Callable[[], None]
) -> None:
    run_session()
    assert sum("area_40" in output for output in outputs(sent_bodies()[-1])) == len(COMMANDS)
    check_promises()


def test_its_last_request_sent_again_is_compressed_to_the_same_bytes_and_answered_event_by_event(
    run_session: Callable[[], None], upstream: LoopbackUpstream, proxy: Proxy, sent_bodies: Callable[[], list[bytes]]
) -> None:
    run_session()
    upstream.event_delay = 0.05
    reply = proxy.post(("localhost", upstream.port, f"{PREFIX}/responses"), sent_bodies()[-1], {})
    arrivals = [time.monotonic() for _ in reply]
    earlier, again = upstream.response_requests[-2:]
    assert again.body == earlier.body
    assert arrivals[0] < again.event_times[-1]

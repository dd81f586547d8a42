"""Several proxies behind a balancer, by the file of scripts/team: which one a request goes through changes nothing."""

from __future__ import annotations

import http.client
import re
import shutil
import socket
import subprocess
import time
from contextlib import ExitStack
from contextlib import closing
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from headroom_compression import compress_request_body
from tests.compression.support.recall_sessions import run_of_tests
from tests.loopback.proxy import Proxy
from tests.loopback.proxy import running_proxy
from tests.loopback.upstream import LoopbackUpstream
from tests.loopback.upstream import Message
from tests.wire.bodies import call
from tests.wire.bodies import output
from tests.wire.bodies import request
from tests.wire.bodies import turns
from tests.wire.test_survives_restarts import ADDON

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Sequence
    from contextlib import AbstractContextManager

CONFIGURATION = Path(__file__).parents[2] / "scripts" / "team" / "haproxy.cfg"
PROXIES = 3
PATIENCE = 10.0

pytestmark = pytest.mark.skipif(shutil.which("haproxy") is None, reason="haproxy is not installed")


@dataclass(frozen=True)
class Team:
    """Proxies at level recall. by_person: the port of a balancer as the file says; at_random: of one that is not."""

    proxies: list[Proxy]
    by_person: int
    at_random: int
    upstream: LoopbackUpstream
    store: Path

    def post(self, port: int, body: bytes) -> bytes:
        """What arrives."""
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)) as connection:
            headers = {"Content-Type": "application/json", "Authorization": "Bearer one"}
            connection.request("POST", "/v1/responses", body, headers)
            assert connection.getresponse().status == http.HTTPStatus.OK
        return self.upstream.response_requests[-1].body

    def worked(self, since: Sequence[int] = (), requests: int = 0) -> list[int]:
        """How many requests each proxy has compressed, when so many more are in their logs."""
        deadline = time.monotonic() + PATIENCE
        while True:
            worked = [proxy.log.count("headroom: responses") for proxy in self.proxies]
            if sum(worked) - sum(since) >= requests or time.monotonic() > deadline:
                return worked
            time.sleep(0.02)  # a line is written when the answer is out


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Team]:
    folder = tmp_path_factory.mktemp("team")
    with ExitStack() as stack:
        upstream = stack.enter_context(LoopbackUpstream(lambda _: (Message("Done."),), tls=True))
        words = proxy_words(upstream, folder / "store")
        proxies = [stack.enter_context(started(words, folder / str(number))) for number in range(PROXIES)]
        ports = [proxy.port for proxy in proxies]
        by_person = stack.enter_context(balancer("hdr(authorization)", ports, folder))
        at_random = stack.enter_context(balancer("random", ports, folder))
        yield Team(proxies, by_person, at_random, upstream, folder / "store")


def proxy_words(upstream: LoopbackUpstream, store: Path) -> list[str]:
    options = (
        "compress_passthrough=true",
        "compress_level=recall",
        f"compress_recall_dir={store}",
        f"ssl_verify_upstream_trusted_ca={upstream.authority}",
    )
    mode = f"--mode=reverse:https://localhost:{upstream.port}"
    return [mode, "-s", str(ADDON), *(f"--set={option}" for option in options)]


@contextmanager
def balancer(how: str, ports: list[int], folder: Path) -> Iterator[int]:
    port = free_port()
    written = folder / f"{port}.cfg"
    written.write_text(configuration(port, how, ports))
    with subprocess.Popen(["haproxy", "-f", written]) as process:
        wait_for(port)
        yield port
        process.terminate()


def started(words: list[str], folder: Path) -> AbstractContextManager[Proxy]:
    folder.mkdir()
    return running_proxy(words, folder)


def configuration(port: int, balance: str, ports: list[int]) -> str:
    """The file as it is, with other ports."""
    text = CONFIGURATION.read_text().replace("127.0.0.1:8080", f"127.0.0.1:{port}")
    for number, proxy in enumerate(ports, 8081):
        text = text.replace(f"127.0.0.1:{number} ", f"127.0.0.1:{proxy} ")
    return re.sub(r"balance \S+", f"balance {balance}", text)


def free_port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        port: int = server.getsockname()[1]
        return port


def wait_for(port: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), PATIENCE).close()
        except ConnectionRefusedError:
            assert time.monotonic() < deadline
            time.sleep(0.02)
        else:
            return


def test_a_session_that_is_spread_at_random_is_sent_as_one_proxy_sends_it(team: Team) -> None:
    bodies = turns(24)
    before = team.worked()
    assert [team.post(team.at_random, body) for body in bodies] == [compress_request_body(body).body for body in bodies]
    assert all(now > earlier for now, earlier in zip(team.worked(before, len(bodies)), before, strict=True))


def test_as_the_file_says_a_person_stays_with_a_proxy(team: Team) -> None:
    before = team.worked()
    for body in turns(8):
        team.post(team.by_person, body)
    assert sorted(now - earlier for now, earlier in zip(team.worked(before, 8), before, strict=True)) == [0, 0, 8]


def test_level_recall_leaves_nothing_out_behind_a_balancer(team: Team) -> None:
    body = request(call(command="pytest -v"), output(run_of_tests(150)))
    assert team.post(team.at_random, body) == body
    assert list(team.store.iterdir()) == []
    assert any("a client on another machine cannot open stored originals" in proxy.log for proxy in team.proxies)

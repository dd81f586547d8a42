"""Two mitmdumps side by side, without the addon and with it, and clients that keep their connections."""

from __future__ import annotations

import http.client
import ssl
import time
from collections.abc import Iterator
from collections.abc import Sequence
from contextlib import ExitStack
from contextlib import closing
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import orjson

import headroom_addon
from scripts.speed.answers import is_last
from scripts.speed.upstream import EVENTS
from scripts.speed.upstream import running_upstream
from tests.loopback.proxy import Proxy
from tests.loopback.proxy import running_proxy

WITH_ADDON = ("-s", headroom_addon.__file__, "--set", "compress_passthrough=true")
RESPONSES = "/v1/responses"
ELSEWHERE = "/v1/elsewhere"


@dataclass(frozen=True, slots=True)
class Pair:
    plain: Proxy
    ours: Proxy
    upstream_port: int
    opened: ExitStack

    def client(self, proxy: Proxy) -> Client:
        """A client whose connection ends with the proxies."""
        return self.opened.enter_context(closing(Client(proxy, self.upstream_port)))

    def clients(self) -> tuple[Client, Client]:
        return self.client(self.plain), self.client(self.ours)


@contextmanager
def running_pair() -> Iterator[Pair]:
    with ExitStack() as stack:
        port, authority = stack.enter_context(running_upstream())
        plain, ours = stack.enter_context(running_proxies(((), WITH_ADDON), authority))
        yield Pair(plain, ours, port, stack)


@contextmanager
def running_proxies(kinds: Sequence[Sequence[str]], authority: Path) -> Iterator[list[Proxy]]:
    """One mitmdump for each kind of arguments; they trust that authority."""
    trust = ("--set", f"ssl_verify_upstream_trusted_ca={authority}")
    with ExitStack() as stack:
        folders = [Path(stack.enter_context(TemporaryDirectory(prefix="speed-proxy-"))) for _ in kinds]
        yield [
            stack.enter_context(running_proxy([*arguments, *trust], folder))
            for arguments, folder in zip(kinds, folders, strict=True)
        ]


class Client:
    """Posts through a proxy over TLS, on one connection."""

    def __init__(self, proxy: Proxy, upstream_port: int) -> None:
        context = ssl.create_default_context(cafile=proxy.authority)
        self._connection = http.client.HTTPSConnection("127.0.0.1", proxy.port, context=context, timeout=60)
        self._connection.set_tunnel("localhost", upstream_port)
        self._connection.connect()
        self.digest = self.answer = ""

    def post(self, body: bytes, path: str = RESPONSES, encoding: str | None = None) -> float:
        """The seconds of the round trip; `digest` is the SHA-256 of what arrived."""
        seconds, answer = self._exchange(body, path, {"Content-Encoding": encoding} if encoding else {})
        self.digest = str(orjson.loads(answer)["sha256"])
        return seconds

    def turn(self, body: bytes) -> float:
        """The seconds until the last event of the answer that the request asks for; `answer` is the answer's id."""
        seconds, answer = self._exchange(body, RESPONSES, {"Accept": EVENTS})
        last = answer.rstrip().rpartition(b"\ndata: ")[2]
        if not is_last(last):
            raise ValueError("an answer without its end")
        response = orjson.loads(last)["response"]
        self.digest, self.answer = str(response["metadata"]["sha256"]), str(response["id"])
        return seconds

    def _exchange(self, body: bytes, path: str, headers: dict[str, str]) -> tuple[float, bytes]:
        headers = {"Content-Type": "application/json"} | headers
        begin = time.perf_counter()
        self._connection.request("POST", path, body, headers)
        response = self._connection.getresponse()
        answer = response.read()
        seconds = time.perf_counter() - begin
        if response.status != http.HTTPStatus.OK:
            raise ValueError(f"status {response.status}")
        return seconds, answer

    def close(self) -> None:
        self._connection.close()

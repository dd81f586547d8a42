"""How much memory three mitmdumps hold after the same requests: without the addon, and with that of two checkouts."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Sequence
from contextlib import ExitStack
from contextlib import closing
from itertools import count
from itertools import islice
from pathlib import Path

from scripts.savings.recordings import Session
from scripts.speed.bodies import GrowingSession
from scripts.speed.measures import report_progress
from scripts.speed.measures import resident_bytes
from scripts.speed.proxies import Client
from scripts.speed.proxies import running_proxies
from scripts.speed.upstream import running_upstream
from tests.loopback.proxy import Proxy

_TURNS_OF_EACH = 3
_NEW_BYTES = 10_000
Beyond = tuple[str, float, float]
"""What, and how many MiB the proxy with each checkout's addon holds beyond the one without."""


def memory_of_sessions(
    checkouts: Sequence[Path], recorded: Sequence[Session], sessions: int, size: int
) -> Iterator[Beyond]:
    """A first sight and a few turns of each session, on a connection that stays open."""
    with ExitStack() as stack:
        port, proxies = _opened(stack, checkouts)
        for number in range(sessions):
            report_progress(f"session {number} through mitmdump")
            clients = _clients(stack, proxies, port)
            session = GrowingSession(recorded, number, size + 10 * _NEW_BYTES)
            for body in islice(session.turns(size, _NEW_BYTES), _TURNS_OF_EACH):
                for client in clients:
                    client.post(body)
        yield f"{sessions} sessions of {size:,} bytes: memory beyond mitmdump's", *_beyond(proxies)


def memory_of_turns(checkouts: Sequence[Path], recorded: Sequence[Session], turns: int, size: int) -> Iterator[Beyond]:
    """One client, whose sessions come and go."""
    with ExitStack() as stack:
        port, proxies = _opened(stack, checkouts)
        clients = _clients(stack, proxies, port)
        bodies = (body for number in count(1) for body in GrowingSession(recorded, number, size).turns(0, _NEW_BYTES))
        for turn, body in enumerate(islice(bodies, turns)):
            report_progress(f"turn {turn} through mitmdump")
            for client in clients:
                client.post(body)
        yield f"{turns:,} turns, sessions up to {size:,} bytes: memory beyond mitmdump's", *_beyond(proxies)


def _opened(stack: ExitStack, checkouts: Sequence[Path]) -> tuple[int, Sequence[Proxy]]:
    port, authority = stack.enter_context(running_upstream())
    scripts = [str((checkout / "addon" / "headroom_addon.py").resolve()) for checkout in checkouts]
    kinds = [(), *(("-s", script, "--set", "compress_passthrough=true") for script in scripts)]
    return port, stack.enter_context(running_proxies(kinds, authority))


def _clients(stack: ExitStack, proxies: Sequence[Proxy], port: int) -> Sequence[Client]:
    return [stack.enter_context(closing(Client(proxy, port))) for proxy in proxies]


def _beyond(proxies: Sequence[Proxy]) -> tuple[float, float]:
    plain, old, new = ((resident_bytes(proxy.pid) or 0) / 2**20 for proxy in proxies)
    return old - plain, new - plain

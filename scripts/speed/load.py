"""Two hundred agents at once for minutes: `python scripts/speed/load.py ../shared/corpus/sessions`.

Each client sends a session that grows, turn after turn without a pause, through one mitmdump over TLS: first by POST,
then by WebSocket. The upstream answers with a hash of what arrived, which must be that of what the core alone makes of
the request; for POSTs that is checked at the end, as it takes longer than sending them. Then the same POSTs go through
mitmdump without the addon, for its rate and its errors. Fails when a request fails or arrives otherwise. Memory is what
the proxy's process holds, and CPU what it takes, by Linux's /proc.
"""

from __future__ import annotations

import argparse
import sys
import threading
import time
from collections import Counter
from collections import defaultdict
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Sequence
from contextlib import ExitStack
from contextlib import closing
from dataclasses import dataclass
from dataclasses import field
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import NamedTuple

import orjson

from headroom_compression import Conversation
from headroom_compression import Memory
from headroom_compression import Settings
from headroom_compression import compress_request_body
from headroom_compression import tokens
from scripts.savings.recordings import Session
from scripts.savings.recordings import read_sessions
from scripts.speed.bodies import GrowingSession
from scripts.speed.measures import cpu_seconds
from scripts.speed.measures import percentile
from scripts.speed.measures import report_progress
from scripts.speed.measures import resident_bytes
from scripts.speed.proxies import WITH_ADDON
from scripts.speed.proxies import Client
from scripts.speed.proxies import running_proxies
from scripts.speed.upstream import running_upstream
from scripts.speed.websocket import WebSocketClient
from scripts.speed.websocket import running_websocket_upstream
from tests.loopback.proxy import Proxy

_SESSION_BYTES = 200_000
_OWN_MEMORY = 2 * 2**20
_SAMPLES = 20
_HEADINGS = ("what", "turns", "errors", "not what the core makes", "median", "p99", "a second", "CPU a turn", "memory")


class Turn(NamedTuple):
    """digest: of what arrived. expected: of what the core makes; None where that is checked at the end."""

    seconds: float
    digest: str
    expected: str | None = None


Turns = Iterator[Turn]


@dataclass(slots=True)
class Tally:
    """What the clients of one phase saw.

    digests: by a client's number, of what arrived and is still to be checked. memory: of the proxy in MiB, sampled from
    the start to the end. lasted: seconds, from the first turn on. cpu: processor seconds of the proxy.
    """

    seconds: list[float] = field(default_factory=list)
    errors: Counter[str] = field(default_factory=Counter)
    different: int = 0
    digests: defaultdict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    memory: list[int] = field(default_factory=list)
    lasted: float = 0.0
    cpu: float = 0.0

    @property
    def is_clean(self) -> bool:
        return not self.errors and not self.different

    def row(self, phase: Phase) -> tuple[str, ...]:
        errors = ", ".join(f"{number} {name}" for name, number in self.errors.items()) or "0"
        quarters = [self.memory[len(self.memory) * part // 4] for part in range(4)] if self.memory else []
        memory = " -> ".join(f"{size}" for size in [*quarters, *self.memory[-1:]]) + " MiB"
        times = [f"{percentile(self.seconds, share) * 1000:,.0f} ms" for share in (0.5, 0.99)]
        different, turns = str(self.different) if phase.is_checked else "", len(self.seconds)
        rates = f"{turns / max(self.lasted, 1e-9):,.0f}", f"{self.cpu / max(turns, 1) * 1000:.2f} ms"
        return phase.what, f"{turns:,}", errors, different, *times, *rates, memory

    def add(self, number: int, turn: Turn) -> None:
        self.seconds.append(turn.seconds)
        if turn.expected is None:
            self.digests[number].append(turn.digest)
        else:
            self.different += turn.digest != turn.expected


@dataclass(frozen=True, slots=True)
class Phase:
    """turns: what a client does; takes its proxy, the upstream's port, the recorded sessions and its number."""

    what: str
    arguments: Sequence[str]
    turns: Callable[[Proxy, int, Sequence[Session], int], Turns]
    seconds: float

    @property
    def is_checked(self) -> bool:
        return bool(self.arguments)


def main() -> int:
    given = _arguments()
    sessions = list(read_sessions(given.sessions))
    phases = [
        Phase("POST, with the addon", WITH_ADDON, _posts, given.seconds),
        Phase("WebSocket, with the addon", WITH_ADDON, _messages, given.seconds),
        Phase("POST, without the addon", (), _posts, given.plain_seconds),
    ]
    print(f"| {' | '.join(_HEADINGS)} |\n|{'---|' * len(_HEADINGS)}")
    is_clean = True
    tokens.load()  # once, not in each of the clients
    for phase in phases:
        tally = _run(phase, sessions, given.clients)
        if phase.is_checked:
            tally.different += _count_different(tally, sessions)
        print(f"| {' | '.join(tally.row(phase))} |", flush=True)
        is_clean = is_clean and (tally.is_clean or not phase.is_checked)
    return 0 if is_clean else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sessions", type=Path, help="a folder of recorded sessions")
    parser.add_argument("--clients", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=300.0, help="of each phase with the addon")
    parser.add_argument("--plain-seconds", type=float, default=60.0)
    return parser.parse_args()


def _run(phase: Phase, sessions: Sequence[Session], clients: int) -> Tally:
    upstreams = running_websocket_upstream if phase.turns is _messages else running_upstream
    tally = Tally()
    with ExitStack() as stack:
        port, authority = stack.enter_context(upstreams())
        (proxy,) = stack.enter_context(running_proxies((phase.arguments,), authority))
        begin, cpu_before = time.monotonic(), cpu_seconds(proxy.pid) or 0.0
        until = begin + phase.seconds
        work = [
            threading.Thread(target=_work, args=(number, phase.turns(proxy, port, sessions, number), until, tally))
            for number in range(clients)
        ]
        for thread in work:
            thread.start()
        while any(thread.is_alive() for thread in work):
            time.sleep(min(phase.seconds / _SAMPLES, 5))
            tally.memory.append((resident_bytes(proxy.pid) or 0) // 2**20)
            report_progress(f"{phase.what}: {len(tally.seconds):,} turns")
        tally.lasted, tally.cpu = time.monotonic() - begin, (cpu_seconds(proxy.pid) or 0.0) - cpu_before
    report_progress("")
    return tally


def _work(number: int, turns: Turns, until: float, tally: Tally) -> None:
    """Take turns until the time is over; a client that fails stops."""
    try:
        for turn in turns:
            tally.add(number, turn)
            if time.monotonic() > until:
                return
    except Exception as error:  # noqa: BLE001  it is counted
        tally.errors[type(error).__name__] += 1


def _posts(proxy: Proxy, port: int, sessions: Sequence[Session], number: int) -> Turns:
    """Sessions one after the other, on one connection."""
    with closing(Client(proxy, port)) as client:
        for session in _sessions_of(number, sessions):
            for body in session.requests():
                seconds = client.post(body)
                yield Turn(seconds, client.digest)


def _sessions_of(number: int, sessions: Sequence[Session]) -> Iterator[GrowingSession]:
    """The sessions of the client with that number."""
    return (GrowingSession(sessions, number + 1000 * copy, _SESSION_BYTES) for copy in count())


def _count_different(tally: Tally, sessions: Sequence[Session]) -> int:
    """How many POSTs did not arrive as the core makes them."""
    different = 0
    for number, digests in tally.digests.items():
        report_progress(f"what arrived of client {number}")
        made = _made(_sessions_of(number, sessions))
        different += sum(digest != expected for digest, expected in zip(digests, made, strict=False))
    return different


def _made(sessions: Iterator[GrowingSession]) -> Iterator[str]:
    """The digests of what the core makes of their requests."""
    for session in sessions:
        memory = Memory(_OWN_MEMORY)
        for body in session.requests():
            yield sha256(compress_request_body(body, Settings(), memory).body).hexdigest()


def _messages(proxy: Proxy, port: int, sessions: Sequence[Session], number: int) -> Turns:
    """Sessions one after the other, each on a WebSocket of its own."""
    for session in _sessions_of(number, sessions):
        conversation = Conversation.start(Settings())
        with closing(WebSocketClient(proxy, port)) as client:
            for new_items, answer in session.increments():
                seconds = client.turn(new_items, answer)
                result = compress_request_body(client.sent, Settings(), None, conversation)
                if result.conversation:
                    conversation = result.conversation.after(orjson.loads(item) for item in answer)
                yield Turn(seconds, client.digest, sha256(result.body).hexdigest())


if __name__ == "__main__":
    sys.exit(main())

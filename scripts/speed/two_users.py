"""Two users of one proxy: what one does must not be felt by the other.

B goes on in a session of usual size, turn by turn with a pause, first alone, then while A does the worst that we know,
without a pause. Compared are B's p99s, and the same of mitmdump without the addon, for what the machine itself makes of
it. What arrives of B must be what the core alone makes of it, so that nothing that is remembered was lost.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from collections.abc import Sequence
from contextlib import closing
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from itertools import chain
from itertools import count
from itertools import cycle
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

import orjson

from headroom_compression import Memory
from headroom_compression import Settings
from headroom_compression import compress_request_body
from headroom_proxy.work.compressor import SWITCH_INTERVAL
from scripts.savings.recordings import Session
from scripts.speed.bodies import GrowingSession
from scripts.speed.measures import Effort
from scripts.speed.measures import Row
from scripts.speed.measures import milliseconds
from scripts.speed.measures import percentile
from scripts.speed.measures import ratio
from scripts.speed.measures import report_progress
from scripts.speed.proxies import WITH_ADDON
from scripts.speed.proxies import Client
from scripts.speed.proxies import running_proxies
from scripts.speed.store import SIZE
from scripts.speed.store import fill
from scripts.speed.upstream import running_upstream
from tests.loopback.proxy import Proxy

_PAUSE = 0.02
_BETWEEN_LOOKS = 0.0002
_SUBAGENTS = 60
_TESTS_IN_A_RUN = 150
_MAX_RUNS = 50
_AIM = "1.5x"


@dataclass(frozen=True, slots=True)
class _Turns:
    """seconds: of each. different: how many did not arrive as the core makes them."""

    seconds: Sequence[float]
    different: int

    @property
    def p99(self) -> float:
        return percentile(self.seconds, 0.99)


def two_users(sessions: Sequence[Session], effort: Effort) -> Iterator[Row]:
    with TemporaryDirectory() as store:
        count_of_files = max(effort.stored_originals)
        mebibytes = count_of_files * SIZE // 2**20
        fill(Path(store), count_of_files, 2)
        recall = ("compress_level=recall", f"compress_recall_dir={store}", f"compress_recall_limit={mebibytes}")
        works = {
            f"a list of numbers of {effort.list_bytes / 2**20:g} MiB each turn": (Settings(), _lists(effort)),
            f"{_SUBAGENTS} subagents": (Settings(), _subagents(sessions, effort)),
            f"a recall store of {count_of_files:,} originals at its limit": (
                Settings(level="recall", recall_dir=store, recall_stores=False),
                _runs_of_tests(),
            ),
        }
        for number, (what, (settings, bodies)) in enumerate(works.items()):
            report_progress(f"two users: {what}")
            options = recall if settings.level == "recall" else ()
            yield _row(what, settings, _Meeting(sessions, effort, 7 * number), bodies, options)
    yield _step_row(effort)


@dataclass(frozen=True, slots=True)
class _Meeting:
    """What B sends; first: the number of its first session, of which each is sent once."""

    sessions: Sequence[Session]
    effort: Effort
    first: int

    def bodies(self, number: int) -> list[bytes]:
        size, new, turns = self.effort.session_bytes, self.effort.new_bytes, self.effort.user_turns
        session = GrowingSession(self.sessions, self.first + number, size + 10 * turns * new)
        return list(islice(session.turns(size, new), turns + 1))


def _row(what: str, settings: Settings, meeting: _Meeting, others: Iterator[bytes], options: Sequence[str]) -> Row:
    ours = (*WITH_ADDON, *chain.from_iterable(("--set", option) for option in options))
    with running_upstream() as (port, authority), running_proxies(((), ours), authority) as (plain, proxy):
        there = _turns(proxy, port, meeting.bodies(1), settings, others)
        alone = _turns(proxy, port, meeting.bodies(2), settings, None)
        plain_there, plain_alone = (_turns(plain, port, meeting.bodies(3), None, given) for given in (others, None))
    note = (
        f"compared with B alone; without the addon {ratio(plain_there.p99, plain_alone.p99)}; "
        f"{there.different} of {len(there.seconds)} turns not as the core makes them"
    )
    title = f"a user's p99 beside one with {what}"
    return Row(title, milliseconds(there.p99), milliseconds(alone.p99), ratio(there.p99, alone.p99), _AIM, note)


def _step_row(effort: Effort) -> Row:
    """Of the work on a list, in a process of its own threads: busy machines make it longer, so of several the least."""
    bodies = islice(_lists(effort), effort.runs)
    step = min(_longest_step(body) for body in bodies)
    what = (
        f"a list of numbers of {effort.list_bytes / 2**20:g} MiB: the longest step during which no other thread goes on"
    )
    return Row(what, milliseconds(step), "", "", "", "processor time")


def _longest_step(body: bytes) -> float:
    """Seconds of the processor between two looks of a thread that is always ready."""
    work = threading.Thread(target=compress_request_body, args=(body, Settings(), Memory()))
    interval = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH_INTERVAL)
    longest, before = 0.0, time.process_time()
    work.start()
    while work.is_alive():
        time.sleep(_BETWEEN_LOOKS)
        now = time.process_time()
        longest, before = max(longest, now - before), now
    sys.setswitchinterval(interval)
    return longest


def _turns(
    proxy: Proxy, port: int, bodies: Sequence[bytes], settings: Settings | None, others: Iterator[bytes] | None
) -> _Turns:
    """The turns of a session but the first, while another user sends `others`."""
    stop, seconds, digests = threading.Event(), [], []
    thread = threading.Thread(target=_post_until, args=(proxy, port, others, stop)) if others else None
    with closing(Client(proxy, port)) as client:
        client.post(bodies[0])
        if thread:
            thread.start()
        for body in bodies[1:]:
            time.sleep(_PAUSE)
            seconds.append(client.post(body))
            digests.append(client.digest)
    stop.set()
    if thread:
        thread.join()
    return _Turns(seconds, _count_different(bodies, digests, settings) if settings else 0)


def _post_until(proxy: Proxy, port: int, bodies: Iterator[bytes], stop: threading.Event) -> None:
    with closing(Client(proxy, port)) as client, suppress(OSError):
        while not stop.is_set():
            client.post(next(bodies))


def _count_different(bodies: Sequence[bytes], digests: Sequence[str], settings: Settings) -> int:
    memory = Memory()
    made = [sha256(compress_request_body(body, settings, memory).body).hexdigest() for body in bodies]
    return sum(mine != arrived for mine, arrived in zip(made[1:], digests, strict=True))


def _lists(effort: Effort) -> Iterator[bytes]:
    """Each time another list."""
    for number in count():
        numbers = ",".join(str(100_000 + (number * 7 + value) % 900_000) for value in range(effort.list_bytes // 7))
        yield _request("curl -s https://a.example/list", f"[{numbers}]")


def _runs_of_tests() -> Iterator[bytes]:
    """Sessions in which one run of tests more is left out each time."""
    items: list[bytes] = []
    for number in count():
        rows = [f"tests/test_orders.py::test_{number}_{row} PASSED [ 50%]" for row in range(_TESTS_IN_A_RUN)]
        text = "\n".join(["=== test session starts ===", f"collected {_TESTS_IN_A_RUN} items", "", *rows, ""])
        items.append(_items("pytest -v", f"{text}\n=== {_TESTS_IN_A_RUN} passed in 0.09s ===\n", f"run_{number}"))
        yield b'{"model":"recorded","input":[' + b",".join(items) + b"]}"
        if len(items) == _MAX_RUNS:
            items.clear()


def _subagents(sessions: Sequence[Session], effort: Effort) -> Iterator[bytes]:
    """Branches of one session, which take turns."""
    shared = next(GrowingSession(sessions, 1_000, effort.session_bytes).turns(effort.session_bytes, 1))
    beginning = shared[: shared.rindex(b"]")]
    branches = [beginning] * _SUBAGENTS
    for turn in cycle(range(_SUBAGENTS)):
        text = "\n".join(f"    return value_{turn}_{row}" for row in range(effort.new_bytes // 30))
        branches[turn] += b"," + _items(f"cat part_{turn}.py", text, f"branch_{turn}_{len(branches[turn])}")
        yield branches[turn] + b"]}"


def _request(command: str, text: str) -> bytes:
    return b'{"model":"recorded","input":[' + _items(command, text, "c") + b"]}"


def _items(command: str, text: str, call_id: str) -> bytes:
    arguments = orjson.dumps({"command": command}).decode()
    call = {"type": "function_call", "call_id": call_id, "name": "bash", "arguments": arguments}
    output = {"type": "function_call_output", "call_id": call_id, "output": text}
    return orjson.dumps(call) + b"," + orjson.dumps(output)

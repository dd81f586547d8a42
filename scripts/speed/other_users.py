"""Another user of the same proxy, in a process of its own, so that it takes no time from the one that is measured."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import closing
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from itertools import cycle
from typing import TYPE_CHECKING

import orjson

from scripts.speed.proxies import Client
from tests.loopback.proxy import Proxy

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

SUBAGENTS = 60
_TESTS_IN_A_RUN = 150
_MAX_RUNS = 50
_BYTES_A_NUMBER = len("123456,")

Bodies = Callable[[], Iterator[bytes]]


class OtherUser:
    """Posts to a proxy while it is told to."""

    def __init__(self, control: Connection) -> None:
        self._control = control

    @contextmanager
    def posting(self, proxy: Proxy, port: int) -> Iterator[None]:
        """Let it post, from its first answer on, while the block runs.

        Raise EOFError or OSError, at the latest when the block ends, when a request of it fails: its process is gone.
        """
        self._control.send((proxy, port))
        self._control.recv()
        try:
            yield
        finally:
            self._control.send(None)
            self._control.recv()


@contextmanager
def running_other_user(bodies: Bodies, seconds_between: float) -> Iterator[OtherUser]:
    """bodies: makes what each proxy gets. seconds_between: from a request to the next, more if its answer takes longer.

    So the load is the same with and without the addon, if both answer within that time.
    """
    context = multiprocessing.get_context("spawn")
    ours, its = context.Pipe()
    process = context.Process(target=_post_when_told, args=(its, bodies, seconds_between), daemon=True)
    process.start()
    its.close()
    try:
        yield OtherUser(ours)
    finally:
        ours.close()
        process.join()


def _post_when_told(control: Connection, bodies: Bodies, seconds_between: float) -> None:
    made: dict[int, Iterator[bytes]] = {}
    while True:
        try:
            proxy, port = control.recv()
        except EOFError:
            return
        with closing(Client(proxy, port)) as client:
            mine = made.setdefault(proxy.port, bodies())
            client.post(next(mine))
            control.send("posting")
            while not control.poll():
                due = time.monotonic() + seconds_between
                client.post(next(mine))
                control.poll(max(0.0, due - time.monotonic()))
            control.recv()
        control.send("done")


@dataclass(frozen=True, slots=True)
class Lists:
    """Requests with a list of numbers of `size` bytes, each time another one. Making one takes a copy only."""

    size: int

    def __call__(self) -> Iterator[bytes]:
        numbers = ",".join(str(100_000 + value % 900_000) for value in range(self.size // _BYTES_A_NUMBER)).encode()
        for number in count():
            mark = str(number)
            template = items_of("curl -s https://a.example/list", f"[{mark},{{}}]", "c")
            yield b'{"model":"recorded","input":[' + template.replace(b"{}", numbers) + b"]}"


@dataclass(frozen=True, slots=True)
class Subagents:
    """A session, and then branches of it, which take turns. session: a request of it. new: bytes added in each turn."""

    session: bytes
    new: int

    def __call__(self) -> Iterator[bytes]:
        beginning = self.session[: self.session.rindex(b"]")]
        yield beginning + b"]}"
        branches = [beginning] * SUBAGENTS
        for turn in cycle(range(SUBAGENTS)):
            text = "\n".join(f"    return value_{turn}_{row}" for row in range(self.new // 30))
            branches[turn] += b"," + items_of(f"cat part_{turn}.py", text, f"branch_{turn}_{len(branches[turn])}")
            yield branches[turn] + b"]}"


def runs_of_tests() -> Iterator[bytes]:
    """Sessions in which one run of tests more is left out each time."""
    items: list[bytes] = []
    for number in count():
        rows = [f"tests/test_orders.py::test_{number}_{row} PASSED [ 50%]" for row in range(_TESTS_IN_A_RUN)]
        text = "\n".join(["=== test session starts ===", f"collected {_TESTS_IN_A_RUN} items", "", *rows, ""])
        items.append(items_of("pytest -v", f"{text}\n=== {_TESTS_IN_A_RUN} passed in 0.09s ===\n", f"run_{number}"))
        yield b'{"model":"recorded","input":[' + b",".join(items) + b"]}"
        if len(items) == _MAX_RUNS:
            items.clear()


def items_of(command: str, text: str, call_id: str) -> bytes:
    arguments = orjson.dumps({"command": command}).decode()
    call = {"type": "function_call", "call_id": call_id, "name": "bash", "arguments": arguments}
    output = {"type": "function_call_output", "call_id": call_id, "output": text}
    return orjson.dumps(call) + b"," + orjson.dumps(output)

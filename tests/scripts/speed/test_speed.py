"""The speed rows run and say what they should; how fast anything is, no test asserts."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from collections.abc import Sequence
from contextlib import ExitStack
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import pytest

from headroom_compression import Memory
from headroom_compression import compress_request_body
from headroom_compression.folds import repeats
from headroom_compression.folds import terminal
from headroom_compression.pipeline import is_within_limits
from scripts.savings.recordings import LEVELS
from scripts.savings.recordings import read_sessions
from scripts.speed import events
from scripts.speed import kinds
from scripts.speed import measures
from scripts.speed import proxies
from scripts.speed import rereads
from scripts.speed import table
from scripts.speed import two_users
from scripts.speed import websocket
from scripts.speed.bodies import GrowingSession
from scripts.speed.hostile import document_of
from scripts.speed.measures import Effort
from scripts.speed.upstream import running_upstream
from tests.loopback.proxy import Proxy

ROOT = Path(__file__).parents[3]
TINY = Effort(
    runs=1,
    turns=2,
    new_bytes=500,
    warm_sizes=(3_000,),
    first_sizes=(1_000, 2_000),
    session_bytes=3_000,
    hostile_bytes=2_000,
    neighbour_seconds=0.1,
    sessions_at_once=2,
    long_turns=6,
    starts=1,
    stored_originals=(20,),
    touched_originals=12,
    readings=(9,),
    user_rounds=2,
    user_turns=2,
    list_bytes=500,
    kind_bytes=3_000,
)
EXPECTED = {
    "warm": ["core, warm turn at 0.003 MB"],
    "first": ["core, first sight of 0.001 MB", "core, first sight of 0.002 MB"],
    "round-trip": ["growing session up to 0.003 MB: median round trip", "growing session up to 0.003 MB, zstd: p95"],
    "events": [
        "growing session up to 0.003 MB, event streams: median turn",
        "growing session up to 0.003 MB, event streams: p95",
    ],
    "websocket": ["WebSocket, session up to 0.003 MB: median turn", "WebSocket, session up to 0.003 MB: p95"],
    "neighbour": ["1 kB every 10 ms during first sights of 0.003 MB, with the addon: p99"],
    "many": ["2 sessions of 0.003 MB, turns in rotation: the slowest session", "2 sessions of 0.003 MB: memory"],
    "long": ["6 turns in a row: median round trip", "6 turns in a row, all: memory"],
    "start": ["from exec to listening, the addon off", "from exec to listening, the addon on"],
    "at-once": ["hostile text, 10 KiB that are new at 0.003 MB, in the event loop"],
    "loop-holds": ["longest hold of the event loop, 6 inputs"],
    "rereads": ["core, first sight of 9 readings of 7 files by `cat -n`: CPU"],
    "store": [
        "core, a new original, 20 in a full store, seen two days ago",
        "core, a new original, 20 in a full store, all seen today",
        "core, a turn that touches 12 originals",
    ],
    "two-users": [
        "a user's p99 beside one with 60 subagents",
        "a user's p99 beside one with 60 subagents: the addon's own part",
        "a user's p99 beside one with a recall store of 20 originals at its limit",
        "a list of numbers of 0.000476837 MiB: the longest step during which no other thread goes on",
    ],
    "budget": [
        "core, warm turn at 0.003 MB, far below the budget: CPU",
        "core, warm turn at 0.003 MB, up to the budget: CPU",
        "core, turn with a checkpoint at 0.003 MB: CPU",
        "core, cold start at 0.003 MB, budget of 80% of it: CPU",
        "core, cold start at 0.003 MB, budget of 40% of it: CPU",
    ],
    "kinds": ["CI log, level recall: CPU a MB", "JSON of numbers, level lossless: CPU a MB"],
    "hostile": ["hostile text, fold search", "hostile text, a whole request", "hostile text, counting"],
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    items: list[dict[str, str]] = [{"type": "message", "role": "user", "content": "Read it."}]
    for number in range(4):
        rows = "\n".join(f"{row:6}\tvalue_{row} = compute({number})" for row in range(1, 20))
        call = {"type": "function_call", "name": "bash", "arguments": '{"command": "cat -n values.py"}'}
        items += [
            {**call, "call_id": f"call_{number}"},
            {"type": "function_call_output", "call_id": f"call_{number}", "output": rows},
        ]
    (tmp_path / "session.json").write_text(json.dumps({"source": "reads", "input": items}))
    return tmp_path


class Shared:
    """One upstream of each kind and one proxy for each kind of arguments: to start them takes longer than all else."""

    def __init__(self, stack: ExitStack, folder: Path) -> None:
        self._stack = stack
        self._upstreams = [
            stack.enter_context(running()) for running in (running_upstream, websocket.running_websocket_upstream)
        ]
        self._authorities = folder / "authorities.pem"
        self._authorities.write_bytes(b"".join(authority.read_bytes() for _, authority in self._upstreams))
        self._start = proxies.running_proxies
        self._proxies: dict[tuple[str, ...], Proxy] = {}

    @contextmanager
    def upstream(self) -> Iterator[tuple[int, Path]]:
        yield self._upstreams[0]

    @contextmanager
    def websocket_upstream(self) -> Iterator[tuple[int, Path]]:
        yield self._upstreams[1]

    @contextmanager
    def proxies(self, wanted: Sequence[Sequence[str]], authority: Path) -> Iterator[list[Proxy]]:
        assert authority in {file for _, file in self._upstreams}
        new = [kind for kind in map(tuple, wanted) if kind not in self._proxies]
        self._proxies.update(zip(new, self._stack.enter_context(self._start(new, self._authorities)), strict=True))
        yield [self._proxies[tuple(kind)] for kind in wanted]


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shared]:
    with ExitStack() as stack:
        yield Shared(stack, tmp_path_factory.mktemp("shared"))


@pytest.fixture
def sharing(shared: Shared, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (proxies, events, two_users, websocket):
        monkeypatch.setattr(module, "running_proxies", shared.proxies)
    for module in (proxies, events, two_users):
        monkeypatch.setattr(module, "running_upstream", shared.upstream)
    monkeypatch.setattr(websocket, "running_websocket_upstream", shared.websocket_upstream)


@pytest.mark.usefixtures("sharing")
@pytest.mark.parametrize("name", table.ROWS)
def test_rows(name: str, folder: Path) -> None:
    rows = list(table.ROWS[name](list(read_sessions(folder)), TINY))
    assert set(EXPECTED[name]) <= {row.what for row in rows}


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="only Linux counts it there")
def test_processor_time_includes_that_of_children_where_it_is_asked_for() -> None:
    subprocess.run([sys.executable, "-c", "sum(range(3_000_000))"], check=True)
    together = measures.cpu_seconds(os.getpid(), with_children=True) or 0.0
    assert together > (measures.cpu_seconds(os.getpid()) or 0.0) > 0.0


@pytest.mark.parametrize("kind", ["JSON of numbers", "JSON of records", "one line", "minified"])
def test_a_kind_of_text_takes_a_few_times_as_long_as_file_text(kind: str) -> None:
    outputs = kinds.kinds(100_000)
    settings = LEVELS["lossless"]
    usual = kinds.seconds_a_megabyte(outputs["file text"], settings)
    assert kinds.seconds_a_megabyte(outputs[kind], settings) < 8 * usual


def test_the_benchmark_prints_the_rows_that_are_named(folder: Path) -> None:
    finished = subprocess.run(
        [sys.executable, ROOT / "scripts" / "savings" / "benchmark.py", folder, "--speed", "at-once"],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stderr
    names = [line.split("|")[1].strip() for line in finished.stdout.splitlines()[2:]]
    assert names == ["hostile text, 10 KiB that are new at 1 MB, in the event loop"]


def test_a_growing_session_only_grows(folder: Path) -> None:
    sessions = list(read_sessions(folder))
    bodies = list(GrowingSession(sessions, 0, 20_000).turns(5_000, 2_000))
    inputs = [json.loads(body)["input"] for body in bodies]
    assert all(later[: len(earlier)] == earlier for earlier, later in pairwise(inputs))
    call_ids = [item["call_id"] for item in inputs[-1] if item.get("type") == "function_call"]
    assert len(call_ids) == len(set(call_ids)) > 4
    assert bodies[0] != next(GrowingSession(sessions, 1, 20_000).turns(5_000, 2_000))


@pytest.mark.parametrize(
    ("share", "expected"),
    [pytest.param(0.5, 50, id="half"), pytest.param(0.99, 99, id="most"), pytest.param(1.0, 100, id="all")],
)
def test_percentile(share: float, expected: int) -> None:
    assert measures.percentile([float(value) for value in range(100, 0, -1)], share) == expected


def test_many_turns_come_out_the_same_with_a_memory(folder: Path) -> None:
    memory = Memory()
    bodies = list(GrowingSession(list(read_sessions(folder)), 0, 150_000).turns(0, 300))
    assert len(bodies) > 130
    results = [compress_request_body(body, memory=memory) for body in bodies]
    assert results[-1].changed
    assert results[-1].body == compress_request_body(bodies[-1]).body


def test_a_text_of_many_cursor_movements_is_left_alone() -> None:
    text = "\n".join(["10%\r20%\r30%"] * 30_000)
    assert terminal.fold(document_of("npm test", text[:100_000])) is not None
    assert terminal.fold(document_of("npm test", text)) is None


def test_blocks_of_equal_blocks_are_counted_as_the_smallest() -> None:
    text = "\n".join([*["one two three"] * 40, *["four five six", "seven eight nine"] * 20])
    assert repeats.fold(document_of("npm test", text)) == (
        "one two three\n[previous line repeated 39 more times]\n"
        "four five six\nseven eight nine\n[previous 2 lines repeated 19 more times]"
    )


def test_short_lines_by_the_million_are_left_alone() -> None:
    assert not is_within_limits("a\n" * 1_000_000)
    assert is_within_limits("a" * 4_000_000)


def test_the_work_for_files_that_are_read_again_grows_as_the_body() -> None:
    bodies = [rereads.request_body(readings, "sed -n 1,300p") for readings in (70, 280)]
    compress_request_body(bodies[0])
    begin = time.process_time()
    compress_request_body(bodies[0])
    between = time.process_time()
    compress_request_body(bodies[1])
    assert time.process_time() - between < 8 * (between - begin)

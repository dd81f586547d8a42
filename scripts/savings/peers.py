"""Our figures beside those of peers, on the same requests: `python scripts/savings/peers.py FOLDER [--every N]`.

FOLDER is as for the benchmark; `--every 4` takes each fourth file of it. Each program is a server that every request of
every session is posted to, one after the other, and an upstream behind it keeps what arrives. Those of PyPI are
installed in environments of their own, in a temporary folder or below `--environments`.

Saved: o200k_base tokens of tool outputs in the last request of each session. Broken: in how many pairs of successive
requests of a session the items that arrived of the first are not the beginning of those of the second, compared as JSON
values. Gone: how many of the strings that `survival` looks for stand in no item that arrived and cannot be put together
from one either; what a tool of the program could bring back counts as gone. Others changed: items of the last requests
that are no tool outputs and did not arrive as they were sent. CPU: processor time of the program's process for each
request, as Linux counts it, after a first request that is not counted.
"""

from __future__ import annotations

import argparse
import http.client
import json
import sys
import tempfile
import threading
from collections import defaultdict
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from dataclasses import fields
from http.server import BaseHTTPRequestHandler
from http.server import ThreadingHTTPServer
from pathlib import Path

from headroom_compression import tokens
from headroom_report.values.items import Item
from headroom_report.values.items import is_output
from scripts.savings.peer_programs import PROGRAMS
from scripts.savings.peer_programs import Program
from scripts.savings.peer_programs import installed
from scripts.savings.peer_programs import running
from scripts.savings.recordings import Session
from scripts.savings.recordings import count_tokens
from scripts.savings.recordings import read_sessions
from scripts.savings.survival import survival

MODEL = "gpt-5.5"
_SECONDS = 120
_FIRST: Sequence[Item] = (
    {"type": "message", "role": "user", "content": "Look."},
    {"type": "function_call", "call_id": "call_0", "name": "bash", "arguments": '{"command": "ls"}'},
    {"type": "function_call_output", "call_id": "call_0", "output": "README.md\n" * 200},
)
_ANSWER = {
    "id": "resp_1",
    "object": "response",
    "created_at": 0,
    "model": MODEL,
    "status": "completed",
    "output": [],
    "usage": {"input_tokens": 1, "output_tokens": 1, "total_tokens": 2},
}
_EVENT = (
    b"event: response.completed\ndata: %b\n\n"
    % json.dumps({"type": "response.completed", "sequence_number": 0, "response": _ANSWER}).encode()
)
Post = Callable[[bytes], bytes]
"""Takes the body of a request, returns what arrived of it."""


@dataclass(slots=True)
class Figures:
    """Sums over sessions; the docstring of this module defines them. before, after: tokens of tool outputs."""

    sessions: int = 0
    requests: int = 0
    before: int = 0
    after: int = 0
    pairs: int = 0
    broken: int = 0
    used: int = 0
    gone: int = 0
    others: int = 0

    def add(self, other: Figures) -> None:
        for field in fields(self):
            setattr(self, field.name, getattr(self, field.name) + getattr(other, field.name))

    @property
    def saved(self) -> str:
        return f"{1 - self.after / max(1, self.before):.1%}"


def main() -> int:
    given = _arguments()
    sessions = list(read_sessions(given.folder))[:: given.every]
    if not sessions:
        sys.exit(f"{given.folder} holds no sessions")
    tokens.load()
    sources = list(dict.fromkeys(session.source for session in sessions))
    print(f"{len(sessions)} sessions, {sum(len(session.request_ends()) for session in sessions):,} requests\n")
    print(_row("program", "saved", *sources, "broken", "used later and gone", "others changed", "CPU a request"))
    print(_row(*["---"] * (6 + len(sources))))
    failed = False
    with tempfile.TemporaryDirectory(prefix="peers-") as folder:
        for program in [program for program in PROGRAMS if not given.only or program.name in given.only]:
            try:
                cells = measured(program, sessions, sources, given.environments or Path(folder) / "environments")
            except Exception as error:  # noqa: BLE001  the others are to be measured whatever happens to one
                failed, cells = True, [f"{type(error).__name__}: {error}".replace("\n", " ")]
            print(_row(program.name, *cells), flush=True)
    return int(failed)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="a folder of recorded sessions")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="take each Nth file")
    parser.add_argument("--only", nargs="+", choices=[program.name for program in PROGRAMS], help="names of programs")
    parser.add_argument("--environments", type=Path, help="where they are installed, to be used again")
    return parser.parse_args()


def measured(
    program: Program, sessions: Sequence[Session], sources: Sequence[str], environments: Path
) -> Sequence[str]:
    """Start the program and post everything to it; the cells of its row."""
    commands = installed(program, environments)
    with (
        tempfile.TemporaryDirectory(prefix="peer-") as folder,
        running_upstream() as (upstream, arrived),
        running(program, commands, upstream, Path(folder)) as server,
    ):
        post = posting(server.port, arrived)
        post(body(_FIRST))
        begin = server.processor_seconds()
        table = measure_sources(sessions, post)
        seconds = server.processor_seconds() - begin
    return cells(table, sources, seconds)


def measure_sources(sessions: Sequence[Session], post: Post) -> Mapping[str, Figures]:
    table: defaultdict[str, Figures] = defaultdict(Figures)
    for number, session in enumerate(sessions):
        print(f"\r{number} of {len(sessions)} sessions", end="", file=sys.stderr, flush=True)
        table[session.source].add(measure(session, post))
    print("\r\x1b[K", end="", file=sys.stderr)
    return table


def measure(session: Session, post: Post) -> Figures:
    ends = session.request_ends()
    figures = Figures(sessions=1, requests=len(ends), pairs=max(0, len(ends) - 1))
    before: list[Item] = []
    for end in ends:
        arrived: list[Item] = json.loads(post(body(session.items[:end])))["input"]
        figures.broken += arrived[: len(before)] != before
        before = arrived
    if ends:
        _add_last_request(figures, session.items, ends[-1], before)
    return figures


def _add_last_request(figures: Figures, items: Sequence[Item], end: int, arrived: Sequence[Item]) -> None:
    figures.before = _tokens_of_outputs(items[:end])
    figures.after = _tokens_of_outputs(arrived)
    sent = _in_the_places_of(items[:end], arrived)
    pairs = zip(items, sent, strict=False)
    figures.others = sum(not is_output(item) and item != other for item, other in pairs)
    for used in survival(items, [*sent, *items[end:]]):
        figures.used += 1
        figures.gone += not used.is_recoverable


def _tokens_of_outputs(items: Sequence[Item]) -> int:
    return sum(count_tokens(item) for item in items if is_output(item))


def _in_the_places_of(items: Sequence[Item], arrived: Sequence[Item]) -> Sequence[Item]:
    """What arrived of each item. If items were added or dropped, outputs are found by their call; {} if not found."""
    if len(items) == len(arrived):
        return arrived
    outputs = {item.get("call_id"): item for item in arrived if is_output(item)}
    others = [item for item in arrived if not is_output(item)]
    return [
        outputs.get(item.get("call_id"), {}) if is_output(item) else item if item in others else {} for item in items
    ]


def cells(table: Mapping[str, Figures], sources: Sequence[str], seconds: float) -> Sequence[str]:
    total = Figures()
    for figures in table.values():
        total.add(figures)
    return (
        total.saved,
        *(table[source].saved for source in sources),
        f"{total.broken:,} of {total.pairs:,}",
        f"{total.gone:,} of {total.used:,}",
        f"{total.others:,}",
        f"{1000 * seconds / max(1, total.requests):.1f} ms",
    )


def _row(*values: str) -> str:
    return f"| {' | '.join(values)} |"


def body(items: Sequence[Item]) -> bytes:
    request = {
        "model": MODEL,
        "instructions": "You are a coding agent.",
        "input": items,
        "stream": True,
        "store": False,
    }
    return json.dumps(request, ensure_ascii=False, separators=(",", ":")).encode()


def posting(port: int, arrived: list[bytes]) -> Post:
    """Return a function that posts to the program at that port, as an agent does, and clears `arrived` before.

    arrived: the list that the upstream adds bodies to.
    """

    def post(content: bytes) -> bytes:
        arrived.clear()
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_SECONDS)
        headers = {
            "Content-Type": "application/json",
            "Accept": "text/event-stream",
            "Authorization": "Bearer some-key",
        }
        connection.request("POST", "/v1/responses", content, headers)
        response = connection.getresponse()
        answer = response.read()
        connection.close()
        if response.status != http.HTTPStatus.OK or len(arrived) != 1:
            raise ValueError(f"status {response.status}, {len(arrived)} requests arrived: {answer[:300]!r}")
        return arrived[0]

    return post


@contextmanager
def running_upstream() -> Iterator[tuple[str, list[bytes]]]:
    """Yield its URL, and the list that it adds the body of each request to, before it answers with an event stream."""
    arrived: list[bytes] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            arrived.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.send_header("Content-Length", str(len(_EVENT)))
            self.end_headers()
            self.wfile.write(_EVENT)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", arrived
    finally:
        server.shutdown()
        server.server_close()


if __name__ == "__main__":
    sys.exit(main())

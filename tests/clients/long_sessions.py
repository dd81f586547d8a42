"""Agents that read on until the context limit of their route, and what becomes of them.

The real Codex (own provider, POST) or the real openai-agents loop reads file after file, and now and then one again.
The upstream refuses what has more tokens than its limit, as routes do whose limit the client does not know. When a
file was put away, the agent opens the original once, with `sed`.
"""

import random
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from headroom_compression.formats.gap_markers import read_put_away_marker
from tests.clients import codex
from tests.clients import openai_agents
from tests.clients.codex import Codex
from tests.clients.command_line import CLIENTS
from tests.clients.command_line import FINAL_MESSAGE
from tests.clients.command_line import addon_arguments
from tests.clients.command_line import bodies_sent
from tests.clients.command_line import finished
from tests.loopback.context_limit import count_read
from tests.loopback.proxy import Proxy
from tests.loopback.proxy import running_proxy
from tests.loopback.upstream import FunctionCall
from tests.loopback.upstream import LoopbackUpstream
from tests.loopback.upstream import Message
from tests.loopback.upstream import Turn

# Each sixth time the agent reads a file again that it has read two calls before.
AGAIN, BEHIND = 6, 2
# Each fourth reading is one with the numbers of the lines.
NUMBERED = 4
OPENED_LINES = 12
PATIENCE = 900


@dataclass
class Work:
    """What the model lets its agent do: so many calls, which read files of so many functions."""

    calls: int
    functions: int
    opened: str | None = None
    """The file of the original that was opened."""
    was_opened: bool | None = None
    """Whether its beginning has come."""

    def write_files(self, folder: Path) -> None:
        numbers = random.Random(20)  # noqa: S311  test data
        for number in range(self.calls):
            functions = (
                f"def area_{number}_{place}(width):\n    return width * {numbers.random():.6f}\n"
                for place in range(self.functions)
            )
            (folder / f"part_{number}.py").write_text("\n".join(functions))

    def next_turn(self, request: dict[str, Any]) -> Turn:
        outputs = [str(item["output"]) for item in request["input"] if item.get("type") == "function_call_output"]
        if self.opened and self.was_opened is None:
            lines = Path(self.opened).read_text().split("\n")[:OPENED_LINES]
            self.was_opened = "\n".join(lines) in outputs[-1]
        if len(outputs) >= self.calls:
            return (Message(FINAL_MESSAGE),)
        return (FunctionCall("exec_command", {"cmd": self._command(len(outputs), outputs)}),)

    def _command(self, number: int, outputs: Sequence[str]) -> str:
        markers = (read_put_away_marker(line) for output in outputs for line in output.split("\n"))
        marker = None if self.opened else next(filter(None, markers), None)
        if marker:
            self.opened = marker.path
            return f"sed -n '1,{OPENED_LINES}p' {marker.path}"
        program = "nl -ba" if number % NUMBERED == 0 else "cat"
        return f"{program} part_{number - BEHIND if number % AGAIN == AGAIN - 1 else number}.py"


@dataclass(frozen=True)
class Ending:
    """How a session ended. refused_at: the number of the request that was too long. largest: tokens that arrived.

    sent: the requests as the client made them.
    """

    is_normal: bool
    requests: int
    refused_at: int | None
    largest: int
    put_away: int
    was_opened: bool
    sent: Sequence[bytes]
    log: str

    def cells(self) -> Iterator[str]:
        yield f"{self.requests:,}"
        yield f"{self.refused_at:,}" if self.refused_at else "none" if self.is_normal else "ended otherwise"
        yield f"{self.largest:,}"
        yield f"{self.put_away:,}"
        yield "yes" if self.was_opened else "no"


def run_codex(upstream: LoopbackUpstream, proxy: Proxy, folder: Path, workplace: Path) -> bool:
    client = Codex(CLIENTS / codex.NAME / "node_modules" / ".bin" / "codex", folder / "codex", workplace)
    client.configure(codex.CALLS_FUNCTIONS, *codex.custom_provider(f"https://localhost:{upstream.port}/v1"))
    return _ends_well(client.command, workplace, {**client.environment, **codex.through(proxy)})


def run_agents(upstream: LoopbackUpstream, proxy: Proxy, folder: Path, workplace: Path) -> bool:
    del folder
    return _ends_well(
        openai_agents.command(CLIENTS / openai_agents.NAME, upstream.port), workplace, openai_agents.through(proxy)
    )


def _ends_well(command: Sequence[str | Path], workplace: Path, environment: Mapping[str, str]) -> bool:
    done = finished(command, workplace, environment, PATIENCE)
    return (done.returncode, done.stdout.strip()) == (0, FINAL_MESSAGE)


RUNS = {"Codex": run_codex, "openai-agents": run_agents}
INSTALLATIONS = {
    "Codex": (codex.NAME, codex.INSTALLATION),
    "openai-agents": (openai_agents.NAME, openai_agents.INSTALLATION),
}


def with_budget(budget: int, store: Path) -> tuple[str, ...]:
    recall = ("compress_passthrough=true", "compress_level=recall", f"compress_recall_dir={store}")
    return (*recall, f"compress_budget={budget}")


def run_session(client: str, options: Sequence[str], work: Work, limit: int, folder: Path) -> Ending:
    """A session of a client through a proxy with these options, with a limit of so many tokens behind it."""
    workplace, own = folder / "workplace", folder / "mitmproxy"
    workplace.mkdir()
    own.mkdir()
    work.write_files(workplace)
    with LoopbackUpstream(work.next_turn, tls=True, count_tokens=count_read, context_limit=limit) as upstream:
        with running_proxy(addon_arguments(upstream, *options), own) as proxy:
            is_normal = RUNS[client](upstream, proxy, folder, workplace)
        bodies = [request.content for request in upstream.response_requests]
    largest = max(count_read(body) for body in bodies)
    put_away = max(body.count(b"left out here to make room") for body in bodies)
    return Ending(
        is_normal,
        len(bodies),
        upstream.refused_at,
        largest,
        put_away,
        bool(work.was_opened),
        bodies_sent(proxy),
        proxy.log,
    )

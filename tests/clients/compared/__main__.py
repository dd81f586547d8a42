"""The table of clients: what is saved of each one's tool outputs, on the same work through the real mitmdump.

    python -m tests.clients.compared agents|python-agents|frameworks|node-frameworks [NAME ...] [--keep FOLDER]
        [--set OPTION=VALUE ...]

What is not installed yet comes from npm and PyPI, in pinned versions, into `.venv/clients`.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from tests.clients.compared.agents import AGENTS
from tests.clients.compared.frameworks import FRAMEWORKS
from tests.clients.compared.frameworks import NODE_FRAMEWORKS
from tests.clients.compared.frameworks import Framework
from tests.clients.compared.frameworks import NodeFramework
from tests.clients.compared.measuring import Saved
from tests.clients.compared.npm_agent import Agent
from tests.clients.compared.npm_agent import tools_for_agents
from tests.clients.compared.python_agents import PYTHON_AGENTS
from tests.clients.compared.python_agents import PythonAgent
from tests.clients.compared.running import Place
from tests.clients.compared.running import run
from tests.clients.compared.work import WORK
from tests.loopback.upstream import Turn

_HEAD = "| client | version | outputs | tokens as sent | as they arrived | saved |\n|---|---|--:|--:|--:|--:|\n"
Client = Agent | PythonAgent | Framework | NodeFramework
_CLIENTS: dict[str, dict[str, Client]] = {
    "agents": {**AGENTS},
    "python-agents": {**PYTHON_AGENTS},
    "frameworks": {**FRAMEWORKS},
    "node-frameworks": {**NODE_FRAMEWORKS},
}


def main(words: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.clients.compared")
    parser.add_argument("kind", choices=_CLIENTS)
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--keep", type=Path, help="an empty folder, for what is sent and what each client records")
    parser.add_argument("--set", action="append", default=[], help="an option of the addon")
    given = parser.parse_args(words)
    clients = _CLIENTS[given.kind]
    failed = 0
    sys.stdout.write(_HEAD)
    for name in given.names or clients:
        try:
            told = _row(name, clients[name], given.set, given.keep)
        except Exception as error:  # noqa: BLE001  the others are to be run whatever happened to one
            failed += 1
            told = f"| {name} | {type(error).__name__}: {error} |\n"
        sys.stdout.write(told)
        sys.stdout.flush()
    return int(failed > 0)


def _row(name: str, client: Client, options: Sequence[str], keep: Path | None) -> str:
    saved = _saved(client, options, keep and keep / name)
    return (
        f"| {name} | {client.version} | {saved.outputs} | {saved.before:,} | {saved.after:,} | {saved.percent:.1f}% |\n"
    )


def _saved(client: Client, options: Sequence[str], keep: Path | None) -> Saved:
    program = client.installed()
    path = [] if isinstance(client, Framework) else tools_for_agents()
    return run(
        lambda place: _turns(client, place),
        lambda place: replace(client.start(program, place), path=path),
        options,
        keep,
    )


def _turns(client: Client, place: Place) -> list[Turn]:
    finish = client.finish if isinstance(client, Framework | PythonAgent) else None
    return [*((client.call(step, place),) for step in WORK), *([(finish,)] if finish else [])]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

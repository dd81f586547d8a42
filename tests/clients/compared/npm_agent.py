"""A coding agent of npm: what it needs of a machine, and the commands by which any of them does a step of the work."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.clients.command_line import npm_installation
from tests.clients.compared.running import Place
from tests.clients.compared.running import Started
from tests.clients.compared.work import ListIssues
from tests.clients.compared.work import Read
from tests.clients.compared.work import Search
from tests.clients.compared.work import Show
from tests.clients.compared.work import Step
from tests.clients.installing import installed
from tests.loopback.upstream import CustomToolCall
from tests.loopback.upstream import FunctionCall

CODEX = "0.171.0"


@dataclass(frozen=True)
class Agent:
    """package: of npm. program: in its node_modules/.bin. start: from there and the place. call: of its tools."""

    package: str
    version: str
    program: str
    start: Callable[[Path, Place], Started]
    call: Callable[[Step, Place], FunctionCall | CustomToolCall]

    def installed(self) -> Path:
        """The program."""
        return programs_of(self.program, self.package, self.version, tools_for_agents()) / self.program


def programs_of(name: str, package: str, version: str, path: Sequence[Path] = ()) -> Path:
    """The folder of its programs. path: folders with what its installation needs."""
    folder = installed(f"{name}-{version}", npm_installation(package, version), may_install=True, path=path)
    return folder / "node_modules" / ".bin"


def tools_for_agents() -> list[Path]:
    """Folders with what the agents expect of a machine: Node 24, and for their searches the ripgrep that Codex has."""
    ripgrep = next(programs_of("codex", "@openai/codex", CODEX).parent.rglob("codex-path/rg"))
    return [programs_of("node", "node", "24.21.0"), ripgrep.parent]


def command_of(step: Step, place: Place) -> str:
    match step:
        case Read(path, 0):
            return f"nl -ba {path}"
        case Read(path, first, last):
            return f"sed -n '{first},{last}p' {path}"
        case Search(word):
            return f"grep -rn {word} --include=*.py ."
        case Show(path):
            return f"cat {path}"
        case ListIssues():
            return f"curl -s {place.issues_url}"

"""Where real agents fail at a context limit: `python scripts/long_sessions.py`, about five minutes.

The real Codex (own provider, POST) and the real openai-agents loop make 200 tool calls each, three times: with the
addon off, at level lossless, with a budget. The clients must be installed already (see tests/README.md).
"""

import sys
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.clients.installing import NotInstalledError
from tests.clients.installing import installed
from tests.clients.long_sessions import INSTALLATIONS
from tests.clients.long_sessions import RUNS
from tests.clients.long_sessions import Work
from tests.clients.long_sessions import run_session
from tests.clients.long_sessions import with_budget

LONG = Work(calls=200, functions=46)
LIMIT, BUDGET = 128_000, 76_000
HEADINGS = ("client", "addon", "requests", "refused at request", "tokens of the largest", "put away", "opened with sed")


def main() -> int:
    try:
        for client in RUNS:
            installed(*INSTALLATIONS[client], may_install=False)
    except NotInstalledError as error:
        sys.exit(f"{error} and run the tests of the clients once, as tests/README.md says")
    print(f"{LONG.calls} tool calls, context limit {LIMIT:,} tokens, budget {BUDGET:,}")
    print(f"| {' | '.join(HEADINGS)} |\n{'|---' * len(HEADINGS)}|", flush=True)
    return 0 if all(list(map(measure, RUNS))) else 1


def measure(client: str) -> bool:
    """Print a row for each session; return whether they ended as they should."""
    endings = []
    with TemporaryDirectory() as name:
        for addon, options in {
            "off": ("compress_passthrough=false",),
            "lossless": ("compress_passthrough=true",),
            "budget": with_budget(BUDGET, Path(name) / "store"),
        }.items():
            folder = Path(name) / addon
            folder.mkdir()
            endings.append(run_session(client, options, replace(LONG), LIMIT, folder))
            print(f"| {client} | {addon} | {' | '.join(endings[-1].cells())} |", flush=True)
    off, lossless, budget = endings
    fails_later = 0 < (off.refused_at or 0) < (lossless.refused_at or 0)
    return fails_later and budget.is_normal and budget.was_opened


if __name__ == "__main__":
    sys.exit(main())

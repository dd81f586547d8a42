"""What two checkouts cost: `python scripts/speed/against.py OLD NEW FOLDER [--what start times memory proxies]`.

Each round starts a process with the core of each of them, one after the other, on the same bodies, so that a busy
machine slows both down. Times are processor time, medians of all rounds. Memory is how much more the process holds, by
Linux's /proc, once all sessions are remembered. `proxies` is measured once: how much more mitmdump holds than one
without the addon that got the same requests.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from scripts.savings.recordings import read_sessions
from scripts.speed.against_proxies import memory_of_sessions
from scripts.speed.against_proxies import memory_of_turns
from scripts.speed.measures import MEGABYTE
from scripts.speed.measures import report_progress

ROOT = Path(__file__).resolve().parents[2]
_PROBE = "scripts.speed.against_probe"
_CORE = ("start", "times", "memory")
_PROXIES = "proxies"
_TITLES = ("what", "old", "new", "ratio")


@dataclass(frozen=True, slots=True)
class Figure:
    """What a process measured. unit: of the value."""

    what: str
    value: float
    unit: str


def main() -> int:
    given = _arguments()
    measured: list[Mapping[Path, Sequence[Figure]]] = []
    for number in range(given.rounds):
        report_progress(f"round {number}")
        measured.append({checkout: measure(checkout, given) for checkout in (given.old, given.new)})
    rows = [*zip(medians(measured, given.old), medians(measured, given.new), strict=True)]
    if _PROXIES in given.what:
        rows += proxied(given)
    report_progress("")
    print(table(rows))
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("old", type=Path)
    parser.add_argument("new", type=Path)
    parser.add_argument("folder", type=Path, help="a folder of recorded sessions")
    parser.add_argument("--what", nargs="+", default=_CORE, choices=[*_CORE, _PROXIES])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--sessions", type=int, default=50)
    parser.add_argument("--turns", type=int, default=2_000, help="of the client whose sessions come and go")
    parser.add_argument("--bytes", type=int, default=MEGABYTE, help="of a session")
    return parser.parse_args()


def measure(checkout: Path, given: argparse.Namespace) -> Sequence[Figure]:
    """Run `against_probe` with the core of that checkout, once for each of `given.what`, and read its figures."""
    addon = checkout / "addon"
    if not addon.is_dir():
        sys.exit(f"{checkout} is no checkout of headroom-addon: it has no folder addon")
    environment = {**os.environ, "PYTHONPATH": f"{addon.resolve()}{os.pathsep}{ROOT}"}
    figures: list[Figure] = []
    for what in (what for what in _CORE if what in given.what):
        words = [what, str(given.folder.resolve()), str(given.sessions), str(given.bytes)]
        command = [sys.executable, "-m", _PROBE, *words]
        finished = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True)
        figures += [Figure(**json.loads(line)) for line in finished.stdout.splitlines()]
    return figures


def medians(measured: Sequence[Mapping[Path, Sequence[Figure]]], checkout: Path) -> Sequence[Figure]:
    rounds = [figures[checkout] for figures in measured]
    return [
        Figure(figures[0].what, median(figure.value for figure in figures), figures[0].unit)
        for figures in zip(*rounds, strict=True)
    ]


def proxied(given: argparse.Namespace) -> Iterator[tuple[Figure, Figure]]:
    checkouts, recorded = (given.old, given.new), list(read_sessions(given.folder))
    for rows in (
        memory_of_sessions(checkouts, recorded, given.sessions, given.bytes),
        memory_of_turns(checkouts, recorded, given.turns, given.bytes // 2),
    ):
        for what, *values in rows:
            old, new = (Figure(what, value, "MiB") for value in values)
            yield old, new


def table(rows: Sequence[tuple[Figure, Figure]]) -> str:
    lines = [_TITLES, ("---", *["---:"] * (len(_TITLES) - 1))]
    for before, after in rows:
        values = [f"{figure.value:,.2f} {figure.unit}" for figure in (before, after)]
        lines.append((before.what, *values, f"{after.value / (before.value or 1):.2f}x"))
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


if __name__ == "__main__":
    sys.exit(main())

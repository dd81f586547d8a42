"""What two checkouts cost: `python scripts/speed/against.py OLD NEW FOLDER [--what start times memory]`.

Each round starts a process with the core of each of them, one after the other, on the same bodies, so that a busy
machine slows both down. Times are of the processor, medians of all rounds; memory is what the process holds more, by
Linux's /proc, once all sessions are remembered.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from scripts.speed.measures import report_progress

ROOT = Path(__file__).resolve().parents[2]
_PROBE = "scripts.speed.against_probe"
WHAT = ("start", "times", "memory")
_TITLES = ("what", "old", "new", "ratio")


@dataclass(frozen=True, slots=True)
class Figure:
    """What a process measured. unit: of the value."""

    what: str
    value: float
    unit: str


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("old", type=Path)
    parser.add_argument("new", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--sessions", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--what", nargs="+", default=WHAT, choices=WHAT)
    given = parser.parse_args()
    measured: list[dict[Path, Sequence[Figure]]] = []
    for number in range(given.rounds):
        report_progress(f"round {number}")
        measured.append(
            {
                checkout: [
                    figure for what in given.what for figure in measure(what, checkout, given.folder, given.sessions)
                ]
                for checkout in (given.old, given.new)
            }
        )
    report_progress("")
    print(table(medians(measured, given.old), medians(measured, given.new)))
    return 0


def measure(what: str, checkout: Path, folder: Path, sessions: int) -> Sequence[Figure]:
    """What a process with the core of that checkout measures."""
    addon = checkout / "addon"
    if not addon.is_dir():
        sys.exit(f"{checkout} is no checkout of headroom-addon: it has no folder addon")
    environment = {**os.environ, "PYTHONPATH": f"{addon.resolve()}{os.pathsep}{ROOT}"}
    command = [sys.executable, "-m", _PROBE, what, str(folder.resolve()), str(sessions)]
    finished = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True)
    return [Figure(**json.loads(line)) for line in finished.stdout.splitlines()]


def medians(measured: Sequence[Mapping[Path, Sequence[Figure]]], checkout: Path) -> Sequence[Figure]:
    rounds = [figures[checkout] for figures in measured]
    return [
        Figure(figures[0].what, median(figure.value for figure in figures), figures[0].unit)
        for figures in zip(*rounds, strict=True)
    ]


def table(old: Sequence[Figure], new: Sequence[Figure]) -> str:
    lines = [_TITLES, ("---", *["---:"] * (len(_TITLES) - 1))]
    for before, after in zip(old, new, strict=True):
        values = [f"{figure.value:,.2f} {figure.unit}" for figure in (before, after)]
        lines.append((before.what, *values, f"{after.value / before.value:.2f}x"))
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


if __name__ == "__main__":
    sys.exit(main())

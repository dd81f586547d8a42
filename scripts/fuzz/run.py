"""Fuzz the core, guided by coverage: `python scripts/fuzz/run.py --seconds 60` or `--inputs 1000000`.

Each input is a request body: bytes, items of any shape, or a session of commands whose outputs are made of pieces of
real ones. Each is checked for what is promised of every request (`checks.py`). What breaks a promise is written
into the folder `--findings`; `--replay FILE` runs it again. Then add a case or a test that shows it.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from scripts.speed.measures import report_progress

_MAX_INPUT_LENGTH = 4096
_CHILD = Path(__file__).with_name("child.py")


@dataclass(frozen=True)
class Outcome:
    """code: not 0 where a promise was broken. told: libFuzzer's lines. done, found: its summary, and the child's."""

    code: int
    told: list[str]
    done: str
    found: str


def main() -> int:
    given = _arguments()
    if given.replay:
        return subprocess.run([sys.executable, _CHILD, given.replay], check=False).returncode
    given.findings.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="headroom-fuzz-") as corpus:
        commands = [[sys.executable, str(_CHILD), *options, corpus] for options in _options(given)]
        with ThreadPoolExecutor(len(commands)) as pool:
            outcomes = list(pool.map(_run, commands))
    report_progress("")
    for outcome in outcomes:
        if outcome.code:
            print("".join(outcome.told[-60:]))
        print(f"{outcome.done or 'stopped'}; {outcome.found}")
    return int(any(outcome.code for outcome in outcomes))


def _options(given: argparse.Namespace) -> Iterator[list[str]]:
    """libFuzzer's options for each process. The processes share what they find through their common folder."""
    limits = [f"-max_len={_MAX_INPUT_LENGTH}", "-rss_limit_mb=4096", "-timeout=60"]
    for number in range(given.processes):
        inputs = -(-(given.inputs or 0) // given.processes)
        amount = f"-runs={inputs}" if inputs else f"-max_total_time={given.seconds}"
        yield [amount, f"-seed={given.seed + number}", f"-artifact_prefix={given.findings}/", *limits]


def _run(command: list[str]) -> Outcome:
    """Run a fuzzer. What it did is read from its output: libFuzzer ends the process without a return to Python."""
    told: list[str] = []
    found = ""
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        for line in process.stdout or ():
            if line.startswith("so far: "):
                found = line.removeprefix("so far: ").strip()
                report_progress(found)
            elif not line.startswith("#"):
                told.append(line)
    done = next((line.strip() for line in told if line.startswith("Done ")), "")
    return Outcome(process.returncode, told, done, found)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    amount = parser.add_mutually_exclusive_group(required=True)
    amount.add_argument("--inputs", type=int)
    amount.add_argument("--seconds", type=int)
    amount.add_argument("--replay", type=Path, help="run one input that was found")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--findings", type=Path, default=Path("fuzz-findings"))
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())

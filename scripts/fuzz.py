"""Fuzz the core, guided by coverage: `python scripts/fuzz.py --seconds 60` or `--inputs 1000000`.

Each input is a request body: bytes, items of any shape, or a session of commands whose outputs are made of pieces of
real ones. Each is checked for what is promised of every request (`fuzz_checks.py`). What breaks a promise is written
into the folder `--findings`; `--replay FILE` runs it again, and a case or test that shows it belongs into the tests.
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

_LONGEST_INPUT = 4096
_CHILD = Path(__file__).with_name("fuzz_child.py")


def main() -> int:
    given = _arguments()
    if given.replay:
        return subprocess.run([sys.executable, _CHILD, given.replay], check=False).returncode
    given.findings.mkdir(parents=True, exist_ok=True)
    amount = f"-runs={given.inputs}" if given.inputs else f"-max_total_time={given.seconds}"
    with tempfile.TemporaryDirectory(prefix="headroom-fuzz-") as corpus:
        limits = (f"-max_len={_LONGEST_INPUT}", "-rss_limit_mb=4096", "-timeout=60")
        options = [amount, f"-seed={given.seed}", f"-artifact_prefix={given.findings}/", *limits]
        return _report([sys.executable, str(_CHILD), *options, corpus])


def _report(command: list[str]) -> int:
    """Show what the fuzzer found, and how far it came: libFuzzer ends the process without a word to Python."""
    told: list[str] = []
    last = ""
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        for line in process.stdout or ():
            if line.startswith("so far: "):
                last = line.removeprefix("so far: ")
            elif not line.startswith("#"):
                told.append(line)
    done = next((line for line in told if line.startswith("Done ")), "")
    if process.returncode:
        print("".join(told[-60:]))
    print(f"{done.strip() or 'stopped'}; {last.strip()}")
    return process.returncode


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    amount = parser.add_mutually_exclusive_group(required=True)
    amount.add_argument("--inputs", type=int)
    amount.add_argument("--seconds", type=int)
    amount.add_argument("--replay", type=Path, help="run one input that was found")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--findings", type=Path, default=Path("fuzz-findings"))
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())

"""The process in which libFuzzer runs; `run.py` starts it. The arguments are libFuzzer's, or a file to run alone."""

import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["headroom_compression"], enable_loader_override=False):
    import headroom_compression  # noqa: F401  instrumented before anything else imports it
from scripts.fuzz.checks import Checks
from scripts.fuzz.inputs import read_input
from scripts.fuzz.inputs import seeds

_TOLD_EVERY = 1_000


class Runs:
    def __init__(self) -> None:
        self._checks = Checks()
        self._count = 0

    def run(self, data: bytes) -> None:
        self._checks.check(read_input(data))
        self._count += 1
        if self._count % _TOLD_EVERY == 0:
            print("so far:", self.summary(), flush=True)

    def summary(self) -> str:
        checks = self._checks
        counts = f"{self._count:,} inputs, {checks.changed:,} requests changed, {checks.elided:,} with gaps"
        return f"{counts}, the slowest input {checks.slowest:.1f} times linear time"


def main() -> None:
    runs = Runs()
    if len(sys.argv) == 2 and Path(sys.argv[1]).is_file():  # noqa: PLR2004  the name of this script, and of the input
        runs.run(Path(sys.argv[1]).read_bytes())
        print(runs.summary())
        return
    for number, seed in enumerate(seeds()):
        (Path(sys.argv[-1]) / f"seed-{number}").write_bytes(seed)
    atheris.Setup(sys.argv, runs.run)
    atheris.Fuzz()


if __name__ == "__main__":
    main()

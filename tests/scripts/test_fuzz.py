"""That the fuzzer's own parts work together: atheris is in no environment of the tests, so it is replaced here."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from scripts.fuzz.inputs import seeds

ROOT = Path(__file__).parents[2]
ATHERIS = """
from contextlib import nullcontext


def instrument_imports(**options):
    return nullcontext()
"""
BREAKING = """
from dataclasses import replace

import headroom_compression

compress = headroom_compression.compress_request_body
headroom_compression.compress_request_body = lambda *given: replace(compress(*given), body=b"{}")
"""


def test_an_input_that_was_found_is_run_again(tmp_path: Path) -> None:
    finished = replay(tmp_path)
    assert finished.returncode == 0, finished.stderr
    assert finished.stdout.startswith("1 inputs, ")


def test_a_broken_promise_ends_it_with_1(tmp_path: Path) -> None:
    finished = replay(tmp_path, ATHERIS + BREAKING)
    assert finished.returncode == 1, finished.stdout
    assert "checks.py" in finished.stderr
    assert finished.stderr.splitlines()[-1].startswith(("AssertionError", "KeyError: 'input'")), finished.stderr


def replay(folder: Path, atheris: str = ATHERIS) -> subprocess.CompletedProcess[str]:
    (folder / "atheris.py").write_text(atheris)
    found = folder / "found"
    found.write_bytes(next(iter(seeds())))
    return subprocess.run(
        [sys.executable, ROOT / "scripts" / "fuzz" / "run.py", "--replay", found],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(folder), *sys.path])},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )

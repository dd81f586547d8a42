"""Two checkouts are measured side by side: here one with itself, with small sessions."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

from scripts.speed import against
from scripts.speed import against_proxies

ROOT = Path(__file__).parents[3]
SCRIPT = ROOT / "scripts" / "speed" / "against.py"


def write_session(folder: Path) -> None:
    rows = "\n".join(f"value_{number} = compute({number})" for number in range(60))
    call = {"type": "function_call", "name": "bash", "call_id": "c", "arguments": '{"command": "cat values.py"}'}
    items = [
        {"type": "message", "role": "user", "content": "Read it."},
        call,
        {"type": "function_call_output", "call_id": "c", "output": rows},
        {"type": "message", "role": "assistant", "content": "Done."},
    ]
    (folder / "session.json").write_text(json.dumps({"source": "a read", "input": items}))


@pytest.mark.skipif(not (ROOT / "addon").is_dir(), reason="the wheel is tested, there is no checkout")
def test_a_table_of_both(tmp_path: Path) -> None:
    write_session(tmp_path)
    few = ["--rounds=1", "--sessions=1", "--turns=2", "--bytes=3000", "--what", "start", "times", "memory"]
    words = [sys.executable, str(SCRIPT), str(ROOT), str(ROOT), str(tmp_path), *few]
    finished = subprocess.run(words, capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stderr
    cells = [[cell.strip() for cell in line.split("|")[1:-1]] for line in finished.stdout.splitlines()[2:]]
    assert [row[0] for row in cells if "start" not in row[0]] == [
        "import of the addon, CPU",
        "what else is done before mitmproxy listens, CPU",
        "load of core and tokenizer, in the thread, CPU",
        "memory of addon and tokenizer",
        "first sight of 0.003 MB, CPU",
        "warm turn at 0.003 MB, CPU",
        "warm turn at 0.027 MB, CPU",
        "memory of 1 sessions of 0.003 MB, for each of their bytes",
        "counted of it against compress_memory",
    ]
    assert all(row[3].endswith("x") for row in cells)


@pytest.mark.skipif(not (ROOT / "addon").is_dir(), reason="the wheel is tested, there is no checkout")
def test_what_the_proxies_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both measures by the same three mitmdumps: to start them takes longer than all else."""
    write_session(tmp_path)
    given = argparse.Namespace(old=ROOT, new=ROOT, folder=tmp_path, sessions=1, turns=2, bytes=3000)
    with ExitStack() as stack:
        opened = against_proxies._opened(stack, (ROOT, ROOT))  # noqa: SLF001
        monkeypatch.setattr(against_proxies, "_opened", lambda *_: opened)
        rows = list(against.proxied(given))
    assert [(old.what, old.unit, new.unit) for old, new in rows] == [
        ("1 sessions of 3,000 bytes: memory beyond mitmdump's", "MiB", "MiB"),
        ("2 turns, sessions up to 1,500 bytes: memory beyond mitmdump's", "MiB", "MiB"),
    ]

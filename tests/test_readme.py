"""Every command that the README shows is run here, as it stands there, or by the test that is named for it."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md") if (ROOT / "README.md").exists() else None
RUN_ELSEWHERE = {
    "bash scripts/run": "tests/test_scripts.py",
    "bash scripts/test": "tests/test_scripts.py: every run of the tests is one",
    "bash scripts/test --update-cases": "tests/compression/test_cases.py",
    "pip install .": ".ci/run installs the wheel",
}
DEMO = "bash scripts/demo"
MITMDUMP = 'mitmdump -s "$(python -m headroom_addon)" --listen-host 127.0.0.1 --set compress_passthrough=true'
BENCHMARK = "python scripts/benchmark.py ../shared/corpus/sessions"
_COMMAND = re.compile(r"(?:^|`)((?:bash|pip|python|mitmdump) [^`\n]*?)(?=`|\s+#|\s*$)", re.MULTILINE)

pytestmark = pytest.mark.skipif(README is None, reason="the wheel is tested, there is no README")


def commands() -> set[str]:
    return set(_COMMAND.findall(README.read_text())) if README else set()


def environment() -> dict[str, str]:
    """The interpreter of this run first on the path, the checkout's packages where they are not installed."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT / "addon"), "PYTHONUNBUFFERED": "1"}


def test_every_command_is_run_by_a_test() -> None:
    assert commands() == {*RUN_ELSEWHERE, DEMO, MITMDUMP, BENCHMARK}


@pytest.mark.skipif(not Path(sys.prefix).is_relative_to(ROOT / ".venv"), reason="would install; see scripts/test")
def test_demo() -> None:
    finished = subprocess.run(
        DEMO.split(), cwd=ROOT, env={**environment(), "PYTHON": sys.executable}, capture_output=True, check=False
    )
    assert finished.returncode == 0, finished.stderr.decode()


def test_mitmdump_starts_with_the_addon_on(tmp_path: Path) -> None:
    command = f"exec {MITMDUMP} --listen-port 0 --set confdir={tmp_path}"
    with subprocess.Popen(["bash", "-c", command], env=environment(), stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lines: list[str] = []
        for line in process.stdout:
            lines.append(line)
            if "listening at" in line:
                break
        process.send_signal(signal.SIGTERM)
        lines += process.stdout
    assert process.returncode == 0
    assert re.search(r"headroom-addon [0-9.]+: on, level lossless", "".join(lines))


def test_benchmark_prints_a_table(tmp_path: Path) -> None:
    rows = "\n".join(f"value_{number} = compute({number})" for number in range(60))
    call = {"type": "function_call", "name": "bash", "arguments": '{"command": "cat values.py"}'}
    items: list[dict[str, str]] = [{"type": "message", "role": "user", "content": "Read it."}]
    for number in range(3):
        items += [
            {**call, "call_id": f"call_{number}"},
            {"type": "function_call_output", "call_id": f"call_{number}", "output": rows},
        ]
    items.append({"type": "message", "role": "assistant", "content": "Done."})
    (tmp_path / "session.json").write_text(json.dumps({"source": "three reads", "input": items}))
    command = [*BENCHMARK.split()[:-1], str(tmp_path)]
    finished = subprocess.run(command, cwd=ROOT, env=environment(), capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stderr
    row = next(line for line in finished.stdout.splitlines() if line.startswith("| three reads |"))
    cells = [cell.strip() for cell in row.strip("|").split("|")]
    assert cells[1] == "1, 4"
    assert cells[7:] == ["2 of 3", "0.67", "100.00%"]

"""The load script, with a few clients for a second."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).parents[3] / "scripts" / "speed" / "load.py"


def test_every_client_gets_what_the_core_makes(tmp_path: Path) -> None:
    rows = "\n".join(f"value_{number} = compute({number})" for number in range(60))
    items: list[dict[str, str]] = [{"type": "message", "role": "user", "content": "Read it."}]
    for number in range(3):
        call = {"type": "function_call", "name": "bash", "call_id": f"c{number}"}
        items.append({**call, "arguments": '{"command": "cat values.py"}'})
        items.append({"type": "function_call_output", "call_id": f"c{number}", "output": rows})
    items.append({"type": "message", "role": "assistant", "content": "Done."})
    (tmp_path / "session.json").write_text(json.dumps({"source": "three reads", "input": items}))
    words = [sys.executable, str(SCRIPT), str(tmp_path), "--clients=3", "--seconds=1", "--plain-seconds=0.5"]
    finished = subprocess.run(words, capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stderr
    cells = [[cell.strip() for cell in line.split("|")[1:-1]] for line in finished.stdout.splitlines()[2:]]
    assert [row[0] for row in cells] == ["POST, with the addon", "WebSocket, with the addon", "POST, without the addon"]
    assert [row[2:4] for row in cells] == [["0", "0"], ["0", "0"], ["0", ""]]
    assert all(int(row[1].replace(",", "")) >= 3 for row in cells)

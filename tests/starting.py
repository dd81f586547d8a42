"""A program that starts a proxy: started, and ended as soon as it listens."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Mapping
from collections.abc import Sequence


def log_of_start(words: Sequence[str], environment: Mapping[str, str]) -> str:
    """What it printed; it ends with status 0."""
    with subprocess.Popen(words, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lines: list[str] = []
        for line in process.stdout:
            lines.append(line)
            if "listening at" in line:
                break
        process.send_signal(signal.SIGTERM)
        lines += process.stdout
    assert process.returncode == 0
    return "".join(lines)

"""What agents on the command line have in common: one prompt, a model that reads a file with a shell, one answer."""

import os
import subprocess
from collections.abc import Mapping
from collections.abc import Sequence
from pathlib import Path

from tests.loopback.proxy import Proxy
from tests.loopback.upstream import FunctionCall
from tests.loopback.upstream import Message
from tests.loopback.upstream import Turn

COMMANDS = ("nl -ba areas.py", "sed -n '40,160p' areas.py", "nl -ba areas.py", "cat areas.py")
PROMPT = "Read areas.py."
FINAL_MESSAGE = "Everything read."


def npm_installation(package: str, version: str) -> list[list[str]]:
    return [["npm", "install", "--no-audit", "--no-fund", "--prefix", "{folder}", f"{package}@{version}"]]


def bash_script() -> list[Turn]:
    """Return the turns of a model that has a tool `bash`."""
    arguments = ({"command": command, "description": "Read areas.py"} for command in COMMANDS)
    return [*((FunctionCall("bash", given),) for given in arguments), (Message(FINAL_MESSAGE),)]


def node_through(proxy: Proxy) -> dict[str, str]:
    return {"HTTPS_PROXY": f"http://127.0.0.1:{proxy.port}", "NODE_EXTRA_CA_CERTS": str(proxy.authority)}


def run_client(command: Sequence[str | Path], workplace: Path, environment: Mapping[str, str]) -> None:
    done = subprocess.run(
        command,
        cwd=workplace,
        env={"PATH": os.environ["PATH"], "HOME": str(workplace.parent), **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stdout.strip()) == (0, FINAL_MESSAGE), done.stderr

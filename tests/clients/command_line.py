"""What agents on the command line have in common: one prompt, a model that reads a file with a shell, one answer."""

import os
import subprocess
from collections.abc import Mapping
from collections.abc import Sequence
from pathlib import Path

from tests.loopback.proxy import Proxy
from tests.loopback.upstream import FunctionCall
from tests.loopback.upstream import LoopbackUpstream
from tests.loopback.upstream import Message
from tests.loopback.upstream import Turn

ROOT = Path(__file__).parents[2]
ADDON = os.environ.get("HEADROOM_ADDON_SCRIPT") or str(ROOT / "addon" / "headroom_addon.py")
CLIENTS = ROOT / ".venv" / "clients"
COMMANDS = ("nl -ba areas.py", "sed -n '40,160p' areas.py", "nl -ba areas.py", "cat areas.py")
PROMPT = "Read areas.py."
FINAL_MESSAGE = "Everything read."


def npm_installation(package: str, version: str, *others: str) -> list[list[str]]:
    return [["npm", "install", "--no-audit", "--no-fund", "--prefix", "{folder}", f"{package}@{version}", *others]]


def bash_script() -> list[Turn]:
    """Return the turns of a model that has a tool `bash`."""
    arguments = ({"command": command, "description": "Read areas.py"} for command in COMMANDS)
    return [*((FunctionCall("bash", given),) for given in arguments), (Message(FINAL_MESSAGE),)]


def node_through(proxy: Proxy) -> dict[str, str]:
    return {"HTTPS_PROXY": f"http://127.0.0.1:{proxy.port}", "NODE_EXTRA_CA_CERTS": str(proxy.authority)}


def addon_arguments(upstream: LoopbackUpstream, *options: str) -> list[str]:
    """For mitmdump with the addon and these options, and a script before it that keeps what the client sends."""
    scripts = ["-s", str(Path(__file__).with_name("recorder.py")), "-s", ADDON]
    trusted = [f"ssl_verify_upstream_trusted_ca={upstream.authority}"] if upstream.authority else []
    return [*scripts, *(f"--set={option}" for option in [*options, *trusted])]


def bodies_sent(proxy: Proxy) -> list[bytes]:
    """By the client, decoded."""
    return contents(proxy.folder / "sent")


def contents(folder: Path) -> list[bytes]:
    return [file.read_bytes() for file in sorted(folder.iterdir())] if folder.exists() else []


def run_client(command: Sequence[str | Path], workplace: Path, environment: Mapping[str, str]) -> None:
    done = finished(command, workplace, environment)
    assert (done.returncode, done.stdout.strip()) == (0, FINAL_MESSAGE), done.stderr


def finished(
    command: Sequence[str | Path], workplace: Path, environment: Mapping[str, str], seconds: int = 120
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=workplace,
        env={"PATH": os.environ["PATH"], "HOME": str(workplace.parent), **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )

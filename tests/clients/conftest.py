"""Real clients, the real mitmdump with the addon, and a loopback upstream that each test module scripts for itself."""

import os
import shutil
import subprocess
from collections.abc import Callable
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from headroom_compression import tokens
from loopback_proxy import Proxy
from loopback_proxy import running_proxy
from loopback_upstream import LoopbackUpstream
from raw_bodies import outputs
from raw_bodies import up_to_last_item
from raw_bodies import without_outputs

ROOT = Path(__file__).parents[2]
ADDON = os.environ.get("HEADROOM_ADDON_SCRIPT") or str(ROOT / "addon" / "headroom_addon.py")
CLIENTS = ROOT / ".venv" / "clients"


@pytest.fixture(scope="session")
def install() -> Callable[[str, list[list[str]]], Path]:
    """Return a function that runs the commands, if it was not done before, and returns the folder they fill."""

    def install_once(name: str, commands: list[list[str]]) -> Path:
        folder = CLIENTS / name
        is_complete = folder / "complete"
        if is_complete.exists():
            return folder
        if os.environ.get("HEADROOM_CLIENT_TESTS") != "1":
            pytest.skip(f"{name} is not installed: set HEADROOM_CLIENT_TESTS=1")
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for command in commands:
            _run_or_skip(name, [part.format(folder=folder) for part in command])
        is_complete.touch()
        return folder

    return install_once


def _run_or_skip(name: str, command: list[str]) -> None:
    program = shutil.which(command[0])
    if program is None:
        pytest.skip(f"{name} cannot be installed: there is no {command[0]}")
    done = subprocess.run([program, *command[1:]], capture_output=True, text=True, check=False)
    if done.returncode:
        lines = f"{done.stdout}\n{done.stderr}".splitlines()
        reason = next((line for line in lines if "error" in line.lower()), f"exit code {done.returncode}")
        pytest.skip(f"{name} cannot be installed: {reason}")


@pytest.fixture
def proxy(upstream: LoopbackUpstream, tmp_path: Path) -> Iterator[Proxy]:
    folder = tmp_path / "mitmproxy"
    folder.mkdir()
    scripts = ["-s", str(Path(__file__).with_name("recorder.py")), "-s", ADDON]
    options = ["compress_passthrough=true", f"ssl_verify_upstream_trusted_ca={upstream.authority}"]
    with running_proxy([*scripts, *(f"--set={option}" for option in options)], folder) as proxy:
        yield proxy


@pytest.fixture
def workplace(tmp_path: Path) -> Path:
    """Return a folder with a file that is worth reading twice."""
    folder = tmp_path / "workplace"
    folder.mkdir()
    functions = (f"def area_{number}(width, height):\n    return width * height + {number}\n" for number in range(70))
    (folder / "areas.py").write_text("\n".join(functions))
    return folder


@pytest.fixture
def sent_bodies(proxy: Proxy) -> Callable[[], list[bytes]]:
    return lambda: [file.read_bytes() for file in sorted((proxy.folder / "sent").iterdir())]


@pytest.fixture
def check_promises(upstream: LoopbackUpstream, sent_bodies: Callable[[], list[bytes]]) -> Callable[[], None]:
    def check() -> None:
        sent, received = sent_bodies(), [request.body for request in upstream.response_requests]
        assert [without_outputs(body) for body in received] == [without_outputs(body) for body in sent]
        for bodies in (sent, received):
            assert all(later.startswith(up_to_last_item(body)) for body, later in pairwise(bodies))
        assert _tokens_of_outputs(received[-1]) < _tokens_of_outputs(sent[-1])

    return check


def _tokens_of_outputs(body: bytes) -> int:
    return sum(map(tokens.count, outputs(body)))

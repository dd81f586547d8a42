"""headroom-addon and its peers, each a server on 127.0.0.1 in front of one upstream: how it is installed and started.

Each is started by its documented entry point with its default settings, in an environment of its own. Only these are
set: the upstream, and for headroom-ai no limit of requests a minute, no statistics sent to its makers, and o200k_base
in the cache of its tokenizer, which would download it. llmtrim's proxy is not on PyPI; its function is, and a small
server here calls it.
"""

from __future__ import annotations

import lzma
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from dataclasses import field
from hashlib import sha1
from pathlib import Path

import headroom_addon
from headroom_compression import tokens
from scripts.speed.measures import cpu_seconds

_LLMTRIM_SERVER = Path(__file__).with_name("llmtrim_server.py")
_RANK_URL = "https://openaipublic.blob.core.windows.net/encodings/o200k_base.tiktoken"  # names the file of the cache
_SECONDS_TO_START = 120


@dataclass(frozen=True, slots=True)
class Program:
    """requirement: for pip, "" for this environment. command, environment: with {port}, {upstream} and {folder}."""

    name: str
    requirement: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)


def _ours(name: str, *options: str) -> Program:
    addon = ("-s", headroom_addon.__file__, "--set", "compress_passthrough=true")
    return _mitmdump(f"headroom-addon{name}", *addon, *options)


def _mitmdump(name: str, *arguments: str) -> Program:
    listen = ("--listen-host", "127.0.0.1", "--listen-port", "{port}", "--mode", "reverse:{upstream}")
    return Program(name, "", ("mitmdump", *listen, "--set", "confdir={folder}", *arguments))


def _leantokens(name: str, *options: str) -> Program:
    command = ("leantokens", "proxy", "--port", "{port}", *options)
    return Program(name, "leantokens==0.2.0", command, {"OPENAI_BASE_URL": "{upstream}/v1"})


_HEADROOM = ("headroom", "proxy", "--port", "{port}", "--no-rate-limit", "--no-telemetry")
_RECALL = ("--set", "compress_level=recall", "--set", "compress_recall_dir={folder}/recall")
PROGRAMS = (
    _mitmdump("mitmdump alone"),
    _ours(""),
    _ours(", eager", "--set", "compress_references=eager"),
    _ours(", recall", *_RECALL),
    _leantokens("leantokens 0.2.0"),
    _leantokens("leantokens 0.2.0 --smart", "--smart"),
    Program(
        "headroom-ai 0.42.0",
        "headroom-ai[proxy]==0.42.0",
        _HEADROOM,
        {"OPENAI_TARGET_API_URL": "{upstream}", "TIKTOKEN_CACHE_DIR": "{folder}"},
    ),
    Program("llmtrim 0.13.7", "llmtrim==0.13.7", ("python", "-P", str(_LLMTRIM_SERVER), "{port}", "{upstream}")),
)


@dataclass(frozen=True, slots=True)
class Running:
    port: int
    pid: int

    def processor_seconds(self) -> float:
        """Processor time of the process and of those that it has waited for, as Linux counts it; 0 elsewhere."""
        return cpu_seconds(self.pid, with_children=True) or 0.0


def installed(program: Program, environments: Path) -> Path:
    """The folder of its commands; pip fills it when it is not there yet. Raises CalledProcessError."""
    if not program.requirement:
        return Path(sys.executable).parent
    folder = environments / program.requirement
    done = folder / "complete"
    if not done.exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
        pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", program.requirement]
        subprocess.run(pip, check=True, stdout=sys.stderr)
        done.touch()
    return folder / "bin"


@contextmanager
def running(program: Program, commands: Path, upstream: str, folder: Path) -> Iterator[Running]:
    """upstream: its URL, without a path. folder: an empty one, its home; its log lies there.

    Raises RuntimeError with the end of that log when it does not listen.
    """
    port = _free_port()
    values = {"port": port, "upstream": upstream, "folder": folder}
    if "TIKTOKEN_CACHE_DIR" in program.environment:
        _write_ranks(folder)
    own = {name: value.format(**values) for name, value in program.environment.items()}
    environment = {"PATH": f"{commands}{os.pathsep}{os.environ['PATH']}", "HOME": str(folder), **own}
    words = [word.format(**values) for word in program.command]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [commands / words[0], *words[1:]], cwd=folder, env=environment, stdout=log, stderr=subprocess.STDOUT
        )
    try:
        _wait_for(port, process, folder / "log")
        yield Running(port, process.pid)
    finally:
        process.kill()
        process.wait()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _SECONDS_TO_START
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"does not listen: {log.read_text(errors='replace')[-500:]}")


def _write_ranks(folder: Path) -> None:
    """Write the published file where tiktoken looks for what it has downloaded."""
    name = sha1(_RANK_URL.encode(), usedforsecurity=False).hexdigest()
    (folder / name).write_bytes(lzma.decompress(tokens.RANK_FILE.read_bytes()))

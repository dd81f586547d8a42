"""Real clients, the real mitmdump with the addon, and a loopback upstream that each test module scripts for itself."""

import fcntl
import os
import shutil
import subprocess
from collections.abc import Callable
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clients import codex
from tests.clients.codex import Codex
from tests.clients.command_line import CLIENTS
from tests.clients.command_line import addon_arguments
from tests.clients.command_line import bodies_sent
from tests.clients.command_line import contents
from tests.clients.promises import Bodies
from tests.clients.promises import assert_each_begins_the_next
from tests.clients.promises import assert_shortened
from tests.clients.promises import tokens_of_outputs
from tests.loopback.proxy import Proxy
from tests.loopback.proxy import running_proxy
from tests.loopback.upstream import LoopbackUpstream

TOKENS = "tokens of tool outputs"


@pytest.fixture(scope="session")
def install() -> Callable[[str, list[list[str]]], Path]:
    """Return a function that runs the commands, if it was not done before, and returns the folder they fill."""

    def install_once(name: str, commands: list[list[str]]) -> Path:
        CLIENTS.mkdir(parents=True, exist_ok=True)
        with (CLIENTS / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # the tests of several processes need the same client
            return install_or_skip(name, commands)

    def install_or_skip(name: str, commands: list[list[str]]) -> Path:
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
def mode_arguments() -> list[str]:
    """Return what makes mitmdump another proxy than a regular one."""
    return []


@pytest.fixture
def proxy(upstream: LoopbackUpstream, mode_arguments: list[str], tmp_path: Path) -> Iterator[Proxy]:
    folder = tmp_path / "mitmproxy"
    folder.mkdir()
    with running_proxy([*addon_arguments(upstream, "compress_passthrough=true"), *mode_arguments], folder) as proxy:
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
def codex_cli(install: Callable[[str, list[list[str]]], Path], tmp_path: Path, workplace: Path) -> Codex:
    program = install(codex.NAME, codex.INSTALLATION) / "node_modules" / ".bin" / "codex"
    return Codex(program, tmp_path / "codex", workplace)


@pytest.fixture
def sent_bodies(proxy: Proxy) -> Callable[[], list[bytes]]:
    return lambda: bodies_sent(proxy)


@pytest.fixture
def sent_messages(proxy: Proxy) -> Callable[[], list[bytes]]:
    """Return a function that returns the WebSocket messages of the client."""
    return lambda: contents(proxy.folder / "sent_messages")


@pytest.fixture
def note_tokens(record_property: Callable[[str, object], None]) -> Callable[[Bodies, Bodies], None]:
    def note(sent: Bodies, received: Bodies) -> None:
        record_property(TOKENS, f"{tokens_of_outputs(sent):>8,} -> {tokens_of_outputs(received):>8,}")

    return note


@pytest.fixture
def check_promises(
    check_promises_of_increments: Callable[[], None],
    sent_bodies: Callable[[], list[bytes]],
    upstream: LoopbackUpstream,
) -> Callable[[], None]:
    """Return a check for a client whose every request holds the whole conversation."""

    def check() -> None:
        check_promises_of_increments()
        assert_each_begins_the_next(sent_bodies())
        assert_each_begins_the_next([request.content for request in upstream.response_requests])

    return check


@pytest.fixture
def check_promises_of_increments(
    upstream: LoopbackUpstream,
    sent_bodies: Callable[[], list[bytes]],
    note_tokens: Callable[[Bodies, Bodies], None],
) -> Callable[[], None]:
    def check() -> None:
        sent, received = sent_bodies(), [request.content for request in upstream.response_requests]
        note_tokens(sent, received)
        assert_shortened(sent, received)

    return check


@pytest.fixture
def check_promises_of_websockets(
    upstream: LoopbackUpstream,
    sent_messages: Callable[[], list[bytes]],
    note_tokens: Callable[[Bodies, Bodies], None],
) -> Callable[[], None]:
    def check() -> None:
        sent, received = sent_messages(), [message.content for message in upstream.websockets.messages]
        note_tokens(sent, received)
        assert_shortened(sent, received)

    return check


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    told = [
        (str(value), report.nodeid)
        for report in terminalreporter.getreports("passed")
        for name, value in report.user_properties
        if name == TOKENS
    ]
    if told:
        terminalreporter.section("tokens of tool outputs, as sent and as the upstream saw them")
    for line in told:
        terminalreporter.line("  ".join(line))

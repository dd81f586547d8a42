"""Real clients, the real mitmdump with the addon, and a loopback upstream that each test module scripts for itself."""

import os
from collections.abc import Callable
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clients import codex
from tests.clients.codex import Codex
from tests.clients.command_line import addon_arguments
from tests.clients.command_line import bodies_sent
from tests.clients.command_line import contents
from tests.clients.installing import NotInstalledError
from tests.clients.installing import installed
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
        try:
            return installed(name, commands, may_install=os.environ.get("HEADROOM_CLIENT_TESTS") == "1")
        except NotInstalledError as error:
            pytest.skip(str(error))

    return install_once


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

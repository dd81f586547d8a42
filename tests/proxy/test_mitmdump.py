"""What only the command shows: forms of `-s`, spellings of options, log lines and exit codes."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import sysconfig
import threading
from contextlib import closing
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from mitmproxy.http import HTTPFlow
from mitmproxy.io import FlowReader

import headroom_addon
from headroom_compression import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.proxy.conftest import Upstream

SCRIPT = Path(headroom_addon.__file__)
MITMDUMP = str(Path(sysconfig.get_path("scripts")) / "mitmdump")
ON = "--set=compress_passthrough=true"
BODY = b'{"model": "m", "input": [{"type": "function_call_output", "call_id": "c", "output": "%b"}]}'
START_SECONDS = 60  # it takes one; the machine may be busy


class Mitmdump:
    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.log = ""
        self._process = process

    @property
    def port(self) -> int:
        return int(self.wait_for(r"listening at \S+:(\d+)")[1])

    def wait_for(self, pattern: str) -> re.Match[str]:
        """Read its log until a line matches, or until it ends."""
        assert self._process.stdout is not None
        while not (found := re.search(pattern, self.log)):
            line = self._process.stdout.readline()
            assert line, f"no {pattern!r} in {self.log}"
            self.log += line
        return found

    def exit_code(self) -> int:
        assert self._process.stdout is not None
        overdue = threading.Timer(START_SECONDS, self._process.kill)
        overdue.start()
        self.log += self._process.stdout.read()  # communicate() would miss what wait_for has read ahead
        overdue.cancel()
        return self._process.wait()

    def stop(self) -> int:
        self._process.send_signal(signal.SIGTERM)
        return self.exit_code()


@contextmanager
def mitmdump(
    confdir: Path, *arguments: str, script: str = str(SCRIPT), cwd: Path | None = None, variable: str = ""
) -> Iterator[Mitmdump]:
    command = [MITMDUMP, "-s", script, "--listen-host=127.0.0.1", "--listen-port=0", f"--set=confdir={confdir}"]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", "HEADROOM_COMPRESS_PASSTHROUGH": variable or "off"}
    process = subprocess.Popen(
        [*command, *arguments],
        cwd=cwd,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    watchdog = threading.Timer(START_SECONDS, process.kill)
    watchdog.start()
    try:
        yield Mitmdump(process)
    finally:
        watchdog.cancel()
        process.kill()
        process.communicate()


def send(port: int, body: bytes, path: str = "/v1/responses") -> bytes:
    head = b"POST %b HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\nConnection: close\r\n\r\n" % (
        path.encode(),
        len(body),
    )
    with closing(socket.create_connection(("127.0.0.1", port), START_SECONDS)) as connection:
        connection.sendall(head + body)
        return b"".join(iter(lambda: connection.recv(65536), b""))


def printed_path(cwd: Path) -> str:
    """Return what `$(python -m headroom_addon)` gives where the package is installed."""
    return subprocess.run(
        [sys.executable, "-m", "headroom_addon"],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(SCRIPT.parent)},
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()


@pytest.mark.parametrize("form", ["inside addon", "from the root", "after an install"])
def test_loads_and_edits_and_ends(form: str, confdir: Path, upstream: Upstream, tmp_path: Path) -> None:
    script, cwd = {
        "inside addon": lambda: (SCRIPT.name, SCRIPT.parent),
        "from the root": lambda: (f"{SCRIPT.parent.name}/{SCRIPT.name}", SCRIPT.parent.parent),
        "after an install": lambda: (printed_path(tmp_path), tmp_path),
    }[form]()
    rows = "".join(rf"{number:6}\tvalue = compute({number % 9})\n" for number in range(1, 400)).encode()
    body = BODY % rows
    mode = f"--mode=reverse:http://127.0.0.1:{upstream.port}"
    with mitmdump(confdir, ON, mode, script=script, cwd=cwd) as proxy:
        assert send(proxy.port, body).endswith(b"{}")
        proxy.wait_for(r"headroom: responses, [\d,]+ tokens saved in 1 output, 1 new output, [\d.]+ ms; no finished")
        assert proxy.stop() == 0
    assert f"headroom-addon {__version__}: on, level lossless, references careful" in proxy.log
    assert len(upstream.received[0].body) < len(body)


@pytest.mark.parametrize(
    ("arguments", "variable", "line"),
    [
        pytest.param([], "", f"headroom-addon {__version__}: off", id="off by default"),
        pytest.param(["--set=compress_passthrough"], "", ": on, level lossless, references careful", id="no value"),
        pytest.param([], "Yes", ": on, level lossless, references careful", id="the variable"),
        pytest.param(["--set=compress_passthrough=false"], "1", ": off", id="the option wins"),
        pytest.param([ON, "--set=compress_references=eager"], "", ": on, level lossless, references eager", id="eager"),
        pytest.param([ON, "--set=compress_dry_run"], "", "references careful, dry run", id="dry run"),
        pytest.param(["--set=compress_dry_run"], "", ": off: compress_dry_run needs", id="dry run alone"),
        pytest.param([ON, "--set=compress_onyl=~all"], "", "there is no option compress_onyl", id="misspelt"),
    ],
)
def test_says_at_its_start(arguments: list[str], variable: str, line: str, confdir: Path) -> None:
    with mitmdump(confdir, *arguments, variable=variable) as proxy:
        proxy.wait_for(re.escape(line))


@pytest.mark.parametrize(
    ("argument", "variable", "complaint"),
    [
        ("compress_passthrough=1", "0", "compress_passthrough is '1', allowed are true and false"),
        ("compress_min_tokens=few", "1", "compress_min_tokens is 'few', allowed are 0 and whole numbers above"),
        ("compress_passthrough=true", "maybe", "HEADROOM_COMPRESS_PASSTHROUGH is 'maybe'"),
        ("compress_references=sometimes", "0", "compress_references is 'sometimes', allowed are off, careful, eager"),
        ("compress_only=~~", "0", "compress_only is '~~', allowed are mitmproxy filter expressions"),
        ("compress_only=~", "1", "compress_only is '~', allowed are mitmproxy filter expressions"),
        ("compress_level=", "0", "compress_level is '', allowed are lossless, recall"),
        ("compress_recall_dir=here", "0", "compress_recall_dir is 'here', allowed are absolute paths"),
    ],
)
def test_does_not_start_with(argument: str, variable: str, complaint: str, confdir: Path) -> None:
    with mitmdump(confdir, f"--set={argument}", variable=variable) as proxy:
        check_does_not_start(proxy, complaint)


def check_does_not_start(proxy: Mitmdump, complaint: str) -> None:
    """And that it says why in a line."""
    assert proxy.exit_code() == 1
    assert proxy.log.count(complaint) == 1
    assert "Traceback" not in proxy.log
    assert "error in script" not in proxy.log


def sent_bodies(recording: Path) -> list[bytes | None]:
    with recording.open("rb") as stream:
        return [flow.request.raw_content for flow in FlowReader(stream).stream() if isinstance(flow, HTTPFlow)]


def test_starts_with_anything_harmless(
    confdir: Path, upstream: Upstream, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is logged as an error during the start ends mitmdump."""
    (tmp_path / "config.yaml").write_text("compress_onyl: ~all\ncompress_references: off\ncompress_min_tokens: 0\n")
    for file in confdir.glob("mitmproxy-*"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    options = (ON, "--set=stream_large_bodies=1m", "--set=compress_dry_run=true", "--set=compress_exclude_tools=")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "a]b"))  # where level recall could not store
    with mitmdump(tmp_path, *options, f"--mode=reverse:http://127.0.0.1:{upstream.port}") as proxy:
        assert send(proxy.port, BODY % b"").endswith(b"{}")
        assert proxy.stop() == 0
    for line in ("there is no option compress_onyl", "streamed and cannot be compressed", "references off"):
        assert proxy.log.count(line) == 1, line


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("compress_passthrough: 1", "compress_passthrough is 1, allowed are true and false."),
        ("compress_exclude_tools: shell", "compress_exclude_tools is 'shell', allowed are lists of glob patterns."),
        ("compress_min_tokens: -1", "compress_min_tokens is -1, allowed are 0 and whole numbers above."),
    ],
)
def test_does_not_start_with_a_configuration_of(line: str, complaint: str, tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text(line)
    with mitmdump(tmp_path) as proxy:
        check_does_not_start(proxy, complaint)


def test_a_recorded_request_is_compressed_once(confdir: Path, upstream: Upstream, tmp_path: Path) -> None:
    flows = tmp_path / "flows"
    body = BODY % rb"".join(rb"%6d\tvalue = compute()\n" % number for number in range(1, 400))
    mode = f"--mode=reverse:http://127.0.0.1:{upstream.port}"
    with mitmdump(confdir, ON, mode, f"--save-stream-file={flows}") as proxy:
        send(proxy.port, body)
        assert proxy.stop() == 0
    again = tmp_path / "again"
    with mitmdump(confdir, ON, f"--rfile={flows}", "--no-server", f"--save-stream-file={again}") as proxy:
        assert proxy.exit_code() == 0
    assert sent_bodies(again) == sent_bodies(flows), "reading a recording runs the hooks too"
    with mitmdump(confdir, ON, f"--client-replay={flows}") as proxy:
        assert proxy.exit_code() == 0
    assert upstream.received[0].body == upstream.received[1].body != body
    assert "headroom: responses" not in proxy.log

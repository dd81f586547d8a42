"""The real mitmdump as a process on a free port of 127.0.0.1, and a client that goes through it."""

import http.client
import os
import re
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from collections.abc import Sequence
from contextlib import closing
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

SECONDS_TO_STOP = 10
SECONDS_TO_START = 120  # with the addon about two are usual; a busy machine takes longer
# [23:37:01.123] HTTP(S) proxy listening at 127.0.0.1:40123.
LISTENING = re.compile(rb"listening at [^\n]*:([0-9]+)\.")


@dataclass(frozen=True)
class Proxy:
    port: int
    pid: int
    folder: Path

    @property
    def authority(self) -> Path:
        return self.folder / "mitmproxy-ca-cert.pem"

    @property
    def log(self) -> str:
        return (self.folder / "mitmdump.log").read_text(errors="replace")

    def post(self, url: tuple[str, int, str], body: bytes, headers: dict[str, str]) -> Iterator[bytes]:
        """Post over TLS inside CONNECT; yield each line of the reply as it arrives."""
        host, port, path = url
        context = ssl.create_default_context(cafile=self.authority)
        with closing(http.client.HTTPSConnection("127.0.0.1", self.port, context=context)) as connection:
            connection.set_tunnel(host, port)
            connection.request("POST", path, body, {"Content-Type": "application/json"} | headers)
            response = connection.getresponse()
            if response.status != http.HTTPStatus.OK:
                raise ValueError(f"status {response.status}: {response.read()!r}")
            yield from response


@contextmanager
def running_proxy(arguments: Sequence[str], folder: Path) -> Iterator[Proxy]:
    """Run the mitmdump of this interpreter's environment; its authority and its log lie in the folder."""
    mitmdump = Path(sys.executable).with_name("mitmdump")
    command = [
        str(mitmdump),
        "--listen-host",
        "127.0.0.1",
        "--listen-port",
        "0",
        "--set",
        f"confdir={folder}",
        *arguments,
    ]
    log = folder / "mitmdump.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, stdout=output, stderr=subprocess.STDOUT, env=os.environ | {"PYTHONUNBUFFERED": "1"}
        )
    try:
        yield Proxy(_wait_for_port(process, log), process.pid, folder)
    finally:
        _stop(process)


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(SECONDS_TO_STOP)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _wait_for_port(process: subprocess.Popen[bytes], log: Path) -> int:
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline and process.poll() is None:
        if found := LISTENING.search(log.read_bytes()):
            return int(found[1])
        time.sleep(0.02)
    raise RuntimeError(f"mitmdump does not listen:\n{log.read_text(errors='replace')}")

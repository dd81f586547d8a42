"""One client through the real mitmdump: a reverse proxy with the addon, a server that plays the model behind it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.clients.command_line import addon_arguments
from tests.clients.command_line import bodies_sent
from tests.clients.command_line import contents
from tests.clients.command_line import finished
from tests.clients.compared.measuring import Saved
from tests.clients.compared.measuring import saved
from tests.clients.compared.work import FINAL_MESSAGE
from tests.clients.compared.work import has_tools
from tests.clients.compared.work import issues
from tests.clients.compared.work import write_files
from tests.loopback.proxy import running_proxy
from tests.loopback.upstream import LoopbackUpstream
from tests.loopback.upstream import Message
from tests.loopback.upstream import Turn

_SECONDS = 900
_ISSUES_PATH = "/issues"


@dataclass(frozen=True)
class Place:
    """Where a client runs. folder: that of the work. home: its own. url: of the model. issues_url: of the records."""

    folder: Path
    home: Path
    url: str
    issues_url: str


@dataclass(frozen=True)
class Started:
    """How a client is started. environment: added to PATH and HOME. path: folders before those of PATH."""

    command: Sequence[str | Path]
    environment: Mapping[str, str]
    path: Sequence[Path] = ()


def run(
    turns: Callable[[Place], Sequence[Turn]],
    start: Callable[[Place], Started],
    options: Sequence[str] = (),
    keep: Path | None = None,
) -> Saved:
    """Do the work and count.

    options: of the addon. keep: folder for what was sent, what arrived, and what the client wrote at home.
    """
    with tempfile.TemporaryDirectory(prefix="compared-") as name:
        folder = keep or Path(name)
        for part in ("work", "home", "mitmproxy"):
            (folder / part).mkdir(parents=True)
        write_files(folder / "work")
        rest: list[Turn] = []
        with LoopbackUpstream(lambda request: _next(request, rest)) as upstream:
            upstream.documents[_ISSUES_PATH] = {"issues": issues()}
            mode = ["--mode", f"reverse:http://127.0.0.1:{upstream.port}"]
            own = ("compress_passthrough=true", f"compress_recall_dir={folder / 'recall'}")
            arguments = addon_arguments(upstream, *own, *options)
            with running_proxy([*mode, *arguments], folder / "mitmproxy") as proxy:
                base = f"http://127.0.0.1:{proxy.port}"
                records = f"http://127.0.0.1:{upstream.port}{_ISSUES_PATH}"
                place = Place(folder / "work", folder / "home", f"{base}/v1", records)
                rest += [*turns(place), (Message(FINAL_MESSAGE),)]
                _run(start(place), place)
            sent = [*bodies_sent(proxy), *contents(proxy.folder / "sent_messages")]
            received = [request.content for request in upstream.response_requests]
            received += [message.content for message in upstream.websockets.messages]
        if keep:
            _keep(folder / "arrived", received)
        return saved(sent, received)


def _next(request: Mapping[str, Any], rest: list[Turn]) -> Turn:
    if not has_tools(request):
        return (Message("Areas"),)
    return rest.pop(0) if rest else (Message(FINAL_MESSAGE),)


def _run(started: Started, place: Place) -> None:
    path = os.pathsep.join([*map(str, started.path), os.environ["PATH"]])
    own = {"PATH": path, "HOME": str(place.home), "OPENAI_API_KEY": "some-key"}
    done = finished(started.command, place.folder, {**own, **started.environment}, _SECONDS)
    if done.returncode or FINAL_MESSAGE not in done.stdout:
        raise RuntimeError(f"ended with {done.returncode}:\n{done.stdout[-2000:]}\n{done.stderr[-3000:]}")


def _keep(folder: Path, bodies: Sequence[bytes]) -> None:
    folder.mkdir()
    for number, body in enumerate(bodies):
        (folder / f"{number:04}.json").write_bytes(body)

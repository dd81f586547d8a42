"""A script for mitmdump, loaded before the addon: keeps what the client sent, and lets nobody leave this machine."""

import itertools
from http import HTTPStatus
from pathlib import Path

from mitmproxy import ctx
from mitmproxy.http import HTTPFlow
from mitmproxy.http import Response


class Recorder:
    name = "recorder"

    def __init__(self) -> None:
        self._numbers = itertools.count()

    def http_connect(self, flow: HTTPFlow) -> None:
        if flow.request.host not in {"localhost", "127.0.0.1"}:
            flow.response = Response.make(HTTPStatus.FORBIDDEN)

    def request(self, flow: HTTPFlow) -> None:
        if flow.request.method == "POST" and flow.request.path.endswith("/responses"):
            folder = Path(ctx.options.confdir) / "sent"
            folder.mkdir(exist_ok=True)
            (folder / f"{next(self._numbers):04}.json").write_bytes(flow.request.raw_content or b"")


addons = [Recorder()]

"""A script for mitmdump, loaded before the addon: keeps what clients send, decoded, and keeps them on this machine."""

import itertools
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlsplit

from mitmproxy import ctx
from mitmproxy.http import HTTPFlow
from mitmproxy.http import Response

PATHS = ("/responses", "/messages")


class Recorder:
    name = "recorder"

    def __init__(self) -> None:
        self._numbers = itertools.count()

    def http_connect(self, flow: HTTPFlow) -> None:
        if flow.request.host not in {"localhost", "127.0.0.1"}:
            flow.response = Response.make(HTTPStatus.FORBIDDEN)

    def request(self, flow: HTTPFlow) -> None:
        if flow.request.method == "POST" and urlsplit(flow.request.path).path.endswith(PATHS):
            self._keep("sent", flow.request.content or b"")

    def websocket_message(self, flow: HTTPFlow) -> None:
        message = flow.websocket.messages[-1] if flow.websocket else None
        if message and message.from_client:
            self._keep("sent_messages", message.content)

    def _keep(self, kind: str, content: bytes) -> None:
        folder = Path(ctx.options.confdir) / kind
        folder.mkdir(exist_ok=True)
        (folder / f"{next(self._numbers):04}.json").write_bytes(content)


addons = [Recorder()]

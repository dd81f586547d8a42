"""Answers that refuse a request which was edited."""

from __future__ import annotations

from typing import Final

from mitmproxy.http import HTTPFlow
from mitmproxy.http import Response

from headroom_compression.wire.paths import EDITED_MARK
from headroom_proxy.answers.event_streams import logger
from headroom_proxy.headers import BYPASS_HEADER

# How a server answers when a body does not suit it, or a middle box when it was changed.
REFUSALS: Final = frozenset({400, 403, 413, 422})


class Refusals:
    """Explains once a host that it has refused a compressed request."""

    def __init__(self) -> None:
        self._hosts: set[str] = set()

    def explain(self, flow: HTTPFlow, response: Response) -> None:
        host = flow.request.host
        if EDITED_MARK not in flow.metadata or response.status_code not in REFUSALS or host in self._hosts:
            return
        self._hosts.add(host)
        logger.warning(
            "headroom: %s answered %d to a compressed request. If it takes the original, leave this host out with "
            "compress_only, or send the header %s with such requests.",
            host,
            response.status_code,
            BYPASS_HEADER,
        )

    def forget(self) -> None:
        self._hosts.clear()

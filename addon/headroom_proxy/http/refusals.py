"""Answers that refuse a request which was edited."""

from __future__ import annotations

from contextlib import suppress
from typing import Final

from mitmproxy.http import HTTPFlow
from mitmproxy.http import Message
from mitmproxy.http import Request
from mitmproxy.http import Response

from headroom_compression.wire.body import top_level_strings
from headroom_compression.wire.paths import EDITED_MARK
from headroom_proxy.answers.event_streams import logger
from headroom_proxy.encodings import content_encoding
from headroom_proxy.encodings import decode
from headroom_proxy.headers import BYPASS_HEADER
from headroom_proxy.http.context_limits import MAX_READ
from headroom_proxy.http.context_limits import read_context_limit

# How a server answers when a body does not suit it, or a middle box when it was changed.
REFUSALS: Final = frozenset({400, 403, 413, 422})


MAX_ROUTES: Final = 1_000
MAX_REQUEST: Final = 8 * 2**20  # a million tokens have about half as many bytes; to read it takes 5 ms a MB
MAX_NAME: Final = 60


class Refusals:
    """Explains once a host that it has refused a compressed request."""

    def __init__(self) -> None:
        self._hosts: set[str] = set()
        self._limited: set[tuple[str, str]] = set()

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

    def name_limit(self, flow: HTTPFlow) -> None:
        """Say once a host and model which context limit an error answer names, and what to do about it."""
        response = flow.response
        if response is None or response.status_code not in REFUSALS or not response.raw_content:
            return
        found = read_context_limit(_decoded(response, MAX_READ))
        route = (flow.request.host, _model(flow.request)) if found else None
        if found is None or route is None or route in self._limited or len(self._limited) >= MAX_ROUTES:
            return
        self._limited.add(route)
        limit = f" of {found.limit:,} tokens" if found.limit else ", which it does not name"
        sent = f"{found.sent:,} tokens were sent" if found.sent else "how many tokens were sent it does not say"
        advice = f"{found.limit * 3 // 5 // 1000 * 1000}" if found.limit else "about 60% of it"
        logger.warning(
            "headroom: %s answered %d: %s has a context limit%s; %s. To stay below it: compress_level=recall and "
            "compress_budget=%s.",
            route[0],
            response.status_code,
            route[1],
            limit,
            sent,
            advice,
        )

    def forget(self) -> None:
        self._hosts.clear()
        self._limited.clear()


def _decoded(message: Message, limit: int) -> bytes:
    """The body; nothing where it has more bytes than that, or cannot be decoded."""
    raw = message.raw_content or b""
    try:
        return raw[:limit] if not (names := content_encoding(message.headers.fields)) else decode(raw, names, limit)[0]
    except Exception:  # noqa: BLE001  it is only read for a line in the log
        return b""


def _model(request: Request) -> str:
    """As the client calls it."""
    with suppress(ValueError):
        name = top_level_strings(_decoded(request, MAX_REQUEST)).get("model", "")
        shown = "".join(character if character.isprintable() else "?" for character in name[:MAX_NAME])
        return shown or "its model"
    return "its model"

"""Answers that refuse a request which was edited, or that is too long."""

from __future__ import annotations

import logging
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING
from typing import Final

from headroom_compression.wire.body import top_level_strings
from headroom_compression.wire.paths import EDITED_MARK
from headroom_proxy.encodings import content_encoding
from headroom_proxy.encodings import decode
from headroom_proxy.headers import BYPASS_HEADER
from headroom_proxy.host_names import host_of
from headroom_proxy.http.context_limits import MAX_READ
from headroom_proxy.http.context_limits import ContextLimit
from headroom_proxy.http.context_limits import read_context_limit
from headroom_proxy.options import MIN_BUDGET
from headroom_report.values.plain_text import one_line

if TYPE_CHECKING:
    from collections.abc import Callable

    from mitmproxy.http import HTTPFlow
    from mitmproxy.http import Response

    Read = Callable[[Callable[[], str], str, Callable[[str], object]], None]

# How a server answers when a body does not suit it, or a middle box when it was changed.
REFUSALS: Final = frozenset({400, 403, 413, 422})

MAX_ROUTES: Final = 1_000
MAX_REQUEST: Final = 8 * 2**20  # a million tokens have about half as many bytes; to read it takes 5 to 20 ms a MB
MAX_NAME: Final = 60
UNKNOWN_MODEL: Final = "its model"
MODEL_WITHIN: Final = 1024  # bytes at either end of a request: clients name the model before or after all that is long

logger = logging.getLogger(__name__)


class Refusals:
    """Warns when a host refuses a compressed request, once a host, and of context limits, once a model."""

    def __init__(self) -> None:
        self._hosts: set[str] = set()
        self._limited: set[tuple[str, str]] = set()

    def explain(self, flow: HTTPFlow, response: Response) -> None:
        if EDITED_MARK not in flow.metadata or response.status_code not in REFUSALS:
            return
        host = host_of(flow.request)
        if host in self._hosts or len(self._hosts) >= MAX_ROUTES:
            return
        self._hosts.add(host)
        logger.warning(
            "headroom: %s answered %d to a compressed request. If it takes the original, leave this host out with "
            "compress_only, or send the header %s with such requests.",
            host,
            response.status_code,
            BYPASS_HEADER,
        )

    def name_limit(self, flow: HTTPFlow, read: Read) -> None:
        """Say which context limit an error answer names, once for each host and model, and what to do about it.

        read: has the thread call the first argument, which reads the name of the model from a long request; the last
        one is then called with that name, or with the second where it could not be read.
        """
        response = flow.response
        if response is None or response.status_code not in REFUSALS or not response.raw_content:
            return
        found = read_context_limit(_beginning(response))
        host, raw = host_of(flow.request), flow.request.raw_content or b""
        if found is None or len(self._limited) >= MAX_ROUTES or self._has_told(host, raw):
            return
        read_model = partial(_model, raw, content_encoding(flow.request.headers.fields))
        read(read_model, UNKNOWN_MODEL, partial(self._tell, host, response.status_code, found))

    def _has_told(self, host: str, raw: bytes) -> bool:
        """Whether the limit of the request's model was named before, as far as its ends show which model it is."""
        ends = raw[:MODEL_WITHIN] + raw[-MODEL_WITHIN:]
        return any(told == host and f'"{model}"'.encode() in ends for told, model in self._limited)

    def _tell(self, host: str, status: int, found: ContextLimit, model: str) -> None:
        route = (host, model)
        if route in self._limited or len(self._limited) >= MAX_ROUTES:
            return
        self._limited.add(route)
        limit = f" of {found.limit:,} tokens" if found.limit else ", which it does not name"
        sent = f"{found.sent:,} tokens were sent" if found.sent else "how many tokens were sent it does not say"
        logger.warning(
            "headroom: %s answered %d: %s has a context limit%s; %s.%s",
            host,
            status,
            model,
            limit,
            sent,
            _advice(found),
        )

    def forget(self) -> None:
        self._hosts.clear()
        self._limited.clear()


def _advice(found: ContextLimit) -> str:
    """How to stay below the limit; nothing where that takes a budget below MIN_BUDGET, or where what was sent is not
    what exceeds the limit, but the answer that was asked for."""
    budget = found.limit * 3 // 5 // 1000 * 1000 if found.limit else None
    is_below = found.limit is not None and found.sent is not None and found.sent <= found.limit * 3 // 5
    if is_below or (budget is not None and budget < MIN_BUDGET):
        return ""
    return f" To stay below it: compress_level=recall and compress_budget={budget or 'about 60% of it'}."


def _beginning(response: Response) -> bytes:
    """The beginning of an answer; of an encoded one all, or nothing where it is too long or cannot be decoded."""
    raw, names = response.raw_content or b"", content_encoding(response.headers.fields)
    return _decoded(raw, names, MAX_READ) if names else raw[:MAX_READ]


def _decoded(raw: bytes, names: list[str], limit: int) -> bytes:
    """The body; nothing where it has more bytes than that, or cannot be decoded."""
    try:
        return decode(raw, names, limit)[0]
    except Exception:  # noqa: BLE001  it is only read for a line in the log
        return b""


def _model(raw: bytes, names: list[str]) -> str:
    """As the client calls it."""
    with suppress(ValueError):
        name = top_level_strings(_decoded(raw, names, MAX_REQUEST)).get("model", "")
        return one_line(name, MAX_NAME) or UNKNOWN_MODEL
    return UNKNOWN_MODEL

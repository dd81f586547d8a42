"""WebSockets to `…/responses`: a client's requests are messages, and only what is new is in them.

A message `response.create` is a request body with the member `type`. It continues the answer that its
`previous_response_id` names; the calls that its tool outputs belong to came back in that answer. So is a message
`response.inject`, whose items become part of the answer under way that its `response_id` names (multi-agent beta).
"""

from __future__ import annotations

import re
import sys
from typing import Final

from mitmproxy.proxy.layers.websocket import Fragmentizer

from headroom_compression.wire.answers import INJECT
from headroom_compression.wire.items import type_of
from headroom_report.values import json_text

REQUESTS: Final = frozenset({"response.create", INJECT})
_REQUEST_AT_START: Final = re.compile(rb'\s*\{\s*"type"\s*:\s*"response\.(?:create|inject)"\s*[,}]')

MITMPROXYS_FRAGMENTS: Final = Fragmentizer.FRAGMENT_SIZE


def is_request(message: bytes) -> bool:
    """Tell whether a client's message is a request for an answer, or adds to one."""
    if _REQUEST_AT_START.match(message):
        return True
    if not any(kind.encode() in message for kind in REQUESTS):
        return False
    value = json_text.parse_or_none(message)
    return isinstance(value, dict) and type_of(value) in REQUESTS


def send_in_one_frame() -> None:
    """Keep mitmproxy from cutting a changed message every 4,000 bytes: it cuts through UTF-8 characters and loses them.

    Its documentation names this constant as the way.
    """
    Fragmentizer.FRAGMENT_SIZE = sys.maxsize


def send_in_mitmproxys_fragments() -> None:
    Fragmentizer.FRAGMENT_SIZE = MITMPROXYS_FRAGMENTS

"""What headers of requests mean here, by their names."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING
from typing import Final

from headroom_proxy.signatures import is_body_bound

if TYPE_CHECKING:
    from collections.abc import Iterable

BYPASS_HEADER: Final = "x-headroom-bypass"

# A server may tell its users apart by any header, as gateways put keys and accounts into headers of their own. Those
# listed here are known to differ between requests of one user. One too few in the list costs some savings, one too many
# would let texts of one user be sent for another.
VARYING: Final = frozenset(
    {
        # how this message is written, and what only the next hop reads
        b"accept",
        b"accept-encoding",
        b"connection",
        b"content-encoding",
        b"content-length",
        b"content-type",
        b"expect",
        b"keep-alive",
        b"sec-websocket-extensions",
        b"sec-websocket-key",
        b"sec-websocket-version",
        b"te",
        b"trailer",
        b"transfer-encoding",
        b"upgrade",
        # when it was sent, and as a part of what
        b"b3",
        b"baggage",
        b"cf-ray",
        b"date",
        b"elastic-apm-traceparent",
        b"grpc-trace-bin",
        b"newrelic",
        b"sentry-trace",
        b"traceparent",
        b"tracestate",
        b"x-cloud-trace-context",
        b"x-request-start",
        # of Copilot: one agent's turns, by whom they were begun
        b"copilot-vision-request",
        b"openai-intent",
        b"x-agent-task-id",
        b"x-initiator",
        b"x-interaction-id",
        b"x-interaction-type",
        # ours
        BYPASS_HEADER.encode(),
    }
)
# Of Codex: an id and a state for each turn; of SDKs: retries, time limits, helpers; of tracers.
_VARYING_FAMILIES: Final = (b"x-codex-turn-", b"x-stainless-", b"x-b3-", b"x-datadog-")
# X-Request-Id, X-Client-Request-Id, X-Amzn-Trace-Id, Idempotency-Key, ...
_ID_OF_A_REQUEST: Final = re.compile(rb"(?:.*[-_])?(?:(?:request|correlation|trace|span)[-_]?id|idempotency[-_]?key)")

# Set by what stands in front of a server, to tell bots and to find the same machine again: Cloudflare and the load
# balancers of AWS, Azure and Google. An SDK has none of them in its first request, and new ones after half an hour.
_VARYING_COOKIES: Final = frozenset(
    {
        b"__cf_bm",
        b"__cflb",
        b"__cfruid",
        b"_cfuvid",
        b"cf_clearance",
        b"awsalb",
        b"awsalbcors",
        b"awsalbtg",
        b"awsalbtgcors",
        b"awselb",
        b"awselbcors",
        b"applicationgatewayaffinity",
        b"applicationgatewayaffinitycors",
        b"arraffinity",
        b"arraffinitysamesite",
        b"gclb",
    }
)


def identifying_headers(fields: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """The headers, and of a cookie header the cookies, by which users may be told apart; names in lower case."""
    found = [(name, value) for written, value in fields if (name := identifying_name(written))]
    if any(name == b"cookie" for name, _ in found):
        found = [(name, _identifying_cookies(value) if name == b"cookie" else value) for name, value in found]
        found = [(name, value) for name, value in found if value or name != b"cookie"]
    return found


def _identifying_cookies(value: bytes) -> bytes:
    cookies = (cookie.strip() for cookie in value.split(b";"))
    return b";".join(cookie for cookie in cookies if cookie.partition(b"=")[0].lower() not in _VARYING_COOKIES)


@lru_cache(maxsize=512)
def identifying_name(written: bytes) -> bytes | None:
    """The name of a header in lower case; None where no server tells its users apart by it."""
    name = written.lower()
    varies = name in VARYING or name.startswith(_VARYING_FAMILIES) or _ID_OF_A_REQUEST.fullmatch(name)
    return None if varies or is_body_bound(name) else name

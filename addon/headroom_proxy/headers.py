"""What headers of requests mean here, by their names."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

BYPASS_HEADER: Final = "x-headroom-bypass"

# The receiver checks these against the body, or may do so: x-oai-attestation is a token whose content is not public.
BODY_BOUND_HEADERS: Final = (
    "content-digest",
    "content-md5",
    "digest",
    "repr-digest",
    "signature",
    "signature-input",
    "x-amz-content-sha256",
    "x-content-sha256",
    "x-ms-content-sha256",
    "x-oai-attestation",
)

# Any header may be what a server tells its users apart by, as gateways have keys and accounts in headers of their own.
# These are known to differ between requests of one user. To list one too few costs some savings, one too many would
# let texts of one user be sent for another.
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
        # of the body; and ours
        *(name.encode() for name in BODY_BOUND_HEADERS),
        BYPASS_HEADER.encode(),
    }
)
# Of Codex: an id and a state for each turn; of SDKs: retries, time limits, helpers; of tracers.
_VARYING_FAMILIES: Final = (b"x-codex-turn-", b"x-stainless-", b"x-b3-", b"x-datadog-")
# X-Request-Id, X-Client-Request-Id, X-Amzn-Trace-Id, Idempotency-Key, ...
_ID_OF_A_REQUEST: Final = re.compile(rb"(?:.*[-_])?(?:(?:request|correlation|trace|span)[-_]?id|idempotency[-_]?key)")


@lru_cache(maxsize=512)
def telling_name(written: bytes) -> bytes | None:
    """The name of a header in lower case; None for one that tells nothing of who sends it."""
    name = written.lower()
    varies = name in VARYING or name.startswith(_VARYING_FAMILIES) or _ID_OF_A_REQUEST.fullmatch(name)
    return None if varies else name

"""Which headers may tell users apart: all but those that are known to differ between requests of one user."""

from __future__ import annotations

import pytest

from headroom_proxy.headers import BODY_BOUND_HEADERS
from headroom_proxy.headers import telling_name

# Where services and gateways have what tells their users apart.
KEYS = (
    "Authorization", "api-key", "X-Api-Key", "ChatGPT-Account-Id", "Cookie", "Ocp-Apim-Subscription-Key",
    "X-Goog-Api-Key", "X-Auth-Token", "X-LiteLLM-Api-Key", "X-Portkey-Api-Key", "X-Portkey-Virtual-Key",
    "Helicone-Auth", "CF-AIG-Authorization", "OpenAI-Organization", "OpenAI-Project", "Proxy-Authorization",
    "X-Access-Token", "X-Amz-Security-Token", "apikey", "X-Api-Token", "token", "X-Forwarded-Host", "X-User-Id",
    "X-Goog-User-Project", "X-Tenant", "Forwarded", "Sec-WebSocket-Protocol", "X-Ms-Client-Principal", "Copilot-Token",
)  # fmt: skip
VARYING_NAMES = (
    "Content-Length", "Content-Encoding", "Date", "traceparent", "tracestate", "baggage", "Idempotency-Key",
    "X-Request-Id", "X-Client-Request-Id", "X-Correlation-ID", "x-ms-client-request-id", "X-Amzn-Trace-Id",
    "X-Datadog-Trace-Id", "X-B3-TraceId", "b3", "sentry-trace", "X-Codex-Turn-State", "X-Codex-Turn-Metadata",
    "X-Stainless-Retry-Count", "X-Stainless-Read-Timeout", "X-Interaction-Id", "X-Initiator", "X-Agent-Task-Id",
    "Accept", "Connection", "Expect", "X-Headroom-Bypass",
)  # fmt: skip


@pytest.mark.parametrize("name", [*KEYS, "X-Request-Key", "X-Requested-By", "X-Trace-Id-Owner", "Key-Id", "Session-Id"])
def test_tells_users_apart(name: str) -> None:
    assert telling_name(name.encode()) == telling_name(name.upper().encode()) == name.lower().encode()


@pytest.mark.parametrize("name", [*VARYING_NAMES, *BODY_BOUND_HEADERS])
def test_tells_nothing(name: str) -> None:
    assert telling_name(name.encode()) is telling_name(name.upper().encode()) is None


def test_any_bytes_are_a_name() -> None:
    assert telling_name(b"\xff\0") == b"\xff\0"
    assert telling_name(b"") == b""

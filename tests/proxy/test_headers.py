"""Which headers may tell users apart: all but those that are known to differ between requests of one user."""

from __future__ import annotations

import pytest

from headroom_proxy.headers import identifying_headers
from headroom_proxy.headers import identifying_name
from headroom_proxy.signatures import BODY_BOUND_HEADERS

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
    assert identifying_name(name.encode()) == identifying_name(name.upper().encode()) == name.lower().encode()


@pytest.mark.parametrize("name", [*VARYING_NAMES, *BODY_BOUND_HEADERS])
def test_tells_nothing(name: str) -> None:
    assert identifying_name(name.encode()) is identifying_name(name.upper().encode()) is None


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (b"session=a; __cf_bm=1; theme=b", b"session=a;theme=b"),
        (b"__cf_bm=1.2-a; _cfuvid=3", None),
        (b"AWSALB=1;AWSALBCORS=2", None),
        (b"my__cf_bm=1", b"my__cf_bm=1"),
        (b"a", b"a"),
    ],
)
def test_of_cookies_those_tell_nothing_that_servers_set_for_themselves(value: bytes, told: bytes | None) -> None:
    assert identifying_headers([(b"Cookie", value)]) == ([(b"cookie", told)] if told else [])


def test_values_stay_in_their_order() -> None:
    fields = [(b"X", b"2"), (b"Date", b"today"), (b"x", b"1"), (b"Cookie", b"a=1"), (b"cookie", b"GCLB=2")]
    assert identifying_headers(fields) == [(b"x", b"2"), (b"x", b"1"), (b"cookie", b"a=1")]


def test_any_bytes_are_a_name() -> None:
    assert identifying_name(b"\xff\0") == b"\xff\0"
    assert identifying_name(b"") == b""

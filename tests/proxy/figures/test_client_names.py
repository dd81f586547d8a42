"""A client's name and version, and nothing else of its user agent."""

from __future__ import annotations

import pytest
from mitmproxy.test import tutils

from headroom_proxy.figures.client_names import UNKNOWN_CLIENT
from headroom_proxy.figures.client_names import client_of


@pytest.mark.parametrize(
    ("agent", "client"),
    [
        ("codex_cli_rs/0.171.0 (Debian 12.0.0; x86_64) unknown", "codex_cli_rs 0.171.0"),
        ("codex_exec/0.171.0-alpha.3 (host.private.example)", "codex_exec 0.171.0-alpha.3"),
        ("OpenAI/Python 3.57.0", "OpenAI/Python 3.57.0"),
        ("ai-sdk/openai/2.0.1 ai-sdk/provider-utils/3.0.0 runtime/node.js/24", "ai-sdk/openai 2.0.1"),
        ("opencode/1.18.33", "opencode 1.18.33"),
        ("agent/v1.2", "agent 1.2"),
        ("node", "node"),
        ("Go-http-client/2.0", "Go-http-client 2.0"),
        ("", UNKNOWN_CLIENT),
        ("sk-4f9a8b7c6d5e4f3a2b1c", UNKNOWN_CLIENT),
        ("some-key-of-letters-only-that-is-long", UNKNOWN_CLIENT),
        ("name/secret0123456789abcdefghijklmnopqrstuv", "name"),
        ("agent/1.2.abcdefghijklmnopqrstuvwxyz", "agent"),
        ("\x1b[2Jagent/1", UNKNOWN_CLIENT),
        ("a" * 100_000, UNKNOWN_CLIENT),
    ],
)
def test_names(agent: str, client: str) -> None:
    request = tutils.treq()
    request.headers["User-Agent"] = agent
    assert client_of(request) == client


def test_who_says_nothing_is_not_known() -> None:
    assert client_of(tutils.treq()) == UNKNOWN_CLIENT

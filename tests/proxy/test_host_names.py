"""What the log shows of a host is its name, on one line and not too long."""

from __future__ import annotations

import pytest
from mitmproxy.test import tutils

from headroom_proxy.host_names import host_of


@pytest.mark.parametrize(
    ("host", "shown"),
    [
        pytest.param("some.example", "some.example", id="a name"),
        pytest.param("::1", "::1", id="an address"),
        pytest.param("user:password@host.example", "host.example", id="credentials"),
        pytest.param("a\nheadroom: b", "a headroom: b", id="two lines"),
        pytest.param("a\x1b[2J\u202e", "a\\x1b[2J\\u202e", id="what a terminal obeys"),
        pytest.param("h" * 1000, "h" * 252 + "…", id="long"),
    ],
)
def test_a_host_is_named_on_one_line(host: str, shown: str) -> None:
    assert host_of(tutils.treq(host=host)) == shown

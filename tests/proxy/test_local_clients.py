"""Where originals lie by default, and which clients can open them."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from mitmproxy.proxy.mode_specs import ProxyMode
from mitmproxy.test import tflow
from mitmproxy.websocket import WebSocketData

from headroom_compression import CompressionReport
from headroom_compression import Settings
from headroom_proxy import local_clients
from headroom_proxy import state_folder

if TYPE_CHECKING:
    from mitmproxy.http import HTTPFlow


def flow_from(peer: str, own: str = "127.0.0.1", mode: str = "regular", **headers: str) -> HTTPFlow:
    flow = tflow.tflow()
    flow.client_conn.peername = (peer, 50_000)
    flow.client_conn.sockname = (own, 8080)
    flow.client_conn.proxy_mode = ProxyMode.parse(mode)
    for name, value in headers.items():
        flow.request.headers[name.replace("_", "-")] = value
    return flow


@pytest.mark.parametrize(
    "flow",
    [
        flow_from("127.0.0.1"),
        flow_from("127.0.0.53"),
        flow_from("::1", "::1"),
        flow_from("::ffff:127.0.0.1", "::ffff:127.0.0.1"),
        flow_from("192.168.1.7", "192.168.1.7"),
        flow_from("::ffff:192.168.1.7", "192.168.1.7"),
        flow_from("127.0.0.1", mode="reverse:https://api.example.test"),
        flow_from("10.0.0.9", "93.184.216.34", mode="local:codex"),
    ],
    ids=["loopback", "another loopback", "IPv6", "mapped", "its own address", "mapped own", "reverse", "captured"],
)
def test_a_client_on_this_machine(flow: HTTPFlow) -> None:
    assert local_clients.is_on_this_machine(flow)


@pytest.mark.parametrize(
    "flow",
    [
        flow_from("192.168.1.8", "192.168.1.7"),
        flow_from("172.17.0.2", "172.17.0.1"),
        flow_from("2001:db8::1", "::1"),
        flow_from("somewhere"),
        flow_from("127.0.0.1", x_forwarded_for="192.168.1.8"),
        flow_from("127.0.0.1", forwarded="for=192.168.1.8"),
        flow_from("127.0.0.1", via="1.1 balancer"),
        flow_from("127.0.0.1", x_real_ip="192.168.1.8"),
    ],
    ids=["another machine", "a container", "IPv6", "no address", "forwarded by one", "by another", "via", "by nginx"],
)
def test_a_client_elsewhere(flow: HTTPFlow) -> None:
    assert not local_clients.is_on_this_machine(flow)


def test_a_client_without_an_address_is_elsewhere() -> None:
    flow = tflow.tflow()
    flow.client_conn.peername = None  # type: ignore[assignment]  # as mitmproxy leaves it for a flow from a file
    assert not local_clients.is_on_this_machine(flow)


@pytest.mark.parametrize("given", ["originals", "./originals"])
def test_relative_paths_are_refused(given: str) -> None:
    with pytest.raises(ValueError, match="originals' is not absolute"):
        state_folder.folder_of(given)


@pytest.mark.parametrize("given", ["/a]b", "/a\nb", "/a\x1bb", "/a\udcffb", "/a\u2028b", "/a\x85b"])
def test_paths_that_no_marker_can_show_are_refused(given: str) -> None:
    with pytest.raises(ValueError, match="which no marker can show"):
        state_folder.folder_of(given)


@pytest.mark.parametrize("given", ["/my folder", "/it's", "/a$HOME", "/a;b", "/x`y`", "/a&(b)", "/a\tb", "/Übung"])
def test_paths_that_can_be_quoted_are_taken(given: str) -> None:
    assert state_folder.folder_of(given) == Path(given)


def test_a_websocket_has_no_budget_which_is_said_once_a_connection(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    levels, chosen = local_clients.Levels(), Settings(level="recall", budget=200_000)
    flow = flow_from("127.0.0.1")
    assert levels.settings_for(flow, chosen) is chosen
    flow.websocket = WebSocketData()
    for _ in range(2):
        assert levels.settings_for(flow, chosen) == replace(chosen, budget=0)
        levels.explain(flow, CompressionReport(has_no_budget=True))
    levels.explain(flow_from("127.0.0.1"), CompressionReport(has_no_budget=True))
    levels.explain(flow_from("127.0.0.1"), CompressionReport())
    assert sum("nothing in it can be put away" in line for line in caplog.messages) == 2


def test_the_host_without_a_budget_is_named_on_one_line(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    flow = flow_from("127.0.0.1")
    flow.request.host = "user:password@host\n\x1b[2J"
    local_clients.Levels().explain(flow, CompressionReport(has_no_budget=True))
    assert caplog.messages[0].startswith("headroom: no budget for host \\x1b[2J: ")


def test_it_is_said_once_that_a_budget_would_allow_pointers(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    levels, on_websocket = local_clients.Levels(), flow_from("127.0.0.1")
    on_websocket.websocket = WebSocketData()
    levels.explain(flow_from("127.0.0.1"), CompressionReport())
    levels.explain(on_websocket, CompressionReport(lacks_budget=True))
    assert caplog.messages == []
    for _ in range(2):
        levels.explain(flow_from("127.0.0.1"), CompressionReport(lacks_budget=True))
    assert [("address say truncation: auto" in line, "compress_budget=" in line) for line in caplog.messages] == [
        (True, True)
    ]


def test_no_budget_is_advised_to_a_client_that_can_have_none(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    levels, flow = local_clients.Levels(), flow_from("192.168.1.8", "192.168.1.7")
    levels.settings_for(flow, Settings(level="recall", budget=200_000))
    caplog.clear()
    levels.explain(flow, CompressionReport(lacks_budget=True))
    assert caplog.messages == []


def test_a_client_elsewhere_has_neither_recall_nor_a_budget(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    levels, chosen = local_clients.Levels(), Settings(level="recall", budget=200_000)
    for _ in range(2):
        assert levels.settings_for(flow_from("192.168.1.8", "192.168.1.7"), chosen) == Settings()
    assert [line for line in caplog.messages if line.endswith("lossless for such, and no budget.")] == caplog.messages
    assert len(caplog.messages) == 1

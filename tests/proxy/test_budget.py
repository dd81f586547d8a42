"""The budget, end to end: a real mitmproxy, an agent's loop, and an upstream that has a context limit."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from headroom_compression import compress_request_body
from headroom_compression import tokens
from headroom_compression.formats.gap_markers import read_put_away_marker
from tests.compression.support.bodies import Item
from tests.compression.support.bodies import command_call
from tests.compression.support.bodies import function_output
from tests.compression.support.bodies import message
from tests.compression.support.budget_sessions import report

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable
    from collections.abc import Iterator
    from pathlib import Path

    from tests.proxy.conftest import Proxy
    from tests.proxy.conftest import Upstream

LIMIT = 36_000
BUDGET = 21_600
TURNS = 90
HEAD = b"POST /v1/responses HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\nConnection: close\r\n%b\r\n%b"


def with_limit(upstream: Upstream) -> Callable[[socket.socket], None]:
    """Answers as OpenAI does: 400 above the limit, else with usage. It counts all of the input."""

    def reply(connection: socket.socket) -> None:
        count = tokens.count(json.dumps(json.loads(upstream.received[-1].body)["input"], ensure_ascii=False))
        words = f"This model's maximum context length is {LIMIT} tokens. However, you requested {count} tokens."
        error = {"error": {"message": words, "type": "invalid_request_error", "code": "context_length_exceeded"}}
        details = {"cached_tokens": 0}
        usage = {"input_tokens": count, "input_tokens_details": details, "output_tokens": 9}
        answer = {"id": f"resp_{count}", "object": "response", "status": "completed", "output": [], "usage": usage}
        body = json.dumps(error if count > LIMIT else answer).encode()
        status = b"400 Bad Request" if count > LIMIT else b"200 OK"
        head = b"Content-Type: application/json\r\nConnection: close\r\n"
        connection.sendall(b"HTTP/1.1 %b\r\n%bContent-Length: %d\r\n\r\n%b" % (status, head, len(body), body))

    return reply


def requests_of_a_session() -> Iterator[list[Item]]:
    items: list[Item] = [message("Go through all reports.")]
    for number in range(TURNS):
        yield items
        call_id = f"call_{number}"
        items = [*items, command_call(f"./report {number}", call_id), function_output(report(number), call_id)]


def died_at(proxy: Proxy, upstream: Upstream, headers: bytes = b"", **members: object) -> int | None:
    """The number of the request that was refused."""
    upstream.reply = with_limit(upstream)
    for number, items in enumerate(requests_of_a_session()):
        body = json.dumps({"model": "gpt-test", "input": items, **members}).encode()
        reply = proxy.exchange(HEAD % (len(body), headers, body), upstream)
        if reply.startswith(b"HTTP/1.1 400"):
            assert b"maximum context length" in reply
            return number
        assert reply.startswith(b"HTTP/1.1 200")
    return None


@pytest.fixture
def agent(proxy: Proxy, tmp_path: Path) -> Proxy:
    folder = tmp_path / "store"
    proxy.compress = compress_request_body
    proxy.set(compress_level="recall", compress_recall_dir=str(folder), compress_budget=BUDGET)
    return proxy


def test_a_session_that_would_die_goes_on(agent: Proxy, upstream: Upstream, caplog: pytest.LogCaptureFixture) -> None:
    assert died_at(agent, upstream) is None
    assert sum(" older outputs put away, 1 new output, " in line for line in caplog.messages) >= 1
    assert not any("in its cache" in line for line in caplog.messages)
    assert any(line.startswith("to make room: ") for line in agent.addon.reporter.stats())
    outputs = [item["output"] for item in json.loads(upstream.received[-1].body)["input"] if "output" in item]
    assert len(outputs) == TURNS - 1
    markers = [read_put_away_marker(output) for output in outputs]
    with_marker = [(number, marker) for number, marker in enumerate(markers) if marker]
    assert len(with_marker) > TURNS / 3
    for number, marker in with_marker:
        with open(marker.path, encoding="utf-8", newline="") as file:  # noqa: PTH123  as `sed` does it
            assert file.read() == report(number)


def test_where_the_server_truncates_nothing_is_above_the_budget_either(agent: Proxy, upstream: Upstream) -> None:
    assert died_at(agent, upstream, truncation="auto") is None
    outputs = [item["output"] for item in json.loads(upstream.received[-1].body)["input"] if "output" in item]
    assert sum(read_put_away_marker(output) is not None for output in outputs) > TURNS / 3


def test_without_a_budget_it_dies_and_the_log_names_the_limit(
    agent: Proxy, upstream: Upstream, caplog: pytest.LogCaptureFixture
) -> None:
    agent.set(compress_budget=0)
    first = died_at(agent, upstream)
    assert first is not None
    died_at(agent, upstream)
    told = [line for line in caplog.messages if "has a context limit" in line]
    assert len(told) == 1
    assert f"localhost answered 400: gpt-test has a context limit of {LIMIT:,} tokens; " in told[0]
    assert told[0].endswith("compress_level=recall and compress_budget=21000.")


def test_a_dry_run_changes_and_stores_nothing(agent: Proxy, upstream: Upstream, tmp_path: Path) -> None:
    agent.set(compress_dry_run=True)
    number = died_at(agent, upstream)
    assert number is not None
    assert not list((tmp_path / "store").glob("*.txt"))


def test_a_client_of_another_machine_has_no_budget_which_is_said_once(
    agent: Proxy, upstream: Upstream, caplog: pytest.LogCaptureFixture
) -> None:
    assert died_at(agent, upstream, b"X-Forwarded-For: 192.168.1.8\r\n") is not None
    assert sum(line.endswith("lossless for such, and no budget.") for line in caplog.messages) == 1


@pytest.mark.parametrize(
    "members",
    [
        {"truncation": "new"},
        {"context_management": [{"type": "compaction", "compact_threshold": 200_000}]},
        {"previous_response_id": "resp_0"},
        {"conversation": "conv_0"},
    ],
    ids=lambda members: next(iter(members)),
)
def test_where_the_server_holds_the_history_nothing_is_put_away_which_is_said(
    members: Item, agent: Proxy, upstream: Upstream, caplog: pytest.LogCaptureFixture
) -> None:
    *_, items = requests_of_a_session()
    body = json.dumps({"model": "gpt-test", "input": items, **members}).encode()
    agent.exchange(HEAD % (len(body), b"", body), upstream)
    arrived = json.loads(upstream.received[-1].body)["input"]
    assert not any(read_put_away_marker(item["output"]) for item in arrived if "output" in item)
    told = [
        line for line in caplog.messages if line.startswith("headroom: no budget for localhost: over a WebSocket, ")
    ]
    assert len(told) == 1


def test_a_low_budget_is_warned_of_once(agent: Proxy, caplog: pytest.LogCaptureFixture) -> None:
    caplog.clear()
    agent.set(compress_budget=50_000)
    agent.set(compress_min_tokens=41)
    agent.set(compress_budget=100_000)
    agent.set(compress_budget=0)
    assert [line[:40] for line in caplog.messages if "compress_budget is" in line] == [
        "headroom: compress_budget is 50,000: on "
    ]

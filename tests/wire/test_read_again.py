"""Whether an agent reads again what markers stand for, told of requests that pass through a real mitmproxy."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest

from headroom_compression import Memory
from headroom_compression import Settings
from headroom_compression import compress_request_body
from headroom_proxy.figures.live_savings import savings_report
from headroom_report.measuring.rereads import SeenLines
from headroom_report.values.rereads import NO_REREADS
from headroom_report.writing.page import as_page
from tests.wire.bodies import rereading
from tests.wire.test_continued_answers import exchange
from tests.wire.test_continued_answers import json_reply
from tests.wire.test_continued_answers import post
from tests.wire.test_continued_answers import whole

if TYPE_CHECKING:
    from tests.proxy.conftest import Proxy
    from tests.proxy.conftest import Upstream

TOLD = "read again within 20 calls: "


@pytest.fixture(autouse=True)
def counted_from_nothing(proxy: Proxy) -> None:
    proxy.addon.reporter.start(is_dry_run=False)


def warnings(caplog: pytest.LogCaptureFixture) -> int:
    told = [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]
    return sum("reads again what was replaced by markers" in line for line in told)


def stats_line(proxy: Proxy) -> str:
    (line,) = (line for line in proxy.addon.reporter.stats() if line.startswith(TOLD))
    return line


@pytest.mark.parametrize(("times", "warned"), [(4, 0), (7, 1)], ids=["four times", "seven times"])
def test_an_agent_that_reads_again(
    times: int, warned: int, proxy: Proxy, upstream: Upstream, caplog: pytest.LogCaptureFixture
) -> None:
    memory = Memory()
    for sent in rereading(times):
        reply = json_reply(whole(f"resp_{len(sent)}"))
        assert exchange(proxy, upstream, post(sent), reply) == compress_request_body(sent, memory=memory).body
    proxy.settle()
    outputs = compress_request_body(rereading(times)[-1]).new_outputs
    seen = SeenLines()
    at_once = sum((seen.add(texts) for texts in outputs), NO_REREADS)
    (conversation,) = proxy.addon.reporter.totals.conversations
    assert conversation.rereads == at_once, "it depends on the items, not on how they came"
    assert at_once.outputs == times
    behind = f"{at_once.behind.share:.1%} of {at_once.behind.lines:,} lines behind markers"
    assert stats_line(proxy) == f"{TOLD}{behind}, {at_once.baseline:.1%} of comparable lines in sight"
    assert TOLD[1:] in as_page(savings_report(proxy.addon.reporter.totals, Settings()))
    assert warnings(caplog) == warned


def test_a_dry_run_tells_it_and_warns_of_nothing(
    proxy: Proxy, upstream: Upstream, caplog: pytest.LogCaptureFixture
) -> None:
    proxy.set(compress_dry_run=True)
    for sent in rereading(7)[-8:]:
        assert exchange(proxy, upstream, post(sent), json_reply(whole(f"resp_{len(sent)}"))) == sent
    proxy.settle()
    assert proxy.addon.reporter.totals.all.rereads.outputs == 7
    assert stats_line(proxy)
    assert not warnings(caplog)

"""What is kept for the view of before and after, for whom, and how long."""

from __future__ import annotations

import gc

import pytest
from mitmproxy.test import tflow

from headroom_compression import compress_request_body
from headroom_proxy.view import originals as originals_module
from headroom_proxy.view.originals import Originals
from tests.proxy.reported import body

BEFORE = body(1)
COMPRESSED = compress_request_body(BEFORE)
AFTER, REPORT = COMPRESSED.body, COMPRESSED.report


def wanted() -> Originals:
    originals = Originals()
    originals.is_wanted = True
    return originals


def test_without_anybody_to_look_nothing_is_kept() -> None:
    originals, flow = Originals(), tflow.tflow()
    originals.keep(flow, BEFORE, AFTER, REPORT)
    assert originals.of(flow, AFTER) is None
    assert originals.text(REPORT.shortened[0].key) is None


def test_the_original_of_a_flow_is_found() -> None:
    originals, flow = wanted(), tflow.tflow()
    originals.keep(flow, BEFORE, AFTER, REPORT)
    original = originals.of(flow, AFTER)
    assert original
    assert (original.before, original.new) == (BEFORE, frozenset([REPORT.shortened[0].key]))
    assert originals.text(REPORT.shortened[0].key) == REPORT.shortened[0]


def test_a_body_that_was_changed_since_has_none() -> None:
    originals, flow = wanted(), tflow.tflow()
    originals.keep(flow, BEFORE, AFTER, REPORT)
    assert originals.of(flow, AFTER + b" ") is None
    assert originals.of(tflow.tflow(), AFTER) is None
    assert originals.of(None, AFTER) is None
    assert originals.of("no flow", AFTER) is None


def test_it_lives_as_long_as_its_flow() -> None:
    originals, flow = wanted(), tflow.tflow()
    originals.keep(flow, BEFORE, AFTER, REPORT)
    del flow
    gc.collect()
    assert not originals._by_flow  # noqa: SLF001  there is no public way to it


def test_it_is_never_part_of_what_is_saved_of_the_flow() -> None:
    originals, flow = wanted(), tflow.tflow()
    state = flow.get_state()
    originals.keep(flow, BEFORE, AFTER, REPORT)
    assert flow.get_state() == state


def test_the_oldest_go_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(originals_module, "MAX_BODIES", 2 * len(BEFORE))
    originals, flows = wanted(), [tflow.tflow() for _ in range(3)]
    for flow in (flows[0], flows[1], flows[0], flows[2]):
        originals.keep(flow, BEFORE, AFTER, REPORT)
    assert [originals.of(flow, AFTER) is not None for flow in flows] == [True, False, True]


def test_texts_are_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(originals_module, "MAX_TEXTS", 1)
    originals, other = wanted(), compress_request_body(body(2)).report
    for report in (REPORT, other):
        originals.keep(tflow.tflow(), BEFORE, AFTER, report)
    assert originals.text(REPORT.shortened[0].key) is None
    assert originals.text(other.shortened[0].key) is not None


def test_switching_off_forgets() -> None:
    originals, flow = wanted(), tflow.tflow()
    originals.keep(flow, BEFORE, AFTER, REPORT)
    originals.forget()
    assert originals.of(flow, AFTER) is None

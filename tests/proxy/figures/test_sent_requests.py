"""A request under way: how long it stayed, and whether what was sent before is still its beginning."""

from __future__ import annotations

from dataclasses import replace

import pytest

from headroom_compression import CompressionReport
from headroom_proxy.figures.lineage import Point
from headroom_proxy.figures.sent_requests import Sent
from headroom_proxy.figures.sent_requests import Timing
from headroom_proxy.figures.totals import Totals
from tests.proxy.reported import SCOPE

FIRST = Point(1, 0.0)
REQUEST = Sent(CompressionReport(), Totals(), FIRST.next(1.0, ()), FIRST, 2.0, None, "client", SCOPE)


def test_a_stay_is_told_in_milliseconds() -> None:
    assert Timing(12.5, 12.75).milliseconds == 250


def test_it_is_shorter_where_its_flow_has_counts() -> None:
    assert not REQUEST.is_shorter
    assert replace(REQUEST, counts={}).is_shorter


@pytest.mark.parametrize(
    ("before", "checkpoints", "is_kept"),
    [(FIRST, 0, True), (FIRST, 1, False), (FIRST.next(0.5, (), 1), 1, True), (None, 0, False)],
    ids=["goes on", "outputs were put away", "they had been before", "begins"],
)
def test_what_was_sent_is_kept_but_where_outputs_are_put_away(
    before: Point | None, checkpoints: int, *, is_kept: bool
) -> None:
    point = (before or FIRST).next(1.0, (), checkpoints)
    assert replace(REQUEST, before=before, point=point).keeps_what_was_sent is is_kept

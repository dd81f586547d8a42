"""What the provider reported of single answers, in sums, and what its cache had of them."""

from __future__ import annotations

import pytest

from headroom_compression import Usage
from headroom_report.values.usage_sums import UsageSum

TOLD = UsageSum.of(Usage(700, 500, 30))
UNTOLD = UsageSum.of(Usage(200, None, 10))


def test_sums_hold_all_and_give_back_what_was_added() -> None:
    together = UsageSum(900, 500, 40, 200)
    assert together == TOLD + UNTOLD
    assert together - UNTOLD == TOLD


@pytest.mark.parametrize(
    ("usage", "share"),
    [(TOLD, 5 / 7), (TOLD + UNTOLD, 5 / 7), (UNTOLD, None), (UsageSum(), None), (UsageSum(10), 0.0)],
    ids=["told", "told of a part", "untold", "nothing", "told as none"],
)
def test_the_share_of_the_cache_is_of_what_it_was_told_of(usage: UsageSum, share: float | None) -> None:
    assert usage.cached_share == share

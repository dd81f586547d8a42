"""When the provider's cache has less than it was sent: the rule, figure by figure."""

from __future__ import annotations

import pytest

from headroom_proxy.figures.cache_watch import CacheWatch
from headroom_proxy.figures.cache_watch import promised_tokens


@pytest.mark.parametrize(
    ("before", "now", "seconds", "promised"),
    [
        pytest.param(5000, 6000, 20, 4864, id="one step less than it was sent"),
        pytest.param(1152, 6000, 20, 1024, id="the least"),
        pytest.param(1151, 6000, 20, None, id="too short"),
        pytest.param(5000, 5000, 300, 4864, id="just in time"),
        pytest.param(5000, 6000, 300.1, None, id="expired"),
        pytest.param(5000, 4999, 20, None, id="something was dropped"),
    ],
)
def test_promises(before: int, now: int, seconds: float, promised: int | None) -> None:
    assert promised_tokens(before, now, seconds) == promised


@pytest.mark.parametrize(
    ("answers", "warned_at"),
    [
        pytest.param([(None, 500), (4864, 500), (4864, 500)], [2], id="two misses"),
        pytest.param([(4864, 500)] * 9, [1], id="once only"),
        pytest.param([(4864, 500), (4864, 2432), (4864, 500)], [], id="half of it is no miss"),
        pytest.param([(4864, 0), (4864, 0), (4864, 0)], [], id="no cache at all"),
        pytest.param([(4864, 0), (4864, 0), (4864, 128)], [2], id="one that is there after all"),
        pytest.param([(4864, None)] * 3, [], id="not told"),
        pytest.param([(4864, 500), (None, 0), (4864, 500)], [2], id="what cannot be compared counts neither way"),
    ],
)
def test_warns(answers: list[tuple[int | None, int | None]], warned_at: list[int]) -> None:
    watch = CacheWatch()
    assert [place for place, given in enumerate(answers) if watch.is_worth_a_warning(*given)] == warned_at

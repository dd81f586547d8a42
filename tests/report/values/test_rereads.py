"""The baseline has the mix of what stands behind markers, and what a conversation must show for a warning."""

from __future__ import annotations

from dataclasses import replace

import pytest

from headroom_report.values.rereads import NO_REREADS
from headroom_report.values.rereads import Rereads
from headroom_report.values.rereads import ShownLines

SUSPICIOUS = Rereads(
    later_behind=ShownLines(100, 61),
    first_in_sight=ShownLines(1000, 10),
    later_in_sight=ShownLines(100, 20),
    outputs=5,
)


def test_the_baseline_is_of_the_like() -> None:
    mixed = replace(SUSPICIOUS, first_behind=ShownLines(300, 0))
    assert SUSPICIOUS.baseline == 0.2
    assert mixed.baseline == pytest.approx((300 * 0.01 + 100 * 0.2) / 400)
    assert mixed.behind == ShownLines(400, 61)
    assert mixed.in_sight == ShownLines(1100, 30)


def test_without_markers_the_baseline_is_of_all_lines() -> None:
    assert replace(SUSPICIOUS, later_behind=ShownLines()).baseline == pytest.approx(30 / 1100)
    assert NO_REREADS.baseline == 0


@pytest.mark.parametrize(
    "less",
    [
        {"outputs": 4},
        {"later_behind": ShownLines(100, 59)},
        {"later_in_sight": ShownLines(49, 0)},
        {"first_behind": ShownLines(1, 1), "first_in_sight": ShownLines(49, 0)},
    ],
    ids=["four outputs", "less than three times", "too few lines like it", "too few first sights"],
)
def test_a_warning_takes_all_of_it(less: dict[str, object]) -> None:
    assert SUSPICIOUS.is_suspicious
    assert not replace(SUSPICIOUS, **less).is_suspicious  # type: ignore[arg-type]  # a table of changes


def test_sums() -> None:
    twice = SUSPICIOUS + SUSPICIOUS
    assert (twice.outputs, twice.later_behind, twice.baseline) == (10, ShownLines(200, 122), 0.2)

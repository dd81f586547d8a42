"""Which value in one place of all lines does not fit the others."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import pytest

from headroom_compression.formats.logs.odd_values import odd_rows

SEQUENCE = [float(10_000 + number) for number in range(200)]
ADDRESSES = [f"10.0.{number % 4}.{number}:44{number % 10}" for number in range(200)]
IDS = [str(UUID(int=number * 2**90)) for number in range(200)]


def changed(values: Sequence[float | str], **others: float | str) -> list[float | str | None]:
    """r7: what stands in row 7."""
    return [others.get(f"r{row}", value) for row, value in enumerate(values)]


@pytest.mark.parametrize(
    ("values", "odd"),
    [
        pytest.param(changed(ADDRESSES, r77="203.0.113.66:443"), {77}, id="an address from outside"),
        pytest.param(changed(ADDRESSES, r77="10.9.0.3:443"), {77}, id="an address of another network"),
        pytest.param(changed(["10.0.0.7"] * 200, r77="10.0.0.8"), {77}, id="another address"),
        pytest.param(changed([f"10.0.0.{n}" for n in range(200)], r77="8.0.0.8", r78="9.0.0.9"), {77, 78}, id="two"),
        pytest.param(changed([f"{n % 60 + 20}.7.{n}.1" for n in range(200)]), set(), id="addresses from everywhere"),
        pytest.param(changed(SEQUENCE), set(), id="a sequence"),
        pytest.param(changed(SEQUENCE, r77=10_076.0), {76, 77, 78}, id="twice, and the next is missing"),
        pytest.param(changed(SEQUENCE[:77] + SEQUENCE[79:]), {76, 77}, id="two are missing"),
        pytest.param([*SEQUENCE[:77], 10_076.0, *SEQUENCE[77:]], {76, 77}, id="twice"),
        pytest.param([10.0 * number for number in SEQUENCE if number != 10_077], {76, 77}, id="each tenth"),
        pytest.param(changed([10 * number for number in SEQUENCE], r77=100_771.0), {76, 77, 78}, id="out of step"),
        pytest.param(changed(SEQUENCE[:60], r20=11_000.0), set(), id="one far away"),
        pytest.param(list(reversed([*SEQUENCE, 10_076.0])), {0, 123 + 1}, id="in another order"),
        pytest.param([float(number % 7) for number in range(200)], set(), id="amounts"),
        pytest.param([5.0] * 200, set(), id="one number"),
        pytest.param([1.5 + number for number in range(200)], set(), id="no whole numbers"),
        pytest.param([1.7e12 + number - number % 90 / 89 // 1 for number in range(200)], set(), id="times"),
        pytest.param([float(7_000_000 + 977 * number) for number in [*range(200), 77]], {77, 200}, id="a long number"),
        pytest.param([float(7_000 + 977 * number * number) for number in [*range(200), 77]], set(), id="a short one"),
        pytest.param(changed(IDS), set(), id="ids"),
        pytest.param(changed(IDS, r99=IDS[3]), {3, 99}, id="an id twice"),
        pytest.param([*IDS, *IDS], set(), id="each id twice"),
        pytest.param(changed(IDS, r7=6_372_099.0, r99=IDS[3]), {3, 99}, id="an id twice beside one like a number"),
        pytest.param([None] * 200, set(), id="times of lines"),
        pytest.param(["203.0.113.66", *ADDRESSES[:30]], set(), id="too few"),
    ],
)
def test_odd_rows(values: list[float | str | None], odd: set[int]) -> None:
    assert odd_rows(list(enumerate(values))) == odd

"""Numbers in front of most lines are found, whatever stands behind them; numbers in a text are not taken for them."""

from __future__ import annotations

import pytest

from headroom_compression.references.labels import all_label_runs
from headroom_compression.references.labels import label_runs
from tests.compression.support.bodies import code_lines


@pytest.mark.parametrize(
    "form", ["{:>3} | {}", "L{}: {}", "{}:{}", "{}#a1:{}", "{:>4}│ {}", "{}\t{}", "{:04}→{}", "{}) {}"]
)
def test_numbers_of_many_forms_are_found(form: str) -> None:
    lines = [form.format(number, line) for number, line in enumerate(code_lines(9), 40)]
    assert label_runs(["a heading", *lines, "end"]) == [(1, 10, 40)]


@pytest.mark.parametrize("above", range(5))
def test_the_shortest_run_is_found_wherever_it_begins(above: int) -> None:
    lines = ["a heading"] * above + [f"{number} | x" for number in range(40, 45)]
    assert label_runs(lines) == [(above, above + 5, 40)]


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(code_lines(9), id="none"),
        pytest.param([f"{number}: x" for number in range(4)], id="few"),
        pytest.param([f"{2 * number}: x" for number in range(1, 9)], id="not one by one"),
        pytest.param([*(f"{number}. item" for number in range(1, 7)), *code_lines(9)], id="a list in a text"),
        pytest.param([f"{number}-02 12:00 x" for number in range(2020, 2029)], id="years"),
    ],
)
def test_other_numbers_are_not(lines: list[str]) -> None:
    assert label_runs(lines) == []


def test_a_gap_between_numbers_begins_another_run() -> None:
    lines = [f"{number} | x" for number in (*range(1, 7), *range(40, 46))]
    assert label_runs(lines) == [(0, 6, 1), (6, 12, 40)]


def test_those_in_few_lines_of_a_text_are_found_where_all_are_wanted() -> None:
    lines = [*code_lines(9), *(f"{number}) item" for number in range(4, 9))]
    assert all_label_runs(lines) == [(9, 14, 4)]
    assert label_runs(lines) == []

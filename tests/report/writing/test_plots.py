"""Plots by the numbers that they draw."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest

from headroom_report.values.savings import RequestSavings
from headroom_report.values.savings import Tokens
from headroom_report.writing.plots import tool_bar
from headroom_report.writing.plots import turn_lines


def turns(*whole: Tokens) -> list[RequestSavings]:
    return [RequestSavings(tokens, Tokens()) for tokens in whole]


def heights(svg: str, name: str) -> list[float]:
    line = ET.fromstring(svg).find(f".//polyline[@class='{name}']")  # noqa: S314  our own
    assert line is not None
    return [float(point.partition(",")[2]) for point in line.get("points", "").split()]


def test_bars_are_as_long_as_their_tokens() -> None:
    bars = tool_bar(Tokens(200, 50), 200) + tool_bar(Tokens(100, 100), 200)
    sent, saved, other_sent, other_saved = (float(width) for width in re.findall(r' width="([0-9.]+)"', bars))
    assert (saved / sent, other_sent / sent, other_saved) == pytest.approx((3, 2, 0))


@pytest.mark.parametrize(
    ("most", "labels"),
    [
        (243_273, ["0", "100k", "200k", "300k"]),
        (27_127, ["0", "10k", "20k", "30k"]),
        (4_000, ["0", "1k", "2k", "3k", "4k"]),
        (1_001, ["0", "500", "1k", "1,500"]),
        (7, ["0", "2", "4", "6", "8"]),
        (0, ["0", "1"]),
    ],
)
def test_the_grid_has_round_numbers(most: int, labels: list[str]) -> None:
    svg = turn_lines(turns(Tokens(0, 0), Tokens(most, most)))
    assert re.findall(r'<text class="end" x="54" [^>]*>([^<]*)<', svg) == labels


def test_lines_are_as_high_as_their_tokens() -> None:
    svg = turn_lines(turns(Tokens(0, 0), Tokens(100, 50), Tokens(200, 100)))
    bottom, middle, top = heights(svg, "before")
    assert bottom - middle == pytest.approx(middle - top)
    assert heights(svg, "after")[2] == pytest.approx(middle)
    assert ">200<" in svg
    assert "request 3" in svg


@pytest.mark.parametrize("count", [1, 2, 400, 5_000])
def test_lines_of_any_length_keep_their_ends(count: int) -> None:
    svg = turn_lines(turns(*(Tokens(number + 1, number) for number in range(count))))
    points = heights(svg, "before")
    assert len(points) == min(count, 400)
    assert points == sorted(points, reverse=True)
    assert f"request {count:,}<" in svg


def test_requests_that_were_put_together_are_not_drawn_but_numbered() -> None:
    together = RequestSavings(Tokens(9_000, 8_000), Tokens(), requests=200)
    svg = turn_lines([together, *turns(Tokens(1, 1), Tokens(3, 2))])
    assert len(heights(svg, "before")) == 2
    assert "request 201<" in svg
    assert "request 202<" in svg


def test_nothing_to_draw_is_no_error() -> None:
    assert "<svg" in tool_bar(Tokens(), 0)
    assert "<svg" in turn_lines(turns(Tokens(0, 0)))

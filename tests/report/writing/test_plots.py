"""Plots by the numbers that they draw."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest

from headroom_report.values.savings import RequestSavings
from headroom_report.values.savings import Tokens
from headroom_report.values.savings import ToolSavings
from headroom_report.writing.plots import tool_bars
from headroom_report.writing.plots import turn_lines


def turns(*whole: Tokens) -> list[RequestSavings]:
    return [RequestSavings(tokens, Tokens()) for tokens in whole]


def heights(svg: str, name: str) -> list[float]:
    line = ET.fromstring(svg).find(f".//polyline[@class='{name}']")  # noqa: S314  our own
    assert line is not None
    return [float(point.partition(",")[2]) for point in line.get("points", "").split()]


def test_bars_are_as_long_as_their_tokens() -> None:
    svg = tool_bars([ToolSavings("a", 2, 1, Tokens(200, 50)), ToolSavings("<b>&", 1, 0, Tokens(100, 100))])
    widths = [float(width) for width in re.findall(r'<rect class="\w+" [^>]*width="([0-9.]+)"', svg)]
    sent, saved, other_sent, other_saved = widths
    assert (saved / sent, other_sent / sent, other_saved) == pytest.approx((3, 2, 0))
    assert "&lt;b&gt;&amp;" in svg
    assert "150 (75.0%)" in svg


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
    assert "<svg" in tool_bars([])
    assert "<svg" in turn_lines(turns(Tokens(0, 0)))

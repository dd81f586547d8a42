"""Plots as inline SVG: drawn by hand, styled by the page, so that they follow its light and its dark."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from headroom_report.values.plain_text import one_line
from headroom_report.values.savings import RequestSavings
from headroom_report.values.savings import Tokens
from headroom_report.values.savings import ToolSavings
from headroom_report.writing.words import number
from headroom_report.writing.words import percent

_BARS_WIDTH = 640
_ROW = 26
_NAME = 190  # pixels for the name of a tool, about 26 characters
_VALUE = 130
_LINES_WIDTH, _HEIGHT = 460, 170
_LEFT, _BOTTOM, _TOP = 60, 24, 10
_POINTS = 400  # more than a plot is wide in steps that an eye can tell apart


def tool_bars(tools: Sequence[ToolSavings]) -> str:
    """A bar a tool: what its outputs cost as they are sent, and what is saved of them."""
    most = max((tool.tokens.before for tool in tools), default=0) or 1
    scale = (_BARS_WIDTH - _NAME - _VALUE) / most
    rows = "".join(_tool_bar(place, tool, scale) for place, tool in enumerate(tools))
    return _svg(
        "bars",
        (_BARS_WIDTH, len(tools) * _ROW + 4),
        "Tokens of tool outputs by tool, and how many of them are saved",
        rows,
    )


def _tool_bar(place: int, tool: ToolSavings, scale: float) -> str:
    y = place * _ROW + 4
    sent, saved = tool.tokens.after * scale, max(0, tool.tokens.saved) * scale
    label = f"{number(tool.tokens.saved)} ({percent(tool.tokens.share)})"
    return (
        f'<text class="name" x="{_NAME - 8}" y="{y + 14}">{escape(one_line(tool.tool, 26))}</text>'
        f'<rect class="sent" x="{_NAME}" y="{y}" width="{sent:.1f}" height="18"/>'
        f'<rect class="saved" x="{_NAME + sent:.1f}" y="{y}" width="{saved:.1f}" height="18"/>'
        f'<text x="{_NAME + sent + saved + 6:.1f}" y="{y + 14}">{label}</text>'
    )


def turn_lines(turns: Sequence[RequestSavings]) -> str:
    """Two lines over the requests of a session, at least two: their tokens as they came and as they are sent.

    Not those that were put together, the first ones of a very long session.
    """
    single = [turn for turn in turns if turn.requests == 1]
    shown = _thinned([turn.whole for turn in single])
    last = sum(turn.requests for turn in turns)
    most = max((tokens.before for tokens in shown), default=0) or 1
    before = [_point(place, tokens.before, len(shown), most) for place, tokens in enumerate(shown)]
    after = [_point(place, tokens.after, len(shown), most) for place, tokens in enumerate(shown)]
    return _svg(
        "lines",
        (_LINES_WIDTH, _HEIGHT),
        "Tokens of each request, without and with the addon",
        "".join(_grid_line(step / 2, most) for step in range(3))
        + f'<text x="{_LEFT}" y="{_HEIGHT - 6}">request {last - len(single) + 1:,}</text>'
        + (f'<text class="end" x="{_LINES_WIDTH}" y="{_HEIGHT - 6}">request {last:,}</text>' if len(single) > 1 else "")
        + f'<polygon class="saved band" points="{" ".join([*before, *reversed(after)])}"/>'
        + f'<polyline class="before" points="{" ".join(before)}"/>'
        + f'<polyline class="after" points="{" ".join(after)}"/>',
    )


def _thinned(tokens: Sequence[Tokens]) -> Sequence[Tokens]:
    """At most _POINTS of them, the first and the last among them."""
    if len(tokens) <= _POINTS:
        return tokens
    last = len(tokens) - 1
    return [tokens[round(place * last / (_POINTS - 1))] for place in range(_POINTS)]


def _point(place: int, count: int, points: int, most: int) -> str:
    x = _LEFT + (_LINES_WIDTH - _LEFT) * (place / (points - 1) if points > 1 else 0.5)
    return f"{x:.1f},{_y(count / most):.1f}"


def _y(share: float) -> float:
    return _HEIGHT - _BOTTOM - share * (_HEIGHT - _BOTTOM - _TOP)


def _grid_line(share: float, most: int) -> str:
    y = _y(share)
    label = number(share * most)
    return (
        f'<line class="grid" x1="{_LEFT}" x2="{_LINES_WIDTH}" y1="{y:.1f}" y2="{y:.1f}"/>'
        f'<text class="end" x="{_LEFT - 6}" y="{y + 4:.1f}">{label}</text>'
    )


def _svg(name: str, size: tuple[int, int], title: str, content: str) -> str:
    width, height = size
    box = f'class="{name}" viewBox="0 0 {width} {height}"'
    return f'<svg {box} role="img" aria-label="{escape(title)}">{content}</svg>'

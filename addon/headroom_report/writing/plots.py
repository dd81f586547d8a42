"""Plots as inline SVG: drawn by hand, styled by the page, so that they follow its light and its dark."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from headroom_report.values.savings import RequestSavings
from headroom_report.values.savings import Tokens
from headroom_report.writing.words import number

_BAR_WIDTH, _BAR_HEIGHT = 120, 12
_LINES_WIDTH, _HEIGHT = 460, 170
_LEFT, _BOTTOM, _TOP = 60, 24, 10
_POINTS = 400  # more than the eye can tell apart in the width of a plot
_MOST_STEPS = 4  # of the grid


def tool_bar(tokens: Tokens, most: int) -> str:
    """A bar beside the figures of a tool: what its outputs cost as they are sent, and what is saved of them.

    most: tokens of the longest bar.
    """
    scale = _BAR_WIDTH / max(most, 1)
    sent, saved = tokens.after * scale, max(0, tokens.saved) * scale
    return _svg(
        "bar",
        (_BAR_WIDTH, _BAR_HEIGHT),
        "Tokens as sent, and saved",
        f'<rect class="sent" x="0" y="0" width="{sent:.1f}" height="{_BAR_HEIGHT}"/>'
        f'<rect class="saved" x="{sent:.1f}" y="0" width="{saved:.1f}" height="{_BAR_HEIGHT}"/>',
    )


def turn_lines(turns: Sequence[RequestSavings]) -> str:
    """Two lines over the requests of a session, at least two: their tokens as they came and as they are sent.

    Without the first ones of a very long live session, which are kept as one sum.
    """
    single = [turn for turn in turns if turn.requests == 1]
    shown = _thinned([turn.whole for turn in single])
    last = sum(turn.requests for turn in turns)
    highest = max((tokens.before for tokens in shown), default=0)
    step = round_step(highest)
    steps = max(1, -(-highest // step))
    most = step * steps
    before = [_point(place, tokens.before, len(shown), most) for place, tokens in enumerate(shown)]
    after = [_point(place, tokens.after, len(shown), most) for place, tokens in enumerate(shown)]
    return _svg(
        "lines",
        (_LINES_WIDTH, _HEIGHT),
        "Tokens of each request, without and with the addon",
        "".join(_grid_line(place * step, most) for place in range(steps + 1))
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


def round_step(most: int) -> int:
    """The least of 1, 2, 5, 10, 20, 50... of which _MOST_STEPS reach `most`."""
    power = 1
    while True:
        for digit in (1, 2, 5):
            if digit * power * _MOST_STEPS >= most:
                return digit * power
        power *= 10


def _grid_line(count: int, most: int) -> str:
    y = _y(count / most)
    label = f"{number(count // 1000)}k" if count and count % 1000 == 0 else number(count)
    return (
        f'<line class="grid" x1="{_LEFT}" x2="{_LINES_WIDTH}" y1="{y:.1f}" y2="{y:.1f}"/>'
        f'<text class="end" x="{_LEFT - 6}" y="{y + 4:.1f}">{label}</text>'
    )


def _svg(name: str, size: tuple[int, int], title: str, content: str) -> str:
    width, height = size
    box = f'class="{name}" viewBox="0 0 {width} {height}"'
    return f'<svg {box} role="img" aria-label="{escape(title)}">{content}</svg>'

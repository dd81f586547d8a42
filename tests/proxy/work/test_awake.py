"""A pause of the whole process is told from an event loop that is held up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from headroom_proxy.work import awake
from headroom_proxy.work.awake import AwakeClock

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def spend(monkeypatch: pytest.MonkeyPatch) -> Callable[[float, float], None]:
    """Let so many seconds pass, in so many of which a thread of the process works."""
    clocks = {"monotonic": 1000.0, "process_time": 3.0}
    monkeypatch.setattr(awake, "monotonic", lambda: clocks["monotonic"])
    monkeypatch.setattr(awake, "process_time", lambda: clocks["process_time"])

    def spend(seconds: float, worked: float) -> None:
        clocks["monotonic"] += seconds
        clocks["process_time"] += worked

    return spend


@pytest.mark.parametrize(
    ("seconds", "worked", "counted"),
    [
        pytest.param(1.0, 0.0, 1.0, id="nothing to do"),
        pytest.param(1.0, 1.0, 1.0, id="at work"),
        pytest.param(1.5, 0.0, 1.5, id="a busy machine"),
        pytest.param(3600.0, 0.5, 1.0, id="a pause of an hour"),
        pytest.param(20.0, 19.0, 20.0, id="held up by a thread"),
    ],
)
def test_what_counts(seconds: float, worked: float, counted: float, spend: Callable[[float, float], None]) -> None:
    clock = AwakeClock()
    began = clock.now()
    with clock.watched():
        spend(seconds, worked)
        clock.look()
        assert clock.now() - began == counted
        with clock.watched():
            clock.look()
        assert clock.now() - began == counted, "it is noticed once"


def test_what_passes_while_nobody_watches_is_no_pause(spend: Callable[[float, float], None]) -> None:
    clock = AwakeClock()
    with clock.watched():
        clock.look()
    spend(600.0, 0.0)
    began = clock.now()
    with clock.watched():
        clock.look()
        assert clock.now() == began


def test_who_comes_after_a_pause_reads_no_time_that_is_taken_back(spend: Callable[[float, float], None]) -> None:
    clock = AwakeClock()
    with clock.watched():
        spend(600.0, 0.0)
        with clock.watched():
            began = clock.now()
            clock.look()
            assert clock.now() == began

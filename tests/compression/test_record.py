"""Frozen dataclasses: values without a dictionary, equal and hashable by their fields."""

from __future__ import annotations

import weakref
from dataclasses import replace

import pytest

from headroom_compression.record import record


@record
class Point:
    x: int
    y: int = 2


def test_they_are_values() -> None:
    point = Point(1)
    assert point == Point(1, 2) == replace(Point(5), x=1)
    assert {point: "here"}[Point(1, 2)] == "here"
    assert weakref.ref(point)() is point


def test_they_have_no_other_fields() -> None:
    with pytest.raises(AttributeError):
        Point(1).z = 3  # type: ignore[attr-defined]

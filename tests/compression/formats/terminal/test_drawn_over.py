"""What may go of that which a terminal does not show any more."""

from __future__ import annotations

import pytest

from headroom_compression.formats.terminal.drawn_over import hides_failure
from headroom_compression.formats.terminal.drawn_over import is_expendable


@pytest.mark.parametrize(
    ("lower", "upper", "before", "expected"),
    [
        pytest.param("", "done", "", True, id="nothing"),
        pytest.param("Reading", "Reading... Done", "", True, id="said again and more"),
        pytest.param("a.bin 10%", "a.bin 20%", "", True, id="only numbers change"),
        pytest.param("[1/9] a.o", "[2/9] b.o", "", True, id="counted names"),
        pytest.param("at 40%", "    ", "", True, id="progress cleared by spaces"),
        pytest.param("first", "     ", "", False, id="text cleared by spaces"),
        pytest.param("first,1", "second,2", "", False, id="text"),
        pytest.param("12:00:01 10% a", "12:00:02 20% b", "", False, id="records"),
        pytest.param("[1/2] a: FAILED", "[2/2] b: passed", "", False, id="a failure"),
    ],
)
def test_what_may_be_drawn_over(lower: str, upper: str, before: str, *, expected: bool) -> None:
    assert is_expendable(lower, upper, before) is expected


@pytest.mark.parametrize(
    ("erased", "shown", "expected"),
    [
        pytest.param(["checking a"], "done", False, id="no failure"),
        pytest.param(["a failed: timeout"], "done", True, id="a failure"),
        pytest.param(["a failed: timeout"], "ok b\na failed: timeout", False, id="a failure that is shown"),
        pytest.param(["a failed: timeout"], "a failed", True, id="a failure without its cause"),
        pytest.param(["[3/9] Building errors.o"], "done", False, id="a name of what is worked on"),
    ],
)
def test_what_may_not_be_erased(erased: list[str], shown: str, *, expected: bool) -> None:
    assert hides_failure(erased, shown) is expected

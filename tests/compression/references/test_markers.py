"""A marker is read back as it was written, and nothing else is one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies

from headroom_compression.references.markers import ORDINALS
from headroom_compression.references.markers import Marker
from headroom_compression.references.markers import holds_marker
from headroom_compression.references.markers import read_marker

titles = strategies.text(strategies.characters(exclude_characters="\n", exclude_categories=["Cs"]), min_size=1)


@given(strategies.integers(1, 10**8), strategies.integers(0, 10**5), titles, strategies.booleans())
def test_a_marker_is_read_as_it_was_written(first: int, more: int, title: str, whole: bool) -> None:  # noqa: FBT001  drawn
    marker = Marker(first, first + more, title, whole)
    assert read_marker(marker.line()) == marker
    assert holds_marker(f"before\n{marker.line()}\nafter")


@pytest.mark.parametrize(
    "line",
    [
        "",
        "[",
        "[38 lines identical to lines 11-47 of a.py above]",
        "[38 lines identical to lines 11-48 of a.py above] ",
        " [38 lines identical to lines 11-48 of a.py above]",
        "[38 lines identical to lines 11-48 of  above",
        "[38 lines identical to lines 11-48 of a.py above]\r",
        "[0 lines identical to lines 11-10 of a.py above]",
        "[038 lines identical to lines 11-48 of a.py above]",
        "[38 lines identical to lines \u0661\u0661-\u0664\u0668 of a.py above]",
        "[38 lines identical to lines 11-48 of a.py]",
        "[ran again, output identical to lines 1-57 of a.py]",
        "[ran again, output identical]",
        "[1 lines identical to lines 11-11 of a.py above]",
        "[2 line identical to line 11 of a.py above]",
        "[1 line identical to line 011 of a.py above]",
        "# 38 lines identical to lines 11-48 of a.py above",
        "[9999999999 lines identical to lines 1-9999999999 of a.py above]",
    ],
)
def test_a_line_that_is_nearly_a_marker_is_none(line: str) -> None:
    assert read_marker(line) is None


@pytest.mark.parametrize("ordinal", ORDINALS)
def test_a_run_that_came_again_is_named_by_each_ordinal(ordinal: str) -> None:
    marker = Marker(0, 0, f'the {ordinal} run of "make"', whole=True)
    assert read_marker(marker.line()) == marker


def test_the_forms_are_those_that_are_documented() -> None:
    assert Marker(11, 48, "src/a.go").line() == "[38 lines identical to lines 11-48 of src/a.go above]"
    assert Marker(12, 12, "README.md").line() == "[1 line identical to line 12 of README.md above]"
    again = Marker(1, 57, 'the output of "git diff"', whole=True).line()
    assert again == '[ran again, output identical to lines 1-57 of the output of "git diff" above]'

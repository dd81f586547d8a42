"""Which headings go with the passed tests below them, and which lines cannot be headings."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from headroom_compression.formats.test_reports.trees import Kind
from headroom_compression.formats.test_reports.trees import TreeRow
from headroom_compression.formats.test_reports.trees import indent_of
from headroom_compression.formats.test_reports.trees import passed_rows
from headroom_compression.formats.test_reports.trees import reads_like_a_message

KINDS = {"+": Kind.PASSED, "-": Kind.OTHER, "#": Kind.HEADING}


def tree_of(text: str) -> list[TreeRow]:
    lines = text.split("\n")
    return [TreeRow(row, indent_of(line), KINDS[line.lstrip()[0]]) for row, line in enumerate(lines)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("#\n  +\n  +", [0, 1, 2], id="all passed"),
        pytest.param("#\n  +\n  -\n  +", [1, 3], id="one failed"),
        pytest.param("#\n  #\n    +\n  #\n    -\n#\n  +", [1, 2, 5, 6], id="headings above a failed one stay"),
        pytest.param("#\n  -\n  #\n    +", [2, 3], id="a group after a failed test"),
        pytest.param("#\n#\n  +", [1, 2], id="a heading with nothing below stays"),
        pytest.param("#\n  +\n  #", [1], id="and those above it"),
        pytest.param("-\n  +\n  #\n    +", [1, 2, 3], id="below a file that failed"),
        pytest.param("+\n+", [0, 1], id="no headings"),
        pytest.param("", [], id="no line"),
    ],
)
def test_headings_go_where_everything_below_them_passed(text: str, expected: Sequence[int]) -> None:
    assert passed_rows(tree_of(text) if text else []) == expected


def test_a_slow_test_and_the_headings_above_it_stay() -> None:
    assert passed_rows(tree_of("#\n  #\n    +\n    +\n  #\n    +"), slow={3}) == [2, 4, 5]


@pytest.mark.parametrize(
    "line",
    [
        "    Error: connection refused",
        "    at read (file.js:3:1)",
        "    connecting to ldap://10.0.0.7",
        "    [cart] 3 items",
        "    12:07:31 up",
        "    2026-11-25 WARN low on stock",
        "    waiting for the gateway...",
        "    { status: 502 }",
        "    lost the connection: retry 3",
        "    E_FAIL warning: rate is old",
    ],
)
def test_what_programs_say_is_no_heading(line: str) -> None:
    assert reads_like_a_message(line)


@pytest.mark.parametrize(
    "line",
    [
        "    when the card is refused with an error",
        "  #total",
        "    GET /orders",
        "    addItem()",
        "  Cart::Line",
        "    with role: :admin",
    ],
)
def test_names_of_groups_are_no_messages(line: str) -> None:
    assert not reads_like_a_message(line)

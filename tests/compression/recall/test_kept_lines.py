"""Which lines stay whatever an elision thinks, and what is left of its gaps then."""

from __future__ import annotations

import re

from headroom_compression.calls.reading import read_call
from headroom_compression.calls.tool_call import ToolCall
from headroom_compression.formats.gaps import Gap
from headroom_compression.recall.kept_lines import allowed_gaps
from tests.compression.support.bodies import Item
from tests.compression.support.bodies import command_call
from tests.compression.support.bodies import function_call

LINES = [f"row {number:03} of a long listing of things that nobody needs" for number in range(100)]


def call_of(item: Item) -> ToolCall:
    call = read_call(item)
    assert call
    return call


BUILD = call_of(command_call("make all"))


def ranges(gaps: list[Gap], lines: list[str], call: ToolCall = BUILD) -> list[tuple[int, int]]:
    return [(gap.start, gap.stop) for gap in allowed_gaps(gaps, lines, call)]


def with_line(row: int, line: str) -> list[str]:
    return [*LINES[:row], line, *LINES[row + 1 :]]


def test_head_tail_and_the_first_and_last_of_the_run_stay() -> None:
    assert ranges([Gap(0, 100, "rows")], LINES) == [(3, 96)]
    assert ranges([Gap(0, 100, "rows")], [*LINES[:99], ""]) == [(3, 95)]


def test_a_line_with_an_alarm_parts_a_gap() -> None:
    lines = with_line(50, "warning: unused variable")
    assert ranges([Gap(0, 100, "rows")], lines) == [(3, 49), (52, 96)]
    assert ranges([Gap(0, 100, "rows", is_judged=True)], lines) == [(3, 96)]


def test_a_line_in_which_a_client_cut_parts_a_gap_with_those_next_to_it() -> None:
    gaps = allowed_gaps([Gap(0, 100, "rows", is_judged=True)], LINES, BUILD, {49, 50, 51})
    assert [(gap.start, gap.stop) for gap in gaps] == [(3, 48), (53, 96)]


def test_a_gap_too_small_to_be_worth_a_marker_is_none() -> None:
    assert ranges([Gap(10, 21, "rows")], LINES) == [(11, 20)]
    assert ranges([Gap(10, 20, "rows")], LINES) == []


def test_of_many_gaps_the_largest_are_left_out() -> None:
    lines = [line for _ in range(12) for line in (*LINES[:12], "a failure")] + LINES
    largest = len(lines) - 100 + 1
    found = ranges([Gap(0, len(lines), "rows")], lines)
    assert len(found) == 10
    assert found[-1] == (largest, len(lines) - 4)
    assert found == sorted(found)


def test_a_single_line_is_left_out_as_it_is_meant() -> None:
    lines = ["head", "QUJD" * 500, "tail"]
    assert ranges([Gap(1, 2, "base64")], lines) == [(1, 2)]
    assert ranges([Gap(1, 2, "base64")], ["head", "QUJD" * 500 + " error", "tail"]) == []


def test_rows_shown_in_part_are_left_out_together_or_not_at_all() -> None:
    gap = Gap(10, 40, "rows", instead=("id", "17"))
    assert allowed_gaps([gap], LINES, BUILD) == [gap]
    assert allowed_gaps([gap], with_line(20, "an error"), BUILD) == []
    judged = Gap(0, 100, "rows", is_judged=True, instead=("id", "17"))
    assert allowed_gaps([judged], with_line(20, "an error"), call_of(command_call("grep row a.txt"))) == [judged]


def test_what_the_rows_below_a_marker_take_is_not_saved() -> None:
    gap = Gap(10, 20, "rows", instead=tuple(LINES[12:20]))
    assert allowed_gaps([gap], LINES, BUILD) == []


def test_lines_that_the_call_asks_for_stay() -> None:
    lines = with_line(50, "row 050 of Invoice 17, which is what was asked for in this call")
    call = call_of(function_call("mcp__tracker__search", {"query": "invoice"}))
    assert ranges([Gap(0, 100, "rows", is_judged=True)], lines, call) == [(3, 49), (52, 96)]


def test_a_line_stays_with_the_heading_that_it_stands_under_without_being_indented() -> None:
    lines = [*LINES[:40], "basket.test.js:", *LINES[40:80], "", *LINES[80:]]
    heading = re.compile(r"[a-z.]+:")
    tree = Gap(10, 81, "tests", is_judged=True, is_tree=True, heading=heading)
    assert ranges([tree], lines) == [(11, 81)]  # else the last line would be taken for one of another file
    lines[65] = "what was asked for: invoice 17"
    asked = call_of(function_call("mcp__tracker__search", {"query": "invoice"}))
    assert ranges([tree], lines, asked) == [(11, 39), (42, 64), (67, 80)]


def test_for_a_call_that_asks_for_very_much_all_lines_stay() -> None:
    asked = call_of(
        function_call("mcp__tracker__search", {"query": " ".join(f"word_{number}" for number in range(51))})
    )
    assert allowed_gaps([Gap(0, 100, "rows")], LINES, asked) == []


def test_a_long_text_has_more_gaps() -> None:
    lines = [line for _ in range(100) for line in (*LINES[:12], "a failure")] + LINES
    assert len(ranges([Gap(0, len(lines), "rows")], lines)) == len(lines) // 50

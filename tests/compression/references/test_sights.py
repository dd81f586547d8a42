"""Lines are found under the numbers that a reader sees, or by counting."""

from __future__ import annotations

import pytest

from headroom_compression.references.lines_in_sight import Sight
from headroom_compression.references.markers import Marker
from headroom_compression.references.sights import has_number_in_each_row
from headroom_compression.references.sights import read_sight
from tests.compression.support.bodies import code_lines

LINES = code_lines(12)
MARKER = "[3 lines identical to lines 5-7 of a.py above]"


def seen(body: str, *, is_labelled: bool = False, is_ours: bool = False, is_open: bool = False) -> Sight:
    return read_sight(body, is_labelled=is_labelled, marked=behind if is_ours else None, is_open=is_open)


def behind(marker: Marker) -> list[str]:
    assert marker.title == "a.py"
    return LINES[marker.first - 1 : marker.last]


def test_lines_are_counted() -> None:
    sight = seen("\n".join(LINES) + "\n</output>\n")
    assert sight.shows(1, LINES)
    assert not sight.has_all(1, 13)
    assert sight.contradicts(2, LINES[:3])
    assert not sight.contradicts(12, [LINES[11], "another"])


def test_lines_behind_a_marker_are_counted_but_not_in_sight() -> None:
    sight = seen("\n".join([*LINES[:4], MARKER, *LINES[7:]]), is_ours=True)
    assert sight.shows(8, LINES[7:])
    assert not sight.shows(4, LINES[3:8])
    assert not sight.contradicts(4, LINES[3:8])
    assert sight.contradicts(5, ["another"])
    assert sight.lines_at(1, 4) == LINES[:4]
    assert sight.lines_at(4, 5) is None


def test_nobody_knows_what_stands_behind_the_marker_of_another() -> None:
    sight = seen("\n".join([*LINES[:4], MARKER, *LINES[7:]]), is_open=True)
    assert sight.shows(1, LINES[:4])
    assert not sight.is_unknown(4)
    assert sight.is_unknown(5)
    assert sight.is_unknown(12)


def test_lines_are_not_counted_across_a_cut() -> None:
    sight = seen("\n".join([*LINES[:4], "…17 tokens truncated…", *LINES[7:]]))
    assert sight.shows(1, LINES[:4])
    assert not sight.has_all(5, 6)


def test_numbers_in_sight_count() -> None:
    rows = [f"{number:>3} | {line}" for number, line in enumerate(LINES, 40)]
    sight = seen("\n".join(["<file>", *rows, "</file>"]), is_labelled=True)
    assert sight.shows(40, rows)
    assert sight.shows(40, LINES)
    assert not sight.has_all(1, 1)


def test_thinned_numbers_go_on_over_markers() -> None:
    rows = [f"     1\t{LINES[0]}", *(f"\t{line}" for line in LINES[1:4]), MARKER, f"8\t{LINES[7]}", f"\t{LINES[8]}"]
    sight = seen("\n".join(rows), is_labelled=True, is_ours=True)
    assert sight.shows(8, LINES[7:9])
    assert sight.shows(1, LINES[:4])
    assert not sight.contradicts(1, LINES[:9])
    assert sight.contradicts(6, ["another"])


def test_numbers_that_stand_there_twice_mean_nothing() -> None:
    rows = [f"{number}: {line}" for number, line in enumerate(LINES, 1)]
    sight = seen("\n".join([*rows, "next file", *rows]), is_labelled=True)
    assert not sight.has_all(1, 1)


def test_all_lines_have_the_same_separator() -> None:
    rows = [f"{number}: {line}" for number, line in enumerate(["a", " b", "c", "d", "e"], 1)]
    sight = seen("\n".join(rows), is_labelled=True)
    assert sight.shows(1, ["a", " b", "c"])
    assert sight.shows(1, [" a", "  b", " c"])
    assert not sight.shows(1, ["a", "  b"])


def test_bare_lines_are_counted_between_two_numbers() -> None:
    body = "\n".join(
        [f"     1→{LINES[0]}", *LINES[1:9], f"10→{LINES[9]}", LINES[10], f"12→{LINES[11]}", "no line of it"]
    )
    sight = seen(body, is_labelled=True, is_ours=True)
    assert sight.shows(1, LINES)
    assert sight.lines_at(3, 11) == LINES[2:11]
    assert not sight.has_all(12, 13)
    assert sight.contradicts(5, ["another"])


def test_lines_between_numbers_of_others_are_none_of_theirs() -> None:
    body = "\n".join([f"{number:>6}→{line}" for number, line in enumerate(LINES, 1)] + ["between", "    14→x"] * 5)
    assert not seen(body, is_labelled=True).has_all(12, 13)


def test_what_parts_the_matches_of_a_search_is_no_line() -> None:
    found = [f"{number}{':' if number in {1, 7, 14} else '-'}{line}" for number, line in enumerate(LINES, 1)]
    sight = seen(
        "\n".join([*found, "--", "14:x", "15-y", "16-z", "--", "18:y", "--", "20:z"]), is_labelled=True, is_ours=True
    )
    assert sight.shows(1, LINES)
    assert not sight.has_all(13, 13)
    assert not sight.has_all(17, 17)
    assert not sight.has_all(19, 19)


def test_bare_lines_are_counted_between_numbers_with_a_blank_behind_their_mark() -> None:
    lines = [
        "def total(lines):",
        "    return sum(lines)",
        "",
        "",
        "def mean(lines):",
        "    return total(lines) / len(lines)",
    ]
    body = "\n".join(["<content>", f"1: {lines[0]}", *lines[1:4], f"5: {lines[4]}", f"6: {lines[5]}", "</content>"])
    sight = seen(body, is_labelled=True, is_ours=True)
    assert sight.shows(1, lines)
    assert sight.shows(2, lines[1:5])
    assert not sight.contradicts(1, lines)
    assert not sight.shows(1, ["def total(lines):", "return sum(lines)"])


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("5\tone", True),
        ("  5→one\n\n  6→two\n", True),
        ("12:one\n40-two", True),
        ("5\tone\ntwo", False),
        ("one", False),
    ],
)
def test_each_row_of_a_search_has_a_number(body: str, expected: bool) -> None:  # noqa: FBT001  a column
    assert has_number_in_each_row(body) is expected

"""The marker of a gap: what is written is read back, and nothing else is taken for one."""

from __future__ import annotations

import pytest

from headroom_compression.formats.gap_markers import GapMarker
from headroom_compression.formats.gap_markers import PutAwayMarker
from headroom_compression.formats.gap_markers import holds_gap_marker
from headroom_compression.formats.gap_markers import read_gap_marker
from headroom_compression.formats.gap_markers import read_put_away_marker

PATH = "/home/dev/.local/state/headroom-addon/3f9a2c81d0b4e6f7.txt"

WRITTEN = [
    (
        GapMarker(412, 18_220, "passed tests", PATH, 14),
        f"[412 lines, 18,220 characters, left out here: passed tests; they are lines 14-425 of {PATH}]",
    ),
    (
        GapMarker(1, 48_211, "base64", PATH, 7),
        f"[1 line, 48,211 characters, left out here: base64; it is line 7 of {PATH}]",
    ),
    (
        GapMarker(46, 9_310, "rows; of each only path,line stands below", PATH, None),
        f"[46 rows, 9,310 characters, left out here: rows; of each only path,line stands below; all is in {PATH}]",
    ),
    (
        GapMarker(2, 900, "base64", "C:\\state\\3f9a2c81d0b4e6f7.txt", 1),
        "[2 lines, 900 characters, left out here: base64; they are lines 1-2 of C:\\state\\3f9a2c81d0b4e6f7.txt]",
    ),
    (
        GapMarker(2, 900, "x", "/Application Support/it's/3f.txt", 1),
        "[2 lines, 900 characters, left out here: x; they are lines 1-2 of '/Application Support/it'\"'\"'s/3f.txt']",
    ),
]


@pytest.mark.parametrize(("marker", "line"), WRITTEN, ids=["lines", "a line", "rows", "of Windows", "in quotes"])
def test_is_written_and_read_back(marker: GapMarker, line: str) -> None:
    assert marker.line() == line
    assert read_gap_marker(line) == marker
    assert holds_gap_marker(f"a\n{line}\nb")


@pytest.mark.parametrize(
    "line",
    [
        "",
        "[3 lines left out]",
        "412 lines, 18,220 characters, left out here: passed tests",
        WRITTEN[0][1].replace("412", "411"),
        WRITTEN[0][1].replace("18,220", "18220"),
        WRITTEN[0][1].replace(PATH, "3f9a.txt"),
        WRITTEN[1][1].replace("1 line,", "1 lines,"),
        WRITTEN[0][1] + " ",
        WRITTEN[0][1].replace(PATH, f"'{PATH}'"),
        WRITTEN[0][1].replace(PATH, f"/a b{PATH}"),
    ],
)
def test_nothing_else_is_one(line: str) -> None:
    assert read_gap_marker(line) is None


@pytest.mark.parametrize("path", ["/state/a.txt", "/My Files/it's.txt", "C:\\Users\\My Name\\a.txt"])
@pytest.mark.parametrize(("count", "first"), [(1, 1), (318, 5), (12_000, None)])
def test_a_marker_of_what_was_put_away_is_read_as_it_was_written(path: str, count: int, first: int | None) -> None:
    marker = PutAwayMarker(count, 12_400, path, first)
    assert read_put_away_marker(marker.line()) == marker
    assert read_gap_marker(marker.line()) is None
    assert holds_gap_marker(f"a\n{marker.line()}\nb")
    assert read_put_away_marker(marker.line() + "x") is None
    assert read_put_away_marker(marker.line().replace("12,400", "12400")) is None

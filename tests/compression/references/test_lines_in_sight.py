"""Lines are found under their numbers, and of what was looked at little is kept."""

from __future__ import annotations

from headroom_compression.references.lines_in_sight import BodyLines
from headroom_compression.references.lines_in_sight import KeptSights
from headroom_compression.references.lines_in_sight import NumberedLines
from headroom_compression.references.lines_in_sight import Sight
from headroom_compression.references.lines_in_sight import Sights
from headroom_compression.references.markers import Marker

BODY = "one\ntwo\nthree\nfour\nfive"
NUMBERED = "1: one\n2: two\n3:three\n4: …17 tokens truncated…"
HIDDEN = Marker(4, 6, "a.py")


def counted(pieces: list[NumberedLines], unknown_from: int | None = None) -> Sight:
    return Sight(BodyLines.of(BODY, BODY.split("\n"), None), pieces, unknown_from, lambda _: ["four", "V", "six"])


def numbered() -> Sight:
    lines = NUMBERED.split("\n")
    return Sight(BodyLines.of(NUMBERED, lines, [3, 3, 2, 3]), [NumberedLines(1, 4)], None, None)


def test_lines_of_one_piece() -> None:
    sight = counted([NumberedLines(11, 5)])
    assert sight.lines_at(12, 14) == ["two", "three", "four"]
    assert sight.shows(14, ["four", "five"])
    assert not sight.shows(15, ["five", "six"])
    assert not sight.contradicts(15, ["five", "six"])
    assert sight.contradicts(14, ["four", "six"])
    assert not sight.has_all(10, 12)
    assert not sight.contradicts(1, ["other"])


def test_lines_of_several_pieces() -> None:
    sight = counted([NumberedLines(1, 2), NumberedLines(3, 3, marker=HIDDEN), NumberedLines(9, 2, row=3)])
    assert sight.has_all(1, 5)
    assert not sight.has_all(5, 9)
    assert sight.lines_at(2, 3) is None
    assert not sight.contradicts(2, ["two", "four", "V", "six", "any", "any", "any", "four"])
    assert sight.contradicts(2, ["two", "four", "five"])
    assert not sight.shows(2, ["two", "four"])
    assert sight.shows(9, ["four", "five"])


def test_a_piece_may_be_a_part_of_what_a_marker_stands_for() -> None:
    sight = counted([NumberedLines(7, 1, marker=HIDDEN, skipped=1)])
    assert not sight.contradicts(7, ["V"])
    assert sight.contradicts(7, ["four"])


def test_nothing_is_known_from_a_gap_on() -> None:
    sight = counted([NumberedLines(1, 2)], unknown_from=3)
    assert not sight.contradicts(1, ["one", "two"])
    assert not sight.is_unknown(2)
    assert sight.is_unknown(3)


def test_all_lines_are_read_in_one_way() -> None:
    sight = numbered()
    assert sight.shows(1, ["one", "two"])
    assert sight.shows(1, ["1: one", "2: two"])
    assert not sight.shows(1, ["one", "2: two"])
    assert sight.lines_at(1, 3) == ["one", "two", "three"]


def test_a_line_that_was_cut_is_not_in_sight() -> None:
    sight = numbered()
    assert sight.has_all(3, 4)
    assert not sight.shows(3, ["three", "…17 tokens truncated…"])
    assert sight.lines_at(3, 4) is None


def test_the_last_one_is_kept_whatever_its_size() -> None:
    sights = Sights(KeptSights(limit=0))
    for index in range(3):
        sights.keep(index, counted([NumberedLines(1, 5)]))
    assert [index for index in range(3) if sights.get(index)] == [2]


def test_what_is_kept_of_all_sessions_is_bounded() -> None:
    size = counted([NumberedLines(1, 5)]).size
    kept = KeptSights(limit=2 * size)
    sights, others = Sights(kept), Sights(kept)
    for index in range(2):
        sights.keep(index, counted([NumberedLines(1, 5)]))
        sights.get(0)
    others.keep(1, counted([NumberedLines(1, 5)]))
    assert [index for index in range(3) if sights.get(index)] == [0]
    assert [index for index in range(3) if others.get(index)] == [1]
    others.keep(1, counted([NumberedLines(1, 5)]))
    assert kept.size == 2 * size

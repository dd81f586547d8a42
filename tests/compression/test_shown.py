"""What was sent is found again, and an earlier state of the store does not know what came later."""

from __future__ import annotations

from array import array

from tests.compression.bodies import code_lines

from headroom_compression.sent_rows import read_original
from headroom_compression.sent_rows import read_sent
from headroom_compression.shown import Numbering
from headroom_compression.shown import ShownText
from headroom_compression.shown import ShownTexts


def add(shown: ShownTexts, title: str, lines: list[str], first: int = 1) -> ShownText:
    rows = shown.row_ids(read_original("\n".join(lines)))
    text = ShownText(title, None, title, rows, (Numbering(first, 0, len(rows)),))
    shown.add(text)
    return text


def test_every_run_that_is_long_enough_is_found_from_some_row() -> None:
    shown = ShownTexts(seed_step=5)
    lines = code_lines(40)
    add(shown, "a", lines)
    for start in range(32):
        rows = shown.row_ids(read_original("\n".join(lines[start : start + 8])))
        assert any(shown.find(rows, row) for row in range(5))


def test_no_run_is_found_from_equal_rows() -> None:
    shown = ShownTexts(seed_step=1)
    text = add(shown, "a", ["first", *[""] * 9, "last", "end"])
    assert [row for row in range(len(text.rows)) if shown.find(text.rows, row)] == [0, 7, 8]
    assert shown.known_rows(text.rows) == [0, 7, 8]


def test_the_latest_copy_is_found() -> None:
    shown = ShownTexts(seed_step=1)
    lines = code_lines(9)
    add(shown, "a", lines)
    latest = add(shown, "b", lines)
    found = shown.find(latest.rows, 2)
    assert found == (latest, 2)


def test_an_earlier_state_does_not_see_what_was_added_later() -> None:
    shown = ShownTexts(seed_step=1)
    first = add(shown, "a", code_lines(9))
    add(shown, "a", code_lines(9, "other"))
    earlier = shown.continued(1)
    assert earlier is not shown
    assert shown.continued(2) is shown
    assert len(earlier) == 1
    assert earlier.resolve("a", 2, 5) == first.rows[1:5]
    fork = add(earlier, "fork", code_lines(9, "fork"))
    assert shown.find(fork.rows, 0) is None
    assert shown.resolve("fork", 1, 4) is None


def test_a_title_means_the_latest_text_that_shows_all_the_lines() -> None:
    shown = ShownTexts(seed_step=1)
    whole = add(shown, "a", code_lines(30))
    part = add(shown, "a", code_lines(5, "new"), first=10)
    assert shown.resolve("a", 10, 14) == part.rows
    assert shown.resolve("a", 1, 9) == whole.rows[:9]
    assert shown.resolve("a", 15, 30) == whole.rows[14:]
    assert shown.resolve("a", 20, 31) is None
    assert shown.resolve("b", 1, 2) is None


def test_a_title_means_nothing_where_a_later_text_says_otherwise() -> None:
    shown = ShownTexts(seed_step=1)
    add(shown, "a", code_lines(30))
    add(shown, "a", code_lines(5, "new"), first=10)
    assert shown.resolve("a", 9, 14) is None
    assert shown.resolve("a", 14, 30) is None


def test_a_title_means_nothing_too_far_back() -> None:
    shown = ShownTexts(seed_step=1)
    add(shown, "a", code_lines(9))
    for number in range(20):
        assert shown.resolve("a", 1, 9)
        add(shown, "a", code_lines(5, f"other_{number}"), first=10)
    assert shown.resolve("a", 1, 9) is None


def test_lines_behind_markers_count_where_a_later_text_says_otherwise() -> None:
    shown = ShownTexts(seed_step=1)
    lines = code_lines(100)
    add(shown, "a", lines)
    sent = "\n".join([lines[40], "[58 lines identical to lines 42-99 of a above]", lines[99]])
    rows = read_sent(sent)
    hidden_too = shown.hidden_ids(rows)
    assert hidden_too is not None
    assert shown.lines(hidden_too) == lines[40:]
    shown.add(ShownText("a", None, "a", shown.row_ids(rows), (Numbering(21, 0, 60),), hidden_too=hidden_too))
    assert shown.resolve("a", 46, 79) is None
    assert shown.resolve("a", 1, 20)


def test_texts_that_only_refer_to_others_are_not_looked_through() -> None:
    shown = ShownTexts(seed_step=1)
    first = add(shown, "a", code_lines(9))
    for _ in range(9):
        shown.add(HiddenText("a", None, "a", array("I", [0] * 9), (Numbering(1, 0, 9),)))
    assert len(shown) == 10
    assert shown.resolve("a", 2, 5) == first.rows[1:5]
    assert shown.continued(9).resolve("a", 2, 5) == first.rows[1:5]


class HiddenText(ShownText):
    """A text that must not be asked for its rows."""

    def rows_called(self, first: int, last: int) -> array[int] | None:
        raise AssertionError((first, last))


def test_cut_lines_and_the_end_of_a_text_equal_nothing() -> None:
    shown = ShownTexts(seed_step=1)
    rows = shown.row_ids(read_original("a\nb…9 tokens truncated…\nc\n"))
    assert [row == 0 for row in rows] == [False, True, False, True]
    assert add(shown, "a", ["1", "2…9 chars truncated…", "3", "4", "5"]).rows_called(1, 4) is None

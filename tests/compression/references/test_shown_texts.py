"""What was sent is found again, and an earlier state of the store does not know what came later."""

from __future__ import annotations

from array import array

from headroom_compression.holdings import Holdings
from headroom_compression.references.rows import Numbering
from headroom_compression.references.rows import read_original
from headroom_compression.references.seeds import SEED_ROWS
from headroom_compression.references.seeds import seed_keys
from headroom_compression.references.shown_texts import NOT_SHOWN
from headroom_compression.references.shown_texts import ShownText
from headroom_compression.references.shown_texts import ShownTexts
from tests.compression.support.bodies import code_lines


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
        assert any(shown.find(rows[row : row + SEED_ROWS]) for row in range(5))


def test_no_run_is_found_from_equal_rows() -> None:
    shown = ShownTexts(seed_step=1)
    text = add(shown, "a", ["first", *[""] * 9, "last", "end"])
    assert [row for row in range(len(text.rows)) if shown.find(text.rows[row : row + SEED_ROWS])] == [0, 7, 8]
    assert shown.known_rows(text.rows, seed_keys(text.rows)) == [0, 7, 8]


def test_the_latest_copy_is_found() -> None:
    shown = ShownTexts(seed_step=1)
    lines = code_lines(9)
    add(shown, "a", lines)
    latest = add(shown, "b", lines)
    found = shown.find(latest.rows[2 : 2 + SEED_ROWS])
    assert found == (latest, 2)


def test_a_long_row_is_found_alone() -> None:
    shown = ShownTexts(seed_step=5)
    rows = shown.row_ids(read_original("first\nlong\nshort\n"))
    text = ShownText("a", None, "a", rows, (Numbering(1, 0, 3),), long_rows=(1,))
    shown.add(text)
    other = shown.row_ids(read_original("before\nshort\nlong\nbehind\n"))
    assert [shown.find(other[row : row + 1]) for row in range(3)] == [None, None, (text, 1)]
    assert shown.known_rows(other, seed_keys(other), [1, 2]) == [2]
    assert shown.known_rows(other, seed_keys(other)) == []


def test_an_earlier_state_does_not_see_what_was_added_later() -> None:
    shown = ShownTexts(seed_step=1)
    first = add(shown, "a", code_lines(9))
    other = add(shown, "a", code_lines(9, "other"))
    earlier = shown.continued(1)
    assert earlier is not shown
    assert shown.continued(2) is shown
    assert [*earlier.texts] == [first]
    assert earlier.find(other.rows[:SEED_ROWS]) is None
    fork = add(earlier, "fork", code_lines(9, "fork"))
    assert shown.find(fork.rows[:SEED_ROWS]) is None
    assert [*shown.texts] == [first, other]


def test_the_same_output_of_the_same_call_is_known_as_a_whole() -> None:
    shown = ShownTexts(seed_step=1)
    rows = shown.row_ids(read_original("\n".join(code_lines(9))))
    known = ShownText("a", b"call", "a", rows, (Numbering(1, 0, 9),), whole=b"whole")
    shown.add(known)
    again = array("q", [NOT_SHOWN] * 9)
    shown.add(ShownText("a", b"call", "a", again, (Numbering(1, 0, 9),), whole=b"whole", is_again=True))
    assert shown.ran_before(b"call", b"whole") is known
    assert shown.ran_before(b"call", b"other") is None
    assert shown.ran_before(b"another", b"whole") is None
    assert shown.ran_before(None, b"whole") is None
    assert shown.continued(0).ran_before(b"call", b"whole") is None


def test_an_output_with_gaps_is_known_as_a_whole_too() -> None:
    shown = ShownTexts(seed_step=1)
    elided = ShownText("a", b"call", "a", array("q", [NOT_SHOWN]), (), whole=b"whole", is_elided=True)
    shown.add(elided)
    assert shown.ran_before(b"call", b"whole") is elided


def test_cut_lines_and_the_end_of_a_text_equal_nothing() -> None:
    shown = ShownTexts(seed_step=1)
    rows = shown.row_ids(read_original("a\nb…9 tokens truncated…\nc\n"))
    assert [row == NOT_SHOWN for row in rows] == [False, True, False, True]


def test_the_texts_that_are_kept_count_in_its_size() -> None:
    shown = ShownTexts(seed_step=1)
    add(shown, "a", ["one"])
    before = shown.size
    shown.add(ShownText("b", None, "b", array("q"), (), kept=shown.keep("x" * 9_000)))
    assert shown.size > before + 9_000


def add_long(shown: ShownTexts, number: int) -> None:
    shown.add(ShownText("a", None, "a", array("q"), (), kept=shown.keep(f"{number % 10}" * 5_000)))


def total(*stores: ShownTexts) -> int:
    holdings = Holdings()
    for store in stores:
        holdings.add(store.holdings)
    return holdings.size


def test_branches_count_the_texts_that_they_share_once() -> None:
    trunk = ShownTexts(1)
    for number in range(8):
        add_long(trunk, number)
    branches = [trunk.continued(length) for length in (2, 4, 6)]
    twig = branches[2].continued(3)
    for store in (*branches, twig):
        add_long(store, 9)
    later = branches[1].continued(4)
    add_long(later, 9)
    assert 75_000 < total(trunk, *branches, twig, later) < 85_000, "8 of the trunk, and one each"
    assert 17_500 < total(branches[0]) < 20_000
    assert 23_000 < total(twig) < 26_000
    assert 29_000 < total(later) < 32_000


def test_a_branch_of_very_many_branches_counts_all_of_its_texts() -> None:
    store = ShownTexts(1)
    add_long(store, 0)
    for number in range(50):
        add_long(store, number)
        add_long(store, number)
        store = store.continued(len(store) - 1)
        assert len(store.holdings) < 20
        assert len(store) * 5_700 < store.size < len(store) * 6_300

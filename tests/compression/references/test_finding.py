"""That the search stays linear on hostile texts."""

from __future__ import annotations

from array import array

import pytest

from headroom_compression.references.finding import LIMITS
from headroom_compression.references.finding import Match
from headroom_compression.references.finding import Place
from headroom_compression.references.finding import Search
from headroom_compression.references.pointer_reader import PointerReader
from headroom_compression.references.rows import Numbering
from headroom_compression.references.rows import read_original
from headroom_compression.references.seeds import SEED_ROWS
from headroom_compression.references.seeds import seed_keys
from headroom_compression.references.shown_texts import ShownText
from headroom_compression.references.shown_texts import ShownTexts
from tests.compression.support.bodies import code_lines

SIZE = 2_000
EMPTY = ShownTexts(1)
READER = PointerReader(EMPTY, "")


@pytest.mark.parametrize("level", LIMITS)
def test_no_run_that_is_long_enough_lies_between_two_seeds(level: str) -> None:
    limits = LIMITS[level]
    assert limits.seed_step + SEED_ROWS - 1 <= limits.minimum


def nearly_equal(size: int, gap: int) -> str:
    """Lines that equal those of another text but for each `gap`-th."""
    return "\n".join(f"different {n}" if n % gap == 0 else line for n, line in enumerate(code_lines(size)))


class CountedRows(array):  # type: ignore[type-arg]  # not generic at run time before Python 3.12
    """Rows that count how often they are looked at."""

    looks = 0

    def __getitem__(self, key):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN204  the signature is that of array
        CountedRows.looks += 1
        return super().__getitem__(key)


@pytest.mark.parametrize("level", LIMITS)
@pytest.mark.parametrize(
    "earlier",
    [
        pytest.param(lambda size: "\n" * size, id="empty lines"),
        pytest.param(lambda size: "same\n" * size, id="equal lines"),
        pytest.param(lambda size: "a\nb\n" * (size // 2), id="two lines in turn"),
        pytest.param(lambda size: "\n".join(code_lines(size)), id="all of it"),
        pytest.param(lambda size: nearly_equal(size, 6), id="runs of five"),
        pytest.param(lambda size: nearly_equal(size, 8), id="runs of seven"),
        pytest.param(lambda size: nearly_equal(size, 16), id="runs of fifteen"),
        pytest.param(lambda size: nearly_equal(size, 17), id="runs of sixteen"),
    ],
)
def test_the_search_looks_at_each_row_a_few_times_only(level: str, earlier: object) -> None:
    assert callable(earlier)
    looks = [count_looks(str(earlier(size)), level, size) for size in (SIZE, 2 * SIZE)]
    assert looks[1] <= 2.2 * looks[0] + 100
    assert looks[1] <= 60 * 2 * SIZE


def count_looks(earlier: str, level: str, size: int) -> int:
    limits = LIMITS[level]
    shown = ShownTexts(limits.seed_step)
    rows = shown.row_ids(read_original(earlier))
    shown.add(ShownText("a", None, "a", rows, (Numbering(1, 0, len(rows)),)))
    later = earlier if len(set(rows)) < 5 else "\n".join(code_lines(size))
    CountedRows.looks = 0
    counted = CountedRows("q", shown.row_ids(read_original(later)))
    place = Place(subject="b", numbered=False, folder="")
    known = shown.known_rows(counted, seed_keys(counted))
    search = Search(counted, later.split("\n"), place, shown, limits, PointerReader(shown, ""), known)
    search.best([(0, len(counted))])
    return CountedRows.looks


@pytest.mark.parametrize(
    ("blocks", "entries", "expected"),
    [
        pytest.param((), (), [(5, 60, 105)], id="anywhere"),
        pytest.param((0, 20, 40, 60), (), [(20, 60, 120)], id="the first has begun before"),
        pytest.param((5, 40, 80), (), [(5, 40, 105)], id="the last has not ended"),
        pytest.param((0, 90), (), [], id="none is whole"),
        pytest.param((0, 30, 90), (), [], id="the end of one, the beginning of another"),
        pytest.param((0, 90), (4, 9, 50, 70), [(9, 50, 109)], id="of one, some entries"),
        pytest.param((0, 30, 90), (2, 9, 32), [(9, 30, 109), (30, 32, 130)], id="the last begins anew"),
        pytest.param((0, 20, 40, 90), (2, 42, 60), [(20, 40, 120), (40, 60, 140)], id="whole ones, and another"),
        pytest.param((5, 40, 60), (42,), [(5, 60, 105)], id="whole ones with entries"),
    ],
)
def test_a_run_is_of_whole_blocks_and_of_entries_below_the_first_row_of_theirs(
    blocks: tuple[int, ...], entries: tuple[int, ...], expected: list[tuple[int, int, int]]
) -> None:
    text = ShownText("a", None, "a", array("q"), (Numbering(1, 0, 0),))
    place = Place(subject="b", numbered=False, folder="", blocks=blocks, entries=entries)
    search = Search(array("q"), ["  row"] * 90, place, EMPTY, LIMITS["careful"], READER, [])
    found = search._readable(Match(5, 60, text, 105))  # noqa: SLF001  which rows a search may choose is seen here
    assert [(part.start, part.stop, part.there) for part in found] == expected


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        pytest.param(["first", *["  row"] * 9, "next", "  row"], [(0, 10)], id="what follows says where one is"),
        pytest.param(["first", *["  row"] * 4, "more", *["  row"] * 4, "v2", "  1"], [(0, 5)], id="it does not"),
        pytest.param(["first", *["  row"] * 9, "v2", "  row"], [], id="nowhere"),
    ],
)
def test_whole_blocks_end_where_it_is_seen(lines: list[str], expected: list[tuple[int, int]]) -> None:
    blocks = tuple(row for row, line in enumerate(lines) if not line.startswith(" "))
    place = Place(subject="b", numbered=False, folder="", blocks=(*blocks, len(lines)))
    search = Search(array("q", range(1, len(lines) + 1)), lines, place, EMPTY, LIMITS["careful"], READER, [])
    text = ShownText("a", None, "a", array("q"), (Numbering(1, 0, 0),))
    found = search._readable(Match(0, 11, text, 0))  # noqa: SLF001  which rows a search may choose is seen here
    assert [(part.start, part.stop) for part in found] == expected


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        pytest.param(
            ["a", *["  row"] * 9, "=== b", *["  row"] * 9, "=== carts"], [(0, 20)], id="it ends with its block"
        ),
        pytest.param(
            ["a", *["  row"] * 9, "=== b", *["  row"] * 9, "", "=== c"],
            [(10, 20), (0, 10)],
            id="the last row of its block shows where the run ends",
        ),
        pytest.param(["a", *["  row"] * 9, "=== b", *["  row"] * 9, "  1"], [(10, 20), (0, 10)], id="it goes on"),
        pytest.param(
            [*["  row"] * 8, "--- b", "+++ b", "@@ -1,9 +1,9 @@", *["  row"] * 9, "  1"],
            [(10, 20), (0, 8)],
            id="a hunk and its file",
        ),
        pytest.param(["a", *["  row"] * 15, "=== b", *["  row"] * 3, "  1"], [(0, 16)], id="a part is too short"),
        pytest.param(["=== b", *["  row"] * 19, "  1"], [(0, 20)], id="the heading stays in any case"),
    ],
)
def test_a_heading_stays_where_rows_in_sight_belong_to_it(lines: list[str], expected: list[tuple[int, int]]) -> None:
    place = Place(subject="b", numbered=False, folder="")
    search = Search(array("q", range(1, len(lines) + 1)), lines, place, EMPTY, LIMITS["careful"], READER, [])
    text = ShownText("a", None, "a", array("q"), (Numbering(1, 0, 0),))
    found = search._readable(Match(0, 20, text, 0))  # noqa: SLF001  which rows a search may choose is seen here
    assert [(part.start, part.stop) for part in found] == expected

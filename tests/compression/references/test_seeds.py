"""Places are found by their first rows, however many there are."""

from __future__ import annotations

from array import array
from random import Random

from headroom_compression.references.seeds import LONG_ROW
from headroom_compression.references.seeds import SEED_ROWS
from headroom_compression.references.seeds import Seeds
from headroom_compression.references.seeds import long_rows
from headroom_compression.references.seeds import seed_keys


def test_places_are_those_of_a_dictionary() -> None:
    chance = Random(7)  # noqa: S311  the same rows in every run
    seeds, expected = Seeds(), {}
    for text in range(60):
        rows = array("q", [chance.randrange(3) - 1 for _ in range(40)])
        for row in range(0, len(rows) - SEED_ROWS + 1, 3):
            seed = tuple(rows[row : row + SEED_ROWS])
            seeds.note(seed, text, row)
            expected[seed] = text, row
        asked = array("q", [chance.randrange(4) - 1 for _ in range(30)])
        places = [expected.get(tuple(asked[row : row + SEED_ROWS])) for row in range(len(asked) - SEED_ROWS + 1)]
        assert [seeds.find(tuple(asked[row : row + SEED_ROWS])) for row in range(len(places))] == places
        assert seeds.known_rows(seed_keys(asked)) == [row for row, place in enumerate(places) if place]


def test_a_seed_takes_a_few_dozen_bytes() -> None:
    seeds = Seeds()
    rows = array("q", range(9_000))
    for row in range(len(rows) - SEED_ROWS):
        seeds.note(tuple(rows[row : row + SEED_ROWS]), 0, row)
    assert seeds.size / len(rows) < 60


def test_a_row_of_ninety_tokens_is_long() -> None:
    assert long_rows(["", "x" * (LONG_ROW - 1), "x" * LONG_ROW, "short", "x" * 9_000]) == [2, 4]

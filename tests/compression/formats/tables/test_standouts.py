"""Which of a hundred rows stay whole, each for one reason."""

from __future__ import annotations

import pytest

from headroom_compression.formats.tables.columns import Column
from headroom_compression.formats.tables.standouts import standing_out

ROWS = 100


def column(name: str, usual: str, other: dict[int, str] | None = None) -> Column:
    return Column(name, tuple((other or {}).get(row, usual) for row in range(ROWS)))


def numbers(name: str, *first: str) -> Column:
    return Column(name, (*first, *(str(500 + row) for row in range(len(first), ROWS))))


@pytest.mark.parametrize(
    ("columns", "rows"),
    [
        pytest.param([column("level", "INFO", {40: "ERROR", 60: "WARN"})], {0, 40, 60}, id="errors and warnings"),
        pytest.param([column("region", "eu", {7: "us", 9: "us"})], {0, 7, 9}, id="values that few have"),
        pytest.param([column("note", "null", {33: "by hand"})], {0, 33}, id="a cell where the others have none"),
        pytest.param(
            [Column("state", tuple("open" if row % 2 else "closed" for row in range(ROWS)))], {0, 1}, id="one of each"
        ),
        pytest.param(
            [Column(name, tuple("abcd"[(row + shift) % 4] for row in range(ROWS))) for shift, name in enumerate("xy")],
            {0, 1, 2, 3},
            id="one row for values of two columns",
        ),
        pytest.param([numbers("value", "3", "9000")], {0, 1}, id="the smallest and the largest"),
        pytest.param([numbers("value", "3", "9000", "8000")], {0, 1, 2}, id="all that are far out"),
        pytest.param([numbers("id", "3", "9000")], set(), id="not of ids"),
        pytest.param([numbers("text", "x" * 900)], {0}, id="a long text among short ones"),
        pytest.param(
            [
                Column("trace_id", tuple(str(row // 2) for row in range(ROWS))),
                Column("status", tuple("500" if row == 41 else "200" for row in range(ROWS))),
            ],
            {40, 41},
            id="what belongs to a request that failed",
        ),
        pytest.param(
            [
                Column("metric", tuple("cpu" if row % 2 else "rss" for row in range(ROWS))),
                Column("value", tuple(str((row % 2) * 1000 + row) for row in range(ROWS))),
            ],
            {0, 1, 98, 99},
            id="the smallest and the largest of each metric",
        ),
        pytest.param(
            [Column("labels", tuple('["a","b"]' if row % 3 else '["c"]' for row in range(ROWS)))],
            {0, 1},
            id="of lists each entry",
        ),
    ],
)
def test_rows_that_stay_whole(columns: list[Column], rows: set[int]) -> None:
    assert standing_out(columns) == rows

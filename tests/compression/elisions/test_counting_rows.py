"""What is left out of rows that count can be told from those that stay."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headroom_compression.calls.reading import read_call
from headroom_compression.document import Document
from headroom_compression.elisions import counting_rows
from headroom_compression.formats.gaps import Gap
from tests.compression.support.bodies import command_call

NUMBER = re.compile("[0-9]+")
STEPS = st.integers(-3, 5)


def gaps_of(lines: Sequence[str], command: str = "python export.py") -> list[Gap]:
    document = Document.of("\n".join(lines), read_call(command_call(command)))
    return list(counting_rows.find(document, lines))


def continued(lines: Sequence[str], row: int, height: int) -> str:
    """The row that follows from those one and two blocks above it."""
    first, second = lines[row - 2 * height], lines[row - height]
    numbers = [2 * int(two) - int(one) for one, two in zip(NUMBER.findall(first), NUMBER.findall(second), strict=True)]
    widths = [len(text) if text.startswith("0") else 1 for text in NUMBER.findall(second)]
    texts = iter(f"{number:0{width}}" for number, width in zip(numbers, widths, strict=True))
    return NUMBER.sub(lambda _: next(texts), second)


@given(
    st.lists(
        st.tuples(st.sampled_from(["part {} is there", "wrote {:04} of {}", "all done", "see {}.{}"]), STEPS),
        min_size=1,
        max_size=4,
    ),
    st.integers(12, 40),
    st.lists(st.integers(0, 150), max_size=3),
)
def test_each_row_left_out_follows_from_those_above_it(
    block: list[tuple[str, int]], rounds: int, changed: list[int]
) -> None:
    lines = [text.format(500 + step * turn, turn) for turn in range(rounds) for text, step in block]
    for row in changed:
        lines[row % len(lines)] = f"{lines[row % len(lines)]} 7"
    for gap in gaps_of(lines):
        for row in range(gap.start, gap.stop):
            assert lines[row] in {
                continued(lines, row, height) for height in range(1, 5) if _is_like(lines, row, height)
            }


def _is_like(lines: Sequence[str], row: int, height: int) -> bool:
    return len({NUMBER.sub("", lines[row - back * height]) for back in (0, 1, 2)}) == 1


@pytest.mark.parametrize(
    ("command", "is_known"),
    [
        ("python export.py", True),
        ("cd api && rm -rf out && ./export.sh --all | tail -200", True),
        ("python -u export.py --parts 40 -n8 --rate=0.5", True),
        ("python export.py parts", False),
        ("python export.py src/parts.py && git status", False),
        ("python3 export.py --file src/parts.py", False),
        ("node export.js --file=parts", False),
        ("ruby export.rb -fparts", False),
        ("bash -v export.sh", False),
        ("bash --verbose export.sh", False),
        ("sh -x export.sh", False),
        ("python export.py && cat parts.txt", False),
        ("python -c 'print(open(1).read())'", False),
        ("exporter --all", False),
        ("cat parts.txt", False),
    ],
)
def test_only_programs_that_are_known_to_run_are_looked_at(command: str, is_known: bool) -> None:  # noqa: FBT001  a column
    assert bool(gaps_of([f"part {number} is there" for number in range(40)], command)) is is_known


@pytest.mark.parametrize(
    "row",
    [
        "PART_{} = {}",
        "part_{}: part",
        "    return part {}",
        "\treturn part {}",
        "     {}\tpart of it",
        "# part {} of it",
        "// part {} of it",
        "part({})",
        '"part {}",',
        "{},part {},open",
        "- part {} is there",
        "part {};",
        "{}",
    ],
)
def test_rows_that_may_be_source_stay(row: str) -> None:
    assert not gaps_of([row.replace("{}", str(number)) for number in range(40)])


@pytest.mark.parametrize(
    "row", ["part {} of 40 is there", "  part {}: there, 3.5% of it.", "--- part {} ---", "{} parts"]
)
def test_rows_of_words_and_numbers_go(row: str) -> None:
    assert gaps_of([row.replace("{}", str(number)) for number in range(40)])

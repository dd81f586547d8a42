"""What is left out of progress lies between two rows of the same task that stay."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from headroom_compression.calls.reading import read_call
from headroom_compression.document import Document
from headroom_compression.elisions import progress_lines
from headroom_compression.formats.gaps import Gap
from headroom_compression.formats.progress_rows import read_progress
from tests.compression.support.bodies import command_call

LINES = st.lists(
    st.one_of(
        st.builds("{}: {:3}% ({}/100)".format, st.sampled_from(["one", "two"]), st.just(50), st.just(50)),
        st.integers(0, 100).map(lambda done: f"one: {done:3}% ({done}/100)"),
        st.integers(0, 100).map(lambda done: f"two: {done:3}% ({done}/100)"),
        st.sampled_from(["", "a line", "100%"]),
    ),
    max_size=60,
)


def gaps_of(lines: Sequence[str], command: str = "./fetch --all") -> list[Gap]:
    document = Document.of("\n".join(lines), read_call(command_call(command)))
    return list(progress_lines.find(document, lines))


@given(LINES)
def test_a_row_left_out_has_its_task_before_and_behind_it(lines: list[str]) -> None:
    gaps = gaps_of(lines)
    rows = [read_progress(line) for line in lines]
    left_out = {row for gap in gaps for row in range(gap.start + 1, gap.stop - 1)}
    assert all(one.stop <= other.start for one, other in pairwise(gaps))
    for row in left_out:
        this = rows[row]
        assert this is not None
        kept = [
            (place, other)
            for place, other in enumerate(rows)
            if other and other.task == this.task and place not in left_out
        ]
        assert any(place < row and other.percent <= this.percent for place, other in kept)
        assert any(place > row and other.percent >= this.percent for place, other in kept)


def test_one_task_goes_but_for_its_ends() -> None:
    lines = ["begins", *(f"one: {done:3}% ({done}/100)" for done in range(101)), "ends"]
    assert [(gap.start, gap.stop) for gap in gaps_of(lines)] == [(1, 102)]


def test_rows_that_come_again_are_those_of_a_second_round() -> None:
    lines = [f"one: {done:3}% ({done}/100)" for _ in range(2) for done in range(0, 101, 10)]
    assert [(gap.start, gap.stop) for gap in gaps_of(lines)] == [(0, 11), (11, 22)]


def test_a_command_that_shows_a_file_loses_none() -> None:
    lines = [f"one: {done:3}% ({done}/100)" for done in range(101)]
    assert gaps_of(lines, "cat fetch.txt") == []
    assert gaps_of(lines, "git show HEAD~2:fetch.txt") == []

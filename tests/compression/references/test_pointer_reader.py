"""Pointers are followed by what stands in sight, and refused where a reader could come to other lines."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headroom_compression.references.markers import Marker
from headroom_compression.references.pointer_reader import Certainty
from headroom_compression.references.pointer_reader import PointerReader
from headroom_compression.references.rows import Numbering
from headroom_compression.references.rows import Rows
from headroom_compression.references.shown_texts import ShownText
from headroom_compression.references.shown_texts import ShownTexts
from headroom_compression.references.sights import read_sight
from headroom_compression.session.shown_names import HIDDEN
from tests.compression.support.bodies import code_lines

LINES = code_lines(30)
OTHERS = code_lines(30, "other")


def show(
    shown: ShownTexts, command: str, lines: list[str], *, path: str | None = None, first: int | None = None
) -> None:
    shown.add(shown_text(shown, command, lines, path=path, first=first))


def shown_text(
    shown: ShownTexts, command: str, lines: list[str], *, path: str | None = None, first: int | None = None
) -> ShownText:
    body = "\n".join(lines)
    return ShownText(
        f'the output of "{command}"',
        command.encode(),
        path or command,
        shown.row_ids(Rows.of_plain(body)),
        (Numbering(1, 0, len(lines)),),
        says=command,
        path=path,
        claimed_line=first,
        kept=shown.keep(body),
        whole=body.encode(),
        is_command=True,
    )


def certainty(shown: ShownTexts, title: str, first: int, lines: list[str], says: str = "./now") -> Certainty:
    return PointerReader(shown, says).certainty(Marker(first, first + len(lines) - 1, title), lines)


@pytest.mark.parametrize(
    ("title", "first", "lines", "expected"),
    [
        ('the output of "cat a.py"', 3, LINES[2:9], Certainty.BY_ANY_READING),
        ('the output of "cat a.py"', 4, LINES[2:9], Certainty.NONE),
        ('the output of "cat a.py"', 25, LINES[24:] + OTHERS[:3], Certainty.NONE),
        ('the output of "cat b.py"', 3, LINES[2:9], Certainty.NONE),
        ("a.py", 3, LINES[2:9], Certainty.BY_ANY_READING),
        ("src/a.py", 3, LINES[2:9], Certainty.NONE),
        ("src/b.py", 3, LINES[2:9], Certainty.NONE),
        ('the first run of "cat a.py"', 3, LINES[2:9], Certainty.BY_ANY_READING),
        ('the latest run of "cat a.py"', 3, LINES[2:9], Certainty.BY_ANY_READING),
        ('the second run of "cat a.py"', 3, LINES[2:9], Certainty.NONE),
    ],
)
def test_a_pointer_must_lead_to_its_lines(title: str, first: int, lines: list[str], expected: Certainty) -> None:
    shown = ShownTexts(1)
    show(shown, "cat a.py", LINES, path="a.py", first=1)
    assert certainty(shown, title, first, lines) is expected


def test_lines_of_a_file_are_counted_from_where_the_output_begins() -> None:
    shown = ShownTexts(1)
    show(shown, "sed -n '41,70p' a.py", LINES, path="a.py", first=41)
    assert certainty(shown, "a.py", 43, LINES[2:9])
    assert not certainty(shown, "a.py", 3, LINES[2:9])
    assert certainty(shown, "the output of \"sed -n '41,70p' a.py\"", 3, LINES[2:9])


def test_a_name_must_not_fit_an_output_with_other_lines_there() -> None:
    shown = ShownTexts(1)
    show(shown, "cat a.py", LINES, path="a.py", first=1)
    show(shown, "cat a.py", OTHERS, path="a.py", first=1)
    assert certainty(shown, "a.py", 3, LINES[2:9]) is Certainty.NONE
    assert certainty(shown, "the first a.py", 3, LINES[2:9])
    assert certainty(shown, "the latest a.py", 3, OTHERS[2:9])
    assert not certainty(shown, "the latest a.py", 3, LINES[2:9])


@pytest.mark.parametrize(
    ("title", "is_known"),
    [
        ("a.py", False),
        ("the first a.py", False),
        ("the latest a.py", True),
        ('the output of "cat a.py"', False),
        ('the first run of "cat a.py"', False),
        ('the latest run of "cat a.py"', True),
    ],
)
def test_where_outputs_may_stand_before_those_known_they_are_counted_back(title: str, is_known: bool) -> None:  # noqa: FBT001
    shown = ShownTexts(1, goes_on=True)
    show(shown, "cat a.py", LINES, path="a.py", first=1)
    assert bool(certainty(shown, title, 3, LINES[2:9])) is is_known
    marker = Marker(0, 0, title, whole=True)
    assert PointerReader(shown, "cat a.py").is_whole(marker, b"cat a.py", "\n".join(LINES).encode()) is is_known


@pytest.mark.parametrize(
    ("title", "is_known"),
    [("a.py", False), ("the latest a.py", False), ("the output with Chunk ID 5fa01c", True)],
)
def test_behind_a_hidden_output_nothing_before_it_is_named_but_by_its_chunk(title: str, is_known: bool) -> None:  # noqa: FBT001
    shown = ShownTexts(1)
    shown.add(replace(shown_text(shown, "cat a.py", LINES, path="a.py", first=1), chunk="5fa01c"))
    assert certainty(shown, title, 3, LINES[2:9])
    shown.add(HIDDEN)
    assert bool(certainty(shown, title, 3, LINES[2:9])) is is_known
    assert bool(certainty(shown.continued(1), title, 3, LINES[2:9]))
    show(shown, "cat a.py", LINES, path="a.py", first=1)
    assert bool(certainty(shown, title, 3, LINES[2:9])) is (title != "a.py")


def test_a_relative_path_may_be_the_file_of_an_absolute_one() -> None:
    shown = ShownTexts(1)
    show(shown, "view /w/src/a.py", LINES, path="/w/src/a.py", first=1)
    show(shown, "cat b/a.py", OTHERS, path="b/a.py", first=1)
    assert certainty(shown, "/w/src/a.py", 3, LINES[2:9]) is Certainty.BY_ANY_READING
    show(shown, "cat src/a.py", OTHERS, path="src/a.py", first=1)
    assert certainty(shown, "/w/src/a.py", 3, LINES[2:9]) is Certainty.NONE
    assert certainty(shown, "the latest /w/src/a.py", 3, LINES[2:9]) is Certainty.NONE
    assert certainty(shown, "the first /w/src/a.py", 3, LINES[2:9]) is Certainty.BY_ANY_READING


def test_which_output_it_is_must_not_depend_on_whether_a_relative_path_counts() -> None:
    shown = ShownTexts(1)
    show(shown, "view /w/src/a.py", LINES, path="/w/src/a.py", first=1)
    show(shown, "cat src/a.py", OTHERS, path="src/a.py", first=1)
    show(shown, "view /w/src/a.py", OTHERS[:15], path="/w/src/a.py", first=1)
    assert certainty(shown, "the second /w/src/a.py", 3, OTHERS[2:9]) is Certainty.NONE
    assert certainty(shown, "the third /w/src/a.py", 3, OTHERS[2:9]) is Certainty.NONE
    assert certainty(shown, "the latest /w/src/a.py", 3, OTHERS[2:9]) is Certainty.BY_ANY_READING


def test_a_shortened_name_must_not_fit_another_call() -> None:
    shown = ShownTexts(1)
    show(shown, "pytest tests/one -k alpha", LINES)
    show(shown, "pytest tests/two -k alpha", OTHERS)
    assert certainty(shown, 'the output of "pytest ...-k alpha"', 3, LINES[2:9]) is Certainty.NONE
    assert certainty(shown, 'the output of "pytest tests/one..."', 3, LINES[2:9]) is Certainty.BY_ANY_READING


def test_nor_the_call_that_it_stands_under() -> None:
    shown = ShownTexts(1)
    show(shown, "pytest tests/one -k alpha", LINES)
    own = "pytest tests/one -k alpha -x"
    assert certainty(shown, 'the output of "pytest ...-k alpha"', 3, LINES[2:9], own) is Certainty.NONE
    assert certainty(shown, 'the output of "pytest tests/one -k alpha"', 3, LINES[2:9], own) is Certainty.BY_EXACT_NAME
    assert certainty(shown, 'the latest run of "pytest tests/one -k alpha"', 3, LINES[2:9], own)


def test_words_that_another_call_holds_too_make_it_less_certain() -> None:
    shown = ShownTexts(1)
    show(shown, "git diff", LINES)
    show(shown, "git diff HEAD~1", OTHERS)
    assert certainty(shown, 'the output of "git diff"', 3, LINES[2:9]) is Certainty.BY_EXACT_NAME
    assert certainty(shown, 'the first run of "git diff"', 3, LINES[2:9]) is Certainty.BY_ANY_READING


def test_a_whole_is_of_the_same_call_and_the_same() -> None:
    shown = ShownTexts(1)
    show(shown, "./configure", LINES)
    body = "\n".join(LINES).encode()
    marker = Marker(0, 0, 'the output of "./configure"', whole=True)
    assert PointerReader(shown, "./configure").is_whole(marker, b"./configure", body)
    assert not PointerReader(shown, "./configure").is_whole(marker, b"./configure", b"another")
    assert not PointerReader(shown, "./configure").is_whole(marker, b"make", body)
    show(shown, "./configure", OTHERS)
    assert not PointerReader(shown, "./configure").is_whole(marker, b"./configure", body)


def test_of_very_many_outputs_only_the_latest_is_meant() -> None:
    shown = ShownTexts(1)
    for _ in range(60):
        show(shown, "git status", LINES)
    assert certainty(shown, 'the output of "git status"', 3, LINES[2:9]) is Certainty.NONE
    assert certainty(shown, 'the latest run of "git status"', 3, LINES[2:9])


@given(st.lists(st.sampled_from(["a", "", "[", "[2 lines left out]", "…40 tokens truncated…", "</output>"])))
def test_no_more_lines_are_counted_in_an_output_than_it_has(lines: list[str]) -> None:
    """So an output that is too short need not be read to know that it has no such lines."""
    body = "\n".join(lines)
    for is_open in (False, True):
        sight = read_sight(body, is_labelled=False, marked=None, is_open=is_open)
        assert not sight.has_all(1, body.count("\n") + 2)

"""What titles mean."""

from __future__ import annotations

from array import array
from dataclasses import replace

import pytest

from headroom_compression.references.fittings import Fit
from headroom_compression.references.pointer_titles import Title
from headroom_compression.references.pointer_titles import at
from headroom_compression.references.seeds import ID_CODE
from headroom_compression.references.shown_texts import ShownText
from headroom_compression.references.shown_texts import ShownTexts

UNNAMED = ShownText("", None, "", array(ID_CODE), ())


@pytest.mark.parametrize(
    ("title", "says", "expected"),
    [
        ("a.py", "cat a.py", True),
        ("a.py", "cat b.py", False),
        ('"grep -n total ..."', "grep -n total a.py", True),
        ('"grep -n total ..."', "grep -n sum a.py", False),
        ("a.py", "", False),
    ],
)
def test_a_call_may_be_meant_that_holds_all_words_of_a_title(title: str, says: str, expected: bool) -> None:  # noqa: FBT001  a column
    assert Title(title).has_its_words_in(says) is expected


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("a.py", False),
        ("the first a.py", False),
        ("the latest a.py", True),
        ('the latest run of "ls -l"', True),
        ("the output with Chunk ID 3e0888", True),
    ],
)
def test_a_title_that_counts_back_means_the_same_behind_others(title: str, expected: bool) -> None:  # noqa: FBT001  a column
    assert Title(title).counts_back is expected


@pytest.mark.parametrize(("place", "expected"), [(0, [4]), (1, [7]), (2, []), (-1, [7]), (-2, [4]), (-3, [])])
def test_an_output_at_a_place_counts_from_either_end(place: int, expected: list[int]) -> None:
    assert at([4, 7], place) == expected


@pytest.mark.parametrize(
    ("title", "path", "folder", "expected"),
    [
        ("/srv/a.py", "/srv/a.py", None, Fit.SURE),
        ("a.py", "/srv/a.py", None, Fit.SURE),
        (".../lib/a.py", "/srv/lib/a.py", None, Fit.SURE),
        ("/srv/a.py", "a.py", "/srv", Fit.EXACT),
        ("/srv/a.py", "./a.py", "/srv", Fit.EXACT),
        ("/srv/a.py", "./a.py", None, Fit.EXACT),
        ("/srv/a.py", "../a.py", "/srv/lib", Fit.EXACT),
        ("/srv/a.py", "../a.py", None, Fit.EXACT),
        ("/srv/a.py", "lib/../a.py", None, Fit.EXACT),
        ("/srv/lib/../a.py", "/srv/a.py", None, Fit.EXACT),
        (".../srv/a.py", "./a.py", "/srv", Fit.EXACT),
        ("/srv/a.py", "./a.py", "/opt", None),
        ("/srv/a.py", "lib/a.py", None, None),
        ("/srv/a.py", "/opt/a.py", None, None),
    ],
)
def test_a_path_is_the_same_file_however_it_is_written(
    title: str, path: str, folder: str | None, expected: Fit | None
) -> None:
    shown = ShownTexts(1)
    shown.add(replace(UNNAMED, path=path, folder=folder, title="an output"))
    assert Title(title).fit(shown.texts[0]) is expected
    assert [*Title(title).may_mean(shown, 0)] == [0] or not expected


def test_of_a_text_without_a_title_it_is_not_known_which_lines_of_the_file_it_shows() -> None:
    assert Title("/srv/a.py").fit(replace(UNNAMED, path="/srv/a.py")) is Fit.EXACT

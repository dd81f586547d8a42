"""What a title may mean is noted once for each output."""

from __future__ import annotations

import pytest

from headroom_compression.references import fittings
from headroom_compression.references.fittings import Fit
from headroom_compression.references.fittings import Fittings


@pytest.mark.parametrize(
    ("texts", "exact", "exact_outputs", "outputs_by_words"),
    [
        ([(3, Fit.SURE, 3), (4, Fit.SURE, 3), (9, Fit.SURE, 9)], [3, 4, 9], [3, 9], [3, 9]),
        ([(3, Fit.SURE, 3), (7, Fit.BY_WORDS, 7), (9, Fit.SURE, 9)], [3, 9], [3, 9], [3, 7, 9]),
        ([(0, Fit.BY_WORDS, 0), (2, Fit.SURE, 0), (3, Fit.SURE, 0), (6, Fit.SURE, 5)], [2, 3, 6], [2, 6], [0, 6]),
    ],
    ids=["two texts fit", "one fits by its words", "later texts fit"],
)
def test_of_several_texts_of_an_output_the_first_that_fits_is_the_output(
    texts: list[tuple[int, Fit, int]], exact: list[int], exact_outputs: list[int], outputs_by_words: list[int]
) -> None:
    fitting = Fittings().of("a.py")
    for text in texts:
        fitting.note(*text)
    assert (fitting.exact, fitting.exact_outputs, fitting.sure_outputs) == (exact, exact_outputs, exact_outputs)
    assert (fitting.by_words, fitting.outputs_by_words) == ([index for index, _, _ in texts], outputs_by_words)


def test_what_only_may_be_named_is_not_surely() -> None:
    fitting = Fittings().of("a.py")
    fitting.note(0, Fit.EXACT, 0)
    assert (fitting.exact_outputs, fitting.sure_outputs) == ([0], [])


def test_fittings_are_kept_by_title_and_counted() -> None:
    known = Fittings()
    fitting = known.of("a.py")
    size = known.size
    known.note(fitting, 0, Fit.SURE, 0)
    assert known.of("a.py") is fitting
    assert (fitting.exact, fitting.by_words) == ([0], [0])
    assert known.size > size > 0


def test_of_too_many_titles_all_are_looked_through_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fittings, "_MAX_KEPT", 2)
    known = Fittings()
    first = known.of("a.py")
    size = known.size
    known.note(first, 0, Fit.SURE, 0)
    known.of("b.py")
    known.of("c.py")
    assert known.size == size
    assert known.of("a.py") is not first

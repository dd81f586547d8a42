"""What a title may mean is noted once for each output."""

from __future__ import annotations

import pytest

from headroom_compression.references import fittings
from headroom_compression.references.fittings import Fit
from headroom_compression.references.fittings import Fittings


def test_of_several_texts_of_an_output_the_first_is_the_output() -> None:
    fitting = Fittings().of("a.py")
    fitting.note(3, Fit.SURE, 3)
    fitting.note(4, Fit.SURE, 3)
    fitting.note(7, Fit.BY_WORDS, 7)
    fitting.note(9, Fit.EXACT, 9)
    assert (fitting.exact, fitting.exact_outputs, fitting.sure_outputs) == ([3, 4, 9], [3, 9], [3])
    assert (fitting.by_words, fitting.outputs_by_words) == ([3, 4, 7, 9], [3, 7, 9])


def test_an_output_of_which_a_later_text_fits_is_one_that_does() -> None:
    fitting = Fittings().of("a.py")
    fitting.note(0, Fit.BY_WORDS, 0)
    fitting.note(2, Fit.SURE, 0)
    fitting.note(3, Fit.SURE, 0)
    fitting.note(6, Fit.SURE, 5)
    assert (fitting.exact, fitting.exact_outputs, fitting.sure_outputs) == ([2, 3, 6], [2, 6], [2, 6])
    assert fitting.outputs_by_words == [0, 6]


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

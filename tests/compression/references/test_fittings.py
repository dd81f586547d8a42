"""What a title may mean is noted once for each output."""

from __future__ import annotations

import pytest

from headroom_compression.references import fittings
from headroom_compression.references.fittings import Fit
from headroom_compression.references.fittings import Fittings


def test_of_several_texts_of_an_output_the_first_is_the_output() -> None:
    fitting = Fittings().of("a.py")
    fitting.note(3, Fit.SURE, is_later=False)
    fitting.note(4, Fit.SURE, is_later=True)
    fitting.note(7, Fit.BY_WORDS, is_later=False)
    fitting.note(9, Fit.EXACT, is_later=False)
    assert (fitting.exact, fitting.exact_outputs, fitting.sure_outputs) == ([3, 4, 9], [3, 9], [3])
    assert (fitting.by_words, fitting.outputs_by_words) == ([3, 4, 7, 9], [3, 7, 9])


def test_a_title_is_sure_once_a_text_is_that_no_reader_doubts() -> None:
    fitting = Fittings().of("a.py")
    fitting.note(1, Fit.BY_WORDS, is_later=False)
    fitting.note(2, Fit.EXACT, is_later=False)
    assert not fitting.is_sure
    fitting.note(3, Fit.SURE, is_later=True)
    fitting.note(4, Fit.EXACT, is_later=False)
    assert fitting.is_sure


def test_fittings_are_kept_by_title_and_counted() -> None:
    known = Fittings()
    fitting = known.of("a.py")
    size = known.size
    known.note(fitting, 0, Fit.SURE, is_later=False)
    assert known.of("a.py") is fitting
    assert (fitting.exact, fitting.by_words) == ([0], [0])
    assert known.size > size > 0


def test_of_too_many_titles_all_are_looked_through_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fittings, "_MAX_KEPT", 2)
    known = Fittings()
    first = known.of("a.py")
    size = known.size
    known.note(first, 0, Fit.SURE, is_later=False)
    known.of("b.py")
    known.of("c.py")
    assert known.size == size
    assert known.of("a.py") is not first

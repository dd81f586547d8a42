"""One pattern for all forms tells the kind of the first form that fits."""

from __future__ import annotations

import pytest

from headroom_compression.formats.line_kinds import FormWithWord
from headroom_compression.formats.line_kinds import LineKinds

KINDS = LineKinds({"numbers": ("[0-9]+", "one|two"), "twice": (r"(?P<word>\w+) (?P=word)", "[0-9]+x?")})


@pytest.mark.parametrize(
    ("line", "kind"),
    [("12", "numbers"), ("two", "numbers"), ("12x", "twice"), ("ab ab", "twice"), ("ab ba", None), ("two ", None)],
)
def test_the_first_form_that_fits_the_whole_line_tells_its_kind(line: str, kind: str | None) -> None:
    assert KINDS.kind_of(line) == kind


WITH_WORDS = LineKinds(
    {
        "first": (FormWithWord("=", "[a-z]+=[a-z]+"),),
        "second": ("[a-z=]+", FormWithWord("7", "[0-9]+")),
        "third": (FormWithWord("8", "[0-9]+x?"), "[a-z]+ [a-z]+"),
    }
)


@pytest.mark.parametrize(
    ("line", "kind"),
    [("a=b", "first"), ("a=", "second"), ("17", "second"), ("78", "second"), ("18", "third"), ("8x", "third"),
     ("19", None), ("a b", "third"), ("a=b c", None)],
)  # fmt: skip
def test_a_form_with_a_word_counts_in_its_place(line: str, kind: str | None) -> None:
    assert WITH_WORDS.kind_of(line) == kind
    assert WITH_WORDS.kinds_of(["x=y", line, "-"]) == ["first", kind, None]


def test_forms_with_words_alone_know_no_other_line() -> None:
    assert LineKinds({"one": (FormWithWord("=", "="),)}).kinds_of(["", "=", "=="]) == [None, "one", None]

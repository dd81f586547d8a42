"""One pattern for all forms tells the kind of the first form that fits."""

from __future__ import annotations

import pytest

from headroom_compression.formats.line_kinds import LineKinds

KINDS = LineKinds({"numbers": ("[0-9]+", "one|two"), "twice": (r"(?P<word>\w+) (?P=word)", "[0-9]+x?")})


@pytest.mark.parametrize(
    ("line", "kind"),
    [("12", "numbers"), ("two", "numbers"), ("12x", "twice"), ("ab ab", "twice"), ("ab ba", None), ("two ", None)],
)
def test_the_first_form_that_fits_the_whole_line_tells_its_kind(line: str, kind: str | None) -> None:
    assert KINDS.kind_of(line) == kind

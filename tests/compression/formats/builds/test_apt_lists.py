"""Which of the names that apt lists stand in a later list as well."""

from __future__ import annotations

import pytest

from headroom_compression.formats.builds.apt_lists import rows_said_below

FIRST = ["The following additional packages will be installed:", "  liba libb", "  libc"]
SUGGESTED = ["Suggested packages:", "  liba-doc"]
UPGRADED = ["The following packages will be upgraded:", "  libc"]
NEW = ["The following NEW packages will be installed:", "  liba libb", "  shop"]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["Reading state information...", *FIRST, *SUGGESTED, *NEW, *UPGRADED], {2, 3}),
        ([*FIRST, *SUGGESTED, *NEW], set()),
        ([*NEW, *UPGRADED, *FIRST], set()),
        ([*FIRST], set()),
        ([*NEW, *UPGRADED], set()),
    ],
    ids=["all of them", "one is in none", "the lists stand above", "nothing below", "no first list"],
)
def test_names_that_a_list_below_has_too(lines: list[str], expected: set[int]) -> None:
    assert rows_said_below(lines) == expected

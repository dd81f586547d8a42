"""Which warnings of pip say of one more package what stands above of another."""

from __future__ import annotations

import pytest

from headroom_compression.formats.builds.pip_warnings import warnings_said_before


def _warning(place: str) -> str:
    return f"WARNING: Location '{place}' is ignored: it is neither a file nor a directory."


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([_warning("file:///srv/simple/six/"), "Collecting six", _warning("file:///srv/simple/click/")], {2}),
        ([_warning("file:///srv/simple/six/"), _warning("file:///srv/more/six/")], set()),
        ([_warning("/srv/wheels"), _warning("/srv/others")], set()),
        ([_warning("file:///srv/simple/six/"), f"  {_warning('file:///srv/simple/click/')}"], {1}),
        (["WARNING: Skipping six as it is not installed."] * 2, set()),
    ],
    ids=["another package", "another place", "two places for all packages", "indented", "another warning"],
)
def test_warnings_of_a_place_without_folders(lines: list[str], expected: set[int]) -> None:
    assert warnings_said_before("\n".join(lines), lines) == expected

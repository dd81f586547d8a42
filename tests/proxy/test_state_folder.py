"""Where originals are kept."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from headroom_proxy import state_folder


@pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="the rule of the XDG base directories")
@pytest.mark.parametrize(
    ("variable", "expected"),
    [
        ("/srv/state", "/srv/state/headroom-addon"),
        ("", "/home/dev/.local/state/headroom-addon"),
        ("state", "/home/dev/.local/state/headroom-addon"),
    ],
    ids=["said", "not said", "relative"],
)
def test_the_default_folder_is_that_of_the_platform(
    variable: str, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", "/home/dev")
    monkeypatch.setenv("XDG_STATE_HOME", variable)
    assert state_folder.default_folder() == state_folder.folder_of("") == Path(expected)


def test_a_home_may_be_named_by_its_sign(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/dev")
    assert state_folder.folder_of("~/originals") == Path("/home/dev/originals")

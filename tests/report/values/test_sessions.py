"""The names of sessions, and the requests of a history."""

from __future__ import annotations

import pytest

from headroom_report.values.sessions import Stretch
from headroom_report.values.sessions import name_of
from tests.report.reads import reads


@pytest.mark.parametrize(
    ("began", "folder", "own_id", "name"),
    [
        pytest.param(
            "2026-11-25T19:11:58.810Z", "/home/a/b/", "01a2-4567890a", "2026-11-25 19:11 b 4567890a", id="all"
        ),
        pytest.param("2026-11-25T19:11:58", "C:\\work\\b", "id", "2026-11-25 19:11 b id", id="folder of Windows"),
        pytest.param(None, 1, "session", "session", id="only the id"),
        pytest.param("", "/", "session", "session", id="root"),
    ],
)
def test_a_name_says_when_and_where(began: object, folder: object, own_id: str, name: str) -> None:
    assert name_of(began, folder, own_id) == name


def test_a_history_has_the_requests_of_an_agent() -> None:
    assert Stretch.of(reads(2)).ends == [1, 3, 5]

"""Which commands of git show nothing that stands in a file."""

from __future__ import annotations

import pytest

from headroom_compression.calls.git_reports import git_reports
from headroom_compression.calls.git_reports import shows_blame
from headroom_compression.calls.reading import read_call
from tests.compression.support.bodies import command_call


@pytest.mark.parametrize(
    "command",
    [
        "status --short",
        "-C api status",
        "-c core.quotepath=off --no-pager diff --stat HEAD~3..HEAD",
        "diff --numstat -M main -- src",
        "log --stat -n 25",
        "log --oneline --name-status",
        "show --stat --summary HEAD",
        "ls-tree -r HEAD",
    ],
)
def test_names_and_numbers(command: str) -> None:
    assert git_reports(command.split())


@pytest.mark.parametrize(
    "command",
    [
        "",
        "-C api",
        "diff",
        "diff --stat -p",
        "diff --stat -U0",
        "diff --stat --word-diff",
        "show HEAD:a.py --stat",
        "show --stat --patch HEAD",
        "log -3",
        "log -L1,5:a.py --stat",
        "status -v",
        "tag -n9",
        "blame a.py",
        "grep --name-only x",
    ],
)
def test_texts(command: str) -> None:
    assert not git_reports(command.split())


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("git blame -L 4,20 a.py", True),
        ("git -C api --no-pager blame a.py | head -40", True),
        ("git log blame", False),
        ("git show blame", False),
        ("svn blame a.py", False),
    ],
)
def test_blame(command: str, expected: bool) -> None:  # noqa: FBT001  a parameter
    assert shows_blame(read_call(command_call(command))) == expected

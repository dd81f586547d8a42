"""Which calls list all files of a tree, and which pick some of them."""

from __future__ import annotations

import pytest

from headroom_compression.calls.plain_listings import lists_all_files
from headroom_compression.calls.reading import read_call
from tests.compression.support.bodies import command_call
from tests.compression.support.bodies import function_call


def lists_all(command: str) -> bool:
    call = read_call(command_call(command))
    assert call
    return lists_all_files(call)


@pytest.mark.parametrize(
    "command",
    [
        "find",
        "find .",
        "find src tests -type f",
        "find . -type f -name '*.ts'",
        "find . -name '*.ts' -not -path './node_modules/*'",
        "find . -maxdepth 4 -type f -not -path '*/.git/*' ! -name '*.pyc' 2>/dev/null | sort | head -400",
        "find . -type f -not -name '.*' -not -path '*/.git*' -not -path '*cache*'",
        "find . -path ./node_modules -prune -o -type f -print",
        "find . -type d -name node_modules -prune -o -type f -print",
        r"find . \( -path ./.git -o -name dist \) -prune -o -type f -print",
        "rg --files",
        "rg --files --hidden -uu src | sort",
        "rg --sort path --files",
        "fd -t f",
        "fdfind -HI --type f . src",
        "git ls-files",
        "git --no-pager ls-files | head -n 500",
    ],
)
def test_all_files_or_all_with_one_ending_are_listed(command: str) -> None:
    assert lists_all(command)


@pytest.mark.parametrize(
    "command",
    [
        "find . -newer build.stamp",
        "find . -type f -size +1M",
        "find . -type d",
        "find . -maxdepth 2",
        "find . -name 'test_*.py'",
        "find . -name '*.ts' -o -name '*.tsx'",
        "find . -path '*/tests/*' -type f",
        "find . -type f -not -name '*.py'",
        "find . -type f ! -name 'test_*'",
        "find . -type f -not -path '*_test.go'",
        "find . -name '*_test.go' -prune -o -type f -print",
        r"find . \( -name .git -o -name '*.md' \) -prune -o -type f -print",
        "find . -type f -not -newer a",
        "find . -type f -delete",
        "find . -type f -exec grep -l total {} +",
        "find . -type f -print0 | xargs -0 grep -l total",
        "find . -type f | grep total",
        "find . -type f | head -5 notes.txt",
        "find */tests -type f",
        "find $TESTS -type f",
        "find . -type f; find . -size 0",
        "rg --files -g '*.py'",
        "rg --files -t py",
        "rg -l total",
        "rg --files src/*",
        "fd total",
        "fd -e py",
        "fd . -x cat",
        "git ls-files -m",
        "git ls-files src",
        "git ls-files -o --exclude-standard",
        "git ls-tree -r HEAD",
        "ls -R",
        "grep -rl total .",
        "cat files.txt",
        "",
    ],
)
def test_some_files_are_picked(command: str) -> None:
    call = read_call(command_call(command))
    assert call is None or not lists_all_files(call)


@pytest.mark.parametrize(
    ("name", "pattern", "expected"),
    [("Glob", "**/*", True), ("glob", "*", True), ("glob", "**/*.py", False), ("file_search", "*", False)],
)
def test_tools_are_asked_for_all_files(name: str, pattern: str, expected: bool) -> None:  # noqa: FBT001  a column
    call = read_call(function_call(name, {"pattern": pattern}))
    assert call
    assert lists_all_files(call) is expected

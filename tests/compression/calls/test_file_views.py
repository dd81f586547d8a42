"""Only a command that is understood to its last word shows lines of a file."""

from __future__ import annotations

import pytest

from headroom_compression.calls.file_views import FileView
from headroom_compression.calls.file_views import shown_file
from headroom_compression.calls.shell_words import MAX_COMMAND

SHOWS_FROM_THE_START = [
    "cat a.py",
    "cat 'a.py'",
    "cat  a.py ",
    "cat -n a.py",
    "nl -ba a.py",
    "nl -b a a.py",
    "head a.py",
    "head -n 20 a.py",
    "head -20 a.py",
    "head -n20 a.py",
    "head --lines=20 a.py",
    "sed -n '1,20p' a.py",
    "sed -n 1p a.py",
    "sed -n '1,$p' a.py",
    "tail -n +1 a.py",
    "cat a.py 2>/dev/null",
    "cat a.py 2>&1",
    "cat a.py 2>/dev/null | head -50",
    "cat a.py | head",
    "cat a.py | cat",
]
SHOWS_FROM_LATER = [
    ("sed -n '20,40p' a.py", 20),
    ('sed -n "20,40p" a.py', 20),
    ("sed -n 20p a.py", 20),
    ("sed -n '20,$p' a.py", 20),
    ("nl -ba a.py | sed -n '20,40p'", 20),
    ("cat -n a.py | sed -n '20,40p'", 20),
    ("cat a.py | tail -n +20", 20),
    ("tail +20 a.py", 20),
    ("tail -n+20 a.py", 20),
    ("tail -n +20 a.py | head -n 5", 20),
    ("head -n 40 a.py | tail -n +20", 20),
    ("tail -n +20 a.py | tail -n +3", 22),
    ("cat a.py | sed -n '20,40p' | head -5", 20),
]
NOT_UNDERSTOOD = [
    "",
    "   ",
    "cat",
    "cat a.py b.py",
    "cat *.py",
    "cat $FILE",
    "cat ~/a.py",
    "cat `ls`",
    "cat {a,b}.py",
    "cat a?.py",
    "cat -A a.py",
    "cat a.py; ls",
    "cat a.py && ls",
    "cat a.py || ls",
    "cat a.py > b.py",
    "cat < a.py",
    "cat a.py &",
    "cat a.py\nls",
    "cat 'a.py",
    "cat a.py |",
    "cat a.py | grep x",
    "cat a.py | nl -ba",
    "cat a.py | cat b.py",
    "ls | cat",
    "nl a.py",
    "nl -ba -w3 a.py",
    "head -c 100 a.py",
    "head -n -5 a.py",
    "tail a.py",
    "tail -n 20 a.py",
    "tail -20 a.py",
    "tail -f a.py",
    "sed 's/a/b/' a.py",
    "sed -n '/x/p' a.py",
    "sed -n '5,10p;20,30p' a.py",
    "sed -n '0,10p' a.py",
    "sed -i '5d' a.py",
    "sudo cat a.py",
    "(cat a.py)",
    "cat " + "a" * MAX_COMMAND,
]


@pytest.mark.parametrize("command", SHOWS_FROM_THE_START)
def test_shows_a_file_from_its_first_line(command: str) -> None:
    view = shown_file(command)
    assert view is not None
    assert (view.path, view.first_line) == ("a.py", 1)


@pytest.mark.parametrize(("command", "first_line"), SHOWS_FROM_LATER)
def test_shows_a_file_from_a_later_line(command: str, first_line: int) -> None:
    view = shown_file(command)
    assert view is not None
    assert (view.path, view.first_line) == ("a.py", first_line)


@pytest.mark.parametrize(
    ("command", "max_lines"),
    [
        ("cat a.py", None),
        ("sed -n '20,$p' a.py", None),
        ("tail -n +20 a.py", None),
        ("sed -n '20,40p' a.py", 21),
        ("sed -n 20p a.py", 1),
        ("sed -n '40,20p' a.py", 1),
        ("head a.py", 10),
        ("head -n 20 a.py", 20),
        ("head -20 a.py", 20),
        ("head --lines=20 a.py", 20),
        ("head -n 40 a.py | tail -n +20", 21),
        ("head -n 4 a.py | tail -n +20", 0),
        ("tail -n +20 a.py | head -n 5", 5),
        ("nl -ba a.py | sed -n '20,40p' | head -5", 5),
    ],
)
def test_how_many_lines_it_asks_for(command: str, max_lines: int | None) -> None:
    view = shown_file(command)
    assert view is not None
    assert view.max_lines == max_lines


@pytest.mark.parametrize("command", NOT_UNDERSTOOD)
def test_a_command_that_is_not_wholly_understood_shows_nothing(command: str) -> None:
    assert shown_file(command) is None


@pytest.mark.parametrize(
    ("command", "path"),
    [
        ("cat 'my file.py'", "my file.py"),
        ("cat my\\ file.py", "my file.py"),
        ("cat /repo/src/[id].tsx", "/repo/src/[id].tsx"),
        ("cat src/a#1.py", "src/a#1.py"),
    ],
)
def test_the_path_is_the_one_that_the_shell_would_open(command: str, path: str) -> None:
    assert shown_file(command) == FileView(path, 1)

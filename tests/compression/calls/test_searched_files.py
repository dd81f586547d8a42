"""Commands that show numbered lines of one file, and those that do something else."""

from __future__ import annotations

import pytest

from headroom_compression.calls.searched_files import searched_file


@pytest.mark.parametrize(
    "command",
    [
        'grep -n "def " a.py',
        'grep -n "def " a.py -A 5 | head -40',
        "grep -nA3 x a.py",
        "grep -n -A 10 -B5 'x y' a.py 2>/dev/null",
        "grep -inE 'a|b' a.py | tail -5",
        "grep --line-number --color=never x a.py",
        'cat a.py | grep -n "def " -A 50',
        "egrep -n x a.py",
    ],
)
def test_one_file(command: str) -> None:
    assert searched_file(command) == "a.py"


@pytest.mark.parametrize(
    "command",
    [
        pytest.param("grep x a.py", id="no numbers"),
        pytest.param("grep --color=never x a.py", id="no numbers, an n in an option"),
        pytest.param("grep -n x a.py b.py", id="two files"),
        pytest.param("grep -n x src/*.py", id="files that the shell finds"),
        pytest.param("grep -n x src/{a,b}.py", id="files in braces"),
        pytest.param("grep -n x", id="standard input"),
        pytest.param("grep -rn x src", id="a folder"),
        pytest.param("grep -nH x a.py", id="with the name of the file"),
        pytest.param("grep -nc x a.py", id="a count"),
        pytest.param("grep -no x a.py", id="the matches only"),
        pytest.param("grep -n -e x a.py", id="the pattern in an option"),
        pytest.param("grep -nb x a.py", id="byte offsets"),
        pytest.param("cat a.py b.py | grep -n x", id="numbers over two files"),
        pytest.param("head -20 a.py | grep -n x", id="another program before it"),
        pytest.param("grep -n x a.py | sort", id="another order"),
        pytest.param("grep -n x a.py; ls", id="another command"),
        pytest.param("grep -n 'x", id="no closing quote"),
        pytest.param("", id="nothing"),
    ],
)
def test_others(command: str) -> None:
    assert searched_file(command) is None

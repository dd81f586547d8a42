"""The path in a marker opens the file as it stands: a shell takes it for one word, and replaces nothing in it."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies

from headroom_compression.formats.shell_paths import quoted
from headroom_compression.formats.shell_paths import unfit_character
from headroom_compression.formats.shell_paths import unquoted

PLAIN = ("/home/dev/.local/state/headroom-addon/3f9a.txt", "/Übung/日本/a+b,c@d%e=f:g_h~#i.txt", "C:\\state\\3f9a.txt")
ODD_NAMES = (
    "my folder",
    "it's",
    'say "a"',
    "a$HOME",
    "a;touch made;b",
    "x`touch made`",
    "$(touch made)",
    "a&b",
    "a|b",
    "(x)",
    "{a,b}",
    "a<b>c",
    "*",
    "what?",
    "[ab",
    "!x",
    "a\tb",
    "a\\b",
    "'\"'\"'",
    "日本\u3000語",
)


@pytest.mark.parametrize("path", PLAIN)
def test_a_path_that_needs_no_quotes_has_none(path: str) -> None:
    assert quoted(path) == path
    assert unquoted(path) == path
    assert unfit_character(path) == ""


@pytest.mark.skipif(os.name != "posix", reason="a POSIX shell is asked")
@pytest.mark.parametrize("shell", ["sh", "bash", "dash", "zsh"])
@pytest.mark.parametrize("name", ODD_NAMES)
def test_a_shell_opens_the_file_and_runs_nothing(name: str, shell: str, tmp_path: Path) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"there is no {shell}")
    folder = tmp_path / name
    folder.mkdir()
    file = folder / "3f9a.txt"
    file.write_text("one\ntwo\n")
    command = [shell, "-c", f"sed -n 2,2p {quoted(str(file))}"]
    finished = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (finished.stdout, finished.stderr) == ("two\n", "")
    assert [path.name for path in tmp_path.iterdir()] == [name]


@given(strategies.text(strategies.sampled_from("ab \t'\"$`;&|<>(){}*?!^[\\#~%\N{SNOWMAN}"), max_size=12))
def test_a_quoted_path_is_read_back(name: str) -> None:
    path = f"/{name}"
    assert shlex.split(quoted(path)) == [path]
    assert unquoted(quoted(path)) == path


@pytest.mark.parametrize(
    ("path", "word"),
    [
        ("C:\\Users\\My Name\\3f.txt", '"C:\\Users\\My Name\\3f.txt"'),
        ("C:\\a&b\\3f.txt", '"C:\\a&b\\3f.txt"'),
        ("D:\\it's\\3f.txt", '"D:\\it\'s\\3f.txt"'),
    ],
)
def test_a_path_of_windows_is_quoted_for_its_shells(path: str, word: str) -> None:
    assert quoted(path) == word
    assert unquoted(word) == path


@pytest.mark.parametrize(
    ("path", "unfit"),
    [
        ("/a\nb", "\n"),
        ("/a]b", "]"),
        ("/a\x1bb", "\x1b"),
        ("/a\udcffb", "\udcff"),
        ("/a\u2029b", "\u2029"),
        ("/a\0b", "\0"),
        ("C:\\a$b", "$"),
        ("C:\\a%b%", "%"),
        ("C:\\a`b", "`"),
        ("/a$b`c`%\t", ""),
    ],
)
def test_what_no_marker_can_show_is_told(path: str, unfit: str) -> None:
    assert unfit_character(path) == unfit

"""Which program made the lines of an output; unknown where the command is not wholly understood."""

from __future__ import annotations

import shlex

import pytest
from hypothesis import given
from hypothesis import strategies

from headroom_compression.calls.shell_words import MAX_COMMAND
from headroom_compression.calls.shell_words import pipeline
from headroom_compression.calls.shell_words import pipes
from headroom_compression.calls.shell_words import producer
from headroom_compression.calls.shell_words import producers
from headroom_compression.calls.shell_words import programs
from headroom_compression.calls.shell_words import simple_commands
from headroom_compression.calls.shell_words import three_words


@pytest.mark.parametrize(
    ("command", "programs"),
    [
        ("ls -l", [["ls", "-l"]]),
        ("rg -n 'a b' src | head -5", [["rg", "-n", "a b", "src"], ["head", "-5"]]),
        ("ls 2>/dev/null", [["ls"]]),
        ("ls 2> /dev/null | cat", [["ls"], ["cat"]]),
        ("ls 2>&1 | cat", [["ls"], ["cat"]]),
        ("cat 'a 2>/dev/null b'", [["cat", "a 2>/dev/null b"]]),
        ("echo a#b", [["echo", "a#b"]]),
        ("grep '|' a.py", [["grep", "|", "a.py"]]),
        (r"grep a\|b '' | cat", [["grep", "a|b", ""], ["cat"]]),
        ('a\'b c\'"d \\" \\n"\\ e', [['ab cd " \\n e']]),
        ("make -j$(nproc) all", [["make", "-j$(nproc)", "all"]]),
        ("echo $HOME$", [["echo", "$HOME$"]]),
        ("rg x $(go env GOPATH 2>/dev/null)/pkg/mod", [["rg", "x", "$(go env GOPATH 2>/dev/null)/pkg/mod"]]),
        ("make -j$(cat jobs)", [["make", "-j$(cat jobs)"]]),
        ("make -j$(cat jobs | head -1)", None),
        ("make -j$(cat 'jobs')", None),
        ("make -j$(cat $(ls))", None),
        ("make -j$(cat jobs; ls)", None),
        ("make $(nproc", None),
        ("ls 2 >/dev/null", None),
        ("ls a2>&1", None),
        ("ls 2>&1x", None),
        ("echo a\\", None),
        ("", None),
        ("|", None),
        ("ls |", None),
        ("ls | | cat", None),
        ("ls > out", None),
        ("ls 2> errors", None),
        ("ls < in", None),
        ("ls; pwd", None),
        ("ls && pwd", None),
        ("ls &", None),
        ("(ls)", None),
        ("ls\npwd", None),
        ("echo 'a", None),
        ("echo " + "a" * MAX_COMMAND, None),
    ],
)
def test_the_programs_of_a_pipe(command: str, programs: list[list[str]] | None) -> None:
    assert pipeline(command) == programs


@given(strategies.text(strategies.sampled_from("ab2 \t'\"\\#$/~\N{SNOWMAN}"), max_size=20))
def test_words_are_cut_as_a_shell_cuts_them(command: str) -> None:
    try:
        words = shlex.split(command)
    except ValueError:
        words = []
    assert pipeline(command) == ([words] if words else None)


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("rg -n x", ("rg", "-n", "x")),
        ("rg -n x | head -50", ("rg", "-n", "x")),
        ("rg -n x | grep -v y | sort | tail -3", ("rg", "-n", "x")),
        ("LC_ALL=C time rg x", ("rg", "x")),
        ("sudo env A=1 ls", ("ls",)),
        ("timeout 20 npm start", ("npm", "start")),
        ("A=1 timeout -k 5 -s INT --foreground 1.5m env B=2 nohup npm start 2>&1 | head -50", ("npm", "start")),
        ("timeout --kill-after=5s 20s ls", ("ls",)),
        ("timeout --unknown 5 ls", ("timeout", "--unknown", "5", "ls")),
        ("timeout", ("timeout",)),
        ("timeout ls", ("timeout", "ls")),
        ("ls | wc -l", ()),
        ("ls | uniq -c", ()),
        ("ls | grep -c x", ()),
        ("ls | grep -on x", ()),
        ("ls | cat -n", ()),
        ("ls | cat -A", ()),
        ("ls | sed s/a/b/", ()),
        ("ls | xargs cat", ()),
        ("ls; pwd", ()),
    ],
)
def test_the_program_whose_lines_are_shown(command: str, words: tuple[str, ...]) -> None:
    assert producer(command) == words


@given(strategies.text(strategies.sampled_from("ab \t\r\n\v'\"\\#$/~\N{SNOWMAN}"), max_size=24))
def test_three_words_are_those_of_a_shell(line: str) -> None:
    try:
        words = shlex.split(line)
    except ValueError:
        words = []
    found = three_words(line)
    assert found == words if len(words) == 3 else len(found) != 3


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("bash -lc 'ls -l'", ["bash", "-lc", "ls -l"]),
        ('bash -c "echo \\"a\\" $b"  ', ["bash", "-c", 'echo "a" $b']),
        ("bash -lc 'ls' 2>&1", []),
        ("bash -lc 'ls", []),
        ("bash -lc ls\\", []),
    ],
)
def test_the_words_of_a_shell_with_its_line(line: str, words: list[str]) -> None:
    assert three_words(line) == words


def test_of_a_very_long_command_nothing_is_read() -> None:
    assert programs("ls;" * 150 + "ls") == (("ls",),) * 151
    assert programs("ls;" * 250 + "ls") == ()
    assert programs("ls\n" * (MAX_COMMAND // 3)) == ()
    assert programs(f"ls {'a' * MAX_COMMAND}\npwd") == ()


@pytest.mark.parametrize(
    "command",
    [
        "rg a src || true",
        "rg a src; true",
        "rg a src | head -5 || :",
        "rg a src || echo none",
        "set -e; rg a src",
        "set -euo pipefail && export LC_ALL=C; rg a src; true",
        "rg a src 2>/dev/null || true",
        "rg a src | sed -n '1,42p'",
        "rg a src | cut -c1-200 | sort",
        "rg a src | cut -b -80",
        "rg a src | awk 'NR<50'",
        "rg a src | awk 'NR>=5 && NR <= 50'",
    ],
)
def test_a_program_is_known_beside_what_prints_nothing(command: str) -> None:
    assert producer(command) == ("rg", "a", "src")


@pytest.mark.parametrize(
    "command",
    [
        "rg a src && echo done",
        "rg a src; echo done",
        "rg a src || cat a.py",
        "pwd; rg a src",
        "set -x; pwd; rg a src",
        "rg a src || true | cat",
        "rg a src; true; pwd",
        "rg a src || echo none > b",
        "rg a src | sed 's/a/b/'",
        "rg a src | sed -n '1,4p' a.py",
        "rg a src | awk '{print $1}'",
        "rg a src | cut -d: -f1",
        "rg a src | cut -c5-9",
        "true",
        "rg a 'src || true",
        "(rg a src || true)",
    ],
)
def test_beside_what_prints_something_it_is_unknown(command: str) -> None:
    assert producer(command) in {(), ("true",)}


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("pwd; git ls-files | xargs rg a | head", [("pwd",), ("rg", "a", "{}")]),
        ("find . | xargs -0 -n 20 -P4 grep -n a", [("grep", "-n", "a", "{}")]),
        ("find . -exec grep -n a {} +", [("grep", "-n", "a", "{}")]),
        ("find . -exec a {} ';' -exec b {} ';'", [("find", *[".", "-exec", "a", "{}", ";", "-exec", "b", "{}", ";"])]),
        ("rg a | wc -l && pwd\npwd;", [(), ("pwd",), ("pwd",)]),
        ("find . | xargs", [()]),
        ("for p in a b; do echo $p; rg $p; done", [("echo", "$p"), ("rg", "$p")]),
        ("if ! rg a | head; then\n  pwd\nfi", [("rg", "a"), ("pwd",)]),
        ("while true; do sleep 1; done", [("true",), ("sleep", "1")]),
        ("rg a > b", [()]),
        ("", []),
    ],
)
def test_producers_of_pipes_one_after_the_other(command: str, expected: list[tuple[str, ...]]) -> None:
    assert list(producers(command)) == expected


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("(cd api && CI=1 pytest > out.txt 2>&1); tail out.txt", [("cd", "api"), ("pytest",), ("tail", "out.txt")]),
        ("sort -u < names.txt | head", [("sort", "-u", "names.txt"), ("head",)]),
        ("while read a; do make $a; done <list &", [("while", "read", "a"), ("do", "make", "$a"), ("done", "list")]),
        ("npm test < /dev/null", [("npm", "test")]),
        ("< names.txt sort", [("sort",)]),
        ("diff <(sort a) b", []),
        ("sort < < a", []),
        ("cat <<EOF", []),
    ],
)
def test_programs_with_the_files_that_they_read(command: str, expected: list[tuple[str, ...]]) -> None:
    assert list(simple_commands(command)) == expected


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("if ls; then rg a | head; fi", ["ls", "rg a | head"]),
        ("for n in 1 2\ndo\n  echo $n\ndone", ["echo $n"]),
        ("cd a && make || true", ["cd a", "make", "true"]),
        ("ls > a; pwd", ["ls > a", "pwd"]),
        ("echo 'a; b", []),
    ],
)
def test_pipes_one_after_the_other(command: str, expected: list[str]) -> None:
    assert list(pipes(command)) == expected

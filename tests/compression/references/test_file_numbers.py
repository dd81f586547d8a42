"""What may stand before a file in the output of a command speaks against numbers of its lines."""

from __future__ import annotations

import pytest

from headroom_compression import compress_request_body
from headroom_compression.references.file_numbers import is_same_subject
from tests.compression.support.bodies import Item
from tests.compression.support.bodies import code_lines
from tests.compression.support.bodies import function_call
from tests.compression.support.bodies import function_output
from tests.compression.support.bodies import request_body
from tests.compression.support.bodies import sent_items

LINES = code_lines(100)


def sent(*runs: tuple[str, list[str]]) -> list[str]:
    items: list[Item] = []
    for number, (command, lines) in enumerate(runs):
        items.append(function_call("bash", {"command": command}, str(number)))
        items.append(function_output("\n".join(lines) + "\n", str(number)))
    return [item["output"] for item in sent_items(compress_request_body(request_body(*items)).body) if "output" in item]


@pytest.mark.parametrize(
    "before",
    [
        "bash: warning: setlocale: LC_ALL: cannot change locale (en_US.UTF-8)",
        "/bin/sh: 1: cannot open /dev/tty: No such device",
        "zsh: locale not set",
        "/etc/profile: line 3: foo: command not found",
        "/root/.bashrc: line 7: nvm: command not found",
        "perl: warning: Setting locale failed.",
        "manpath: can't set the locale; make sure $LC_* and $LANG are correct",
        "WARNING: this container is not supported",
        "STDOUT:",
        "[exit code: 0]",
        "return_code=0",
        "Took 12 ms",
        "Tool ran without output or errors:",
        "```python",
        "<output>",
        "$ nl a.txt",
        "dev@host:~$ nl a.txt",
        "==> a.py <==",
    ],
)
def test_what_a_shell_or_a_client_says_first_is_no_line_of_the_file(before: str) -> None:
    _, second = sent(("cat a.py", [before, *LINES]), ("git show HEAD:a.py", [before, *LINES, "a last line"]))
    assert '[100 lines identical to lines 2-101 of the output of "cat a.py" above]' in second
    _, edited = sent(("cat a.py", [before, *LINES]), ("cat ./a.py", [before, *LINES[:40], "edited()", *LINES[41:]]))
    assert '[58 lines identical to lines 44-101 of the latest run of "cat a.py" above]' in edited


@pytest.mark.parametrize(
    "before",
    ["", "--- stdout ---", "==========", "0", "[1] 4139", "The output of the command:", "Showing lines 1-100 of 100"],
)
def test_what_says_next_to_nothing_is_no_line_of_the_file(before: str) -> None:
    _, second = sent(("cat a.py", [before, *LINES]), ("git show HEAD:a.py", [before, *LINES, "a last line"]))
    assert '-101 of the output of "cat a.py" above]' in second


def test_more_lines_than_were_asked_for_are_not_all_of_the_file() -> None:
    part = ["Now using node v20.1.0", *LINES[:50]]
    _, second = sent(("head -50 a.py", part), ("git show HEAD:a.py", [*part, "a last line"]))
    assert '[50 lines identical to lines 2-51 of the output of "head -50 a.py" above]' in second


def test_what_stands_before_other_outputs_too_is_no_line_of_the_file() -> None:
    before = "Now using node v20.1.0"
    runs = ("pwd", [before, "/repo"]), ("cat a.py", [before, *LINES]), ("git show HEAD:a.py", [before, *LINES, "end"])
    assert 'of the output of "cat a.py" above]' in sent(*runs)[2]


def test_a_line_that_two_views_number_differently_is_no_line_of_the_file() -> None:
    before = "Now using node v20.1.0"
    runs = ("cat a.py", [before, *LINES]), ("sed -n '41,$p' a.py", [before, *LINES[40:]])
    assert '[59 lines identical to lines 43-101 of the output of "cat a.py" above]' in sent(*runs)[1]


def test_a_file_alone_has_its_own_numbers() -> None:
    runs = ("cat a.py", LINES), ("sed -n '41,$p' a.py", LINES[40:])
    assert "[59 lines identical to lines 42-100 of a.py above]" in sent(*runs)[1]


def test_a_file_that_begins_like_the_header_of_a_client_is_counted_whole() -> None:
    saved = ["Exit code: 0", "Wall time: 0.1 seconds", "Output:", *LINES]
    runs = ("cat run.log", saved), ("sed -n '10,50p' run.log", saved[9:50])
    assert '[40 lines identical to lines 11-50 of the output of "cat run.log" above]' in sent(*runs)[1]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("src/a.py", "src/a.py", True),
        ("./src/a.py", "src/a.py", True),
        ("/repo/src/a.py", "src/a.py", True),
        ("a.py", "/repo/src/a.py", True),
        ("git diff", "git diff", True),
        ("src/aa.py", "a.py", False),
        ("src/a.py", "lib/a.py", False),
        ("a.py", "a.pyc", False),
        ("", "", False),
        ("", "a.py", False),
    ],
)
def test_the_same_subject(one: str, other: str, expected: bool) -> None:  # noqa: FBT001  a column of the table
    assert is_same_subject(one, other) is expected

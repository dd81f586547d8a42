"""Texts made for a terminal, folded, against a screen of a few lines. Real outputs are in tests/cases/terminal."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import example
from hypothesis import given
from hypothesis import strategies as st

from headroom_compression.calls.shell_words import MAX_COMMAND
from headroom_compression.calls.tool_call import ToolCall
from headroom_compression.document import Document
from headroom_compression.folds import terminal
from headroom_compression.formats.terminal.screen import visible_rows

ESCAPE = "\x1b"
MEGABYTE = 1_000_000


def document_of(text: str, call: ToolCall | None = None) -> Document:
    return Document.of(text, call)


def command(line: str, path: str | None = None) -> ToolCall:
    return ToolCall(tool="exec_command", title="", digest=b"", command=line, path=path)


def screen_of(text: str) -> list[str]:
    """Every cell on its own; for the sequences that the strategies below use."""
    cells: dict[tuple[int, int], str] = {}
    row = column = last = 0
    for piece in re.findall(r"\x1b\[[?0-9;]*[A-Za-z]|\x1b\][^\x07]*\x07|.", text, re.DOTALL):
        match piece:
            case "\n":
                row, column = row + 1, 0
                last = max(row, last)
            case "\r":
                column = 0
            case "\a":
                pass
            case "\b":
                column = max(column - 1, 0)
            case "\x1b[K" | "\x1b[2K":
                start = 0 if "2" in piece else column
                cells = {place: cell for place, cell in cells.items() if place[0] != row or place[1] < start}
            case _ if re.fullmatch(r"\x1b\[[0-9]+A", piece):
                row -= int(piece[2:-1])
            case _ if not piece.startswith(ESCAPE):
                cells[row, column] = piece
                column += 1
    width = max((place[1] for place in cells), default=0) + 1
    rows = range(last + 1)
    return ["".join(cells.get((row, column), " ") for column in range(width)).rstrip(" ") for row in rows]


letters = st.text("abcdxyz:,éß", min_size=1, max_size=12)
words = st.lists(letters, min_size=1, max_size=5).map(" ".join)
colours = st.sampled_from([f"{ESCAPE}[{code}m" for code in ("", "0", "1;31", "32", "38;5;8", "48;2;1;8;3")])
modes = st.sampled_from([f"{ESCAPE}[?25l", f"{ESCAPE}[?25h", f"{ESCAPE}]0;title\a", "\a"])
ends = st.sampled_from(["\n", "\r\n"])


@st.composite
def coloured_lines(draw: st.DrawFn) -> str:
    parts = [draw(st.one_of(words, colours, modes)) for _ in range(draw(st.integers(1, 6)))]
    return "".join(parts) + draw(ends)


@st.composite
def progress_lines(draw: st.DrawFn) -> str:
    name = draw(words)
    steps = sorted(draw(st.lists(st.integers(0, 100), min_size=1, max_size=6)))
    erase = draw(st.sampled_from(["", f"{ESCAPE}[K", f"{ESCAPE}[2K"]))
    states = "".join(f"{name} {step}%\r{erase}" for step in steps)
    return states + draw(words) + draw(ends)


@st.composite
def overwritten_lines(draw: st.DrawFn) -> str:
    return "\r".join(draw(st.lists(words, min_size=2, max_size=5))) + draw(ends)


@st.composite
def spinner_lines(draw: st.DrawFn) -> str:
    turns = "".join(f"{sign}\b" for sign in draw(st.text("-\\|/", min_size=1, max_size=9)))
    bold = "".join(f"{letter}\b{letter}" for letter in draw(letters))
    return f"{bold} {turns}done{draw(ends)}"


@st.composite
def redrawn_rows(draw: st.DrawFn) -> str:
    names = draw(st.lists(letters, min_size=1, max_size=4))
    erase = draw(st.sampled_from(["", f"{ESCAPE}[2K"]))
    up = f"{ESCAPE}[{len(names)}A"
    frames = [
        "".join(f"{erase}{name} {step}%{draw(ends)}" for name in names)
        for step in sorted(draw(st.lists(st.integers(0, 100), min_size=1, max_size=4)))
    ]
    return up.join(frames)


kinds = [words, coloured_lines(), progress_lines(), overwritten_lines(), spinner_lines(), redrawn_rows()]
texts = st.lists(st.one_of(kinds), min_size=1, max_size=8).map("".join)


@given(texts)
@example(f"a 1%\rb{ESCAPE}[K\n")
def test_the_same_stands_on_the_screen(text: str) -> None:
    document = document_of(text)
    folded = terminal.fold(document)
    if folded is None:
        return
    assert terminal.is_exact(document, folded)
    assert screen_of(folded) == screen_of(text)


@given(texts)
def test_a_second_time_changes_nothing(text: str) -> None:
    folded = terminal.fold(document_of(text))
    if folded is not None:
        assert terminal.fold(document_of(folded)) in {None, folded}


@given(texts, st.data())
def test_another_screen_is_refused(text: str, data: st.DataObject) -> None:
    document = document_of(text)
    folded = terminal.fold(document)
    if not folded:
        return
    position = data.draw(st.integers(0, len(folded) - 1))
    damaged = folded[:position] + data.draw(st.sampled_from(["", "q", "\n", "q\n"])) + folded[position + 1 :]
    assert terminal.is_exact(document, damaged) == (screen_of(damaged) == screen_of(text))


@given(st.lists(words, min_size=2, max_size=8))
def test_what_is_no_progress_is_never_lost(lines: list[str]) -> None:
    folded = terminal.fold(document_of("\r".join(lines)))
    assert folded is None or all(line.rstrip(" ") in folded for line in lines)


@given(st.text(st.sampled_from("ab 1%\r\b\n\t\x1b[;]AKJm?25hlGé漢\u0301\u200d\a\x0c"), max_size=60))
def test_any_text_can_be_asked_for(text: str) -> None:
    document = document_of(text)
    folded = terminal.fold(document)
    assert folded is None or terminal.is_exact(document, folded)
    assert terminal.is_exact(document, text) == (visible_rows(text) is not None)


@pytest.mark.parametrize(
    "line",
    [
        "cargo build 2>&1 | tail -40",
        "cd /repo && python -m pytest -q",
        "pip install -r requirements.txt | cat",
        "npm test",
        "git rebase main",
        "cargo build --target-dir dir",
        "make ls-files",
        "echo ls; make",
        "time npm test | sort | uniq",
        "ssh host 'make | tail -40'",
        "timeout 60 npm test | grep -v ok",
        "python -c 'import train; train.run()'",
        "FORCE_COLOR=1 npx jest",
        "cargo build --color=always 2>&1 | tail -40",
        "PY_COLORS=1 python -m pytest --color=yes",
        "node cli.js --color=auto",
    ],
)
def test_output_of_a_program_is_for_the_screen(line: str) -> None:
    assert terminal.fold(document_of(f"{ESCAPE}[31ma{ESCAPE}[0m\n", command(line))) == "a\n"


@pytest.mark.parametrize(
    "call",
    [
        pytest.param(command("./view a.log", path="a.log"), id="a file that was read"),
        pytest.param(ToolCall(tool="fetch", title="", digest=b""), id="a tool without terminal"),
        pytest.param(command("./build " + "a" * MAX_COMMAND), id="a command that is too long to be looked through"),
        *[
            pytest.param(command(line), id=line)
            for line in (
                "cat a.log",
                "cd a && tail -50 a.log",
                "make; sed -n 1,9p a.log",
                "git -C a show HEAD:a.log",
                "git --no-pager diff",
                "diff a b",
                "ssh host 'cat a.log'",
                "ssh host 'cd a; make; tail a.log'",
                "timeout 5 cat a.log",
                "sudo -u dev cat a.log",
                "CI=1 stdbuf -oL sort a.log",
                "docker exec web sh -c 'cat a.log'",
                "script -qc 'cat a.log'",
                "zcat a.log.gz",
                "svn cat a.log",
                "Get-Content -Path .\\logs\\a.log -TotalCount 200",
                "gc a.log | Select-Object -First 20",
                'powershell.exe -NoProfile -Command "Get-Content a.log"',
                "python -c 'print(open(\"a.log\").read())'",
                "rg -n area",
                "jq -C . a.json",
                "git log -p --word-diff",
                "git log -p | delta",
                "ls --color a",
                "cd a; tree -C",
                "make && CLICOLOR_FORCE=1 ls -G",
                "FORCE_COLOR=1 node cli.js list",
                "./report.py --color=always",
                "npm run build && python -m shop.report --colour always | head",
                "CLICOLOR_FORCE=1 ./target/debug/shop list",
            )
        ],
    ],
)
def test_data_is_left(call: ToolCall) -> None:
    assert terminal.fold(document_of(f"{ESCAPE}[31ma{ESCAPE}[0m\n", call)) is None


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a" * MEGABYTE + ESCAPE, id="letters"),
        pytest.param(" " * 600_000 + "\r", id="spaces"),
        pytest.param("5" * MEGABYTE + "\b", id="digits"),
        pytest.param("{" * MEGABYTE + "\r}", id="braces"),
        pytest.param("a:1:" * (MEGABYTE // 4) + "\ra", id="rows of a search"),
        pytest.param("\n" * 400_000 + f"{ESCAPE}[m", id="empty lines"),
        pytest.param("漢\r" * (MEGABYTE // 2), id="returns after wide characters"),
        pytest.param("a\b" * (MEGABYTE // 2), id="backspaces"),
        pytest.param(ESCAPE * MEGABYTE, id="escapes"),
        pytest.param(f"{ESCAPE}[2Ka" * (MEGABYTE // 5), id="erased lines"),
        pytest.param(f"{ESCAPE}[999C" * (MEGABYTE // 6), id="far to the right"),
        pytest.param(f"{ESCAPE}]8;;a\a" * (MEGABYTE // 7), id="links without end"),
        pytest.param(f"{ESCAPE}]0;" + "a" * MEGABYTE, id="title without end"),
        pytest.param(f"{ESCAPE}[" + "1;" * (MEGABYTE // 2), id="colour without end"),
        pytest.param(f"\n\n\n{ESCAPE}[3A{ESCAPE}[J" * (MEGABYTE // 10), id="redrawn rows"),
    ],
)
def test_a_megabyte_takes_seconds(text: str) -> None:
    started = time.process_time()
    document = document_of(text)
    folded = terminal.fold(document)
    if folded is not None:
        terminal.is_exact(document, folded)
    assert time.process_time() - started < 10  # a tenth of it here; a quadratic run takes minutes

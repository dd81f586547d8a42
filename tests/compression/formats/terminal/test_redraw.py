"""What stays of redrawn lines, and which are left to the terminal."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from headroom_compression.formats.terminal.redraw import NotUnderstoodError
from headroom_compression.formats.terminal.redraw import Redraw
from tests.compression.support.counted import CountedRows
from tests.compression.support.counted import count_characters

SIZE = 1_000


def redrawn(text: str) -> str:
    redraw = Redraw()
    for line in text.split("\n"):
        redraw.add(line)
    return "\n".join(redraw.lines())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a\r\nb\r\n", "a\r\nb\r\n", id="CRLF"),
        pytest.param("a 10%\ra 20%\ra 100%\nb", "a 100%\nb", id="progress"),
        pytest.param("a 10%\r\na 20%", "a 10%\r\na 20%", id="progress in lines of its own"),
        pytest.param("Reading\rReading... Done", "Reading... Done", id="drawn over by itself and more"),
        pytest.param("1/3\r2/3\rdone\r", "done\r", id="return at the end"),
        pytest.param("at 100%\rdone", "at 100%\rdone", id="shorter than what it lies over"),
        pytest.param("at 100%\rdone   ", "done", id="filled by spaces"),
        pytest.param("at 9%\rat 100%\rdone", "at 100%\rdone", id="what shows below stays once"),
        pytest.param("first,1\rsecond,2\rthird,30", "first,1\rsecond,2\rthird,30", id="lines that end by CR"),
        pytest.param("first\r20% off\rsecond one", "first\r20% off\rsecond one", id="one of them like progress"),
        pytest.param("first\r     ", "first\r     ", id="hidden by spaces"),
        pytest.param("at 100%\r   \rx", "at 100%\r   \rx", id="hidden in part by spaces"),
        pytest.param("first\r\x1b[Ksecond", "second", id="erased at the start"),
        pytest.param("first,1\rsecond,2\x1b[K", "second,2", id="erased behind"),
        pytest.param("first\x1b[2K\rnext", "next", id="erased before the return"),
        pytest.param("⠙\x1b[1G\x1b[0K⠹\x1b[1G\x1b[0K\r\nok", "\r\nok", id="spinner"),
        pytest.param("a -\b\\\b|\b/\bdone", "a done", id="spinner by backspace"),
        pytest.param("N\bNA\bA _\bi_\bt", "NA it", id="overstrike"),
        pytest.param("漢字 1%\r漢字 22%", "漢字 22%", id="characters of two columns"),
        pytest.param("漢 1%\rab 2%", "ab 2%", id="as many columns by more characters"),
        pytest.param("漢 1%\ra 2%", "漢 1%\ra 2%", id="fewer columns by as many characters"),
        pytest.param("e\u0301 1%\re 2%", "e 2%", id="accents take no column"),
        pytest.param("⚠\ufe0f 1%\r⚠\ufe0f 22%", "⚠\ufe0f 1%\r⚠\ufe0f 22%", id="emoji with a variation selector"),
        pytest.param("漢 1%\nb 1%\n\x1b[2A漢 10%\nb 10%\n", "漢 10%\nb 10%\n", id="two rows, one of wide letters"),
        pytest.param("a\t1%\ra\t22%", "a\t1%\ra\t22%", id="tabs"),
        pytest.param("12:00:01 up\r12:00:02 on\r", "12:00:01 up\r12:00:02 on\r", id="records with times"),
        pytest.param("ann,12%,north\rbob,15%,south\r", "ann,12%,north\rbob,15%,south\r", id="records with shares"),
        pytest.param("[1/2] a: FAILED\r[2/2] b: passed", "[1/2] a: FAILED\r[2/2] b: passed", id="a failure"),
        pytest.param("[1/2] a.o\r[2/2] b.o", "[2/2] b.o", id="counted names"),
        pytest.param(
            "score: 12/40\r100  9  100  9    0  0  51  0 --:--:-- --:--:-- --:--:--  51\n",
            "score: 12/40\r100  9  100  9    0  0  51  0 --:--:-- --:--:-- --:--:--  51\n",
            id="what curl fetched below its meter",
        ),
        pytest.param("Rebasing (4/7)\rerror: no 43948cde... fix\n", "error: no 43948cde... fix\n", id="a last word"),
        pytest.param("b.bin: 1%|\ra.bin: 2%|", "a.bin: 2%|", id="names before bars"),
        pytest.param("read ...one\rread ...two\rdone       ", "done", id="names behind a word that stays"),
        pytest.param("Progress: 6 kB\r              \rdone", "done", id="cleared by spaces"),
        pytest.param("a 1%\nb 1%\n\x1b[2Aa 10%\nb 10%\n", "a 10%\nb 10%\n", id="two rows"),
        pytest.param("a\nb\n\x1b[2A\x1b[2Kc\n\x1b[2Kd\n", "c\nd\n", id="two rows, erased"),
        pytest.param("a\nb\n\x1b[2A\x1b[Jc\n", "c\n\n", id="erased below"),
        pytest.param("a\nb\nc\n\x1b[3A\x1b[J\x1b[2Bd\r\x1b[2A\x1b[Je\n", "e\n\n\n", id="erased below twice"),
        pytest.param("a\nb\nc\n\x1b[2A\x1b[Jd\ne\x1b[1A\x1b[1B\r", "a\nd\ne\r\n", id="drawn again where it was erased"),
        pytest.param("漢\x1b[2K\b_\b_", " _", id="over what was wide before it was erased"),
        pytest.param("one\ntwo\n\x1b[2Athree\nfour\n", "one\rthree\ntwo\rfour\n", id="two rows that are no progress"),
        pytest.param("a\nb 10%\x1b[1A\rc\x1b[1B\rd 100%", "a\rc\nd 100%", id="up and down again"),
    ],
)
def test_what_stays(text: str, expected: str) -> None:
    assert redrawn(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("\x1b[1Aa", id="above the first row"),
        pytest.param("a\n\x1b[2Bb", id="below the last row"),
        pytest.param("\n" * 30 + "\x1b[24Aa", id="farther than a small screen"),
        pytest.param("x" * 81 + "\n\x1b[1Aa", id="over a row that a screen may break"),
        pytest.param("\u1100\n\x1b[1Aa", id="over a row of letters of no known width"),
        pytest.param("a\n\x1b[1A\r\u1100\x1b[1B", id="over a row that came to hold one"),
        pytest.param("__\b_漢\b_", id="backspace over wide characters after others"),
        pytest.param("ab\n\x1b[1A\x1b[4Ca", id="to the right over a row that stands"),
        pytest.param("abc\n\x1b[1A\x1b[5Gd", id="to a column"),
        pytest.param("a\nbc\x1b[1Ad", id="text to the right of the first column"),
        pytest.param("abc\b\b\bdef", id="backspace over other letters"),
        pytest.param("漢\b\x1b[K", id="erase half of a wide letter"),
        pytest.param("abc\x1b[1K", id="erase to the left"),
        pytest.param("abc\x1b[2J", id="clear"),
        pytest.param("abc\x1b[31m", id="a colour"),
        pytest.param("\x1b[999C" * 2, id="far to the right"),
    ],
)
def test_what_is_not_understood(text: str) -> None:
    with pytest.raises(NotUnderstoodError):
        redrawn(text)


def test_nothing_changes_above_a_whole_line() -> None:
    redraw = Redraw()
    redraw.add("a 10%")
    redraw.add_whole("b\rc")
    with pytest.raises(NotUnderstoodError):
        redraw.add("\x1b[2Aa 20%")
    assert list(redraw.lines())[:2] == ["a 10%", "b\rc"]


def staircase(size: int) -> str:
    """States each shorter than the one below, and one that covers all."""
    steps = range(int(size**0.5), 0, -1)
    return "".join("é" * step + "\r" for step in steps) + "é" * size + "\r"


LAYERED_ROWS = ("\r".join("x" * width for width in range(80, 0, -1)) + "\n") * 23


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(lambda n: "_" * (2 * n) + "\b_" * n, id="overstrikes in a long line"),
        pytest.param(lambda n: "_" * n + "\x1b[9D" + "_\x1b[D" * n, id="overstrikes by cursor"),
        pytest.param(lambda n: "xx" + " " * n + "\r" + "b\r" * n, id="short states over a long one"),
        pytest.param(staircase, id="a long state over many"),
        pytest.param(lambda n: LAYERED_ROWS + "\x1b[23A\x1b[23B" * n, id="up and down over rows of many states"),
        pytest.param(lambda n: ("é" * 80 + "\n") * 23 + "\x1b[23A\x1b[23B" * n, id="up and down over full rows"),
        pytest.param(lambda n: "row\n" * n + "\x1b[23A" * (n // 23) + "\x1b[J" * n, id="rows erased again and again"),
        pytest.param(
            lambda n: "\n" * n + "\x1b[23A" * (n // 23) + "\x1b[23B\x1b[23A\x1b[J" * n, id="frames erased far up"
        ),
    ],
)
def test_the_work_is_in_proportion_to_the_text(text: Callable[[int], str]) -> None:
    work = [count_work(text(size)) for size in (SIZE, 2 * SIZE)]
    assert work[1] <= 2.2 * work[0] + 100
    assert work[1] <= 20 * len(text(2 * SIZE))


def count_work(text: str) -> int:
    """Characters that are looked at, and rows that are replaced."""
    redraw = Redraw()
    redraw._rows = rows = CountedRows()  # noqa: SLF001  nothing else shows how many rows a sequence erases

    def draw() -> None:
        for line in text.split("\n"):
            redraw.add(line)

    return count_characters(draw) + rows.count_of_slices

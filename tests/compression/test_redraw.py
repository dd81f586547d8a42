"""What stays of redrawn lines, and which are left to the terminal."""

from __future__ import annotations

import pytest

from headroom_compression.redraw import NotUnderstoodError
from headroom_compression.redraw import Redraw


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
        pytest.param("漢字 1%\r漢字 22%", "漢字 1%\r漢字 22%", id="characters of two columns"),
        pytest.param("a\t1%\ra\t22%", "a\t1%\ra\t22%", id="tabs"),
        pytest.param("a 1%\nb 1%\n\x1b[2Aa 10%\nb 10%\n", "a 10%\nb 10%\n", id="two rows"),
        pytest.param("a\nb\n\x1b[2A\x1b[2Kc\n\x1b[2Kd\n", "c\nd\n", id="two rows, erased"),
        pytest.param("a\nb\n\x1b[2A\x1b[Jc\n", "c\n\n", id="erased below"),
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
        pytest.param("漢\n\x1b[1Aa", id="over a row of wide characters"),
        pytest.param("ab\n\x1b[1A\x1b[4Ca", id="to the right over a row that stands"),
        pytest.param("abc\n\x1b[1A\x1b[5Gd", id="to a column"),
        pytest.param("a\nbc\x1b[1Ad", id="text to the right of the first column"),
        pytest.param("abc\b\b\bdef", id="backspace over other letters"),
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

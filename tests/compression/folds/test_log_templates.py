"""Rows say exactly which log lines they stand for."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import pytest
from hypothesis import assume
from hypothesis import given
from hypothesis import strategies as st

from headroom_compression.calls.reading import read_call
from headroom_compression.document import Document
from headroom_compression.folds import log_templates
from tests.compression.support.bodies import command_call

DATES = st.sampled_from(
    (
        "2026-11-23T{}Z ",
        "2026-11-23 {} ",
        "2026-11-23 {},",
        "Nov  3 {} web-1 ",
        "{} ",
        "[2026-11-23 {}] ",
        '10.0.0.1 - - [23/Nov/2026:{} +0000] "',
        "web-1  | 2026-11-23T{}Z ",
        "I1123 {}       1 ",
    )
)
WORDS = st.sampled_from((
    "INFO", "DEBUG ", "ERROR", "order", "42", "key=7", "key=", 'msg="a', 'b"', "(x)", "(", "]", "", " ", "10:15:01",
    "—", "\t", "a\r", "0b5e1c7a-77aa-4c1e-9b0e-2f1f0d9a7c55", '"', '""', "12ms,", "status=200;",
))  # fmt: skip
OTHER_LINES = st.sampled_from(
    ("Traceback (most recent call last):", "", "  at a.b(c)", "10:15:09 up", "web 10:15:09 x")
)


def document(text: str, command: str = "kubectl logs deploy/api") -> Document:
    return Document.of(text, read_call(command_call(command)))


@st.composite
def logs(draw: st.DrawFn) -> str:
    """Lines of one or two kinds, whose words come from few, and some other lines."""
    lines: list[str] = []
    for _ in range(draw(st.integers(1, 2))):
        date = draw(DATES)
        constant = " ".join(draw(st.lists(WORDS, max_size=6)))
        ending = draw(st.sampled_from(("", " service=shop region=eu-1", '"', " ")))
        for second in range(draw(st.integers(4, 60))):
            words = " ".join(draw(st.lists(WORDS, max_size=3)))
            lines.append(f"{date.format(f'10:{second // 60:02}:{second % 60:02}')}{constant} {words}{ending}")
        lines += draw(st.lists(OTHER_LINES, max_size=2))
    return "\n".join(lines) + draw(st.sampled_from(("", "\n")))


def filled_in(folded: str) -> str:
    """What a reader makes of it: the values of a row put in their places, from left to right."""
    lines: list[str] = []
    rows, form, names = 0, "", [""]
    for line in folded.split("\n"):
        if " lines below show only " in line:
            count, _, rest = line[1:-1].partition(" lines below show only ")
            place_names, _, form = rest.partition(" of: ")
            rows, names = int(count), place_names.split(" ")
        elif rows and (found := re.match(row_pattern(names), line)):
            rows -= 1
            pieces = re.split("<(?:time|[0-9]+)>", form)
            lines.append(pieces[0] + "".join(a + b for a, b in zip(found.groups(), pieces[1:], strict=True)))
        else:
            lines.append(line)
    return "\n".join(lines)


def row_pattern(names: list[str]) -> str:
    """The first of two values is a word or a word and a bar, each other is a word with its padding, the last is all."""
    clock = "([0-9]{2}:[0-9]{2}:[0-9]{2}(?:[.,][0-9]{1,9})?)"
    place = names.index("<time>")
    after = len(names) - place - 1
    middle = "".join("( *[^ ]+ *)" + " (?! )" if not number else "([^ ]+ *) (?! )" for number in range(after - 1))
    return ("([^ ]+ *[|]? *) " if place else "") + clock + (f" {middle}((?s:.*))" if after else "") + r"\Z"


@given(logs())
def test_a_reader_can_fill_in_the_rows(text: str) -> None:
    folded = log_templates.fold(document(text))
    assume(folded and log_templates.is_exact(document(text), folded))
    assert folded
    assert filled_in(folded) == text
    assert len(folded) < len(text)


@given(logs(), st.data())
def test_a_changed_text_is_refused(text: str, data: st.DataObject) -> None:
    folded = log_templates.fold(document(text))
    assume(folded and log_templates.is_exact(document(text), folded))
    assert folded
    lines = folded.split("\n")
    place = data.draw(st.integers(0, len(lines) - 1))
    line = lines[place]
    column = data.draw(st.integers(0, len(line)))
    lines[place : place + 1] = data.draw(st.sampled_from(([], [line[:column] + "7" + line[column:]], [line, "7"])))
    assert not log_templates.is_exact(document(text), "\n".join(lines))


FOLDABLE = [f"2026-11-23T10:15:{second:02}Z INFO  [api] request {second} done in 12 ms" for second in range(20)]


def test_plain_logs_are_folded_exactly() -> None:
    text = "\n".join(FOLDABLE)
    folded = log_templates.fold(document(text))
    assert folded
    head, first, *_ = folded.split("\n")
    assert head == "[20 lines below show only <time> <1> of: 2026-11-23T<time>Z INFO  [api] request <1> done in 12 ms]"
    assert first == "10:15:00 0"
    assert log_templates.is_exact(document(text), folded)


@pytest.mark.parametrize(
    "line",
    [
        "2026-11-23T10:15:09Z ERROR [api] request 9 took 12 ms",
        "2026-11-23T10:15:09Z WARN  [api] request 9 took 12 ms",
        "2026-11-23T10:15:09Z INFO  [api] java.lang.IllegalStateException: closed",
        "java.lang.IllegalStateException: closed",
        "    at shop.Api.get(Api.java:12)",
    ],
)
def test_trouble_stays_verbatim_and_in_place(line: str) -> None:
    folded = log_templates.fold(document("\n".join([*FOLDABLE[:9], line, *FOLDABLE[10:]])))
    assert folded
    assert folded.split("\n")[10] == line


MAX_SECONDS = 5  # of the processor; a tenth of it here, and minutes for what is quadratic
HOSTILE: dict[str, Callable[[], str]] = {
    "one letter": lambda: "a" * 1_000_000,
    "digits": lambda: "1" * 1_000_000,
    "spaces": lambda: " " * 600_000,
    "empty lines": lambda: "\n" * 400_000,
    "colons": lambda: "a:1:" * 250_000,
    "times": lambda: "10:15:01 " * 110_000,
    "times in lines": lambda: "10:15:01 \n" * 100_000,
    "short lines": lambda: "10:15:01 a\n" * 90_000,
    "spaces behind a time": lambda: ("10:15:01" + " " * 3_000 + "\n") * 300,
    "words behind a time": lambda: ("10:15:01" + " a" * 1_900 + "\n") * 250,
    "long equal lines": lambda: ("10:15:01 " + "a" * 3_900 + "\n") * 250,
    "brackets": lambda: "10:15:01 " + "[" * 1_000_000,
    "places": lambda: "10:15:01 " + "<time" * 200_000,
    "keys": lambda: ("10:15:01 " + "a-" * 1_500 + "=\n") * 300,
}


@pytest.mark.parametrize("make", [pytest.param(make, id=name) for name, make in HOSTILE.items()])
def test_a_large_text_takes_little_time(make: Callable[[], str]) -> None:
    text = make()
    start = time.process_time()
    folded = log_templates.fold(document(text))
    assert log_templates.is_exact(document(text), folded or text)
    assert time.process_time() - start < MAX_SECONDS


def test_a_row_without_an_end_is_checked_fast() -> None:
    head = "[9 lines below show only <1> <time> <2> of: <1> x <time> <2>]\n"
    start = time.process_time()
    assert not log_templates.is_exact(document("a"), head + "a" * 1_000_000)
    assert not log_templates.is_exact(document("a"), head + "a" + " " * 600_000)
    assert time.process_time() - start < MAX_SECONDS

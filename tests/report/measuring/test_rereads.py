"""What counts as reading again: the definition, by outputs as they came and as they are sent."""

from __future__ import annotations

import json
import time

import pytest

from headroom_report.measuring import rereads
from headroom_report.measuring.rereads import SeenLines
from headroom_report.values.rereads import NO_REREADS
from headroom_report.values.rereads import Rereads
from headroom_report.values.rereads import ShownLines

FILE = [f"def area_{number}(width, height): ..." for number in range(60)]
POINTER = "[20 lines identical to lines 21-40 of areas.py above]"
GAP = "[20 lines, 640 characters, left out here: passed tests; they are lines 21-40 of /state/3f9a2c81d0b4e6f7.txt]"
AWAY = "[60 lines, 2,000 characters, left out here to make room; they are lines 1-60 of /state/3f9a2c81d0b4e6f7.txt]"


def text(*lines: str) -> str:
    return "\n".join(lines)


def whole(first: int = 0, stop: int = 60) -> tuple[str, str]:
    came = text(*FILE[first:stop])
    return came, came


def marked(marker: str) -> tuple[str, str]:
    return text(*FILE), text(*FILE[:20], marker, *FILE[40:])


def numbered(first: int, stop: int, form: str) -> tuple[str, str]:
    came = text(*(form.format(number + 1, FILE[number]) for number in range(first, stop)))
    return came, came


def told(*outputs: tuple[str, str]) -> Rereads:
    """What the last output adds."""
    seen = SeenLines()
    return [seen.add([output]) for output in outputs][-1]


@pytest.mark.parametrize("marker", [POINTER, GAP])
def test_lines_behind_a_marker_and_in_sight_are_opportunities(marker: str) -> None:
    assert told(marked(marker)) == Rereads(first_behind=ShownLines(20), first_in_sight=ShownLines(40))
    later = told(whole(), marked(marker))
    assert (later.later_behind, later.later_in_sight) == (ShownLines(20), ShownLines(40))
    assert later.first_in_sight == ShownLines(0, 60)


def test_an_output_that_was_put_away_is_known_and_does_not_count() -> None:
    """The model read it whole before, and may have read it again then."""
    assert told((text(*FILE), AWAY)) == NO_REREADS
    assert told((text(*FILE), AWAY), whole()) == Rereads(later_in_sight=ShownLines(60))


@pytest.mark.parametrize(
    "again",
    [
        whole(20, 40),
        whole(25, 30),
        numbered(20, 40, "{:6}\t{}"),
        numbered(20, 40, "{:6}→{}"),
        numbered(20, 40, "{}: {}"),
        (f"Wall time: 0.1 seconds\nOutput:\n{text(*FILE[20:40])}",) * 2,
        (json.dumps({"output": text(*FILE[20:40]), "metadata": {"exit_code": 0}}),) * 2,
        (json.dumps([{"type": "text", "text": text(*FILE[20:40])}]),) * 2,
    ],
    ids=["the lines", "some", "cat -n", "arrows", "colons", "a header", "shell", "MCP"],
)
def test_they_are_read_again(again: tuple[str, str]) -> None:
    added = told(marked(POINTER), again)
    assert added.first_behind.again == min(20, again[0].count("def area_"))
    assert (added.outputs, added.first_in_sight.again) == (1, 0)


@pytest.mark.parametrize(
    "other",
    [
        whole(15, 30)[0] + "\n" + text(*(f"assert area_{number} is new" for number in range(5))),
        text("def area_20(): changed here", "def area_21(): and there", *FILE[22:30]),
        text(*FILE[20:23]),
        text("}", "else:", "return 1", *(["return None"] * 9)),
    ],
    ids=["a wider part", "edited", "three lines", "lines that stand everywhere"],
)
def test_what_brings_something_new_reads_nothing_again(other: str) -> None:
    added = told(marked(POINTER), (other, other))
    assert added.first_behind.again == added.first_in_sight.again == added.outputs == 0


def test_lines_in_sight_are_read_again_too() -> None:
    added = told(marked(POINTER), whole(0, 15))
    assert (added.first_in_sight.again, added.first_behind.again, added.outputs) == (15, 0, 0)


@pytest.mark.parametrize(("between", "again"), [(19, 20), (20, 0)])
def test_within_twenty_calls(between: int, again: int) -> None:
    others = [(f"ok {number}", f"ok {number}") for number in range(between)]
    assert told(marked(POINTER), *others, whole(20, 40)).first_behind.again == again


def test_it_happens_once_to_a_line() -> None:
    added = told(marked(POINTER), whole(20, 40), whole(20, 40))
    assert added.first_behind.again == 0
    assert added.later_in_sight == ShownLines(20, 20)


def test_what_another_conversation_had_is_known_and_does_not_count() -> None:
    seen = SeenLines()
    assert seen.add([marked(POINTER)], is_counted=False) == NO_REREADS
    assert seen.add([whole(20, 40)]) == Rereads(later_in_sight=ShownLines(20))


def test_a_marker_that_the_tool_printed_stands_for_nothing() -> None:
    came = text(*FILE[:20], POINTER, *FILE[40:])
    assert told((came, came.replace("width", "w"))).behind == ShownLines()


def test_lines_that_a_fold_wrote_anew_beside_a_pointer_are_not_told_apart() -> None:
    sent = text(*(f"area {number} as a fold wrote it" for number in range(20)), POINTER)
    assert told((text(*FILE), sent)) == NO_REREADS


def test_several_texts_are_one_output() -> None:
    seen = SeenLines()
    seen.add([marked(POINTER)])
    added = seen.add([whole(20, 30), ("some rule of the house",) * 2])
    assert added.first_behind.again == 10


def test_a_marker_that_the_tool_printed_stands_for_nothing_in_an_envelope_either() -> None:
    lines = ["[20 lines identical to lines 21-40 of caf\u00e9.py above]", *FILE]
    came = json.dumps({"output": text(*lines)})
    assert told((came, text(*lines))) == told((text(*lines),) * 2)


def test_only_the_beginning_of_an_output_is_looked_at_however_many_texts_it_has(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rereads, "_MAX_LENGTH", len(text(*FILE)))
    assert SeenLines().add([whole(0, 30), whole(30, 60), whole(), whole()]).first_in_sight.lines == len(FILE)


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rereads, "_MAX_LINES", 100)
    seen = SeenLines()
    for number in range(10):
        lines = text(*(f"line {place} of file {number}" for place in range(50)))
        seen.add([(lines, lines)])
        assert len(seen) <= 100
    assert len(seen) == 100


def test_four_times_the_lines_take_no_sixteen_times_the_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in the event loop: to forget the oldest lines one by one is to look for each behind all that went before."""
    monkeypatch.setattr(rereads, "_MAX_LENGTH", 10**9)
    monkeypatch.setattr(rereads, "_MAX_LINES", 10)
    few, many = (min(seconds_for(count) for _ in range(3)) for count in (20_000, 80_000))
    assert many < 9 * few


def seconds_for(count: int) -> float:
    """CPU of one output with so many lines."""
    lines = text(*(f"line {number} of a file" for number in range(count)))
    seen = SeenLines()
    start = time.process_time()
    seen.add([(lines, lines)])
    return time.process_time() - start

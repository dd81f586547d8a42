"""Which lines elisions are asked about, where a client or a program says that it cut something."""

from __future__ import annotations

from types import ModuleType
from typing import cast

import pytest

from headroom_compression.calls.reading import read_call
from headroom_compression.document import Document
from headroom_compression.document import Stage
from headroom_compression.formats.gaps import Gap
from headroom_compression.formats.passages import Passage
from headroom_compression.recall.elision import Elision
from headroom_compression.recall.found_gaps import cut_rows
from headroom_compression.recall.found_gaps import found_gaps
from headroom_compression.recall.found_gaps import may_find
from tests.compression.support.bodies import command_call

LINES = [f"step {number} of a long build" for number in range(12)]
CUT = "[... 300 lines omitted ...]"
TIME = "2026-11-28T10:15:01.1234567Z "


def elision(name: str, **attributes: object) -> tuple[Elision, list[list[str]]]:
    """One that takes all lines that it is given, and what it was given."""
    given: list[list[str]] = []

    def find(_document: Document, lines: list[str]) -> list[Gap]:
        given.append(lines)
        return [Gap(0, len(lines), "steps")]

    module = ModuleType(name)
    vars(module).update(WORKS_ON=Stage.TERMINAL, find=find, **attributes)
    return cast("Elision", module), given


def found(elisions: list[Elision], lines: list[str]) -> list[tuple[str, int, int]]:
    document = Document.of("\n".join(lines), read_call(command_call("make")))
    gaps = found_gaps(elisions, document, lines, cut_rows(lines))
    return [(cast("ModuleType", one).__name__, gap.start, gap.stop) for one, gap in gaps]


def test_one_that_can_tell_what_is_missing_is_asked_about_all_of_a_text_that_was_cut() -> None:
    lines = [*LINES[:6], CUT, *LINES[6:]]
    beside, parts = elision("beside", WORKS_BESIDE_CUTS=True)
    across, texts = elision("across", WORKS_ACROSS_CUTS=True)
    neither, nothing = elision("neither")
    assert found([across], lines) == [("across", 0, 13)]
    assert found([across, beside, neither], lines) == [("beside", 0, 5), ("beside", 8, 13)]
    assert (parts, texts, nothing) == ([lines[:5], lines[8:]], [lines, lines], [])
    assert found([neither, across], LINES) == [("neither", 0, 12)]


def test_one_that_unwraps_is_not_asked_again_for_what_it_finds() -> None:
    def unwrapping(*passages: Passage) -> tuple[Elision, list[list[str]]]:
        return elision("unwrapping", unwrap=lambda *_: (passages, [Gap(0, 2, "layers")]))

    other, given = elision("other")
    with_none, again = unwrapping()
    with_one, once_more = unwrapping(Passage(3, LINES[3:9], "make"))
    assert found([with_none], LINES) == [("unwrapping", 0, 2)]
    assert found([with_none, other], LINES) == [("unwrapping", 0, 2)]
    assert found([other, with_one], LINES) == [("unwrapping", 0, 2), ("other", 3, 9)]
    assert (given, again, once_more) == ([LINES, LINES[3:9]], [], [])


@pytest.mark.parametrize(
    ("said", "is_cut"),
    [
        (CUT, True),
        (f"{TIME}{CUT}", False),
        (f"{TIME}half a l…123 tokens truncated…ine", True),
        (f"test\tRun make\t{TIME}{CUT}", False),
    ],
    ids=["a client's line", "a line of the CI", "what Codex cuts", "a line of gh"],
)
def test_in_the_log_of_a_ci_a_program_may_say_that_it_cut_something(said: str, is_cut: bool) -> None:  # noqa: FBT001  a column
    lines = [*(TIME + line for line in LINES[:6]), said, *(TIME + line for line in LINES[6:])]
    assert cut_rows(lines) == ([6] if is_cut else [])
    assert cut_rows([*LINES[:6], said, *LINES[6:]]) == [6]


def test_in_a_step_of_buildkit_a_program_may_say_so_and_buildkit_itself_cuts() -> None:
    said = (f"#8 1.234 {CUT}", "#8 2.000 [output clipped, log limit 2MiB reached]")
    assert cut_rows([*LINES[:6], *said, *LINES[6:]]) == [7]


def test_who_looks_for_words_is_asked_where_all_stand() -> None:
    counting = elision("counting", HALLMARKS=("Tests: ", "ok"))[0]
    assert [may_find(counting, text) for text in ("Tests: 3 ok", "Tests: 3", "ok", "")] == [True, False, False, False]

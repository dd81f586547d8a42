"""Lines that a text shows twice: where a pointer to lines above in the same text stands, and where none does."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies

from headroom_compression import Settings
from headroom_compression.references.own_lines import may_show_twice
from headroom_compression.references.rows import read_original
from headroom_compression.references.seeds import seed_keys
from headroom_compression.references.shown_texts import ShownTexts
from tests.compression.support.bodies import Item
from tests.compression.support.bodies import code_lines
from tests.compression.support.bodies import command_call
from tests.compression.support.bodies import function_call
from tests.compression.support.bodies import function_output
from tests.compression.support.bodies import numbered
from tests.compression.support.bodies import sent_outputs
from tests.compression.support.bodies import text_part
from tests.compression.support.sent_text_reader import Reader
from tests.compression.support.sent_text_reader import Source

LINES = code_lines(90)
TWICE = [*LINES[:40], *code_lines(9, "other"), *LINES[10:30], *code_lines(9, "third")]
READ = function_call("Read", {"file_path": "/repo/a.py"})
RUN = command_call("./report")
SHOW_TWO = command_call("cat a.txt; cat -n b.py")
MCP = function_call("mcp__files__read", {"path": "/repo/a.py"})
SAID = {"type": "text", "text": "\n".join(TWICE)}
CUT = "…99 tokens truncated…"
POINTER = "[19 lines identical to lines 12-30 of this output above]"


def keys_of(text: str) -> list[int]:
    return seed_keys(ShownTexts(1).row_ids(read_original(text)))


def sent(call: Item, output: object, settings: Settings | None = None) -> str:
    return sent_outputs(call, function_output(output), settings=settings)[0]


def test_lines_that_come_again_in_an_output_are_pointed_at_below_the_first_of_them() -> None:
    assert sent(RUN, "\n".join(TWICE)).split("\n") == [*TWICE[:50], POINTER, *TWICE[69:]]


@pytest.mark.parametrize(("first", "pointer"), [(1, POINTER), (301, POINTER.replace("12-30", "312-330"))])
def test_numbers_in_front_of_lines_name_them(first: int, pointer: str) -> None:
    found = sent(READ, numbered(TWICE, first))
    assert found.count("identical to") == 1
    assert pointer in found.split("\n")
    read = Reader().read(found, Source("/repo/a.py", ""), has_rows_stage=True)
    assert read == numbered(TWICE, first)


def test_few_lines_of_a_client_above_those_with_numbers_do_not_count() -> None:
    head = ["<path>/repo/a.py</path>", "<type>file</type>", "<content>"]
    lines = [*LINES[:30], "other = 1", *LINES[:30]]
    found = sent(
        function_call("read", {"filePath": "/repo/a.py"}),
        "\n".join([*head, *(f"{number}: {line}" for number, line in enumerate(lines, 1)), "</content>"]),
    )
    assert "[29 lines identical to lines 2-30 of this output above]" in found.split("\n")


@pytest.mark.parametrize(
    ("call", "output"),
    [
        pytest.param(RUN, "\n".join([*TWICE[:56], *TWICE[69:]]), id="few lines"),
        pytest.param(
            RUN, "\n".join(["}", "", *[")"] * 9, "x = [", *code_lines(9), "}", "", *[")"] * 9]), id="brackets"
        ),
        pytest.param(READ, numbered(LINES[:40]) + "\n" + numbered(LINES[:40]), id="two files with the same numbers"),
        pytest.param(RUN, "\n".join(f"{n}: {line}" for n, line in enumerate([*LINES[:20]] * 2)), id="other lines"),
        pytest.param(
            RUN, "\n".join([*LINES[:5], "…99 tokens truncated…", *LINES[10:40], "x", *LINES[10:40]]), id="behind a cut"
        ),
        pytest.param(RUN, "\n".join([*TWICE, POINTER]), id="a pointer of another text"),
        pytest.param(
            command_call("grep -n x a.py"), "\n".join(f"{n}:x" for n in [*range(40), *range(40)]), id="search"
        ),
        pytest.param(RUN, [text_part("\n".join(TWICE)), text_part("\n".join(TWICE))], id="two texts"),
        pytest.param(
            SHOW_TWO, "\n".join([*code_lines(40, "plain"), numbered(TWICE, 2)]), id="lines without numbers above"
        ),
        pytest.param(
            SHOW_TWO, "\n".join([numbered(LINES[:9]), *code_lines(40, "plain"), numbered(TWICE, 10)]), id="and between"
        ),
        pytest.param(
            RUN, "\n".join([f"L{n}: {line}" for n, line in enumerate(LINES[:30], 9)] + TWICE), id="few numbers"
        ),
        pytest.param(MCP, json.dumps({"content": [SAID | {"text": "x"}, SAID]}), id="two texts of MCP"),
        pytest.param(MCP, json.dumps({"content": SAID["text"]}), id="a title that may count as a line"),
    ],
)
def test_no_pointer_stands_where_it_could_be_misread_or_hardly_pays(call: Item, output: object) -> None:
    assert "of this output above" not in json.dumps(sent_outputs(call, function_output(output))).replace(POINTER, "")


def test_the_title_of_the_only_text_of_a_result_is_not_counted() -> None:
    found = sent(MCP, json.dumps({"content": [SAID], "isError": False}))
    assert found.split("\n") == ["isError: false", "MCP text 1 of 1:", *TWICE[:50], POINTER, *TWICE[69:]]


def test_lines_before_a_cut_are_pointed_at_from_behind_it() -> None:
    text = "\n".join([*LINES[:40], CUT, *LINES[10:30], "end"])
    assert "of this output above]" in sent(RUN, text)


def test_eager_takes_less() -> None:
    text = "\n".join([*LINES[:40], *code_lines(9, "other"), *LINES[10:20], "the end"])
    assert "identical" not in sent(RUN, text)
    assert "of this output above]" in sent(RUN, text, replace(Settings(), references="eager"))
    assert "identical" not in sent(RUN, "\n".join(TWICE), replace(Settings(), references="off"))


def test_no_pointer_leads_behind_another_one() -> None:
    text = "\n".join([*LINES[:40], "one", *LINES[10:40], "two", *LINES[:40], "three"])
    found = sent(RUN, text)
    assert Reader().read(found, Source(None, "the output"), has_rows_stage=True) == text
    assert found.count("of this output above]") == 2


def test_a_later_output_points_at_what_stands_in_sight_and_reads_behind_what_does_not() -> None:
    one, other = READ | {"call_id": "1"}, READ | {"call_id": "2"}
    again = [*TWICE[:60], "changed = True", *TWICE[61:]]
    first, second = sent_outputs(
        one, function_output(numbered(TWICE), "1"), other, function_output(numbered(again), "2")
    )
    reader = Reader()
    for text, wanted in ((first, TWICE), (second, again)):
        assert reader.read(text, Source("/repo/a.py", ""), has_rows_stage=True) == numbered(wanted)


pieces = strategies.sampled_from([LINES[:12], LINES[4:30], LINES[20:40], ["", "}", ""], ["x"] * 9, ["alone here"]])


@given(
    strategies.lists(pieces, max_size=12),
    strategies.sampled_from(["", "\t", "→"]),
    strategies.lists(pieces, max_size=3),
)
def test_an_independent_reader_finds_what_pointers_stand_for(
    drawn: list[list[str]], separator: str, above: list[list[str]]
) -> None:
    lines = [line for piece in drawn for line in piece]
    plain = [line for piece in above for line in piece]
    text = "\n".join([*plain, numbered(lines, 7, separator) if separator else "\n".join(lines)])
    found = sent(READ if separator else RUN, text, Settings(min_tokens=0))
    read = Reader().read(found, Source("/repo/a.py" if separator else None, ""), has_rows_stage=found != text)
    assert read == text


@pytest.mark.parametrize("lines", [["same"] * 4_000, ["a", "b"] * 2_000, ["a", "b", "", "}", "c"] * 800])
def test_texts_of_equal_lines_are_looked_through_once(lines: list[str]) -> None:
    assert may_show_twice(keys_of("\n".join(lines)))
    assert sent(RUN, "\n".join(lines))


def test_nothing_comes_again_in_a_short_text_or_in_one_whose_lines_all_differ() -> None:
    assert not may_show_twice(keys_of("\n".join(code_lines(300))))
    assert not may_show_twice(keys_of("a\nb\nc\nd\n" * 2))

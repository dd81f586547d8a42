"""What a later output calls the lines of an earlier one."""

from __future__ import annotations

import pytest

from headroom_compression import compress_request_body
from headroom_compression.references.markers import Marker
from headroom_compression.references.pointer_reader import PointerReader
from tests.compression.support.bodies import Item
from tests.compression.support.bodies import code_lines
from tests.compression.support.bodies import command_call
from tests.compression.support.bodies import custom_call
from tests.compression.support.bodies import function_call
from tests.compression.support.bodies import function_output
from tests.compression.support.bodies import numbered
from tests.compression.support.bodies import request_body
from tests.compression.support.bodies import sent_items
from tests.compression.support.bodies import shell_call
from tests.compression.support.bodies import shell_output
from tests.compression.support.bodies import text_part

LINES = code_lines(40)
TEXT = "\n".join(LINES)
OTHERS = code_lines(40, "other")
LATER = "\n".join(["before", *LINES, "after"])
CHUNK = "Chunk ID: 1a2b3c\nWall time: 0.0 seconds\nProcess exited with code 0\nOutput:\n"


@pytest.mark.parametrize(
    ("call", "text", "name"),
    [
        pytest.param(command_call("cat a.py"), TEXT, "2-40 of a.py", id="a file"),
        pytest.param(command_call("sed -n '21,60p' a.py"), TEXT, "22-60 of a.py", id="a range of a file"),
        pytest.param(command_call("./show"), TEXT, '2-40 of the output of "./show"', id="a command"),
        pytest.param(command_call("./show"), CHUNK + TEXT, '2-40 of the output of "./show"', id="without the header"),
        pytest.param(
            function_call("lookup", {"q": 1}), TEXT, '2-40 of the output of lookup({"q": 1})', id="another tool"
        ),
        pytest.param(custom_call("python", "f()"), TEXT, "2-40 of the output of python(f())", id="a custom tool"),
        pytest.param({}, CHUNK + TEXT, "2-40 of the output with Chunk ID 1a2b3c", id="an unknown call"),
        pytest.param(
            function_call("Read", {"file_path": "/r/a.py", "offset": 7}),
            numbered(LINES, 7, "→"),
            "8-46 of /r/a.py",
            id="by its gutter",
        ),
        pytest.param(
            function_call("Read", {"file_path": "/r/a.py", "offset": 7}),
            TEXT,
            '2-40 of the output of Read({"file_path": "/r/a.py", "offset": 7})',
            id="a range that is not known",
        ),
        pytest.param(
            command_call("open b.py"),
            "[File: /r/b.py (90 lines total)]\n" + "\n".join(f"{n}:{line}" for n, line in enumerate(LINES, 7)),
            "8-46 of /r/b.py",
            id="by its viewer",
        ),
        pytest.param(
            command_call("./show"),
            TEXT.replace(LINES[25], LINES[25] + "…17 tokens truncated…"),
            '2-25 of the output of "./show"',
            id="up to the cut of the client",
        ),
    ],
)
def test_lines_are_named_as_the_model_can_see_them(call: Item, text: str, name: str) -> None:
    calls = [call] if call else []
    later = [command_call("./later", "call_2"), function_output(LATER, "call_2")]
    body = request_body(*calls, function_output(text), *later)
    sent = sent_items(compress_request_body(body).body)[-1]["output"]
    assert f" identical to lines {name} above]\n" in sent


@pytest.mark.parametrize(
    ("call", "text"),
    [
        pytest.param({}, TEXT, id="an unknown call without a name"),
        pytest.param(
            command_call("nl -ba a b"), numbered(LINES) + numbered(LINES), id="numbers that stand there twice"
        ),
        pytest.param(command_call("./show"), "…17 tokens truncated…\n" + TEXT, id="after the cut of the client"),
    ],
)
def test_lines_without_a_clear_name_are_not_referred_to(call: Item, text: str) -> None:
    calls = [call] if call else []
    later = [command_call("./later", "call_2"), function_output(LATER, "call_2")]
    body = request_body(*calls, function_output(text), *later)
    assert sent_items(compress_request_body(body).body)[-1]["output"] == LATER


@pytest.mark.parametrize(
    "items",
    [
        pytest.param([shell_call("cat a.py"), shell_output("x = 1\n", TEXT)], id="what a command writes to stderr"),
        pytest.param(
            [command_call("cat a.py"), function_output([text_part("x = 1\n"), text_part(TEXT)])], id="the second part"
        ),
    ],
)
def test_lines_of_a_second_text_are_not_called_lines_of_the_file(items: list[Item]) -> None:
    later = [command_call("./later", "call_2"), function_output(LATER, "call_2")]
    sent = sent_items(compress_request_body(request_body(*items, *later)).body)[-1]["output"]
    assert "lines 2-40 of a.py above" not in sent


def test_a_command_with_the_same_long_beginning_is_not_said_to_have_run_again() -> None:
    command = "python tools/check.py --configuration settings/production.toml --seed "
    first = [command_call(command + "1"), function_output(TEXT)]
    later = [command_call(command + "2", "call_2"), function_output(TEXT, "call_2")]
    sent = sent_items(compress_request_body(request_body(*first, *later)).body)[-1]["output"]
    assert "ran again" not in sent


def reader_of(*items: Item) -> PointerReader:
    """Who has seen them, and calls another command."""
    conversation = compress_request_body(request_body(*items)).conversation
    assert conversation is not None
    return PointerReader(conversation.shown, "./now")


def read(lines: list[str], first: int, call_id: str, behind: str = "") -> list[Item]:
    """The call of an editor's tool and the numbered rows that it answers with."""
    call = function_call("Read", {"file_path": "/r/a.py", "offset": first}, call_id)
    return [call, function_output(numbered(lines, first, "→") + behind, call_id)]


@pytest.mark.parametrize("footer", ["", "</output>", "<command with shellId: 3 completed>"])
def test_a_few_lines_of_a_file_count_as_one_of_its_outputs(footer: str) -> None:
    reader = reader_of(*read(LINES, 1, "1"), *read(LINES[9:11], 10, "2", footer))
    assert not reader.certainty(Marker(3, 12, "the latest /r/a.py"), LINES[2:12])
    assert reader.certainty(Marker(3, 12, "the first /r/a.py"), LINES[2:12])


def test_whether_some_lines_of_a_file_count_as_one_of_its_outputs_is_left_open() -> None:
    call, _ = read([], 36, "2")
    reader = reader_of(*read(LINES, 1, "1"), call, function_output("\n".join(OTHERS[35:]), "2"), *read(OTHERS, 1, "3"))
    for title in ("the second /r/a.py", "the third /r/a.py"):
        assert not reader.certainty(Marker(3, 12, title), OTHERS[2:12]), title
    assert reader.certainty(Marker(3, 12, "the latest /r/a.py"), OTHERS[2:12])


def test_a_second_text_of_an_output_is_no_output_of_its_own() -> None:
    call, output = read(LINES, 1, "1")
    texts = [text_part(str(output["output"])), text_part(numbered(LINES[9:11], 10, "→"))]
    reader = reader_of(call, function_output(texts, "1"), *read(OTHERS, 1, "2"))
    assert reader.certainty(Marker(3, 12, "the second /r/a.py"), OTHERS[2:12])

"""What a client says of a command, written before what the command printed; an independent reader restores it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headroom_compression.calls.tool_call import ToolCall
from headroom_compression.document import Document
from headroom_compression.folds import shell_reports

SHELL = ToolCall("run_shell_command", "", b"", command="cat a")
LINES = st.lists(st.text(st.sampled_from("ab: \t\r\u2028é"), max_size=9), min_size=1, max_size=5)
FIELDS = "Error: (none)\nExit Code: 0\nSignal: (none)\nProcess Group PGID: (none)"


def report(command: str, printed: str, fields: str = FIELDS) -> str:
    return f"Command: {command}\nDirectory: (root)\nOutput: {printed}\n{fields}"


def restored(folded: str) -> str:
    match = re.fullmatch(r"(?s)(Command: .*?)\n(Error: [^\n]*\n(?:[A-Z][^\n]*\n)*)Output:\n(.*)", folded)
    assert match
    return f"{match[1]}\nOutput: {match[3]}\n{match[2]}".removesuffix("\n")


@given(LINES, LINES)
def test_an_independent_reader_restores_it(command: list[str], printed: list[str]) -> None:
    text = report("\n".join(command), "\n".join(printed))
    document = Document.of(text, SHELL)
    folded = shell_reports.fold(document)
    assert folded is not None
    assert shell_reports.is_exact(document, folded)
    assert restored(folded) == text
    assert document.unwrapped(folded).body == "\n".join(printed)


@given(LINES, st.data())
def test_damage_is_refused(printed: list[str], data: st.DataObject) -> None:
    document = Document.of(report("cat a", "\n".join(printed)), SHELL)
    lines = (shell_reports.fold(document) or "").split("\n")
    place = data.draw(st.integers(0, len(lines) - 1))
    for other in ([], [lines[place] + "x"], ["1" + lines[place]]):
        assert not shell_reports.is_exact(document, "\n".join([*lines[:place], *other, *lines[place + 1 :]]))


@pytest.mark.parametrize("call", [None, ToolCall("read_file", "", b"", path="a")])
def test_a_file_that_looks_alike_is_left_alone(call: ToolCall | None) -> None:
    assert shell_reports.fold(Document.of(report("cat a", "x"), call)) is None


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(report("cat a", "x", "Error: of two\nlines\nExit Code: 0"), id="an error of two lines"),
        pytest.param(report("cat a", "x", "Exit Code: 0"), id="no error"),
        pytest.param(report("cat a", "x", FIELDS + "\nNew: 1"), id="another field"),
        pytest.param("Command: cat a\nOutput: x\n" + FIELDS, id="no directory"),
        pytest.param("Command: cat a\nDirectory: a\nb\nOutput: x\n" + FIELDS, id="more before the output"),
    ],
)
def test_what_is_not_known_stays(text: str) -> None:
    assert shell_reports.fold(Document.of(text, SHELL)) is None


RETURNED = ToolCall("bash", "", b"", command="cat a")
TAGGED = "<returncode>1</returncode>\n<output>\n{}\n</output>"


NOTHING = TAGGED.replace("{}\n", "")


@given(LINES.filter(any) | st.just([]))
def test_an_independent_reader_restores_the_tags(printed: list[str]) -> None:
    text = TAGGED.format("\n".join(printed)) if printed else NOTHING
    document = Document.of(text, RETURNED, is_reported=True)
    folded = shell_reports.fold(document)
    assert folded is not None
    assert shell_reports.is_exact(document, folded)
    code, word, behind = folded.split("\n", 2)
    assert (code, word, TAGGED.format(behind) if behind else NOTHING) == ("Exit code: 1", "Output:", text)
    unwrapped = document.unwrapped(folded)
    assert (unwrapped.header, unwrapped.body) == ("Exit code: 1\nOutput:\n", "\n".join(printed))


@pytest.mark.parametrize(
    ("text", "call", "is_reported"),
    [
        pytest.param(TAGGED.format("x"), RETURNED, False, id="what may be a file"),
        pytest.param(TAGGED.format("x"), None, True, id="an unknown call"),
        pytest.param(TAGGED.format("x"), ToolCall("read_file", "", b"", path="a"), True, id="no command"),
        pytest.param(TAGGED.format("x" * 4_000), RETURNED, True, id="a long output"),
        pytest.param(TAGGED.format("x\n</output>"), RETURNED, True, id="the end twice"),
        pytest.param(TAGGED.format("x") + "\n", RETURNED, True, id="more behind it"),
        pytest.param(TAGGED.format(""), RETURNED, True, id="an empty line, which is not nothing"),
        pytest.param(TAGGED.format("Total output lines: 5\n\nx"), RETURNED, True, id="what reads as a header"),
    ],
)
def test_tags_that_are_not_known_stay(text: str, call: ToolCall | None, *, is_reported: bool) -> None:
    assert shell_reports.fold(Document.of(text, call, is_reported=is_reported)) is None


AS_JSON = '{{\n  "returncode": 1,\n  "output": "{}\\n"\n}}'
LIST = ToolCall("bash", "", b"", command="ls")


@pytest.mark.parametrize(
    ("call", "is_reported"),
    [
        pytest.param(RETURNED, True, id="behind other reports"),
        pytest.param(LIST, False, id="of a command that prints no JSON"),
    ],
)
def test_json_is_opened(call: ToolCall, *, is_reported: bool) -> None:
    document = Document.of(AS_JSON.format("x"), call, is_reported=is_reported)
    folded = shell_reports.fold(document)
    assert folded == "Exit code: 1\nOutput:\nx\n"
    assert shell_reports.is_exact(document, folded)
    assert not shell_reports.is_exact(document, folded + "y")
    assert not shell_reports.is_exact(document, folded.replace("1", "2"))
    assert document.unwrapped(folded).body == "x\n"


@pytest.mark.parametrize(
    ("text", "call", "is_reported"),
    [
        pytest.param(AS_JSON.format("x"), RETURNED, False, id="what may be a file"),
        pytest.param(AS_JSON.format("x"), None, True, id="an unknown call"),
        pytest.param(AS_JSON.format("x"), ToolCall("read_file", "", b"", path="a"), True, id="no command"),
        pytest.param(AS_JSON.format("x") + "\n", LIST, True, id="more behind it"),
    ],
)
def test_json_that_is_not_known_stays(text: str, call: ToolCall | None, *, is_reported: bool) -> None:
    assert shell_reports.fold(Document.of(text, call, is_reported=is_reported)) is None


OBJECT = '{"stdout": "x\\n", "exit_code": 1}'


@pytest.mark.parametrize(
    ("call", "is_reported"),
    [
        pytest.param(RETURNED, True, id="behind other reports"),
        pytest.param(LIST, False, id="of a command that prints no JSON"),
    ],
)
def test_an_object_of_a_tool_of_ones_own_is_opened(call: ToolCall, *, is_reported: bool) -> None:
    document = Document.of(OBJECT, call, is_reported=is_reported)
    folded = shell_reports.fold(document)
    assert folded == '{"stdout":<text below>,"exit_code":1}\nx\n'
    assert shell_reports.is_exact(document, folded)
    assert not shell_reports.is_exact(document, folded + "y")
    assert not shell_reports.is_exact(document, folded.replace("1", "2"))
    assert document.unwrapped(folded).body == "x\n"


def test_source_code_in_an_object_is_opened() -> None:
    document = Document.of('{"path": "a.py", "content": "x = 1\\n"}', ToolCall("read_file", "", b"", path="a.py"))
    folded = shell_reports.fold(document)
    assert folded == '{"path":"a.py","content":<text below>}\nx = 1\n'
    assert shell_reports.is_exact(document, folded)
    assert not shell_reports.is_exact(document, folded + "y")


@pytest.mark.parametrize(
    ("text", "call", "is_reported"),
    [
        pytest.param('{"path": "a", "content": "x"}', ToolCall("read", "", b"", path="a.json"), True, id="JSON itself"),
        pytest.param('{"content": "x"}', ToolCall("read", "", b"", path="a.py"), True, id="nothing but the text"),
        pytest.param(OBJECT, ToolCall("read", "", b"", path="a.py"), True, id="what a command printed, of a file"),
        pytest.param(OBJECT, RETURNED, False, id="what may be a file"),
        pytest.param(OBJECT, None, True, id="an unknown call"),
        pytest.param(OBJECT.replace("x", ""), RETURNED, True, id="nothing but a line's end"),
        pytest.param(OBJECT.replace("{", '{"command":"rm a",'), LIST, True, id="of another command"),
    ],
)
def test_an_object_that_may_be_anything_stays(text: str, call: ToolCall | None, *, is_reported: bool) -> None:
    assert shell_reports.fold(Document.of(text, call, is_reported=is_reported)) is None

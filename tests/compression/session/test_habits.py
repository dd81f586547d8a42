"""What a session's client and model have always done so far."""

from __future__ import annotations

import pytest

from headroom_compression.calls.tool_call import ToolCall
from headroom_compression.session.habits import Habits

COMMAND = ToolCall("bash", "", b"", command="ls")
TIMED = "Wall time: 0.013 seconds\na\n"
SEARCH = ToolCall("Grep", "", b"", asked=("x",))
FOUND = "Wall time: 0.033 seconds\na.py:1:x = 1\n"
FILE = '{"content": "1|x = 1", "total_lines": 1}'
CONTENT = '{"content": "x = 1"}'
CODE, NOTES = ToolCall("read_file", "", b"", path="a.py"), ToolCall("read_file", "", b"", path="a.txt")
SCRIPT = ToolCall("bash", "", b"", command="python run.py")
JSON_REPORT = '{\n  "returncode": 0,\n  "output": "a"\n}'
OBJECT = '{"stdout": "", "exit_code": 0}'
REPORT = "<returncode>0</returncode>\n<output>\na\n</output>"


@pytest.mark.parametrize(
    ("outputs", "is_reported"),
    [
        pytest.param([], False, id="nothing so far"),
        pytest.param([(COMMAND, [REPORT])], False, id="a report, which may be a file"),
        pytest.param([(COMMAND, [REPORT])] * 2, True, id="reports"),
        pytest.param([(COMMAND, [REPORT]), (COMMAND, ["<exception>x</exception>"])], True, id="an exception"),
        pytest.param(
            [(COMMAND, [REPORT])] * 2 + [(ToolCall("read", "", b""), ["a"])], True, id="a tool that runs nothing"
        ),
        pytest.param([(COMMAND, [REPORT])] * 2 + [(None, ["a"])], True, id="an unknown call"),
        pytest.param([(COMMAND, ['{"result": "a"}'])] * 2, True, id="results in JSON"),
        pytest.param([(SCRIPT, ['{"result": "a"}'])] * 9, False, id="results that a script may print"),
        pytest.param([(COMMAND, ['{"output": "a", "metadata": {}}'])] * 2, False, id="JSON that says more"),
        pytest.param([(COMMAND, ["a"]), (COMMAND, [REPORT])], False, id="a file that looks like one"),
        pytest.param([(COMMAND, [REPORT]), (COMMAND, [REPORT, "a"])], False, id="of two texts one"),
        pytest.param([(SCRIPT, [JSON_REPORT])] * 9, False, id="JSON that a script may print"),
        pytest.param([(SCRIPT, [JSON_REPORT]), (COMMAND, [JSON_REPORT])], True, id="JSON around what is none"),
        pytest.param([(COMMAND, [JSON_REPORT]), (SCRIPT, ["a"])], False, id="JSON once"),
        pytest.param([(COMMAND, [JSON_REPORT]), (COMMAND, [REPORT])], False, id="first JSON, then tags"),
        pytest.param([(CODE, [FILE]), (SCRIPT, [JSON_REPORT])], True, id="JSON behind source code in JSON"),
        pytest.param([(NOTES, [FILE]), (SCRIPT, [JSON_REPORT])], False, id="JSON behind what may be JSON itself"),
        pytest.param([(CODE, ["x = 1"]), (SCRIPT, [JSON_REPORT])], False, id="JSON behind source code"),
        pytest.param([(CODE, [FILE]), (COMMAND, ["a"])], False, id="source code in JSON, and a command without"),
        pytest.param([(COMMAND, [REPORT]), (CODE, [FILE])], False, id="source code in JSON behind tags"),
        pytest.param([(CODE, [CONTENT]), (SCRIPT, [JSON_REPORT])], False, id="JSON behind structured content"),
        pytest.param([(COMMAND, [TIMED])], True, id="a time before what is none"),
        pytest.param([(SCRIPT, [TIMED])] * 9, False, id="a time that a script may print"),
        pytest.param([(COMMAND, [TIMED]), (COMMAND, ["a"])], False, id="a time once"),
        pytest.param([(COMMAND, [OBJECT]), (SCRIPT, [OBJECT])], True, id="objects of a custom tool"),
        pytest.param([(SCRIPT, [OBJECT])] * 9, False, id="objects that a script may print"),
        pytest.param([(COMMAND, [OBJECT]), (SCRIPT, ['{"a": 1}'])], False, id="an object, and another one"),
        pytest.param([(SEARCH, [FOUND]), (SCRIPT, [TIMED])], True, id="a time before what a search finds"),
        pytest.param([(SEARCH, [TIMED]), (SCRIPT, [TIMED])], False, id="a time that a search may find"),
        pytest.param([(SEARCH, [FOUND]), (COMMAND, ["a"])], False, id="a time before a search, and a command without"),
        pytest.param([(NOTES, [FOUND]), (SCRIPT, [TIMED])], False, id="a time in a file, before rows of a search"),
        pytest.param([(COMMAND, [REPORT]), (COMMAND, [JSON_REPORT])], False, id="first tags, then JSON"),
    ],
)
def test_all_outputs_of_commands_are_reports(
    outputs: list[tuple[ToolCall | None, list[str]]], *, is_reported: bool
) -> None:
    habits = Habits()
    for call, texts in outputs:
        habits = habits.after_output(call, texts)
    assert habits.is_reported is is_reported


def test_a_call_that_names_lines_by_numbers_keeps_them_from_then_on() -> None:
    habits = Habits().after_call(COMMAND)
    assert habits.gutters
    habits = habits.after_call(ToolCall("edit", "", b"", edits_by_line=True)).after_call(COMMAND)
    assert not habits.gutters


STATE = "\n(Open file: n/a)\n(Current directory: /shop)\nbash-$"
OTHER_STATE = STATE.replace("n/a", "/shop/a.py")


@pytest.mark.parametrize(
    ("outputs", "is_alike"),
    [
        pytest.param([[f"a{STATE}"]], False, id="the first"),
        pytest.param([[f"a{STATE}"], [f"b{STATE}"]], True, id="the same"),
        pytest.param([[f"a{STATE}"], [f"b{OTHER_STATE}"]], False, id="another"),
        pytest.param([[f"a{STATE}"], [f"b{OTHER_STATE}"], [f"c{STATE}"]], False, id="the one before the last"),
        pytest.param([[f"a{STATE}"], ["b"]], False, id="none behind one"),
        pytest.param([[f"a{STATE}"], ["b"], [f"c{STATE}"]], True, id="the same, another tool between"),
        pytest.param([[f"a{STATE}"], [], [f"c{STATE}"]], True, id="an output without texts between"),
        pytest.param([[f"a{STATE}"], ["b", f"c{STATE}"]], False, id="of two texts the last"),
        pytest.param([[f"a{STATE}"]] * 8, True, id="seven times the same"),
        pytest.param([[f"a{STATE}"]] * 9, False, id="whole again behind that"),
        pytest.param([[f"a{STATE}"]] * 10, True, id="and then the same"),
    ],
)
def test_a_shell_is_in_the_state_that_it_was_in(outputs: list[list[str]], *, is_alike: bool) -> None:
    habits = Habits()
    for texts in outputs:
        habits = habits.after_output(COMMAND, texts)
    assert habits.is_alike is is_alike


def test_openhands_says_behind_a_state_how_the_command_ended() -> None:
    habits, call = Habits(), ToolCall("terminal", "", b"", command="ls")
    for code in (0, 1):
        state = "[Current working directory: /shop]\n[Python interpreter: /usr/bin/python3]"
        habits = habits.after_output(call, [f"a\n{state}\n[Command finished with exit code {code}]"])
    assert habits.is_alike


def test_a_state_that_is_out_of_sight_is_not_known() -> None:
    habits = Habits().after_output(None, [f"a{STATE}"]).without_state()
    assert not habits.after_output(None, [f"a{STATE}"]).is_alike

"""How the calls of each client are read."""

from __future__ import annotations

import pytest

from headroom_compression.calls.reading import read_call
from headroom_compression.calls.tool_call import GutterForm
from headroom_compression.calls.tool_call import ToolCall
from tests.compression.support.bodies import Item
from tests.compression.support.bodies import command_call
from tests.compression.support.bodies import custom_call
from tests.compression.support.bodies import function_call
from tests.compression.support.bodies import shell_call

LOCAL_SHELL: Item = {"type": "local_shell_call", "call_id": "c", "action": {"type": "exec", "command": ["ls", "-l"]}}
COMMANDS = [
    pytest.param(command_call("ls -l"), "exec_command", id="exec_command of Codex"),
    pytest.param(function_call("shell_command", {"command": "ls -l"}), "shell_command", id="shell_command of Codex"),
    pytest.param(function_call("shell", {"command": ["bash", "-lc", "ls -l"]}), "shell", id="shell with bash -lc"),
    pytest.param(function_call("shell", {"command": ["ls", "-l"]}), "shell", id="shell with words"),
    pytest.param(function_call("Bash", {"command": "ls -l", "description": "x"}), "Bash", id="Bash of Claude Code"),
    pytest.param(function_call("bash", {"command": "cd /testbed && ls -l"}), "bash", id="a change of folder before"),
    pytest.param(function_call("bash", {"command": "cd /a; cd b && ls -l"}), "bash", id="two changes of folder"),
    pytest.param(function_call("bash", {"command": "bash -lc 'ls -l'"}), "bash", id="a shell inside the line"),
    pytest.param(function_call("bash", {"command": "bash -lc ' cd /a && ls -l'"}), "bash", id="a blank before it all"),
    pytest.param(
        custom_call("exec", 'text(await tools.exec_command({"cmd":"ls -l"}))'), "exec", id="code mode of Codex"
    ),
    pytest.param(
        custom_call("exec", 'const r = await tools.exec_command({ cmd: "ls -l", yield_time_ms: 9 });\ntext(r);'),
        "exec",
        id="code mode without quotes",
    ),
    pytest.param(
        custom_call("exec", '// @exec: {}\nlet r = await tools.exec_command({"cmd": "ls -l",})\ntext(r.output)\n'),
        "exec",
        id="code mode that prints the bare output",
    ),
    pytest.param(
        custom_call("exec", 'text((await tools.exec_command({cmd: "ls -l", workdir: "/a"})).output)'),
        "exec",
        id="code mode in a folder",
    ),
    pytest.param(
        custom_call("exec", 'var out = await tools.exec_command({cmd: "ls -l"}); text(JSON.stringify(out));'),
        "exec",
        id="code mode that prints JSON",
    ),
    pytest.param(shell_call("ls -l"), "shell", id="shell_call of the API"),
    pytest.param(LOCAL_SHELL, "shell", id="local_shell_call of the API"),
]


def call_of(item: Item) -> ToolCall:
    call = read_call(item)
    assert call is not None
    return call


@pytest.mark.parametrize(("item", "tool"), COMMANDS)
def test_the_command_of_each_client_is_read(item: Item, tool: str) -> None:
    call = call_of(item)
    assert (call.tool, call.command, call.title) == (tool, "ls -l", 'the output of "ls -l"')


@pytest.mark.parametrize(
    ("namespace", "tool"),
    [
        ("mcp__fs", "mcp__fs__read_text_file"),
        ("functions", "read_text_file"),
        ("", "read_text_file"),
        (7, "read_text_file"),
    ],
    ids=["of an MCP server", "of Codex", "empty", "no text"],
)
def test_a_tool_of_an_mcp_server_has_its_name(namespace: object, tool: str) -> None:
    call = call_of({**function_call("read_text_file", {"path": "a.py"}), "namespace": namespace})
    assert (call.tool, call.path) == (tool, "a.py")


@pytest.mark.parametrize("line", ["bash deploy.sh && cat a.py", "sh -c 'ls -l' | head", "bash 'a b.sh'", "sh 'open"])
def test_a_line_that_only_begins_with_a_shell_stays_as_it_is(line: str) -> None:
    assert call_of(command_call(line)).command == line


@pytest.mark.parametrize(
    ("item", "path", "first_line"),
    [
        pytest.param(command_call("cat src/a.py"), "src/a.py", 1, id="cat"),
        pytest.param(command_call("sed -n '20,40p' a.py"), "a.py", 20, id="sed"),
        pytest.param(function_call("Read", {"file_path": "/r/a.py"}), "/r/a.py", None, id="Read of Claude Code"),
        pytest.param(
            function_call("Read", {"file_path": "/r/a.py", "offset": 9}), "/r/a.py", None, id="Read from an offset"
        ),
        pytest.param(function_call("read", {"filePath": "/r/a.py"}), "/r/a.py", None, id="read of opencode"),
        pytest.param(
            function_call("view", {"path": "/r/a.py", "view_range": [3, 9]}), "/r/a.py", None, id="view of a range"
        ),
        pytest.param(
            function_call("str_replace_editor", {"command": "view", "path": "a.py"}), "a.py", None, id="an editor"
        ),
        pytest.param(function_call("search", {"query": "x"}), None, None, id="no file"),
        pytest.param(command_call("cat a.py b.py"), None, None, id="two files"),
        pytest.param(command_call("set -e; sed -n '20,40p' a.py || true"), "a.py", 20, id="beside what prints nothing"),
        pytest.param(command_call("grep -n x a.py || echo none"), "a.py", None, id="a search beside it"),
        pytest.param(command_call("cat a.py; echo done"), None, None, id="beside what prints something"),
    ],
)
def test_the_file_that_a_call_shows(item: Item, path: str | None, first_line: int | None) -> None:
    call = call_of(item)
    assert (call.path, call.first_line) == (path, first_line)


@pytest.mark.parametrize(
    "item",
    [
        function_call("edit_lines", {"path": "a.py", "start_line": 3, "end_line": 4, "text": "x"}),
        function_call("str_replace_editor", {"command": "insert", "path": "a.py", "insert_line": 3, "new_str": "x"}),
        function_call("replace_range", {"file": "a.py", "lines": "3-4"}),
        command_call("sed -i '12,15d' a.py"),
    ],
    ids=lambda item: str(item["arguments"])[:60],
)
def test_an_edit_by_line_number_is_known(item: Item) -> None:
    assert call_of(item).edits_by_line


@pytest.mark.parametrize(
    "item",
    [
        function_call("Read", {"file_path": "a.py", "start_line": 3}),
        function_call("Edit", {"file_path": "a.py", "old_string": "x", "new_string": "y"}),
        function_call("edit_file", {"path": "a.py", "start_line": None, "old_str": "x"}),
        function_call("str_replace_based_edit_tool", {"command": "view", "path": "a.py", "insert_line": None}),
        command_call("sed -n '12,15p' a.py"),
    ],
    ids=lambda item: str(item["arguments"])[:60],
)
def test_other_calls_are_no_edits_by_line_number(item: Item) -> None:
    assert not call_of(item).edits_by_line


@pytest.mark.parametrize(
    ("command", "form"),
    [
        ("nl -ba a.py", GutterForm.ANY),
        ("git show HEAD:a.py | nl", GutterForm.ANY),
        ("cd a && cat --number a.py", GutterForm.ANY),
        ("cat -A -n a.py; cat -vn a.py", GutterForm.ANY),
        ("grep -n x a.py", GutterForm.SEARCH),
        ("cat a.py", GutterForm.NONE),
        ("git log; zcat -n a.gz", GutterForm.VIEWER),
        ("anl -ba a.py", GutterForm.VIEWER),
        ("nlx -ba a.py", GutterForm.VIEWER),
    ],
)
def test_what_may_number_the_lines_of_an_output(command: str, form: GutterForm) -> None:
    assert call_of(command_call(command)).gutter_form is form


@pytest.mark.parametrize(
    ("name", "path", "form"),
    [
        ("Read", "/r/src/a.go", GutterForm.CODE_READER),
        ("Read", "D:\\r\\v1.2\\a.ps1", GutterForm.CODE_READER),
        ("Read", "/r/users.TSV", GutterForm.READER),
        ("Read", "/r/notes.txt", GutterForm.READER),
        ("Read", "/r/v1.2/users", GutterForm.READER),
        ("Read", "D:\\r\\v1.2\\users", GutterForm.READER),
        ("read", "/r/src/a.go", GutterForm.CODE_READER),
        ("read", "/r/src/a.md", GutterForm.READER),
        ("fetch", "/r/src/a.go", GutterForm.TOOL),
        ("Grep", "/r/src/a.go", GutterForm.SEARCH),
        ("Write", "/r/src/a.go", GutterForm.TOOL),
    ],
)
def test_numbers_without_padding_are_claude_codes_where_there_is_no_table_and_those_of_source_code(
    name: str, path: str, form: GutterForm
) -> None:
    assert call_of(function_call(name, {"file_path": path})).gutter_form is form


@pytest.mark.parametrize(
    ("name", "given", "numbers"),
    [
        ("read", {}, (1, 2)),
        ("read", {"limit": 24}, (1, 2)),
        ("read", {"offset": 39, "limit": 121}, (39, 40)),
        ("read", {"start_line": 7, "end_line": 9}, (7, 8)),
        ("view", {"view_range": [7, 9]}, (7, 8)),
        ("Read", {"offset": 39}, ()),
    ],
)
def test_numbers_of_source_code_begin_with_the_line_that_the_call_asks_for(
    name: str, given: dict[str, object], numbers: tuple[int, ...]
) -> None:
    assert call_of(function_call(name, {"file_path": "a.go", **given})).begins_at == numbers


@pytest.mark.parametrize(
    "item",
    [
        pytest.param({}, id="empty"),
        pytest.param({"type": "message", "role": "user"}, id="another type"),
        pytest.param({"type": "function_call", "name": "f"}, id="no arguments"),
        pytest.param({"type": "function_call", "name": 1, "arguments": "{}"}, id="a name that is no text"),
        pytest.param({"type": "shell_call", "action": {"commands": ["a", "b"]}}, id="several commands"),
        pytest.param({"type": "shell_call", "action": None}, id="no action"),
        pytest.param({"type": "local_shell_call", "action": {"command": [1]}}, id="a word that is no text"),
        pytest.param({"type": "custom_tool_call", "name": "f", "input": None}, id="no input"),
    ],
)
def test_what_cannot_be_read_is_no_call(item: Item) -> None:
    assert read_call(item) is None


@pytest.mark.parametrize("arguments", ["", "null", "[]", '"x"', "{", '{"cmd": 1}', '{"cmd": null}', '{"cmd": [[]]}'])
def test_strange_arguments_give_a_call_without_a_command(arguments: str) -> None:
    call = call_of({"type": "function_call", "name": "f", "arguments": arguments})
    assert (call.command, call.path, call.title) == (None, None, f"the output of f({arguments})")


def test_a_long_title_is_cut_and_says_so() -> None:
    assert call_of(command_call("echo " + "x" * 90)).title == f'the output of "echo {"x" * 55}..."'
    assert call_of(command_call("echo a\necho b")).title == 'the output of "echo a..."'


def test_written_texts_of_several_lines_are_kept() -> None:
    text = "1\n2\n3\n4\n5"
    write = call_of(function_call("Write", {"file_path": "/r/a.py", "content": text, "mode": "w"}))
    assert write.written == (('"content" in your Write call for /r/a.py', text),)
    assert call_of(custom_call("apply_patch", text)).written == (("your apply_patch call", text),)
    command = f"cd /r &&\n\ncat > a <<E\n{text}\nE"
    assert call_of(command_call(command)).written == (('your command "cat > a <<E..."', command),)
    assert call_of(command_call("ls")).written == ()


@pytest.mark.parametrize(
    ("command", "folder"),
    [("ls", "/repo"), ("cd a && ls", "/repo/a"), ("cd a; cd b && ls", "/repo/a/b"), ("cd /x && cd y && ls", "/x/y")],
)
def test_the_folder_is_that_of_the_call_and_of_its_changes(command: str, folder: str) -> None:
    call = read_call(function_call("exec_command", {"cmd": command, "workdir": "/repo"}))
    assert call is not None
    assert call.folder == folder


def test_a_chain_of_many_folders_is_read() -> None:
    assert call_of(command_call("cd a; " * 9_000 + "ls")).command == "ls"

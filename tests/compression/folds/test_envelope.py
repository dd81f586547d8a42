"""The check of the envelope refuses what does not say the same. What it opens is in tests/cases/envelope."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from headroom_compression.calls.reading import read_call
from headroom_compression.calls.tool_call import ToolCall
from headroom_compression.document import Document
from headroom_compression.folds import envelope

SHELL = '{"output":"a\\nb\\n","metadata":{"exit_code":0,"duration_seconds":0.10}}'
EXEC = '{"chunk_id":"1a","wall_time_seconds":0.5,"exit_code":0,"original_token_count":9,"output":"a\\nb\\n"}'
MCP = '{"content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]}'


def document_of(text: str) -> Document:
    return Document.of(text, None)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        (SHELL, "Exit code: 0\nWall time: 0.10 seconds\nOutput:\na\nb\n"),
        (
            EXEC.replace('"original_token_count":9,', ""),
            "Chunk ID: 1a\nWall time: 0.5 seconds\nProcess exited with code 0\nOutput:\na\nb\n",
        ),
        (MCP, "MCP text 1 of 2:\na\nMCP text 2 of 2:\nb"),
        ('{"content":[{"type":"text","text":""}]}', "MCP text 1 of 1:\n"),
        (
            '{"output":"","metadata":{"exit_code":0,"duration_seconds":0}}',
            "Exit code: 0\nWall time: 0 seconds\nOutput:\n",
        ),
    ],
)
def test_the_header_form(text: str, folded: str) -> None:
    document = document_of(text)
    assert envelope.fold(document) == folded
    assert envelope.is_exact(document, folded)


@pytest.mark.parametrize(
    "folded",
    [
        "",
        "a\nb\n",
        "Output:\na\nb\n",
        "Exit code: 0\nOutput:\na\nb\n",
        "Wall time: 0.10 seconds\nOutput:\na\nb\n",
        "Exit code: 0\nWall time: 0.1 seconds\nOutput:\na\nb\n",
        "Exit code: 00\nWall time: 0.10 seconds\nOutput:\na\nb\n",
        "Exit code: 1\nWall time: 0.10 seconds\nOutput:\na\nb\n",
        "Wall time: 0.10 seconds\nExit code: 0\nOutput:\na\nb\n",
        "Exit code: 0\nWall time: 0.10 seconds\nOutput:\na\nb",
        "Exit code: 0\nWall time: 0.10 seconds\nOutput:\na\r\nb\n",
        "\nExit code: 0\nWall time: 0.10 seconds\nOutput:\na\nb\n",
        "MCP text 1 of 1:\na\nb\n",
        SHELL,
    ],
)
def test_another_value_is_refused(folded: str) -> None:
    assert not envelope.is_exact(document_of(SHELL), folded)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param(SHELL[:-1], id="cut off"),
        pytest.param(SHELL + "x", id="rubbish behind it"),
        pytest.param(f"[{SHELL}]", id="in a list"),
        pytest.param(SHELL.replace("0.10", "NaN"), id="NaN"),
        pytest.param(SHELL.replace("0.10", "null"), id="null"),
        pytest.param(SHELL.replace("0.10", '"0.10"'), id="a number in quotes"),
        pytest.param(SHELL.replace("0.10", "true"), id="true"),
        pytest.param(SHELL.replace("0.10", "0.10,0.10"), id="no member"),
        pytest.param(SHELL.replace('"exit_code":0', '"exit_code":0,"exit_code":0'), id="a key twice"),
        pytest.param(SHELL.replace('"exit_code":0,', ""), id="a key missing"),
        pytest.param(SHELL.replace("0}}", '0,"more":1}}'), id="a key more"),
        pytest.param(SHELL.replace("0}}", '0},"more":1}'), id="a key more outside"),
        pytest.param(SHELL.replace('"a\\nb\\n"', "null"), id="no output"),
        pytest.param(SHELL.replace('"a\\nb\\n"', '["a"]'), id="a list of outputs"),
        pytest.param(SHELL.replace("a\\n", "\\ud800"), id="a lone surrogate"),
        pytest.param(EXEC.replace('"exit_code":0,', ""), id="neither exit code nor session"),
        pytest.param(EXEC.replace('"1a"', '"1 a"'), id="a chunk id with a space"),
        pytest.param(EXEC.replace('"1a"', '"1a\\nOutput:"'), id="a chunk id with a newline"),
        pytest.param(MCP.replace('"text":"b"', '"text":"b","more":{}'), id="a key more in a part"),
        pytest.param(MCP.replace('{"type":"text","text":"b"}', '{"type":"image"}'), id="an image"),
        pytest.param(MCP.replace("]}", '],"more":true}'), id="a key more beside the content"),
        pytest.param('{"content":[]}', id="no content"),
        pytest.param('{"content":"a"}', id="content that is a text"),
        pytest.param('{"output":' + "[" * 100_000, id="100,000 deep"),
    ],
)
def test_what_is_not_exactly_an_envelope_stays(text: str) -> None:
    assert envelope.fold(document_of(text)) is None


def test_a_third_level_stays_json() -> None:
    text = "x"
    for _ in range(3):
        text = json.dumps({"content": [{"type": "text", "text": text}]})
    document = document_of(text)
    folded = envelope.fold(document)
    assert folded == 'MCP text 1 of 1:\nMCP text 1 of 1:\n{"content": [{"type": "text", "text": "x"}]}'
    assert envelope.is_exact(document, folded)


def call_of(name: str, **arguments: object) -> ToolCall:
    call = read_call({"type": "function_call", "name": name, "arguments": json.dumps(arguments)})
    assert call is not None
    return call


RESULT = json.dumps({"result": "a\nb"})
ANSWER = json.dumps([{"query": 'rg "a"', "result": "a\nb", "success": True}])
ENDED = "Shell command failed with exit code 2. Output:"
RESPONSE = json.dumps({"result": [{"content": f"{ENDED}\na\nb", "_": {}}], "errors": [], "details": ["slow"]})
PLAIN_RESPONSE = f'errors: []\ndetails: ["slow"]\nresult 1 of 1, _ {{}}:\n{ENDED}\na\nb'
MOVED = json.dumps([{"query": "cd api && mvn test", "result": "a\nb", "success": True}])
PLAIN_MOVED = 'result 1 of 1, query "cd api && mvn test", success true:\na\nb'
PART = json.dumps([{"query": "/a.py:2-EOF", "result": "a\nb", "success": True}])
FILE = json.dumps({"content": "1|a\n2|b", "total_lines": 2, "truncated": False})
PLAIN_FILE = "total_lines: 2\ntruncated: false\ncontent 1 of 1:\n1|a\n2|b"
MATCHES = json.dumps({"total_count": 1, "matches_text": "/a.py\n  1: a"})
PLAIN_MATCHES = "total_count: 1\nmatches_text 1 of 1:\n/a.py\n  1: a"
PLAIN_PART = 'result 1 of 1, query "/a.py:2-EOF", success true:\na\nb'


@pytest.mark.parametrize(
    ("text", "call", "folded"),
    [
        (RESULT, call_of("search", query="a"), "result 1 of 1:\na\nb"),
        (RESULT, call_of("exec_command", cmd="rg -n a src"), "result 1 of 1:\na\nb"),
        (
            ANSWER,
            call_of("run_commands", commands=['rg "a"']),
            'result 1 of 1, query "rg \\"a\\"", success true:\na\nb',
        ),
        (MOVED, call_of("run_commands", commands=["cd api && mvn test"]), PLAIN_MOVED),
        (MOVED, call_of("run_commands", commands=["cd web && mvn test"]), None),
        (MOVED, call_of("run_commands", commands=["cd web-api && mvn test"]), None),
        (MOVED, call_of("run_commands", commands=["mvn test"]), None),
        (MOVED, call_of("bash", command="curl -s 'http://127.0.0.1:8000/find?q=cd api && mvn test'"), None),
        (RESPONSE, call_of("Command", command="cat a.json"), PLAIN_RESPONSE),
        (RESPONSE, call_of("bash", command="cat a.json"), None),
        (RESPONSE, call_of("Grep", pattern="a"), None),
        (RESPONSE, None, None),
        (RESPONSE.replace(ENDED, "Started. "), call_of("Command", command="make"), None),
        (RESPONSE.replace('"errors"', '"warnings"'), call_of("Command", command="make"), None),
        (ANSWER, call_of("run", commands=['rg "a"', "x"]), 'result 1 of 1, query "rg \\"a\\"", success true:\na\nb'),
        (RESULT, call_of("bash", command="curl -s http://127.0.0.1:8000/run"), None),
        (RESULT, call_of("bash", command="make run"), None),
        (ANSWER, call_of("bash", command="curl -s 'http://127.0.0.1:8000/find?q=rg \"a\"'"), None),
        (RESULT, call_of("exec_command", cmd="cat a.json"), None),
        (RESULT, call_of("exec_command", cmd="rg result a.json"), None),
        (RESULT, call_of("exec_command", cmd="rg -h result"), None),
        (RESULT, call_of("exec_command", cmd="git show HEAD:a.json"), None),
        (RESULT, call_of("exec_command", cmd='python -c "print(open(1))"'), None),
        (RESULT, call_of("bash", command="sudo -u me cat a.json"), None),
        (RESULT, call_of("read_file", file="a.json"), None),
        (RESULT, call_of("fetch", path="a.json"), None),
        (RESULT, call_of("mcp__web__fetch", url="http://127.0.0.1:8000/run"), None),
        (RESULT, call_of("read_file", path="a.py"), None),
        (FILE, call_of("read_file", path="a.py"), PLAIN_FILE),
        (FILE, call_of("read_file", path="a.json"), None),
        (FILE, call_of("read_file", path="a"), None),
        (FILE, call_of("bash", command="cat a.json"), None),
        (MATCHES, call_of("search_files", pattern="a", path="."), PLAIN_MATCHES),
        (MATCHES, call_of("read_file", path="a.py"), None),
        (MATCHES, call_of("bash", command="cat a.json"), None),
        (MATCHES, None, None),
        (RESULT, None, None),
        (ANSWER, call_of("read_files", files=["a.json"]), None),
        (PART, call_of("read_files", files=[{"path": "/a.py", "start_line": 2}]), PLAIN_PART),
        (PART, call_of("read_files", files=[{"path": "/b.py", "start_line": 2}]), None),
    ],
)
def test_the_call_says_whether_it_is_a_wrapped_result(text: str, call: ToolCall | None, folded: str | None) -> None:
    document = replace(document_of(text), call=call)
    assert envelope.fold(document) == folded
    assert folded is None or envelope.is_exact(document, folded)


@pytest.mark.parametrize(
    ("command", "is_opened"),
    [("curl -s http://127.0.0.1:8000/run", True), ("make run", True), ("cat a.json", False), ("jq . a.json", False)],
)
def test_what_wraps_the_outputs_of_all_commands_is_the_client(command: str, *, is_opened: bool) -> None:
    document = replace(document_of(RESULT), call=call_of("bash", command=command), is_reported=True)
    assert (envelope.fold(document) == "result 1 of 1:\na\nb") is is_opened


def test_behind_a_header_of_codex_a_result_is_what_a_program_printed() -> None:
    header = "Chunk ID: 3e0888\nWall time: 0.0000 seconds\nProcess exited with code 0\nOutput:\n"
    document = Document.of(header + RESULT, call_of("exec_command", cmd="rg -n a src"))
    assert envelope.fold(document) is None


def test_within_a_result_of_mcp_what_a_server_answered_stays_json() -> None:
    text = json.dumps({"content": [{"type": "text", "text": RESULT}]})
    document = replace(document_of(text), call=call_of("mcp__web__search", query="a"))
    assert envelope.fold(document) == f"MCP text 1 of 1:\n{RESULT}"

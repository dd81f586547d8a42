"""Each of several results of one call is folded as it is alone, only where they are those that the call asks for."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest

from headroom_compression import Settings
from headroom_compression import compress_request_body
from headroom_compression import tokens
from headroom_compression.calls.reading import read_call
from headroom_compression.document import Document
from headroom_compression.formats.wrapped_results import read_written
from headroom_compression.joined_results import calls_within
from headroom_compression.joined_results import fold_results
from tests.compression.support.bodies import Item
from tests.compression.support.bodies import function_call
from tests.compression.support.bodies import function_output
from tests.compression.support.bodies import request_body
from tests.compression.support.bodies import sent_items

SEARCHED = "\n".join(f"./src/areas/areas.py:{n}:def area_{n}(width, height):" for n in range(1, 30))
CARTS = json.dumps({"carts": [{"id": n, "name": f"cart {n}", "owner": None} for n in range(30)]})
SOURCE = "\n".join(f"def room_{n}(width, height):\n    return width * height + {n}\n" for n in range(20))
SEARCH, FETCH, SHOW = "grep -rn width .", "curl -s http://127.0.0.1:1/carts", "cat rooms.py"
STATUS = "On branch main\nnothing to commit, working tree clean"
TEXTS = {SEARCH: SEARCHED, FETCH: CARTS, SHOW: SOURCE, "git status": STATUS}
BUDGET = Settings(budget=200_000)


def wrapped(answers: Sequence[tuple[str, str]], *failed: str) -> str:
    entries = [{"query": query, "result": text, "success": query not in failed} for query, text in answers]
    return json.dumps(entries, separators=(",", ":"))


def turn(call_id: str, commands: Sequence[str], output: str, name: str = "run_commands") -> list[Item]:
    key = "queries" if name == "search_codebase" else "commands"
    return [function_call(name, {key: list(commands)}, call_id), function_output(output, call_id)]


def sent(items: list[Item], settings: Settings = BUDGET) -> list[str]:
    body = request_body(*items, truncation="auto")
    outputs = [item for item in sent_items(compress_request_body(body, settings).body) if "output" in item]
    return [str(item["output"]) for item in outputs]


def texts_of(output: str) -> list[str]:
    result = read_written(output)
    assert result is not None
    return [text for _, text in result.texts]


def alone(command: str) -> str:
    (output,) = sent(turn("call_1", [command], wrapped([(command, TEXTS[command])])))
    return texts_of(output)[0].removeprefix("\n") if command != "git status" else TEXTS[command]


@pytest.mark.parametrize(
    "commands",
    [[SEARCH, FETCH], [FETCH, SEARCH], [SHOW, SEARCH], ["git status", FETCH, SHOW], [SEARCH, SEARCH]],
    ids=lambda commands: ", ".join(command.partition(" ")[0] for command in commands),
)
def test_each_result_is_sent_as_it_is_alone(commands: list[str]) -> None:
    output = wrapped([(command, TEXTS[command]) for command in commands])
    (folded,) = sent(turn("call_1", commands, output))
    assert texts_of(folded) == [alone(command) for command in commands]
    assert tokens.count(folded) < tokens.count(output)


def test_the_result_of_a_command_that_failed_stays() -> None:
    output = wrapped([(SEARCH, SEARCHED), (FETCH, CARTS)], SEARCH)
    (folded,) = sent(turn("call_1", [SEARCH, FETCH], output))
    assert texts_of(folded) == [SEARCHED, alone(FETCH)]
    entries = json.loads(output)
    entries[0]["error"] = "Command exited with code 2"
    (named,) = sent(turn("call_1", [SEARCH, FETCH], json.dumps(entries)))
    assert texts_of(named) == texts_of(folded)


@pytest.mark.parametrize(
    ("commands", "answers"),
    [
        ([SEARCH, FETCH], [(SEARCH, SEARCHED)]),
        ([SEARCH, FETCH], [(FETCH, CARTS), (SEARCH, SEARCHED)]),
        ([SEARCH, FETCH], [(SEARCH, SEARCHED), ("curl -s http://127.0.0.1:1", CARTS)]),
        ([SEARCH, FETCH], [(SEARCH, f"{SEARCHED}\nresult 2 of 2, query {json.dumps(FETCH)}:\n"), (FETCH, CARTS)]),
        ([SEARCH, FETCH + "x" * 3_000], [(SEARCH, SEARCHED), (FETCH + "x" * 3_000, CARTS)]),
    ],
    ids=["one is missing", "another order", "another command", "a text like a title", "a call that is cut"],
)
def test_results_of_other_commands_are_folded_by_no_kind(commands: list[str], answers: list[tuple[str, str]]) -> None:
    (folded,) = sent(turn("call_1", commands, wrapped(answers)))
    assert folded.count("areas.py:1") == wrapped(answers).count("areas.py:1")
    assert ('"cart 7"' in folded.replace("\\", "")) is any(text == CARTS for _, text in answers)


def test_searches_are_folded_as_well() -> None:
    rows = "\n".join(f"src/areas/areas.py:{n}: def area_{n}(width, height):" for n in range(1, 30))
    queries = ["width", "height"]
    output = wrapped([(query, rows) for query in queries])
    (folded,) = sent(turn("call_1", queries, output, "search_codebase"))
    assert folded.count("src/areas/areas.py") == len(queries)


def test_a_later_output_points_into_a_result_and_a_result_to_an_earlier_output() -> None:
    first = turn("call_1", [SEARCH, SHOW], wrapped([(SEARCH, SEARCHED), (SHOW, SOURCE)]))
    again = turn("call_2", [SHOW], wrapped([(SHOW, SOURCE)]))
    last = turn("call_3", [SHOW, FETCH], wrapped([(SHOW, SOURCE), (FETCH, CARTS)]))
    outputs = sent([*first, *again, *last])
    assert texts_of(outputs[0]) == [alone(SEARCH), SOURCE]
    assert all("identical to lines" in output and "room_12" not in output for output in outputs[1:])
    assert outputs[2].endswith(alone(FETCH))
    for count in (2, 4):
        assert sent([*first, *again, *last][:count]) == outputs[: count // 2]


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("run_commands", {"commands": ["ls", "git log"]}, ["ls", "git log"]),
        ("search_codebase", {"queries": ["a", "b", "c"]}, ["a", "b", "c"]),
        ("run_commands", {"commands": ["ls"]}, []),
        ("run_commands", {"commands": ["ls", 1]}, []),
        ("run_commands", {"commands": ["ls", "ls"], "folder": "/srv"}, []),
        ("run_commands", {"commands": "ls"}, []),
        ("bash", {"command": '"commands"'}, []),
        ("read_file", {"path": "commands"}, []),
    ],
)
def test_the_calls_within_a_call(name: str, arguments: dict[str, object], expected: list[str]) -> None:
    call = read_call(function_call(name, arguments, "call_1"))
    within = calls_within(call)
    assert [asked for asked, _ in within] == expected
    assert all(inner.command == asked or inner.asked == (asked,) for asked, inner in within)
    assert calls_within(None) == ()


def test_where_nothing_is_folded_the_document_stays() -> None:
    call = read_call(function_call("run_commands", {"commands": ["ls", "pwd"]}, "call_1"))
    text = 'result 1 of 2, query "ls", success true:\na\nresult 2 of 2, query "pwd", success true:\n/srv'
    document = Document.of(text, call)
    assert fold_results(document, calls_within(call), lambda answer: answer) is None

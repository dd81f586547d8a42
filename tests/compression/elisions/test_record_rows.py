"""Which tables lose rows and which do not, on answers made up for the purpose; real ones are in tests/cases."""

from __future__ import annotations

import json
from typing import Any

import pytest

from headroom_compression import Settings
from headroom_compression import compress_request_body
from tests.compression.support.bodies import function_call
from tests.compression.support.bodies import function_output
from tests.compression.support.bodies import request_body
from tests.compression.support.bodies import sent_items
from tests.compression.support.elided_tables import check_rows

RECALL = Settings(level="recall", recall_dir="/recall", recall_stores=False)
ROWS = 60
WORDS = "The invoice of the customer is written twice when the queue of the worker was full once before"


def sent(
    answer: Any, arguments: dict[str, Any] | None = None, settings: Settings = RECALL, tool: str = "mcp__a__list"
) -> str:
    call = function_call(tool, arguments or {})
    body = request_body(call, function_output(json.dumps(answer), call["call_id"]))
    return str(sent_items(compress_request_body(body, settings).body)[-1]["output"])


def rows(**columns: Any) -> list[dict[str, Any]]:
    """Rows whose values are made by functions of the row's number, or are the same in all."""
    return [
        {name: value(number) if callable(value) else value for name, value in columns.items()} for number in range(ROWS)
    ]


def number(row: int) -> int:
    return 7000 + row


def text(row: int) -> str:
    return f"{WORDS} {row}"


def node(row: int) -> str:
    return f"MDQ6{row * 7919:012d}x"


@pytest.mark.parametrize(
    ("answer", "shown"),
    [
        pytest.param(rows(id=number, body=text, title=lambda row: f"Crash {row}"), "\t7030,Crash 30", id="issues"),
        pytest.param(rows(id=number, level="info", message=text), "\t7030", id="a log"),
        pytest.param(rows(path=lambda row: f"a/{row}.py", line=number, text=text), "\ta/30.py,7030", id="hits"),
        pytest.param(rows(node=node, size=number, origin=WORDS.split(" ")[0:3], text="x" * 40), None, id="narrow rows"),
        pytest.param(rows(id=number, body=text, author="ada"), None, id="comments"),
        pytest.param(rows(path=lambda row: f"a/{row}.py", line=number, body=text), None, id="comments on lines"),
        pytest.param(rows(sha=node, message=text), None, id="messages of commits"),
        pytest.param(rows(id=number, status="failed", reason=text), None, id="each a failure"),
        pytest.param(rows(id=number, status=500, level="x", note=text), None, id="each a bad status"),
        pytest.param(
            rows(id=number, level="info", message=text, spans=lambda row: [{"id": f"{row}a{n}"} for n in range(3)]),
            '\t7030,["30a0","30a1","30a2"]',
            id="ids in lists",
        ),
        pytest.param(
            rows(
                id=number, level="info", spans=lambda row: [{"id": f"{row}a{n}", "message": text(n)} for n in range(3)]
            ),
            None,
            id="ids in lists with much else",
        ),
        pytest.param(
            rows(id=number, level="info", message=text, one=lambda row: [{"spanId": row}, row, WORDS, WORDS]),
            None,
            id="ids deep in lists",
        ),
        pytest.param(rows(id=number, level="info", message=text)[:12], None, id="few rows"),
    ],
)
def test_tables_that_lose_rows(answer: Any, shown: str | None) -> None:
    found = sent(answer)
    assert ("left out here" in found) is (shown is not None)
    if shown is not None:
        assert shown in found.split("\n")
        check_rows(found, sent(answer, settings=Settings()))


def test_no_file_is_opened_for_what_was_asked() -> None:
    answer = rows(id=number, level="info", message=text)
    answer[31]["message"] = f"{WORDS} and over at Checkout"
    assert "Checkout" not in sent(answer)
    assert "Checkout" in sent(answer, {"query": "checkout"})


def test_what_all_rows_hold_was_not_asked_for() -> None:
    answer = rows(id=number, level="info", message=text)
    assert sent(answer, {"query": "invoice"}) == sent(answer)


def test_several_tables_and_a_list_that_is_no_table() -> None:
    log = rows(id=number, level="info", message=text)
    answer = {"first": log, "other": [1, 2, {"a": 1}], "second": [{**row, "id": row["id"] + 500} for row in log]}
    found = sent(answer)
    assert found.count("left out here") == 2
    check_rows(found, sent(answer, settings=Settings()))


def test_json_lines() -> None:
    lines = "\n".join(json.dumps(row) for row in rows(id=number, level="info", message=text))
    call = function_call("mcp__a__tail", {})
    whole, found = (
        str(
            sent_items(
                compress_request_body(request_body(call, function_output(lines, call["call_id"])), settings).body
            )[-1]["output"]
        )
        for settings in (Settings(), RECALL)
    )
    assert found.startswith("60 JSON lines ")
    assert "\t7030" in found.split("\n")
    check_rows(found, whole)


@pytest.mark.parametrize("tool", ["read_file", "bash"])
def test_what_shows_a_file_is_whole(tool: str) -> None:
    answer = rows(id=number, level="info", message=text)
    assert sent(answer, {"path": "log.json"}, tool=tool) == json.dumps(answer)


@pytest.mark.parametrize(
    ("row", "column", "value"),
    [
        pytest.param(30, "status", "failed", id="a status that is there once"),
        pytest.param(30, "message", "connection refused by the database", id="an error in words"),
        pytest.param(30, "attempts", 9000, id="an amount far out"),
        pytest.param(30, "region", "us-east-9", id="a value that is there once"),
        pytest.param(30, "error", {"code": 3}, id="an error that is an object"),
    ],
)
def test_a_row_that_differs_stays_whole(row: int, column: str, value: Any) -> None:
    answer = rows(
        id=number,
        status="done",
        message=text,
        attempts=lambda row: 10 + row % 20,
        region=lambda row: "eu" if row % 2 else "us",
        error=None,
    )
    answer[row][column] = value
    found = sent(answer)
    (whole,) = (line for line in found.split("\n") if line.startswith("7030,"))
    assert str(value["code"] if isinstance(value, dict) else value) in whole
    check_rows(found, sent(answer, settings=Settings()))


def test_ids_that_nearly_repeat_are_all_there() -> None:
    answer = rows(request_id=lambda row: f"7a97c64365641{row // 10}a{row % 10}", level="info", message=text)
    found = sent(answer)
    assert all(row["request_id"] in found for row in answer)

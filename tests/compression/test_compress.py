"""Whole bodies: what passes, what is reported, and what the rest of a request does to references."""

from __future__ import annotations

import json

import pytest

import headroom_compression
from headroom_compression import CompressedBody
from headroom_compression import Memory
from headroom_compression import compress_request_body
from headroom_compression.document import Stage
from tests.compression.support.bodies import Item
from tests.compression.support.bodies import code_lines
from tests.compression.support.bodies import command_call
from tests.compression.support.bodies import custom_call
from tests.compression.support.bodies import custom_output
from tests.compression.support.bodies import function_output
from tests.compression.support.bodies import image_part
from tests.compression.support.bodies import message
from tests.compression.support.bodies import numbered
from tests.compression.support.bodies import request_body
from tests.compression.support.bodies import sent_items
from tests.compression.support.bodies import text_part

TEXT = "\n".join(code_lines(40))
NUMBERED = numbered(code_lines(40))
FIRST = [command_call("cat a.py"), function_output(TEXT)]
AGAIN = [command_call("cat a.py", "call_2"), function_output(TEXT, "call_2")]
NUMBERED_READ = [command_call("nl -ba a.py"), function_output(NUMBERED)]


def with_json(marker: str, source: str, *items: Item) -> bytes:
    """The body with the string `marker` in it replaced by a JSON source text."""
    body = request_body(*items)
    assert body.count(f'"{marker}"'.encode()) == 1
    return body.replace(f'"{marker}"'.encode(), source.encode())


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "no JSON"),
        (b"\xff", "no JSON"),
        (b"[]", "no JSON object, or one with a key twice"),
        (b'{"a":1,"a":2,"input":[]}', "no JSON object, or one with a key twice"),
        (b'{"input":"text"}', "no input items"),
    ],
)
def test_what_is_no_request_passes_and_the_report_says_why(body: bytes, reason: str) -> None:
    for memory in (None, Memory()):
        result = compress_request_body(body, memory=memory)
        assert result.body is body
        assert not result.changed
        assert result.report.passed == reason
        assert result.report.tool_texts == 0


def test_the_face_has_the_names_that_it_tells_and_no_other() -> None:
    assert [name for name in headroom_compression.__all__ if not hasattr(headroom_compression, name)] == []
    assert not hasattr(headroom_compression, "compress_nothing")


def test_a_request_without_savings_is_the_same_object() -> None:
    body = request_body(message("hello"), *FIRST)
    for _ in range(2):
        result = compress_request_body(body, memory=Memory())
        assert result.body is body
        assert not result.changed
        assert result.report.passed is None
        assert result.report.tool_texts == 1


def test_the_report_counts_what_was_saved() -> None:
    report = compress_request_body(request_body(*NUMBERED_READ, *FIRST)).report
    assert report.tool_texts == 2
    assert [text.tool for text in report.shortened] == ["exec_command", "exec_command"]
    assert [text.stages for text in report.shortened] == [(Stage.ROWS,), (Stage.ROWS,)]
    assert 0 < report.tokens_after < report.tokens_before
    assert report.tokens_before == sum(text.tokens_before for text in report.shortened)


def test_new_outputs_are_told_as_they_came_and_as_they_are_sent() -> None:
    memory = Memory()
    first = compress_request_body(request_body(*FIRST), memory=memory)
    items = [*FIRST, *AGAIN, *NUMBERED_READ]
    later = compress_request_body(request_body(*items), memory=memory)
    sent = [item["output"] for item in json.loads(later.body)["input"] if "output" in item]
    came = [item["output"] for item in items if "output" in item]
    assert (*first.new_outputs, *later.new_outputs) == tuple((pair,) for pair in zip(came, sent, strict=True))
    assert compress_request_body(request_body(*items), memory=memory).new_outputs == ()


def refers(body: bytes) -> bool:
    return b" identical to lines " in compress_request_body(body).body


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        pytest.param({}, True, id="none"),
        pytest.param({"truncation": "disabled"}, True, id="truncation disabled"),
        pytest.param({"truncation": None}, True, id="truncation null"),
        pytest.param({"truncation": "auto"}, False, id="truncation auto"),
        pytest.param({"truncation": {"type": "new"}}, False, id="truncation of a new kind"),
        pytest.param({"context_management": []}, True, id="no context management"),
        pytest.param({"context_management": [{"type": "compaction"}]}, False, id="context management"),
        pytest.param({"context_management": {"a": 1}}, False, id="context management of a new kind"),
    ],
)
def test_no_reference_where_the_server_may_shorten_the_history(members: Item, expected: bool) -> None:  # noqa: FBT001  a column
    assert refers(request_body(*FIRST, *AGAIN, **members)) is expected
    before_input = json.dumps({**members, "input": [*FIRST, *AGAIN]}).encode()
    assert refers(before_input) is expected


def test_gutters_are_thinned_where_the_server_may_shorten_the_history() -> None:
    assert compress_request_body(request_body(*NUMBERED_READ, truncation="auto")).changed


@pytest.mark.parametrize(
    "content",
    [
        pytest.param('"gAAAA"', id="readable"),
        pytest.param('"\\ud800"', id="a lone surrogate"),
        pytest.param("1e400", id="a number that no double holds"),
        pytest.param("[" * 2_000 + "]" * 2_000, id="2,000 deep"),
    ],
)
def test_no_reference_crosses_a_compaction(content: str) -> None:
    compaction = {"type": "compaction", "encrypted_content": "HERE"}
    assert not refers(with_json("HERE", content, *FIRST, compaction, *AGAIN))
    assert refers(with_json("HERE", content, *FIRST, message("HERE"), *AGAIN))


@pytest.mark.parametrize(
    ("item", "is_crossed"),
    [
        pytest.param({"type": "item_reference", "id": "cmp_1"}, False, id="by its id"),
        pytest.param({"type": None, "id": "cmp_1"}, False, id="without a type"),
        pytest.param({"id": "cmp_1"}, False, id="by its id alone"),
        pytest.param({"type": "item_reference", "id": "rs_1"}, True, id="of reasoning"),
        pytest.param({"type": "message", "id": "cmp_1", "role": "user", "content": "a"}, True, id="a message"),
        pytest.param({"id": "cmp_1", "role": "user", "content": "a"}, True, id="a message without a type"),
        pytest.param({"type": "item_reference", "id": ["cmp_1"]}, True, id="of no id"),
    ],
)
def test_no_reference_crosses_a_compaction_that_the_server_holds(item: Item, is_crossed: bool) -> None:  # noqa: FBT001  a table's column
    assert refers(request_body(*FIRST, item, *AGAIN)) is is_crossed


@pytest.mark.parametrize(
    "extra",
    [
        pytest.param('"\\ud800"', id="a lone surrogate"),
        pytest.param("1e400", id="a number that no double holds"),
        pytest.param("9" * 5_000, id="5,000 digits"),
        pytest.param("[" * 900 + "]" * 900, id="900 deep"),
        pytest.param("[" * 5_000 + "]" * 5_000, id="5,000 deep"),
        pytest.param('{"a":1,"a":2}', id="a key twice inside"),
    ],
)
def test_a_strange_item_does_not_stop_the_others(extra: str) -> None:
    strange = {"type": "message", "content": "HERE"}
    body = with_json("HERE", extra, *NUMBERED_READ, strange, *AGAIN)
    result = compress_request_body(body)
    assert len(result.report.shortened) >= 1
    assert extra.encode() in result.body


@pytest.mark.parametrize("field", ["call_id", "output"])
def test_an_output_with_a_lone_surrogate_stays_as_it_is(field: str) -> None:
    output = function_output(NUMBERED) | {"note": "HERE"}
    output[field] = NUMBERED if field == "output" else "call_1"
    body = with_json("HERE", '"\\ud83d"', command_call("nl -ba a.py"), output)
    assert compress_request_body(body).body is body


def test_an_output_that_names_a_key_twice_stays_as_it_is() -> None:
    body = request_body(*NUMBERED_READ).replace(b'"output":', b'"output":"","output":')
    assert compress_request_body(body).body is body


@pytest.mark.parametrize(
    ("name", "is_shortened"), [("\U00031350", False), ("\U00020000", True)], ids=["of 2022", "of 2001"]
)
@pytest.mark.parametrize("is_of_call", [True, False], ids=["in the call", "in the output"])
def test_an_output_with_a_letter_that_not_every_python_knows_stays_as_it_is(
    name: str,
    is_shortened: bool,  # noqa: FBT001  a table's column
    is_of_call: bool,  # noqa: FBT001  a table's column
) -> None:
    """Else what is sent would depend on the version of Python. Nothing refers to it."""
    call = command_call(f"cat {name}.py" if is_of_call else "cat a.py")
    output = function_output(TEXT if is_of_call else f"{TEXT}\n# {name}")
    again = [command_call("cat b.py", "call_2"), function_output(TEXT, "call_2")]
    sent = sent_items(compress_request_body(request_body(call, output, *again)).body)
    assert sent[:2] == [call, output]
    assert ("identical to " in sent[3]["output"]) is is_shortened
    numbers = [command_call(f"nl -ba {name}.py"), function_output(NUMBERED)]
    assert compress_request_body(request_body(*numbers)).changed is is_shortened


def test_an_edit_by_line_with_a_lone_surrogate_still_keeps_the_numbers() -> None:
    edit = command_call("sed -i '3s/x/HERE/' a.py", "call_0")
    body = request_body(edit, *NUMBERED_READ).replace(b"HERE", b"\\ud83d")
    assert compress_request_body(body).body is body


def test_images_between_texts_stay_in_their_places() -> None:
    parts = [text_part("Wall time: 0.1 seconds\nOutput:"), image_part(), text_part(NUMBERED), image_part()]
    items = [custom_call("exec", 'text(await tools.exec_command({"cmd":"nl -ba a.py"}))'), custom_output(parts)]
    sent = sent_items(compress_request_body(request_body(*items)).body)[1]["output"]
    assert [part["type"] for part in sent] == [part["type"] for part in parts]
    assert [sent[0], sent[1], sent[3]] == [parts[0], parts[1], parts[3]]
    assert len(sent[2]["text"]) < len(NUMBERED)


def test_text_that_is_not_of_a_tool_is_never_touched() -> None:
    items = [
        message(NUMBERED),
        {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": NUMBERED}]},
        {"type": "mcp_call", "name": "x", "arguments": "{}", "output": NUMBERED},
        {"type": "local_shell_call_output", "call_id": "call_1", "output": NUMBERED},
        {"type": "reasoning", "summary": [{"type": "summary_text", "text": NUMBERED}]},
        {"output": NUMBERED},
        {"type": "item_reference", "id": "x"},
    ]
    body = request_body(*items, instructions=NUMBERED, tools=[{"type": "function", "description": NUMBERED}])
    assert compress_request_body(body).body is body


@pytest.mark.parametrize("last", ["1", "12", "null", '"a"', "[]", "1.5"])
def test_a_last_item_that_another_begins_with_is_not_mistaken(last: str) -> None:
    memory = Memory()
    for item in (last, last + "0" if last[0].isdigit() else last, "1", "15", "1.5", "1.55"):
        body = with_json("HERE", item, *NUMBERED_READ, message("HERE"))
        body = body.replace(b'{"role":"user","content":' + item.encode() + b"}", item.encode())
        assert compress_request_body(body, memory=memory).body == compress_request_body(body).body


def test_a_member_after_the_input_counts_although_the_beginning_is_remembered() -> None:
    memory = Memory()
    results: list[CompressedBody] = []
    after_input: list[Item] = [{}, {"model": "again"}, {"input": []}, {"truncation": "auto"}, {}]
    for members in after_input:
        body = json.dumps({"model": "gpt-test", "input": [*FIRST, *AGAIN]})[:-1].encode()
        body += "".join(f",{json.dumps(key)}:{json.dumps(value)}" for key, value in members.items()).encode() + b"}"
        results.append(compress_request_body(body, memory=memory))
        assert results[-1].body == compress_request_body(body).body
    assert [result.changed for result in results] == [True, False, False, False, True]

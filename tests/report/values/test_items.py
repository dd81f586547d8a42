"""What counts of an item, and where the requests of a session end."""

from __future__ import annotations

import pytest

from headroom_compression import tokens
from headroom_report.values.items import count_tokens
from headroom_report.values.items import digest
from headroom_report.values.items import is_model_made
from headroom_report.values.items import is_output
from headroom_report.values.items import request_ends
from headroom_report.values.items import texts
from tests.compression.support.bodies import Item
from tests.compression.support.bodies import custom_output
from tests.compression.support.bodies import function_call
from tests.compression.support.bodies import function_output
from tests.compression.support.bodies import image_part
from tests.compression.support.bodies import message
from tests.compression.support.bodies import shell_call
from tests.compression.support.bodies import shell_output
from tests.compression.support.bodies import text_part
from tests.report.reads import reads

ANSWER = {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "Done."}]}


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        pytest.param(message("Hi."), ["Hi."], id="message"),
        pytest.param(ANSWER, ["Done."], id="message in parts"),
        pytest.param(function_call("sh", {"c": "ls"}), ["sh", '{"c": "ls"}'], id="call"),
        pytest.param(function_output("a.py"), ["a.py"], id="output"),
        pytest.param(custom_output([text_part("a.py"), image_part()]), ["a.py"], id="output in parts, an image in it"),
        pytest.param(shell_output("a.py", "none"), ["a.py", "none"], id="both streams of a shell"),
        pytest.param(shell_call("ls"), ['{"commands":["ls"]}'], id="action of a call"),
        pytest.param({"type": "additional_tools", "tools": [{"name": "sh"}]}, ['[{"name":"sh"}]'], id="tools"),
        pytest.param({"type": "reasoning", "encrypted_content": "gAAA", "summary": []}, [], id="encrypted reasoning"),
        pytest.param({"output": [None, 1, {"text": 2}]}, [], id="parts of no known shape"),
    ],
)
def test_texts_are_what_the_model_reads(item: Item, expected: list[str]) -> None:
    assert list(texts(item)) == expected
    assert count_tokens(item) == sum(map(tokens.count, expected))


def test_a_request_ends_before_every_run_of_items_that_the_model_made() -> None:
    items = reads(2)
    assert [is_model_made(item) for item in items] == [False, True, False, True, False, True]
    assert request_ends(items) == [1, 3, 5]
    assert request_ends(items[:5]) == [1, 3, 5], "the last request has no answer yet"
    assert request_ends(items[1:2]) == request_ends([]) == []
    assert [is_output(item) for item in items] == [False, False, True, False, True, False]


def test_an_item_is_the_same_without_what_clients_add_and_drop() -> None:
    output = function_output("a.py")
    assert digest(output) == digest({**output, "id": "fco_1", "status": "completed"})
    assert len({digest(output), digest({**output, "call_id": "call_2"}), digest(function_output("b.py"))}) == 3

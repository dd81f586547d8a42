"""About how many tokens an item costs."""

from __future__ import annotations

import pytest

from headroom_compression import tokens
from headroom_compression.session.item_tokens import IMAGE_TOKENS
from headroom_compression.session.item_tokens import TOKENS_PER_ITEM
from headroom_compression.session.item_tokens import is_counted
from headroom_compression.session.item_tokens import item_tokens
from tests.compression.support.bodies import Item
from tests.compression.support.bodies import function_call
from tests.compression.support.bodies import function_output
from tests.compression.support.bodies import image_part
from tests.compression.support.bodies import message
from tests.compression.support.bodies import text_part

WORDS = "Repair the shop, please. " * 20


def counted(item: Item, *, without_output: bool = False) -> int:
    return item_tokens(item, without_output=without_output).tokens


def test_texts_are_counted_and_names_of_items_are_not() -> None:
    assert counted(message(WORDS)) == TOKENS_PER_ITEM + tokens.count(WORDS)
    call = function_call("look", {"path": WORDS}, "call_" + "x" * 500)
    said = tokens.count("look") + tokens.count(call["arguments"])
    assert counted(call) == TOKENS_PER_ITEM + said


def test_an_image_and_reasoning_are_estimated() -> None:
    picture = {**image_part(), "image_url": "data:image/png;base64," + "A" * 100_000}
    assert counted(function_output([picture])) == TOKENS_PER_ITEM + IMAGE_TOKENS
    reasoning = {"type": "reasoning", "encrypted_content": "g" * 8_000}
    assert counted(reasoning) == TOKENS_PER_ITEM + (6_000 - 650) // 4


ENCODED = "JVBERi0xLjcK" * 50_000
URL = f"data:image/png;base64,{ENCODED}"


@pytest.mark.parametrize(
    "part",
    [
        pytest.param({"type": "input_file", "file_data": ENCODED}, id="a file"),
        pytest.param({"type": "input_file", "file_data": f"data:application/pdf;base64,{ENCODED}"}, id="a file's URL"),
        pytest.param({"type": "input_audio", "input_audio": {"data": ENCODED, "format": "wav"}}, id="sound"),
        pytest.param({"type": "output_audio", "data": ENCODED, "transcript": "Hm."}, id="the model's voice"),
        pytest.param({"type": "image", "url": URL}, id="an image that a program drew"),
        pytest.param({"type": "image_url", "image_url": {"url": URL}}, id="an image of a chat"),
    ],
)
def test_what_comes_in_base64_costs_as_much_as_an_image(part: Item) -> None:
    assert counted({"role": "user", "content": [part]}) == TOKENS_PER_ITEM + IMAGE_TOKENS


def test_a_file_in_an_output_is_counted_beside_what_is_sent() -> None:
    output = function_output([text_part(URL), {"type": "input_file", "filename": "a.pdf", "file_data": ENCODED}])
    assert counted(output, without_output=True) == TOKENS_PER_ITEM + IMAGE_TOKENS


def test_what_is_counted_as_sent_is_not_counted_twice() -> None:
    output = function_output([text_part(WORDS), image_part()])
    assert counted(output, without_output=True) == TOKENS_PER_ITEM + IMAGE_TOKENS


def test_deep_nesting_is_counted() -> None:
    value: object = "end"
    for _ in range(5_000):
        value = [value, {"text": "a"}]
    assert counted({"type": "message", "content": value}) >= 5_000


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        (message(WORDS), True),
        ({"type": "message", "role": "user", "content": [{"type": "input_text", "text": WORDS}]}, True),
        ({"type": "message", "role": "assistant", "content": [{"type": "refusal", "refusal": "No."}]}, True),
        (function_call("look", {"path": WORDS}, "call_1"), True),
        (function_output(WORDS), True),
        (function_output([text_part(WORDS)]), True),
        ({"type": "custom_tool_call", "name": "exec", "input": "ls"}, True),
        ({"type": "custom_tool_call_output", "output": "a.py"}, True),
        ({"type": "reasoning", "summary": [], "encrypted_content": "g" * 900}, True),
        (function_output([text_part(WORDS), image_part()]), False),
        ({"type": "message", "role": "user", "content": [{"type": "input_file", "file_id": "file_1"}]}, False),
        ({"type": "message", "role": "user", "content": [{"type": "input_text", "text": URL}]}, False),
        ({"type": "message", "role": "user", "content": [{"type": "input_text"}]}, False),
        ({"type": "message", "role": "user"}, False),
        (message(URL), False),
        ({"type": "reasoning"}, False),
        ({"type": "item_reference", "id": "rs_1"}, False),
        ({"type": "web_search_call", "id": "ws_1"}, False),
        ({"type": "compaction", "encrypted_content": "g" * 900}, False),
        ({"type": ["message"], "content": WORDS}, False),
        ({}, False),
    ],
)
def test_what_is_no_text_or_is_held_by_the_server_is_not_counted(item: Item, expected: bool) -> None:  # noqa: FBT001  a table
    assert is_counted(item) is expected

"""Which strings of an item are the text of a tool."""

from __future__ import annotations

import json

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies

from headroom_compression.wire.items import item_of
from headroom_compression.wire.items import plain_text_span
from headroom_compression.wire.items import tool_text_spans
from headroom_compression.wire.json_spans import Span

PART = '{"type":"input_text","text":"T"}'


def texts_of(item: str) -> list[str]:
    item_type = json.loads(item)["type"]
    return [item[span.start : span.stop] for span in tool_text_spans(item, Span(0, len(item)), item_type)]


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        pytest.param('{"type":"function_call_output","output":"T"}', 1, id="a string"),
        pytest.param('{"output":"T","call_id":"c","type":"custom_tool_call_output"}', 1, id="keys in any order"),
        pytest.param('{"type":"function_call_output","outp\\u0075t":"T"}', 1, id="a key with an escape"),
        pytest.param(f'{{"type":"function_call_output","output":[{PART},{PART}]}}', 2, id="two parts"),
        pytest.param(f'{{"type":"custom_tool_call_output","output":[{{"type":"input_image"}},{PART}]}}', 1, id="image"),
        pytest.param('{"type":"shell_call_output","output":[{"stdout":"T","stderr":"T","outcome":{}}]}', 2, id="shell"),
        pytest.param('{"type":"shell_call_output","output":[{"stderr":"T"},{"stdout":"T"}]}', 2, id="two chunks"),
        pytest.param('{"type":"function_call_output","output":[]}', 0, id="no parts"),
        pytest.param('{"type":"function_call_output","output":null}', 0, id="null"),
        pytest.param('{"type":"function_call_output","output":{"text":"T"}}', 0, id="an object"),
        pytest.param('{"type":"function_call_output","output":["T"]}', 0, id="a string in a list"),
        pytest.param('{"type":"function_call_output","output":[{"text":"T"}]}', 0, id="a part without type"),
        pytest.param('{"type":"function_call_output","output":[{"type":"refusal","text":"T"}]}', 0, id="other part"),
        pytest.param('{"type":"function_call_output","output":[{"type":"text","text":"T"}]}', 1, id="part of MCP"),
        pytest.param(
            '{"type":"function_call_output","output":[{"type":"output_text","text":"T","annotations":[{}]}]}',
            0,
            id="a part with annotations",
        ),
        pytest.param('{"type":"function_call_output","output":[{"type":"input_text","text":1}]}', 0, id="no text"),
        pytest.param(
            '{"type":"function_call_output","output":[{"type":"input_text","text":"T","text":"T"}]}', 0, id="twice"
        ),
        pytest.param('{"type":"function_call_output","output":"T","output":"T"}', 0, id="output twice"),
        pytest.param('{"type":"function_call_output","output":"T","id":1,"id":2}', 0, id="another key twice"),
        pytest.param('{"type":"shell_call_output","output":"T"}', 0, id="a shell output that is a string"),
        pytest.param('{"type":"local_shell_call_output","output":"T"}', 0, id="must stay JSON"),
        pytest.param('{"type":"mcp_call","output":"T"}', 0, id="made by the server"),
        pytest.param('{"type":"program_output","result":"T","output":"T"}', 0, id="signed by the server"),
        pytest.param('{"type":"message","output":"T","content":"T"}', 0, id="a message"),
        pytest.param('{"type":"computer_call_output","output":"T"}', 0, id="a screenshot"),
        pytest.param('{"type":"unheard_of","output":"T"}', 0, id="an unknown type"),
    ],
)
def test_the_texts_of_an_item(item: str, expected: int) -> None:
    assert texts_of(item) == ['"T"'] * expected


TEXTS = strategies.text(strategies.sampled_from('ab"\\\n\x1f/\xe9\u6f22\U0001f600'), max_size=9)
MEMBERS = strategies.dictionaries(TEXTS, TEXTS | strategies.lists(TEXTS), max_size=3)


@given(MEMBERS, TEXTS | strategies.just([]), MEMBERS, strategies.sampled_from(["function_call_output", "message"]))
def test_the_text_of_an_item_that_is_written_plainly_is_where_it_would_be_found(
    before: dict[str, object], output: object, behind: dict[str, object], item_type: str
) -> None:
    item = orjson.dumps({"type": item_type, **before, "output": output, **behind})
    text, span = "x" + item.decode("latin-1"), Span(1, 1 + len(item))
    parsed = item_of(orjson.loads(item))
    plain = plain_text_span(span, parsed)
    assert plain is None or [plain] == tool_text_spans(text, span, parsed.type)
    is_last = [*parsed.members][-1] == "output"
    assert (plain is not None) == (is_last and isinstance(output, str) and parsed.type == "function_call_output")

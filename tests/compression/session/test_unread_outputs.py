"""What the model sees and the core does not read counts as an output: of its call, or of any."""

from __future__ import annotations

import pytest

from headroom_compression.calls.reading import UNREADABLE
from headroom_compression.calls.reading import read_call
from headroom_compression.references.shown_texts import ShownTexts
from headroom_compression.session.calls_by_id import Calls
from headroom_compression.session.known_items import KnownItem
from headroom_compression.session.shown_names import HIDDEN
from headroom_compression.session.unread_outputs import hidden_output
from headroom_compression.session.unread_outputs import unread_output
from tests.compression.support.bodies import Item
from tests.compression.support.bodies import command_call
from tests.compression.support.bodies import function_output
from tests.compression.support.bodies import image_part
from tests.compression.support.bodies import message

OF_SERVER = {"type": "mcp_call", "name": "read", "arguments": '{"path":"a.py"}', "output": "a"}


def known_calls() -> Calls:
    calls = Calls()
    calls.add("call_1", read_call(command_call("./show")))
    calls.add("program", read_call(command_call("./show") | {"caller": {"type": "program", "caller_id": "1"}}))
    calls.add("unclear", None)
    calls.add("unreadable", UNREADABLE)
    return calls


@pytest.mark.parametrize(
    ("item", "title"),
    [
        (function_output([image_part()]), 'the output of "./show"'),
        (function_output([image_part()], "program"), None),
        (function_output([image_part()], "unclear"), ""),
        (function_output([image_part()], "unreadable"), ""),
        (function_output([image_part()], "missing"), None),
        (function_output(None) | {"call_id": ["call_1"]}, None),
        ({"type": "local_shell_call_output", "id": "call_1", "output": "{}"}, 'the output of "./show"'),
        ({"type": "local_shell_call_output", "id": "unclear", "output": "{}"}, ""),
        ({"type": "computer_call_output", "call_id": "missing"}, None),
        (OF_SERVER, 'the output of read({"path":"a.py"})'),
        (OF_SERVER | {"arguments": None}, ""),
        ({"type": "item_reference", "id": "fc_1"}, ""),
        ({"id": "fc_1"}, ""),
        ({"type": "item_reference", "id": "rs_1"}, None),
        ({"type": "item_reference", "id": None}, None),
        (message("a") | {"id": "fc_1"}, None),
        ({"type": "reasoning", "id": "fc_1"}, None),
    ],
)
def test_an_item_counts_as_an_output_of_its_call_or_as_a_hidden_one(item: Item, title: str | None) -> None:
    for known in (KnownItem(item), None):
        text = unread_output(item, known, known_calls(), ShownTexts(1))
        assert (text.title if text else None) == title
        assert text is None or text.is_hidden is (title == "")


def test_an_output_that_is_read_is_no_other_one() -> None:
    item = function_output("text", "unclear")
    assert unread_output(item, KnownItem(item, ["text"]), known_calls(), ShownTexts(1)) is None


@pytest.mark.parametrize(
    ("call_id", "is_hidden", "is_hidden_behind_one"),
    [
        ("call_1", False, False),
        ("program", False, False),
        ("unclear", True, True),
        ("unreadable", True, True),
        ("missing", False, True),
        (["call_1"], False, True),
        (None, False, True),
    ],
)
def test_an_output_of_a_missing_call_is_hidden_where_the_call_may_be(
    call_id: object,
    is_hidden: bool,  # noqa: FBT001  a table's column
    is_hidden_behind_one: bool,  # noqa: FBT001  a table's column
) -> None:
    shown = ShownTexts(1)
    assert (hidden_output(call_id, known_calls(), shown) is HIDDEN) is is_hidden
    shown.add(HIDDEN)
    assert (hidden_output(call_id, known_calls(), shown) is HIDDEN) is is_hidden_behind_one
    assert (hidden_output(call_id, known_calls(), ShownTexts(1, goes_on=True)) is HIDDEN) is is_hidden_behind_one

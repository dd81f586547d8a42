"""What is sent beside outputs that nobody knows depends on the items alone, whoever remembers what of them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies

from headroom_compression import Memory
from headroom_compression import compress_request_body
from tests.compression.support.bodies import Item
from tests.compression.support.bodies import code_lines
from tests.compression.support.bodies import command_call
from tests.compression.support.bodies import function_output
from tests.compression.support.bodies import image_part
from tests.compression.support.bodies import request_body
from tests.compression.support.bodies import sent_items

TEXTS = ["\n".join(code_lines(30, name)) for name in ("one", "two")]
REFERENCE: Item = {"type": "item_reference", "id": "fc_1"}
LOCAL: Item = {"type": "local_shell_call_output", "id": "call_of_nobody", "output": "done"}
SERVED: Item = {"type": "mcp_call", "id": "m", "server_label": "s", "name": "f", "arguments": "{}", "output": "done"}
NOT_READ: Item = {"type": "function_call", "name": "exec_command", "arguments": [], "call_id": "x"}

kinds = strategies.sampled_from(["run 0", "run 1", "run 0", "image", "orphan", "odd", REFERENCE, LOCAL, SERVED])


def items_of(chosen: list[str | Item]) -> list[Item]:
    items: list[Item] = []
    for number, kind in enumerate(chosen):
        call_id = f"call_{number}"
        if not isinstance(kind, str):
            items.append(kind)
        elif kind == "orphan":
            items.append(function_output(TEXTS[number % 2], call_id))
        elif kind == "odd":
            items += [{**NOT_READ, "call_id": call_id}, function_output(TEXTS[number % 2], call_id)]
        else:
            text = [image_part()] if kind == "image" else TEXTS[int(kind[-1])]
            items += [command_call("./show", call_id), function_output(text, call_id)]
    return items


@given(strategies.lists(kinds, max_size=12), strategies.integers(0, 24))
def test_who_goes_on_sends_what_one_who_begins_does(chosen: list[str | Item], count: int) -> None:
    items, memory = items_of(chosen), Memory()
    whole = sent_items(compress_request_body(request_body(*items)).body)
    beginning = compress_request_body(request_body(*items[:count]), memory=memory)
    assert sent_items(beginning.body) == whole[:count]
    assert sent_items(compress_request_body(request_body(*items), memory=memory).body) == whole
    rest = compress_request_body(request_body(*items[count:]), conversation=beginning.conversation)
    assert sent_items(rest.body) == whole[count:]

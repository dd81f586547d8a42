"""Request bodies whose tool outputs the real core shortens, written so that a test can place its own bytes in them."""

from __future__ import annotations

import json
from itertools import chain
from typing import Any

Item = dict[str, Any]


def rows(count: int = 60, first: int = 1, name: str = "value") -> str:
    """What `cat -n` shows: the core takes four of five numbers away."""
    return "".join(f"{number:6}\t{name}_{number % 7} = compute({number})\n" for number in range(first, first + count))


def call(call_id: str = "c", command: str = "cat -n a.py", tool: str = "shell") -> Item:
    return {
        "type": "function_call",
        "call_id": call_id,
        "name": tool,
        "arguments": json.dumps({"command": command}),
    }


def output(text: object, call_id: str = "c") -> Item:
    return {"type": "function_call_output", "call_id": call_id, "output": text}


def message(text: str) -> Item:
    return {"type": "message", "role": "user", "content": [{"type": "input_text", "text": text}]}


def request(*items: object) -> bytes:
    return json.dumps({"model": "gpt-test", "input": items}).encode()


def reading(call_id: str = "c", text: str | None = None, command: str = "cat -n a.py") -> tuple[Item, Item]:
    """A call with its output."""
    return call(call_id, command), output(rows() if text is None else text, call_id)


def turns(count: int) -> list[bytes]:
    """Requests of a session: each reads another file, and the first one again."""
    items: list[Item] = [message("Read.")]
    bodies = []
    for turn in range(count):
        items += reading(f"new_{turn}", rows(name=f"name_{turn}"), f"cat -n {turn}.py")
        items += reading(f"old_{turn}", rows(name="name_0"), "cat -n 0.py")
        bodies.append(request(*items))
    return bodies


def rereading(times: int) -> list[bytes]:
    """Requests of an agent that reads ten files, each of them a second time, and so many of them once more.

    Before that it sees lines of other files among new ones, so that it is known how it is with lines in sight.
    """
    items: list[Item] = [message("Read.")]
    files, others = ([_code(name) for name in names] for names in ("abcdefghij", "klmnopqrst"))
    mixed = [[*chain(*zip(lines, _code(f"new_{place}"), strict=True))] for place, lines in enumerate(others)]
    again = files[:times]
    bodies = []
    for place, lines in enumerate([*others, *mixed, *files, *files, *again]):
        items += reading(f"read_{place}", "\n".join(lines), f"cat {lines[0][0]}_{lines[-1][0]}.py")
        bodies.append(request(*items))
    return bodies


def _code(name: str) -> list[str]:
    return [f"{name}_{number} = compute_{number}({name})" for number in range(40)]


LITERAL = json.dumps(rows()).encode()
CALL = json.dumps(call()).encode()
PLACE = b"@output@"


def around(template: bytes, literal: bytes = LITERAL) -> bytes:
    """Put the literal of a tool output that can be shortened at its place in a body."""
    assert template.count(PLACE) == 1
    return template.replace(PLACE, literal)


ITEM = b'{"type":"function_call_output","call_id":"c","output":@output@}'
TEMPLATE = b'{"model":"gpt-test","input":[%b,%b]}' % (CALL, ITEM)
SHORTENED = around(TEMPLATE)

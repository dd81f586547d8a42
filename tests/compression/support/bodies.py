"""Input items and request bodies as clients write them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from headroom_compression import Settings
from headroom_compression import compress_request_body

Item = dict[str, Any]


def function_call(name: str, arguments: Item, call_id: str = "call_1") -> Item:
    return {"type": "function_call", "call_id": call_id, "name": name, "arguments": json.dumps(arguments)}


def function_output(output: object, call_id: str = "call_1") -> Item:
    return {"type": "function_call_output", "call_id": call_id, "output": output}


def command_call(command: str, call_id: str = "call_1") -> Item:
    return function_call("exec_command", {"cmd": command}, call_id)


def custom_call(name: str, script: str, call_id: str = "call_1") -> Item:
    return {"type": "custom_tool_call", "call_id": call_id, "name": name, "input": script}


def custom_output(output: object, call_id: str = "call_1") -> Item:
    return {"type": "custom_tool_call_output", "call_id": call_id, "output": output}


def shell_call(command: str, call_id: str = "call_1") -> Item:
    return {"type": "shell_call", "call_id": call_id, "action": {"commands": [command]}}


def shell_output(stdout: str, stderr: str = "", call_id: str = "call_1") -> Item:
    outcome = {"type": "exit", "exit_code": 0}
    chunk = {"stdout": stdout, "stderr": stderr, "outcome": outcome}
    return {"type": "shell_call_output", "call_id": call_id, "output": [chunk]}


def text_part(text: str) -> Item:
    return {"type": "input_text", "text": text}


def image_part() -> Item:
    return {"type": "input_image", "image_url": "data:image/png;base64,iVBORw0KGgo="}


def message(text: str) -> Item:
    return {"role": "user", "content": text}


def numbered(lines: list[str], first: int = 1, separator: str = "\t") -> str:
    """The lines as `nl -ba` shows them, or with "→" as Claude Code's Read does."""
    return "".join(f"{number:6}{separator}{line}\n" for number, line in enumerate(lines, first))


def code_lines(count: int, name: str = "value") -> list[str]:
    return [f"    {name}_{number} = compute(first={number}, second={number * 7})" for number in range(1, count + 1)]


def request_body(*items: Item, **members: object) -> bytes:
    """The body as most clients write it: compact, keys before and after `input`."""
    values = {"model": "gpt-test", "input": list(items), **members, "stream": True}
    return json.dumps(values, separators=(",", ":"), ensure_ascii=False).encode()


def sent_items(body: bytes) -> list[Item]:
    items = json.loads(body)["input"]
    assert isinstance(items, list)
    return items


def sent_outputs(*items: Item, settings: Settings | None = None) -> list[str]:
    """The outputs among the items as they are sent, in their order."""
    body = json.dumps({"input": items}).encode()  # in ASCII, for halves of characters too
    sent = sent_items(compress_request_body(body, settings or Settings()).body)
    return [item["output"] for item in sent if "output" in item]


@dataclass(frozen=True)
class Style:
    """How a client writes JSON. `head` and `tail` stand before and after the items."""

    comma: str = ","
    colon: str = ":"
    is_ascii: bool = False
    head: str = '{"model":"gpt-test","input":['
    tail: str = '],"stream":true}'

    def beginning(self, items: list[str]) -> bytes:
        """The body up to the end of its last item."""
        return (self.head + self.comma.join(items)).encode()

    def body(self, items: list[str]) -> bytes:
        return self.beginning(items) + self.tail.encode()

    def written(self, item: Item) -> str:
        return json.dumps(item, separators=(self.comma, self.colon), ensure_ascii=self.is_ascii)

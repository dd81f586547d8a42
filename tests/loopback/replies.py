"""What the loopback upstream says: turns of a script as output items, and a response as the events of its stream."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class FunctionCall:
    """namespace: of a tool that the client declares in one, as Codex those of MCP servers."""

    name: str
    arguments: dict[str, Any]
    namespace: str = ""


@dataclass(frozen=True)
class CustomToolCall:
    name: str
    input: str


@dataclass(frozen=True)
class Message:
    text: str


Part = FunctionCall | CustomToolCall | Message
Turn = tuple[Part, ...]
Event = dict[str, Any]


def output_item(part: Part, name: str) -> dict[str, Any]:
    common = {"id": f"item_{name}", "status": "completed"}
    match part:
        case FunctionCall():
            call = {"call_id": f"call_{name}", "name": part.name, "arguments": json.dumps(part.arguments)}
            named = {"namespace": part.namespace} if part.namespace else {}
            return {"type": "function_call"} | common | call | named
        case CustomToolCall():
            return {"type": "custom_tool_call"} | common | {"call_id": f"call_{name}"} | vars(part)
        case Message():
            content = [{"type": "output_text", "text": part.text, "annotations": []}]
            return {"type": "message"} | common | {"role": "assistant", "content": content}


def events_of(response: dict[str, Any]) -> Iterator[Event]:
    """Tell a finished response as the events that a streaming client expects, in their order."""
    beginning = response | {"status": "in_progress", "output": [], "usage": None}
    yield {"type": "response.created", "response": beginning}
    yield {"type": "response.in_progress", "response": beginning}
    for index, item in enumerate(response["output"]):
        for event in _events_of_item(item):
            yield event | {"output_index": index}
    yield {"type": "response.completed", "response": response}


def _events_of_item(item: dict[str, Any]) -> Iterator[Event]:
    place = {"item_id": item["id"]}
    if item["type"] == "message":
        yield {"type": "response.output_item.added", "item": item | {"status": "in_progress", "content": []}}
        yield from (event | place | {"content_index": 0} for event in _events_of_text(item["content"][0]))
    else:
        name, kind = (
            ("arguments", "function_call_arguments")
            if item["type"] == "function_call"
            else ("input", "custom_tool_call_input")
        )
        yield {"type": "response.output_item.added", "item": item | {"status": "in_progress", name: ""}}
        for delta in _pieces(item[name]):
            yield {"type": f"response.{kind}.delta", "delta": delta} | place
        yield {"type": f"response.{kind}.done", name: item[name]} | place
    yield {"type": "response.output_item.done", "item": item}


def _events_of_text(part: dict[str, Any]) -> Iterator[Event]:
    yield {"type": "response.content_part.added", "part": part | {"text": ""}}
    for delta in _pieces(part["text"]):
        yield {"type": "response.output_text.delta", "delta": delta, "logprobs": []}
    yield {"type": "response.output_text.done", "text": part["text"], "logprobs": []}
    yield {"type": "response.content_part.done", "part": part}


def _pieces(text: str) -> Iterator[str]:
    yield from (text[start : start + 16] for start in range(0, len(text), 16))

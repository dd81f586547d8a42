"""What a report needs to know of an input item: who made it, what the model reads of it, what that costs."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from hashlib import blake2b
from typing import Any

from headroom_compression import CALLS
from headroom_compression import tokens
from headroom_compression.wire.items import TOOL_OUTPUTS
from headroom_report.values import json_text

Item = Mapping[str, Any]

OUTPUTS = frozenset({*TOOL_OUTPUTS, "local_shell_call_output"})
_MODEL_MADE = CALLS | {
    "apply_patch_call",
    "code_interpreter_call",
    "computer_call",
    "file_search_call",
    "image_generation_call",
    "mcp_call",
    "reasoning",
    "tool_search_call",
    "web_search_call",
}
_TEXT_KEYS = ("name", "arguments", "input", "output", "content", "summary")
_PART_KEYS = ("text", "stdout", "stderr")
# Counted as JSON, since it is not public how the provider shows them to the model.
_JSON_KEYS = ("action", "tools")


def is_model_made(item: Item) -> bool:
    return _type(item) in _MODEL_MADE or item.get("role") == "assistant"


def is_output(item: Item) -> bool:
    return _type(item) in OUTPUTS


def _type(item: Item) -> str:
    value = item.get("type")
    return value if isinstance(value, str) else ""


def request_ends(items: Sequence[Item]) -> list[int]:
    """The number of items in each request: an agent sends one before every run of items that the model made."""
    made = [is_model_made(item) for item in items]
    ends = [stop for stop in range(1, len(made)) if made[stop] and not made[stop - 1]]
    return ends if made[-1:] != [False] else [*ends, len(made)]


def texts(item: Item) -> Iterator[str]:
    """What the model reads of an item. Of reasoning only its summary: the rest is encrypted."""
    for key in _TEXT_KEYS:
        value = item.get(key)
        if isinstance(value, str):
            yield value
        elif isinstance(value, list):
            yield from _part_texts(value)
    yield from (json_text.write(item[key]).decode() for key in _JSON_KEYS if item.get(key))


def _part_texts(parts: Sequence[object]) -> Iterator[str]:
    for part in parts:
        if isinstance(part, dict):
            yield from (part[key] for key in _PART_KEYS if isinstance(part.get(key), str))


def count_tokens(item: Item, count: Callable[[str], int] = tokens.count) -> int:
    """Tokens of the texts of an item."""
    return sum(count(text) for text in texts(item))


def digest(item: Item) -> bytes:
    """A hash that is the same for the same item in another request, whatever ids a client adds or drops."""
    told = (item.get("type"), item.get("role"), item.get("call_id"), *texts(item))
    return blake2b("\x00".join(map(str, told)).encode(errors="replace"), digest_size=16).digest()

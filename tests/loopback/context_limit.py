"""How the loopback upstream refuses what is too long, and how it counts: o200k_base, as models of today."""

import functools
import json
from typing import Any

from headroom_compression import tokens

# What the model reads of a request.
READ = ("instructions", "tools", "input")
NAMES = frozenset({"id", "call_id", "status"})


class ContextLengthExceededError(Exception):
    """Holds the error as the API words it."""

    def __init__(self, limit: int, requested: int) -> None:
        super().__init__(requested)
        self.error = {
            "message": f"This model's maximum context length is {limit} tokens. However, you requested {requested} "
            "tokens. Please reduce the length of the messages.",
            "type": "invalid_request_error",
            "param": "input",
            "code": "context_length_exceeded",
        }


def count_read(body: bytes) -> int:
    """The tokens of all texts in what the model reads of a request."""
    request = json.loads(body)
    return sum(_count(request.get(member)) for member in READ)


def _count(value: Any) -> int:
    if isinstance(value, str):
        return _count_text(value)
    if isinstance(value, dict):
        return sum(_count(member) for key, member in value.items() if key not in NAMES)
    return sum(map(_count, value)) if isinstance(value, list) else 0


@functools.cache
def _count_text(text: str) -> int:
    """Nearly all of a request was in the one before."""
    return tokens.count(text)

"""JSON that others wrote: parsed and written whatever is in it, lone surrogates and long numbers included."""

from __future__ import annotations

import json

import orjson


def parse(text: bytes | str) -> object:
    """Raise ValueError for what is no JSON."""
    try:
        return orjson.loads(text)
    except ValueError:
        try:
            return json.loads(text)
        except RecursionError:
            raise ValueError("nested too deeply") from None


def parse_or_none(text: object) -> object:
    """The value; None for what is no JSON, or no text."""
    try:
        return parse(text) if isinstance(text, bytes | str) else None
    except ValueError:
        return None


def write(value: object) -> bytes:
    """Compact JSON of what was parsed."""
    try:
        return orjson.dumps(value)
    except (TypeError, ValueError):  # orjson.JSONEncodeError is a TypeError
        return json.dumps(value, separators=(",", ":")).encode()

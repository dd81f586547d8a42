"""A JSON tokenizer of the tests' own: every token of a body, with the path of what it belongs to."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from dataclasses import field

_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*"|[ \t\r\n]+|[{}\[\],:]|[^ \t\r\n{}\[\],:"]+', re.DOTALL)
Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Token:
    raw: bytes
    path: Path

    def text(self) -> str:
        value = json.loads(self.raw)
        assert isinstance(value, str)
        return value


@dataclass
class _Container:
    is_object: bool
    key: str | int = 0
    awaits_key: bool = False


@dataclass
class _Scanner:
    stack: list[_Container] = field(default_factory=list)

    def path(self) -> Path:
        return tuple(container.key for container in self.stack)

    def read(self, raw: bytes) -> Token:
        top = self.stack[-1] if self.stack else None
        token = Token(raw, self.path())
        if raw in b"{[":
            self.stack.append(_Container(raw == b"{", awaits_key=raw == b"{"))
        elif raw in b"}]":
            self.stack.pop()
        elif raw == b"," and top:
            top.awaits_key = top.is_object
            top.key = top.key + 1 if isinstance(top.key, int) and not top.is_object else top.key
        elif raw.startswith(b'"') and top and top.awaits_key:
            top.awaits_key, top.key = False, json.loads(raw)
            token = Token(raw, ("key",))
        return token


def tokens_of(body: bytes) -> list[Token]:
    """All tokens of valid JSON, white space too; a key has the path ("key",)."""
    scanner = _Scanner()
    found = [scanner.read(match.group()) for match in _TOKEN.finditer(body)]
    assert b"".join(token.raw for token in found) == body
    return found


def is_tool_text(path: Path, item: object) -> bool:
    """Whether a string at this path of a body is the text of a tool, by the table of the Responses API."""
    if not isinstance(item, dict):
        return False
    match item.get("type"), path[2:]:
        case "function_call_output" | "custom_tool_call_output", ("output",):
            return True
        case "function_call_output" | "custom_tool_call_output", ("output", int(part), "text"):
            return bool(item["output"][part]["type"] == "input_text")
        case "shell_call_output", ("output", int(), "stdout" | "stderr"):
            return True
    return False

"""Chats of Qwen Code: ~/.qwen/projects/FOLDER/chats/ID.jsonl.

A line is {"type": "user" | "assistant" | "tool_result" | "system", "message": {"parts": [...]}} and names the line that
it follows, which after a rewind is not the last one. Parts become the items that say the same in the Responses API; the
`output` or `error` of a `functionResponse` is sent as text. Instructions and tools are not kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping
from typing import Any

from headroom_report.reading.formats.opening import ForeignFileError
from headroom_report.reading.formats.opening import Opening
from headroom_report.reading.growing import GrowingHistory
from headroom_report.reading.growing import answered
from headroom_report.reading.growing import called
from headroom_report.reading.growing import count_of
from headroom_report.reading.growing import said
from headroom_report.values import json_text
from headroom_report.values.items import Item
from headroom_report.values.sessions import Session
from headroom_report.values.sessions import name_of
from headroom_report.values.usage_sums import UsageSum

KIND = "Qwen Code chat"


def recognises(opening: Opening) -> bool:
    return any(_has_parts(line) for line in opening.first_lines)


def _has_parts(line: Mapping[str, Any]) -> bool:
    match line:
        case {"sessionId": _, "type": str(), "message": {"parts": list()}}:
            return True
    return False


def read(opening: Opening) -> Iterator[Session]:
    agents: dict[str, _Agent] = {}
    for line in opening.objects():
        agents.setdefault(str(line.get("agentId") or ""), _Agent()).add(line)
    found = {key: agent for key, agent in agents.items() if agent.history.has_items}
    if not found:
        raise ForeignFileError("a chat without messages")
    yield from (agent.session(opening.path.stem, key) for key, agent in found.items())


class _Agent:
    def __init__(self) -> None:
        self.history = GrowingHistory()
        self._first: Mapping[str, Any] = {}
        self._usage: UsageSum | None = None

    def add(self, line: Mapping[str, Any]) -> None:
        self._first = self._first or line
        match line:
            case {"type": "system", "systemPayload": {"compressedHistory": list(contents)}}:
                self.history.replace(item for content in contents for item in _items(content))
            case {"type": "user" | "assistant" | "tool_result", "message": dict(message)}:
                self.history.go_back_to(line.get("parentUuid"))
                self.history.add(_items(message))
                self._note_usage(line.get("usageMetadata"))
        self.history.mark(line.get("uuid"))

    def _note_usage(self, usage: object) -> None:
        """`promptTokenCount` includes what the cache had."""
        if isinstance(usage, dict):
            keys = ("promptTokenCount", "cachedContentTokenCount", "candidatesTokenCount")
            sent, cached, made = (count_of(usage.get(key)) for key in keys)
            self._usage = (self._usage or UsageSum()) + UsageSum(sent, min(cached, sent), made)

    def session(self, file: str, agent: str) -> Session:
        first = self._first
        name = name_of(first.get("timestamp"), first.get("cwd"), str(first.get("sessionId") or file))
        return Session(f"{name} {agent}".strip(), KIND, self.history.stretches(), usage=self._usage)


def _items(content: Any) -> Iterator[Item]:
    match content:
        case {"parts": list(parts)}:
            role = "assistant" if content.get("role") == "model" else "user"
            yield from (item for part in parts for item in _item(role, part))


def _item(role: str, part: object) -> Iterator[Item]:
    match part:
        case {"thought": True}:
            return
        case {"text": str(text)}:
            yield from said(role, text)
        case {"functionCall": {"name": str(name)} as call}:
            yield called(str(call.get("id") or name), name, call.get("args") or {})
        case {"functionResponse": {"response": response} as answer}:
            yield answered(str(answer.get("id") or answer.get("name")), _output(response))


def _output(response: object) -> str:
    match response:
        case {"output": str(text)} | {"error": str(text)}:
            return text
    return json_text.write(response).decode()

"""Claude Code transcripts: ~/.claude/projects/FOLDER/SESSION.jsonl.

A line is {"type": "user" | "assistant", "message": {"content": ...}}, or something that is not sent as it stands.
Blocks become the items that say the same in the Responses API: `tool_use` a call, `tool_result` its output. Subagents
of a session are sessions of their own. System prompt, tools, attachments and thinking are left out.
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
from headroom_report.values.items import Item
from headroom_report.values.sessions import Session
from headroom_report.values.sessions import name_of
from headroom_report.values.usage_sums import UsageSum

KIND = "Claude Code transcript"
_TYPES = frozenset({"user", "assistant", "system", "summary", "attachment", "file-history-snapshot", "queue-operation"})


def recognises(opening: Opening) -> bool:
    return any(
        line.get("type") in _TYPES and ("sessionId" in line or "leafUuid" in line or "messageId" in line)
        for line in opening.first_lines
    )


def read(opening: Opening) -> Iterator[Session]:
    agents: dict[str, _Agent] = {}
    keys = _Keys()
    for line in opening.objects():
        agents.setdefault(keys.of(line), _Agent()).add(line)
    found = {key: agent for key, agent in agents.items() if agent.history.has_items}
    if not found:
        raise ForeignFileError("a transcript without messages")
    yield from (agent.session(opening.path.stem, key) for key, agent in found.items())


class _Keys:
    """Which subagent a line is of, "" for none. Older versions name none: one begins where a line follows no other."""

    def __init__(self) -> None:
        self._by_line: dict[str, str] = {}  # by the id of a line
        self._agents: set[str] = set()  # of lines with an id

    def of(self, line: Mapping[str, Any]) -> str:
        key = self._find(line)
        match line:
            case {"uuid": str(identifier)}:
                self._by_line[identifier] = key
                self._agents |= {key} - {""}
        return key

    def _find(self, line: Mapping[str, Any]) -> str:
        if line.get("agentId"):
            return str(line["agentId"])
        if not line.get("isSidechain"):
            return ""
        before = line.get("parentUuid")
        known = self._by_line.get(before) if isinstance(before, str) else None
        return known or f"agent {len(self._agents) + 1}"


class _Agent:
    def __init__(self) -> None:
        self.history = GrowingHistory()
        self._usage: dict[str, UsageSum] = {}  # by message: each of its blocks repeats it
        self._began: object = None
        self._folder: object = None
        self._session: object = None

    def add(self, line: Mapping[str, Any]) -> None:
        self._began = self._began or line.get("timestamp")
        self._folder = self._folder or line.get("cwd")
        self._session = self._session or line.get("sessionId")
        if _is_prompt(line):  # when the user took turns back, it follows what was before them
            self.history.go_back_to(line.get("parentUuid"))
        self._take(line)
        self.history.mark(line.get("uuid"))

    def _take(self, line: Mapping[str, Any]) -> None:
        match line:
            case {"type": "system", "subtype": "compact_boundary"}:
                self.history.replace(())
            case {"type": "user" | "assistant" as role, "message": {"content": str(text)}}:
                self.history.add(said(role, text))
            case {"type": "user" | "assistant" as role, "message": {"content": list(blocks)} as message}:
                self.history.add(item for block in blocks for item in _item(role, block))
                self._note_usage(message)

    def _note_usage(self, message: Mapping[str, Any]) -> None:
        match message:
            case {"id": str(key), "usage": dict(usage)}:
                self._usage[key] = _usage(usage)

    def session(self, file: str, agent: str) -> Session:
        name = f"{name_of(self._began, self._folder, str(self._session or file))} {agent}".strip()
        usage = sum(self._usage.values(), UsageSum()) if self._usage else None
        return Session(name, KIND, self.history.stretches(), usage=usage)


def _is_prompt(line: Mapping[str, Any]) -> bool:
    """Whether it is the user's words. Results are not: those of parallel calls each follow their own call."""
    match line:
        case {"type": "user", "message": {"content": str()}}:
            return True
        case {"type": "user", "message": {"content": list(blocks)}}:
            return not any(isinstance(block, dict) and block.get("type") == "tool_result" for block in blocks)
    return False


def _item(role: str, block: object) -> Iterator[Item]:
    match block:
        case {"type": "text", "text": str(text)}:
            yield from said(role, text)
        case {"type": "tool_use", "id": str(call), "name": str(name), "input": arguments}:
            yield called(call, name, arguments)
        case {"type": "tool_result", "tool_use_id": str(call), "content": str(text)}:
            yield answered(call, text)
        case {"type": "tool_result", "tool_use_id": str(call), "content": list(parts)}:
            yield answered(call, [_part(part) for part in parts])


def _part(part: object) -> Item:
    match part:
        case {"type": "text", "text": str(text)}:
            return {"type": "input_text", "text": text}
    return {"type": "input_image"}


def _usage(usage: Mapping[str, Any]) -> UsageSum:
    keys = ("input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens", "output_tokens")
    fresh, written, cached, output = (count_of(usage.get(key)) for key in keys)
    return UsageSum(fresh + written + cached, cached, output)

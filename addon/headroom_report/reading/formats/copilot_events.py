"""Events of Copilot CLI: ~/.copilot/session-state/SESSION/events.jsonl.

A line is {"type", "data", "timestamp"}. A `user.message` holds both what was typed and what was sent; of a result
`content` is what the model is given, `detailedContent` what is shown. Events of a subagent name the call that started
it; it counts as a session of its own. Tools are not kept.
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
from headroom_report.values.sessions import Session
from headroom_report.values.sessions import name_of
from headroom_report.values.usage_sums import UsageSum

KIND = "Copilot CLI events"
_KINDS = ("session.", "user.", "assistant.", "tool.", "system.")


def recognises(opening: Opening) -> bool:
    return any(
        isinstance(line.get("data"), dict) and str(line.get("type")).startswith(_KINDS) for line in opening.first_lines
    )


def read(opening: Opening) -> Iterator[Session]:
    agents: dict[str, _Agent] = {}
    name = opening.path.parent.name
    for line in opening.objects():
        data = line.get("data")
        if isinstance(data, dict):
            if line.get("type") == "session.start":
                name = _name(line, data, name)
            agents.setdefault(str(data.get("parentToolCallId") or ""), _Agent()).add(str(line.get("type")), data)
    found = {key: agent for key, agent in agents.items() if agent.history.has_items}
    if not found:
        raise ForeignFileError("events without messages")
    yield from (agent.session(f"{name} {key}".strip()) for key, agent in found.items())


def _name(line: Mapping[str, Any], data: Mapping[str, Any], otherwise: str) -> str:
    context = data.get("context")
    folder = context.get("cwd") if isinstance(context, dict) else None
    return name_of(data.get("startTime") or line.get("timestamp"), folder, str(data.get("sessionId") or otherwise))


class _Agent:
    def __init__(self) -> None:
        self.history = GrowingHistory()
        self._instructions = ""
        self._calls: set[str] = set()
        self._usage: UsageSum | None = None

    def add(self, kind: str, data: Mapping[str, Any]) -> None:
        match kind, data:
            case "system.message", {"content": str(text)}:
                self._instructions = self._instructions or text
            case "user.message", _:
                self.history.add(said("user", data.get("transformedContent") or data.get("content")))
            case "assistant.message", _:
                self.history.add(said("assistant", data.get("content")))
                for call in data.get("toolRequests") or ():
                    self._call(call, "name")
            case "tool.execution_start", _:
                self._call(data, "toolName")
            case "tool.execution_complete", {"toolCallId": str(call)}:
                self.history.add([answered(call, _output(data))])
            case "session.compaction_complete", {"summaryContent": str(summary)}:
                self.history.replace(said("user", summary))
            case "session.usage_record", {"usage": dict(usage)}:
                self._usage = (self._usage or UsageSum()) + _usage(usage)

    def _call(self, call: Mapping[str, Any], name_key: str) -> None:
        """Add a call, once: it is recorded when the model asks for it and when it begins."""
        match call:
            case {"toolCallId": str(key)} if key not in self._calls:
                self._calls.add(key)
                self.history.add([called(key, call.get(name_key), call.get("arguments"))])

    def session(self, name: str) -> Session:
        fixed = (self._instructions,) if self._instructions else ()
        return Session(name, KIND, self.history.stretches(), fixed, usage=self._usage)


def _output(data: Mapping[str, Any]) -> str:
    match data:
        case {"result": {"content": str(text)}} | {"error": {"message": str(text)}} | {"error": str(text)}:
            return text
    return ""


def _usage(usage: Mapping[str, Any]) -> UsageSum:
    """`inputTokens` includes what the cache had."""
    sent, cached = count_of(usage.get("inputTokens")), count_of(usage.get("cacheReadTokens"))
    return UsageSum(sent, min(cached, sent), count_of(usage.get("outputTokens")))

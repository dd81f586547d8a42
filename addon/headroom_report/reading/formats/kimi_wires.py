"""Sessions of Kimi Code: ~/.kimi-code/sessions/FOLDER/SESSION/agents/AGENT/wire.jsonl.

The first line is {"type": "metadata", "protocol_version": ...}; the others add messages and events to the context, or
tell the usage. Results are kept without what the model is told around them: how long some tools took, that a result is
empty or failed, and a note; this reader adds it as Kimi Code 2.1 does. After a compaction only the summary is measured,
not the user's words that stay beside it.
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
from headroom_report.reading.growing import part_texts
from headroom_report.reading.growing import said
from headroom_report.values.items import Item
from headroom_report.values.sessions import Session
from headroom_report.values.sessions import name_of
from headroom_report.values.usage_sums import UsageSum

KIND = "Kimi Code session"
_TIMED_TOOLS = frozenset({"Agent", "AgentSwarm", "Bash", "FetchURL", "Glob", "Grep", "WebSearch"})
_OF_MCP = "mcp__"
_ABOVE = 2  # SESSION/agents/AGENT
_FAILED, _EMPTY = "ERROR: Tool execution failed.", "Tool output is empty."


def recognises(opening: Opening) -> bool:
    return any(line.get("type") == "metadata" and "protocol_version" in line for line in opening.first_lines)


def read(opening: Opening) -> Iterator[Session]:
    context, usage = _Context(), UsageSum()
    for line in opening.objects():
        match line:
            case {"type": "usage.record", "usage": dict(used)}:
                usage += _usage(used)
            case {"type": str()}:
                context.add(line)
    if not context.history.has_items:
        raise ForeignFileError("a session without messages")
    folders = opening.path.resolve().parents
    own_id = folders[_ABOVE].name if len(folders) > _ABOVE else opening.path.stem
    yield Session(name_of(None, None, own_id), KIND, context.history.stretches(), usage=usage if usage.input else None)


class _Context:
    """tools: the names of the tools that were called, by the ids of the calls. turns: marks before the user's words."""

    def __init__(self) -> None:
        self.history = GrowingHistory()
        self._tools: dict[str, str] = {}
        self._turns: list[str] = []

    def add(self, line: Mapping[str, Any]) -> None:
        match line:
            case {"type": "context.append_message", "message": dict(message)}:
                if _is_of_user(message):
                    self._turns.append(f"turn {len(self._turns)}")
                    self.history.mark(self._turns[-1])
                self.history.add(_items(message))
            case {"type": "context.append_loop_event", "event": dict(event)}:
                self.history.add(_items_of_event(event, self._tools))
            case {"type": "context.apply_compaction"}:
                self.history.replace(said("user", _summary(line)))
            case {"type": "context.clear"}:
                self.history.replace([])
            case {"type": "context.undo", "count": int(count)} if 0 < count <= len(self._turns):
                self.history.go_back_to(self._turns[-count])
                del self._turns[-count:]


def _is_of_user(message: Mapping[str, Any]) -> bool:
    match message:
        case {"role": "user", "origin": {"kind": "user"}}:
            return True
    return False


def _items(message: Mapping[str, Any]) -> list[Item]:
    role = "assistant" if message.get("role") == "assistant" else "user"
    return said(role, "\n".join(part_texts(message.get("content"))))


def _items_of_event(event: Mapping[str, Any], tools: dict[str, str]) -> Iterator[Item]:
    match event:
        case {"type": "content.part", "part": {"type": "text", "text": text}}:
            yield from said("assistant", text)
        case {"type": "tool.call", "toolCallId": str(call), "name": str(name), **others}:
            tools[call] = name
            yield called(call, name, others.get("args") or {})
        case {"type": "tool.result", "toolCallId": str(call), "result": dict(result)}:
            texts = _texts(result, tools.get(call, ""))
            yield answered(call, [{"type": "input_text", "text": text} for text in texts])


def _texts(result: Mapping[str, Any], tool: str) -> list[str]:
    texts = part_texts(result.get("output"))
    failed = _FAILED if result.get("isError") is True else ""
    is_empty = not any(text.strip() for text in texts)
    status = " ".join(filter(None, (failed, _EMPTY if is_empty else "")))
    if status:
        texts = [f"<system>{status}</system>", *([] if is_empty else texts)]
        texts = ["\n".join(texts)] if isinstance(result.get("output"), str) else texts
    took = result.get("durationMs")
    if isinstance(took, int | float) and (tool in _TIMED_TOOLS or tool.startswith(_OF_MCP)):
        texts[0] = f"Wall time: {took / 1000:.3f} seconds\n{texts[0]}"
    note = result.get("note")
    if isinstance(note, str) and note:
        texts = [f"{texts[0]}\n{note}"] if len(texts) == 1 else [*texts, note]
    return texts


def _summary(line: Mapping[str, Any]) -> object:
    match line:
        case {"contextSummary": str(summary)} | {"summary": str(summary)}:
            return summary
        case {"summary": {"content": content}}:
            return "\n".join(part_texts(content))
    return None


def _usage(used: Mapping[str, Any]) -> UsageSum:
    cached = count_of(used.get("inputCacheRead"))
    sent = count_of(used.get("inputOther")) + cached + count_of(used.get("inputCacheCreation"))
    return UsageSum(sent, cached, count_of(used.get("output")))

"""What pi records of a session, line by line; OpenClaw, which is built on it, keeps the same in a database."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from typing import Any

from headroom_report.reading.growing import GrowingHistory
from headroom_report.reading.growing import answered
from headroom_report.reading.growing import called
from headroom_report.reading.growing import count_of
from headroom_report.reading.growing import part_texts
from headroom_report.reading.growing import said
from headroom_report.values import json_text
from headroom_report.values.items import Item
from headroom_report.values.sessions import Session
from headroom_report.values.sessions import name_of
from headroom_report.values.usage_sums import UsageSum


def session_of(records: Iterable[Mapping[str, Any]], name: str, kind: str) -> Session | None:
    """The session; None where it has no messages. name: used where the records do not name it."""
    history, usage = GrowingHistory(), UsageSum()
    tools: tuple[str, ...] = ()
    for line in records:
        match line:
            case {"type": "session"}:
                name = name_of(line.get("timestamp"), line.get("cwd"), str(line.get("id") or name))
            case {"type": "compaction", "summary": str(summary)}:
                told = _items(line.get("systemMessage") or {})
                history.compact([*told, *said("user", summary)], _before(line.get("firstKeptEntryId")))
            case {"type": "branch_summary", "summary": str(summary)}:
                history.go_back_to(line.get("parentId"))
                history.add(said("user", summary))
            case {"type": "message", "message": dict(message)}:
                history.go_back_to(line.get("parentId"))
                history.mark(_before(line.get("id")))
                history.add(_items(message))
                usage += _usage(message)
                tools = tools or _tools(message)
        history.mark(line.get("id"))
    if not history.has_items:
        return None
    return Session(name, kind, history.stretches(), tools, usage=usage if usage.input else None)


def _before(record: object) -> str:
    """The mark for the place in front of a record; no record has such an id."""
    return f"before {record}"


def _items(message: Mapping[str, Any]) -> Iterator[Item]:
    match message:
        case {"role": "system"}:
            sections = message.get("sections")
            texts = [*part_texts(message.get("content")), *(sections.values() if isinstance(sections, dict) else ())]
            yield from said("system", "\n\n".join(text for text in texts if isinstance(text, str) and text))
        case {"role": "user", "content": content}:
            yield from said("user", "\n".join(part_texts(content)))
        case {"role": "assistant", "content": list(blocks)}:
            yield from (item for block in blocks for item in _of_model(block))
        case {"role": "toolResult", "toolCallId": str(call), "content": content}:
            yield answered(_call_id(call), "\n".join(part_texts(content)))
        case {"role": "bashExecution", "command": str(command)} if not message.get("excludeFromContext"):
            yield from said("user", f"Ran `{command}`\n{message.get('output') or ''}")
        case {"role": "compactionSummary" | "branchSummary", "summary": str(summary)}:
            yield from said("user", summary)


def _tools(message: Mapping[str, Any]) -> tuple[str, ...]:
    """The tools that the first system message declares, which each request is sent with, as JSON."""
    match message:
        case {"role": "system", "toolsAdded": [*tools]} if tools:
            return (json_text.write(tools).decode(),)
    return ()


def _of_model(block: Any) -> Iterator[Item]:
    match block:
        case {"type": "text", "text": str(text)}:
            yield from said("assistant", text)
        case {"type": "toolCall", "id": str(call), "name": name}:
            yield called(_call_id(call), name, block.get("arguments"))


def _call_id(call: str) -> str:
    """The id of a call, without that of its item: `call_1|fc_1` is `call_1`."""
    return call.partition("|")[0]


def _usage(message: Mapping[str, Any]) -> UsageSum:
    """`input` is only what the cache did not have."""
    match message:
        case {"usage": dict(usage)}:
            fresh, cached, written, made = map(
                count_of, (usage.get(key) for key in ("input", "cacheRead", "cacheWrite", "output"))
            )
            return UsageSum(fresh + cached + written, cached, made)
    return UsageSum()

"""Codex rollouts: ~/.codex/sessions/YEAR/MONTH/DAY/rollout-TIME-ID.jsonl, what Codex writes while it works.

A line is {"timestamp", "type", "payload"}. `response_item` is an item of the history as Codex sends it; `compacted`
replaces the history; a fork (0.169) names the rollout that it continues and repeats nothing of it. A rollout has no
tool definitions, and what it has is what Codex sent, not what a proxy made of that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from headroom_report.reading.formats.opening import ForeignFileError
from headroom_report.reading.formats.opening import Opening
from headroom_report.reading.growing import count_of
from headroom_report.values.items import Item
from headroom_report.values.items import request_ends
from headroom_report.values.items import texts
from headroom_report.values.sessions import Session
from headroom_report.values.sessions import Stretch
from headroom_report.values.sessions import name_of
from headroom_report.values.usage_sums import UsageSum

KIND = "Codex rollout"
_THREAD = re.compile(r"[0-9A-Za-z-]{1,100}")
_MAX_FORKS = 50  # in a chain, so that one that leads back to itself ends
_NEVER_SENT = frozenset({"ghost_snapshot", "other"})


def recognises(opening: Opening) -> bool:
    return any(
        line.get("type") in {"session_meta", "response_item"} and isinstance(line.get("payload"), dict)
        for line in opening.first_lines
    )


def read(opening: Opening) -> Iterator[Session]:
    rollout = _Rollout()
    for line in opening.objects():
        rollout.add(line, opening)
    yield rollout.session(opening.path)


class _Rollout:
    def __init__(self, forks: int = 0) -> None:
        self._forks = forks  # the length of the chain of forks that led here
        self._name: str | None = None
        self._instructions = ""
        self._usage: UsageSum | None = None
        self._inherited: UsageSum | None = None  # a fork's totals begin with those of what it was forked from
        self._stretches: list[Stretch] = []
        self._items: list[Item] = []
        self._given = 0  # items that came at once, so that no request ends among them
        self._copied = 0
        self._turns: list[int] = []  # where the user's turns begin

    def add(self, line: Mapping[str, Any], opening: Opening) -> None:
        match line:
            case {"type": "session_meta", "payload": dict(meta)} if self._name is None:
                self._begin(meta, opening)
            case {"type": "response_item", "payload": dict(item)} if item.get("type") not in _NEVER_SENT:
                self._items.append(item)
            case {"type": "compacted", "payload": dict(compacted)}:
                self._replace(_replacement(compacted, self._items))
            case {"type": "event_msg", "payload": dict(event)}:
                self._note(event, opening)

    def _begin(self, meta: Mapping[str, Any], opening: Opening) -> None:
        self._name = name_of(meta.get("timestamp"), meta.get("cwd"), str(meta.get("id", opening.path.stem)))
        match meta:
            case {"base_instructions": {"text": str(text)}}:
                self._instructions = text
        match meta:
            case {"history_base": {"thread_id": str(thread), "end_ordinal_exclusive": int(end)}}:
                self._continue(opening, thread, end)

    def _continue(self, opening: Opening, thread: str, end: int) -> None:
        base = _rollout_of(opening.path, thread) if self._forks < _MAX_FORKS else None
        if base is None:
            opening.note(f"{opening.path}: the rollout that it was forked from is gone, so its beginning is missing")
            return
        history = _Rollout(self._forks + 1)
        opening_of_base = Opening(base, opening.note)
        for line in opening_of_base.objects():
            if line.get("ordinal", 0) >= end:
                break
            history.add(line, opening_of_base)
        self._items = history._items
        self._given = self._copied = len(self._items)

    def _note(self, event: Mapping[str, Any], opening: Opening) -> None:
        match event:
            case {"type": "task_started"}:
                self._turns.append(len(self._items))
            case {"type": "thread_rolled_back", "num_turns": int(count)} if 0 < count <= len(self._turns):
                turns = self._turns[:-count]
                self._replace(self._items[: self._turns[-count]])
                self._turns = turns
            case {"type": "thread_rolled_back"}:
                opening.note(f"{opening.path}: turns that were taken back before a compaction count as sent again")
            case {"type": "token_count", "info": {"total_token_usage": dict(total), "last_token_usage": dict(last)}}:
                if self._inherited is None:
                    self._inherited = _usage(total) - _usage(last)
                self._usage = _usage(total) - self._inherited

    def _replace(self, items: Sequence[Item]) -> None:
        self._end_stretch()
        self._items, self._given, self._copied, self._turns = list(items), len(items), 0, []

    def _end_stretch(self) -> None:
        ends = [end for end in request_ends(self._items) if end >= max(1, self._given)]
        self._stretches.append(Stretch(self._items, ends, self._copied))

    def session(self, path: Path) -> Session:
        self._end_stretch()
        if not any(stretch.items for stretch in self._stretches):
            raise ForeignFileError("a rollout without items")
        first = self._stretches[0].items
        is_sent_as_item = any(text == self._instructions for item in first for text in texts(item))
        fixed = () if is_sent_as_item or not self._instructions else (self._instructions,)
        return Session(self._name or path.stem, KIND, self._stretches, fixed, usage=self._usage)


def _rollout_of(path: Path, thread: str) -> Path | None:
    """The rollout of a thread: it lies in the folder of its own day."""
    if not _THREAD.fullmatch(thread):
        return None
    root = next((folder for folder in path.parents if folder.name in {"sessions", "archived_sessions"}), path.parent)
    name = f"rollout-*{thread}.jsonl*"
    return next(root.parent.glob(f"*sessions/**/{name}"), None) or next(root.glob(f"**/{name}"), None)


def _replacement(compacted: Mapping[str, Any], items: Sequence[Item]) -> Sequence[Item]:
    """The history after a compaction; older Codex keeps what the user said, and the summary."""
    match compacted:
        case {"replacement_history": list(history)}:
            return [item for item in history if isinstance(item, dict)]
        case {"message": str(summary)}:
            said = [item for item in items if item.get("role") in {"user", "developer"}]
            return [*said, {"type": "message", "role": "user", "content": summary}]
    return ()


def _usage(total: Mapping[str, Any]) -> UsageSum:
    counts = (total.get(key) for key in ("input_tokens", "cached_input_tokens", "output_tokens"))
    return UsageSum(*map(count_of, counts))

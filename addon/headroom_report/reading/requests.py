"""Recorded requests become sessions, by which of them continues which.

A request continues an earlier one if it begins with its items, or names the id of its answer. One with the same
`prompt_cache_key`, or that begins with the same tool outputs, belongs to the same session, in which the client rewrote
the history. One with other instructions or tools, such as a request for a title, does not.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from typing import Any

from headroom_report.reading.answers import RecordedAnswer
from headroom_report.reading.answers import read_events
from headroom_report.values import json_text
from headroom_report.values.items import Item
from headroom_report.values.items import digest
from headroom_report.values.items import is_output
from headroom_report.values.sessions import Session
from headroom_report.values.sessions import Stretch
from headroom_report.values.usage_sums import UsageSum

_OPTIONS = ("truncation", "context_management")
_NO_ANSWER = RecordedAnswer()


@dataclass(frozen=True, slots=True)
class RecordedRequest:
    """members: those of its body. answer: an empty one where none was recorded."""

    members: Mapping[str, Any]
    answer: RecordedAnswer = _NO_ANSWER


def read_request(body: bytes | str, answer: RecordedAnswer = _NO_ANSWER) -> RecordedRequest | None:
    """None for what is no request for a response."""
    return read_members(json_text.parse_or_none(body), answer)


def read_members(members: object, answer: RecordedAnswer = _NO_ANSWER) -> RecordedRequest | None:
    """The same of a body that is parsed already."""
    if isinstance(members, dict) and isinstance(members.get("input"), list | str):
        return RecordedRequest(members, answer)
    return None


def read_messages(messages: Iterable[tuple[bool, bytes]]) -> Iterator[RecordedRequest]:
    """The requests of a WebSocket. messages: of each whether the client sent it, and its content."""
    request: RecordedRequest | None = None
    events: list[bytes] = []
    for is_from_client, content in messages:
        created = read_request(content) if is_from_client and b'"response.create"' in content else None
        if created:
            if request:
                yield RecordedRequest(request.members, read_events(events))
            request, events = created, []
        elif not is_from_client:
            events.append(content)
    if request:
        yield RecordedRequest(request.members, read_events(events))


@dataclass(slots=True)
class _History:
    """A stretch that still grows."""

    items: list[Item]
    digests: list[bytes]
    ends: list[int] = field(default_factory=list)

    def common(self, digests: Sequence[bytes]) -> int:
        """How many items at the beginning are the same."""
        pairs = enumerate(zip(self.digests, digests, strict=False))
        differing = next((place for place, (one, other) in pairs if one != other), None)
        return min(len(self.digests), len(digests)) if differing is None else differing


@dataclass(slots=True)
class _Thread:
    """A session that still grows."""

    key: str
    fixed: tuple[str, ...]
    options: Mapping[str, object]
    histories: list[_History] = field(default_factory=list)
    usage: UsageSum | None = None


class Conversations:
    """Takes requests in their order; keeps each item of a history once."""

    def __init__(self) -> None:
        self._threads: list[_Thread] = []
        self._answers: dict[str, tuple[_Thread, _History, int, tuple[Item, ...]]] = {}
        self.without_beginning = 0
        """How many requests continue an answer that was not recorded."""

    def add(self, request: RecordedRequest) -> None:
        items = _items(request.members)
        digests = [digest(item) for item in items]
        previous = _text(request.members, "previous_response_id")
        if previous in self._answers:
            thread, history, length, answered = self._answers[previous]
            items = [*history.items[:length], *answered, *items]
            digests = [*history.digests[:length], *map(digest, answered), *digests]
        else:
            self.without_beginning += bool(previous)
            thread = self._thread_of(request.members, items, digests)
        history = _place(thread, items, digests)
        if request.members.get("generate") is not False:  # such a request only warms the server up
            insort(history.ends, len(items))
        if request.answer.response_id:
            self._answers[request.answer.response_id] = thread, history, len(items), request.answer.items
        if request.answer.usage:
            thread.usage = (thread.usage or UsageSum()) + request.answer.usage

    def _thread_of(self, members: Mapping[str, Any], items: Sequence[Item], digests: Sequence[bytes]) -> _Thread:
        key, fixed = _text(members, "prompt_cache_key"), _fixed(members)
        for thread in reversed(self._threads):
            is_alike = thread.key == key and thread.fixed == fixed
            if is_alike and (key or _continues(thread, digests, items)):
                return thread
        self._threads.append(_Thread(key, fixed, {name: members[name] for name in _OPTIONS if name in members}))
        return self._threads[-1]

    def sessions(self, name: str, kind: str) -> Iterator[Session]:
        threads = [thread for thread in self._threads if any(history.ends for history in thread.histories)]
        for number, thread in enumerate(threads, 1):
            stretches = [Stretch(history.items, history.ends) for history in thread.histories if history.ends]
            own_name = f"{name} #{number}" if len(threads) > 1 else name
            yield Session(own_name, kind, stretches, thread.fixed, thread.options, thread.usage)


def _continues(thread: _Thread, digests: Sequence[bytes], items: Sequence[Item]) -> bool:
    """Whether it begins with all items of an earlier request, or with its tool outputs."""
    for history in thread.histories:
        common = history.common(digests)
        if common and (common >= history.ends[0] if history.ends else common == len(history.digests)):
            return True
        if any(map(is_output, items[:common])):
            return True
    return False


def _place(thread: _Thread, items: list[Item], digests: list[bytes]) -> _History:
    """The history that the items continue, with these added, or that begins with the items; else a new one."""
    for history in reversed(thread.histories):
        common = history.common(digests)
        if common == len(history.digests):
            history.items += items[common:]
            history.digests += digests[common:]
            return history
        if common == len(digests):
            return history
    thread.histories.append(_History(items, digests))
    return thread.histories[-1]


def _items(members: Mapping[str, Any]) -> list[Item]:
    given = members["input"]
    if isinstance(given, str):
        return [{"type": "message", "role": "user", "content": given}]
    return [item for item in given if isinstance(item, dict)]


def _fixed(members: Mapping[str, Any]) -> tuple[str, ...]:
    """Texts that come with every request; tools as JSON, since how a model sees them is not public."""
    tools = members.get("tools")
    instructions = _text(members, "instructions")
    return tuple(filter(None, (instructions, json_text.write(tools).decode() if tools else "")))


def _text(members: Mapping[str, Any], key: str) -> str:
    value = members.get(key)
    return value if isinstance(value, str) else ""

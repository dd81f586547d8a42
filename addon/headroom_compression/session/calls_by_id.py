"""The calls of a session, by their ids."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from threading import Lock
from typing import Self

from headroom_compression.calls.tool_call import ToolCall
from headroom_compression.client_text import running_session
from headroom_compression.holdings import Holding

# By tracemalloc a call takes 0.8 kB beside its texts; of these its places in a list and a dict.
_BYTES_PER_CALL = 680
_BYTES_PER_PLACE = 120
# Codex's; the others end before their output is sent.
_SPEAKER = "write_stdin"
_RUNNERS = frozenset({"exec_command", _SPEAKER})
# No client gives a call an id that begins so.
_SESSION = "\nsession "


class _ReadCalls:
    """Those that a session and its branches share, which may go on in several threads. size: in bytes."""

    def __init__(self) -> None:
        self.size = 0
        self._lock = Lock()

    def add(self, size: int) -> None:
        with self._lock:
            self.size += size


class Calls:
    """The calls so far, by id. Grows at its end only, like ShownTexts."""

    def __init__(self) -> None:
        self._calls: list[tuple[str, ToolCall | None]] = []
        self._by_id: dict[str, ToolCall | None] = {}
        self._read = _ReadCalls()

    def __len__(self) -> int:
        return len(self._calls)

    @property
    def holdings(self) -> tuple[Holding, ...]:
        """What it shares with its branches and those that it left, and its own."""
        return Holding(id(self._read), self._read.size), Holding(id(self), _BYTES_PER_PLACE * len(self._calls))

    def continued(self, length: int) -> Self:
        if length == len(self._calls):
            return self
        other = type(self)()
        other._calls = self._calls[:length]  # noqa: SLF001  its own, of another object
        other._by_id = dict(other._calls)  # noqa: SLF001
        other._read = self._read  # noqa: SLF001
        return other

    def add(self, call_id: str, call: ToolCall | None) -> None:
        self._calls.append((call_id, call))
        self._by_id[call_id] = call
        self._read.add(_size_of(call))

    def __contains__(self, call_id: str) -> bool:
        return call_id in self._by_id

    def get(self, call_id: str) -> ToolCall | None:
        """The nearest earlier call of this id."""
        return self._by_id.get(call_id)

    def note_running(self, call: ToolCall | None, texts: Sequence[str]) -> None:
        """The program of a call goes on to run, if its output says so: a later call may show more of what it prints."""
        session = running_session(texts[0]) if call and len(texts) == 1 and call.tool in _RUNNERS else ""
        if session:
            self.add(_SESSION + session, call)

    def with_program(self, call: ToolCall | None) -> ToolCall | None:
        """The call with the words of the program whose output it continues, unless it was spoken to since."""
        origin = self._running(call.continues) if call and call.continues else None
        return replace(call, producer=origin.producer) if call and origin else call

    def _running(self, session: str) -> ToolCall | None:
        for call_id, call in reversed(self._calls if _SESSION + session in self._by_id else ()):
            if call_id == _SESSION + session:
                return call
            if call and call.tool == _SPEAKER and not call.continues:
                return None
        return None


def _size_of(call: ToolCall | None) -> int:
    if call is None:
        return _BYTES_PER_CALL
    texts = (call.tool, call.title, call.says, call.path or "", call.command or "", *call.producer, *call.asked)
    return _BYTES_PER_CALL + sum(map(len, texts))

"""Which answer of a server belongs to which request, and where a conversation stands after it."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from dataclasses import field
from typing import TYPE_CHECKING
from typing import Any

from headroom_compression import Progress

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Mapping

    from headroom_compression import AnswerEvent
    from headroom_compression import Conversation
    from headroom_compression import RequestIds

    Keep = Callable[[str, Conversation, tuple[Mapping[str, Any], ...]], None]


@dataclass(frozen=True, slots=True)
class SentRequest:
    """A request as it was sent on. conversation: the point after it, None when that is not known."""

    ids: RequestIds
    conversation: Conversation | None


@dataclass(slots=True)
class _Answer:
    response_id: str | None
    conversation: Conversation | None
    items: list[Mapping[str, Any]] = field(default_factory=list)


class Exchange:
    """The requests and answers of one WebSocket connection, or one of HTTP.

    In a lane the server answers one request after the other. Where it is in doubt which one, nothing is kept: an id
    that is not known costs some savings, a wrong one would point the model to texts that it has not seen.

    keep: takes the id of an answer, the point after its request, and its items.
    """

    def __init__(self, keep: Keep) -> None:
        self._keep = keep
        self._lanes: dict[str, _Lane] = {}

    def sent(self, request: SentRequest) -> None:
        self._lanes.setdefault(request.ids.lane, _Lane(self._keep)).requests.append(request)

    def lose(self) -> None:
        """Forget what is under way."""
        self._lanes.clear()

    def received(self, event: AnswerEvent) -> None:
        if event.progress is Progress.BROKEN and not event.lane:
            self.lose()
        elif event.lane in self._lanes:
            self._lanes[event.lane].received(event)


class _Lane:
    def __init__(self, keep: Keep) -> None:
        self.requests: deque[SentRequest] = deque()
        self._keep = keep
        self._answer: _Answer | None = None

    def received(self, event: AnswerEvent) -> None:
        if event.progress is Progress.BROKEN:
            self._answer = None
            self.requests.clear()
        elif event.progress is Progress.BEGUN:
            self._begin(event)
        elif event.progress is Progress.ITEM and self._answer:
            self._answer.items += event.items
        elif event.progress is Progress.ENDED:
            self._end(event)

    def _begin(self, event: AnswerEvent) -> None:
        self._answer = _Answer(event.response_id, self._conversation_before(event))

    def _conversation_before(self, event: AnswerEvent) -> Conversation | None:
        while self.requests:
            request = self.requests.popleft()
            if event.continues in (None, request.ids.continues):
                return request.conversation
        return None

    def _end(self, event: AnswerEvent) -> None:
        if self._answer is None or self._answer.response_id != event.response_id:
            self._begin(event)
        answer, self._answer = self._answer, None
        if answer and answer.response_id and answer.conversation:
            self._keep(answer.response_id, answer.conversation, event.items or tuple(answer.items))

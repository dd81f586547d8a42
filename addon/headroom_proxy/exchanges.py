"""Which answer of a server belongs to which request, and where a conversation stands after it."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from dataclasses import field
from typing import TYPE_CHECKING
from typing import Any
from typing import Final

from headroom_compression import Progress
from headroom_compression import read_answer_event
from headroom_proxy.guards import answer_goes_on

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterable
    from collections.abc import Mapping

    from headroom_compression import AnswerEvent
    from headroom_compression import Conversation
    from headroom_compression import RequestIds

    Keep = Callable[[str, Conversation, tuple[Mapping[str, Any], ...]], None]
    Tell = Callable[[AnswerEvent | None], None]

MOST_UNANSWERED: Final = 100


def tell_nobody(answer: AnswerEvent | None) -> None:
    del answer


@dataclass(frozen=True, slots=True)
class SentRequest:
    """A request as it was sent on. conversation: the point after it, None when that is not known.

    tell: is called once, with the end of its answer, or with None when none has come or it is not certain which one.
    """

    ids: RequestIds
    conversation: Conversation | None
    tell: Tell = tell_nobody


@dataclass(slots=True)
class _Answer:
    response_id: str | None
    request: SentRequest | None
    items: list[Mapping[str, Any]] = field(default_factory=list)

    def leave(self) -> None:
        if self.request:
            self.request.tell(None)


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
        self._lanes.setdefault(request.ids.lane, _Lane(self._keep)).sent(request)

    def doubt(self) -> None:
        """Keep nothing of what is under way."""
        for lane in self._lanes.values():
            lane.doubt()

    def end(self, read_last: Callable[[], AnswerEvent] | None = None) -> None:
        """No answer will come any more, but for one that is still to be read."""
        try:
            if read_last:
                self.received(read_last())
        finally:
            self.doubt()
            self._lanes.clear()

    def hear(self, message: bytes) -> None:
        """Take a server's event as it was sent."""
        event = read_answer_event(message)
        if event:
            self.received(event)

    def received(self, event: AnswerEvent) -> None:
        if event.progress is Progress.BROKEN and not event.lane:
            for lane in self._lanes.values():
                lane.received(event)
        elif event.lane in self._lanes:
            self._lanes[event.lane].received(event)
            if event.lane and self._lanes[event.lane].is_over:
                del self._lanes[event.lane]


def doubt_all(exchanges: Iterable[Exchange]) -> None:
    for exchange in exchanges:
        exchange.doubt()


def end_all(exchanges: dict[str, Exchange]) -> None:
    """End them and take them out."""
    for exchange in exchanges.values():
        with answer_goes_on():
            exchange.end()
    exchanges.clear()


class _Lane:
    """in doubt: after an error it is not known whether the server answers what was sent before it."""

    def __init__(self, keep: Keep) -> None:
        self._keep = keep
        self._requests: deque[SentRequest] = deque()
        self._answer: _Answer | None = None
        self._is_in_doubt = False

    @property
    def is_over(self) -> bool:
        return not self._requests and self._answer is None and not self._is_in_doubt

    def sent(self, request: SentRequest) -> None:
        self._requests.append(request)
        if len(self._requests) > MOST_UNANSWERED:
            self.doubt()

    def received(self, event: AnswerEvent) -> None:
        if event.progress is Progress.BROKEN:
            self._leave_answer()
            if self._requests:
                self.doubt()
        elif event.progress is Progress.BEGUN:
            self._begin(event)
        elif event.progress is Progress.ITEM and self._answer:
            self._answer.items += event.items
        elif event.progress is Progress.ENDED:
            self._end(event)

    def doubt(self) -> None:
        self._is_in_doubt = True
        self._leave_answer()
        while self._requests:
            self._requests.popleft().tell(None)

    def _leave_answer(self) -> None:
        answer, self._answer = self._answer, None
        if answer:
            answer.leave()

    def _begin(self, event: AnswerEvent) -> None:
        self._leave_answer()
        self._answer = _Answer(event.response_id, self._request_before(event))

    def _request_before(self, event: AnswerEvent) -> SentRequest | None:
        while self._requests:
            request = self._requests.popleft()
            may_be_answered = event.continues in (None, request.ids.continues)
            if may_be_answered and (event.continues or not self._is_in_doubt):
                return request
            request.tell(None)
            if may_be_answered:
                return None
        return None

    def _end(self, event: AnswerEvent) -> None:
        if self._answer is None or self._answer.response_id != event.response_id:
            self._begin(event)
        answer, self._answer = self._answer, None
        if answer is None or answer.request is None:
            return
        request = answer.request
        if answer.response_id and request.conversation:
            self._keep(answer.response_id, request.conversation, event.items or tuple(answer.items))
        request.tell(event)

"""Which answer of a server belongs to which request, and where a conversation stands after it."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING
from typing import Any
from typing import Final

from headroom_compression import Progress
from headroom_compression import read_answer_event
from headroom_proxy.guards import answer_goes_on

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Mapping

    from headroom_compression import AnswerEvent
    from headroom_compression import Conversation
    from headroom_compression import RequestIds
    from headroom_proxy.answers.continuations import Scope

    Keep = Callable[[str, Conversation, tuple[Mapping[str, Any], ...]], None]
    Lose = Callable[[str | None], None]
    KeepAt = Callable[[Scope, str, Conversation, tuple[Mapping[str, Any], ...]], None]
    LoseAt = Callable[[Scope, str | None], None]
    Tell = Callable[[AnswerEvent | None], None]

MAX_UNANSWERED: Final = 100
# Clients have some tens of agents at work at the same time. A lane takes 7.5 KiB.
MAX_LANES: Final = 500


def tell_nobody(answer: AnswerEvent | None) -> None:
    del answer


def lose_nothing(answer: str | None) -> None:
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
    lose: takes the id of any other answer as soon as it is heard of: what it meant before is over. None for an answer
    that was not read: it may have any id.
    """

    def __init__(self, keep: Keep, lose: Lose = lose_nothing) -> None:
        self._keep = keep
        self._lose = lose
        self._lanes: dict[str, _Lane] = {}
        self._is_lost = False

    def sent(self, request: SentRequest) -> None:
        if not self._is_lost:
            self._lanes.setdefault(request.ids.lane, _Lane(self._keep)).sent(request)
        else:
            request.tell(None)
        if len(self._lanes) > MAX_LANES:
            self.lose_track()

    def count_sent(self, request: SentRequest, count: Callable[[], Tell]) -> None:
        """count: whom to tell of the answer."""
        self.sent(replace(request, tell=count()))

    def lose_track(self) -> None:
        """From now on it is not known what is answered. For requests of which the ids are not known, or too many."""
        self._is_lost = True
        self.doubt()
        self._lanes.clear()

    def pass_unread(self) -> None:
        """The answer goes on, but none of what follows is read."""
        if not any(lane.is_answering for lane in self._lanes.values()):
            self._lose(None)

    def doubt(self) -> None:
        """Keep nothing of what is under way."""
        for lane in self._lanes.values():
            lane.doubt()

    def end(self, read_last: Callable[[], AnswerEvent] | None = None) -> None:
        """No answer will come any more, but for one that is still to be read."""
        try:
            if read_last:
                self.received(read_last())
        except BaseException:
            self._lose(None)
            raise
        finally:
            self.doubt()
            self._lanes.clear()

    def hear(self, message: bytes) -> None:
        """Take a server's event as it was sent."""
        event = read_answer_event(message)
        if event:
            self.received(event)

    def received(self, event: AnswerEvent) -> None:
        if event.response_id or not event.is_read:
            self._lose(event.response_id)
        if event.progress is Progress.BROKEN and not event.lane:
            for lane in self._lanes.values():
                lane.received(event)
        elif event.lane in self._lanes:
            self._lanes[event.lane].received(event)
            if event.lane and self._lanes[event.lane].is_over:
                del self._lanes[event.lane]


class Exchanges:
    """Those that are under way, by the ids of their flows.

    ours: their requests were worked on. Of all others, those that were left alone too, the answers are only heard of:
    each gives its id another meaning. keep, lose: as of an Exchange, with the scope of the id.
    """

    def __init__(self, keep: KeepAt, lose: LoseAt) -> None:
        self._keep = keep
        self._lose = lose
        self._ours: dict[str, Exchange] = {}
        self._others: dict[str, Exchange] = {}
        self._scopes: dict[str, Scope] = {}

    def __len__(self) -> int:
        """How many are ours."""
        return len(self._ours)

    def begin(self, flow: str, scope: Scope) -> Exchange:
        """One that is not ours yet."""
        exchange = self._others[flow] = Exchange(partial(self._keep, scope), partial(self._lose, scope))
        self._scopes[flow] = scope
        return exchange

    def scope(self, flow: str) -> Scope:
        """That of its beginning: later another addon may have changed its headers, or where it goes."""
        return self._scopes[flow]

    def take_on(self, flow: str, exchange: Exchange) -> None:
        self._others.pop(flow, None)
        self._ours[flow] = exchange

    def get(self, flow: str) -> Exchange | None:
        """One of ours."""
        return self._ours.get(flow)

    def hearing(self, flow: str) -> Exchange | None:
        """One of ours, or another one: what hears of its answers."""
        return self._ours.get(flow) or self._others.get(flow)

    def pop(self, flow: str) -> Exchange | None:
        self._scopes.pop(flow, None)
        return self._ours.pop(flow, None) or self._others.pop(flow, None)

    def doubt(self) -> None:
        for exchange in self._ours.values():
            exchange.doubt()

    def leave(self) -> None:
        """None is ours any more."""
        for exchange in self._ours.values():
            with answer_goes_on():
                exchange.end()
        self._others |= self._ours
        self._ours.clear()


class _Lane:
    """in doubt: after an error it is not known whether the server answers what was sent before it."""

    def __init__(self, keep: Keep) -> None:
        self._keep = keep
        self._requests: deque[SentRequest] = deque()
        self._answer: _Answer | None = None
        self._is_in_doubt = False

    @property
    def is_answering(self) -> bool:
        return self._answer is not None and self._answer.response_id is not None

    @property
    def is_over(self) -> bool:
        return not self._requests and self._answer is None and not self._is_in_doubt

    def sent(self, request: SentRequest) -> None:
        self._requests.append(request)
        if len(self._requests) > MAX_UNANSWERED:
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

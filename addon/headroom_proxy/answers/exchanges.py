"""Which answer of a server belongs to which request, and where a conversation stands after it."""

from __future__ import annotations

from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING
from typing import Any
from typing import Final

from headroom_compression import Progress
from headroom_compression import read_answer_event
from headroom_compression.wire.answers import INJECT
from headroom_proxy.answers.lanes import Lane
from headroom_proxy.answers.lanes import SentRequest
from headroom_proxy.answers.lanes import under_way
from headroom_proxy.guards import answer_goes_on

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterator
    from collections.abc import Mapping

    from headroom_compression import AnswerEvent
    from headroom_compression import Conversation
    from headroom_proxy.answers.continuations import Scope
    from headroom_proxy.answers.lanes import Keep
    from headroom_proxy.answers.lanes import Tell

    Lose = Callable[[str | None], None]
    KeepAt = Callable[[Scope, str, Conversation, tuple[Mapping[str, Any], ...]], None]
    LoseAt = Callable[[Scope, str | None], None]

# Clients have some tens of agents at work at the same time. A lane takes 7.5 KiB.
MAX_LANES: Final = 500


def lose_nothing(answer: str | None) -> None:
    del answer


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
        self._lanes: dict[str, Lane] = {}
        self._is_lost = False

    @property
    def is_answering(self) -> bool:
        return any(lane.answering for lane in self._lanes.values())

    def sent(self, request: SentRequest) -> None:
        if request.ids.into is not None:
            self._add(request)
        elif not self._is_lost:
            self._lanes.setdefault(request.ids.lane, Lane(self._keep)).sent(request)
        else:
            request.tell(None)
        if len(self._lanes) > MAX_LANES:
            self.lose_track()

    def count_sent(self, request: SentRequest, count: Callable[[], Tell]) -> None:
        """count: whom to tell of the answer. What is added to one is part of the request that it is to."""
        self.sent(SentRequest(request.ids, request.conversation, count()) if request.ids.into is None else request)

    def offer(self) -> None:
        """Keep where the answers under way stand, for what is to be added to one of them."""
        for lane in self._lanes.values():
            lane.offer()

    def withdraw(self) -> None:
        """Others know nothing of them until they have ended."""
        for lane in self._lanes.values():
            if lane.answering:
                self._lose(under_way(lane.answering))

    def _add(self, request: SentRequest) -> None:
        for lane in self._lanes.values():
            if lane.answering == request.ids.into:
                lane.add(request.conversation)

    def lose_track(self) -> None:
        """From now on it is not known what is answered. For requests of which the ids are not known, or too many."""
        self._is_lost = True
        self.doubt()
        self._lanes.clear()

    def pass_unread(self) -> None:
        """The answer goes on, but none of what follows is read."""
        if not self.is_answering:
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

    @contextmanager
    def open_to(self, flow: str, message: bytes) -> Iterator[None]:
        """While the message is worked on, which may add to an answer under way, that can be continued from here."""
        exchange = self._ours.get(flow)
        if exchange and not (exchange.is_answering and INJECT.encode() in message):
            exchange = None
        if exchange:
            exchange.offer()
        try:
            yield
        finally:
            if exchange:
                exchange.withdraw()

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

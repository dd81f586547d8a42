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

    keep: takes the id of an answer, the conversation up to its request, and its items.
    lose: takes the id of each answer as soon as that is known, since what the id stood for before is no longer true;
    None for an answer that was not read, which may have any id.
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
        """Note a request. count: counts it and returns whom to tell of its answer; not asked for an addition to one."""
        self.sent(SentRequest(request.ids, request.conversation, count()) if request.ids.into is None else request)

    def offer(self) -> None:
        """Let the answers under way be continued, by what is to be added to one of them."""
        for lane in self._lanes.values():
            lane.offer()

    def withdraw(self) -> None:
        """Undo `offer`: until the answers under way have ended, nothing continues them."""
        for lane in self._lanes.values():
            if lane.answering:
                self._lose(under_way(lane.answering))

    def _add(self, request: SentRequest) -> None:
        for lane in self._lanes.values():
            if lane.answering == request.ids.into:
                lane.add(request.conversation)

    def lose_track(self) -> None:
        """Match no more answers to requests: the ids of one are not known, or there are too many lanes."""
        self._is_lost = True
        self.doubt()
        self._lanes.clear()

    def pass_unread(self) -> None:
        """Note that the rest of the answer is passed on to the client without being read."""
        if not self.is_answering:
            self._lose(None)

    def doubt(self) -> None:
        """Keep nothing of what is under way."""
        for lane in self._lanes.values():
            lane.doubt()

    def end(self, read_last: Callable[[], AnswerEvent] | None = None) -> None:
        """No more answers come. read_last: reads one that came as a whole."""
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
        """Read an event as the server sent it."""
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
    """The exchanges under way, by the ids of their flows.

    ours: those whose requests the addon works on. Of all others, such as those left alone, only the ids of the answers
    matter: each gives its id a new meaning. keep, lose: as those of an Exchange, with the scope of the id.
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
        """Begin an exchange that is not ours yet."""
        exchange = self._others[flow] = Exchange(partial(self._keep, scope), partial(self._lose, scope))
        self._scopes[flow] = scope
        return exchange

    def scope(self, flow: str) -> Scope:
        """The scope that it began in: another addon may change its headers or where it goes later."""
        return self._scopes[flow]

    def take_on(self, flow: str, exchange: Exchange) -> None:
        self._others.pop(flow, None)
        self._ours[flow] = exchange

    def get(self, flow: str) -> Exchange | None:
        """One of ours."""
        return self._ours.get(flow)

    def hearing(self, flow: str) -> Exchange | None:
        """The exchange that is told of the answers, ours or not."""
        return self._ours.get(flow) or self._others.get(flow)

    @contextmanager
    def open_to(self, flow: str, message: bytes) -> Iterator[None]:
        """While a message is worked on that may add to an answer under way, let that answer be continued."""
        exchange = self._ours.get(flow)
        if exchange is None or not exchange.is_answering or INJECT.encode() not in message:
            yield
            return
        exchange.offer()
        try:
            yield
        finally:
            exchange.withdraw()

    def pop(self, flow: str) -> Exchange | None:
        self._scopes.pop(flow, None)
        return self._ours.pop(flow, None) or self._others.pop(flow, None)

    def doubt(self) -> None:
        for exchange in self._ours.values():
            exchange.doubt()

    def leave(self) -> None:
        """End all that are ours; from now on only the ids of their answers matter."""
        for exchange in self._ours.values():
            with answer_goes_on():
                exchange.end()
        self._others |= self._ours
        self._ours.clear()

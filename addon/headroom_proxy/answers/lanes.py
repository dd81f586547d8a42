"""A lane: requests that a server answers one after the other, and which answer belongs to which of them.

A server may continue an answer by itself when its user has steered it (`response.steer`), and where several agents are
at work it is given the outputs of their tools before an answer ends (`response.inject`).
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from dataclasses import field
from typing import TYPE_CHECKING
from typing import Any
from typing import Final

from headroom_compression import Progress
from headroom_proxy.answers.continuations import KNOWN_OF_ANSWERS

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Mapping

    from headroom_compression import AnswerEvent
    from headroom_compression import Conversation
    from headroom_compression import RequestIds

    Items = tuple[Mapping[str, Any], ...]
    Keep = Callable[[str, Conversation, Items], None]
    Tell = Callable[[AnswerEvent | None], None]

MAX_UNANSWERED: Final = 100
# Requests that may still be answered, though nobody waits for it any more. Older ones are not.
MAX_LEFT: Final = 1000


def tell_nobody(answer: AnswerEvent | None) -> None:
    del answer


def under_way(answer: str) -> str:
    """The id that stands for an answer until it has ended. No server issues such ids."""
    return f"\n{answer}"


@dataclass(frozen=True, slots=True)
class SentRequest:
    """A request as it was sent on. conversation: all up to it, None when that is not known.

    tell: is called once, with the event that ended its answer, or with None when no answer is known to be its.
    """

    ids: RequestIds
    conversation: Conversation | None
    tell: Tell = tell_nobody


@dataclass(slots=True)
class _Answer:
    """point: the conversation up to the request, or up to the latest addition to the answer that was confirmed.

    before: items between the point and the answer. items: those of the answer, since the point. offered: how many of
    them were known to whoever adds to it, -1 when that is unknown. added: additions that the server has not confirmed
    yet, each as the conversation up to it and the number of items before it.
    """

    response_id: str | None
    request: SentRequest | None
    point: Conversation | None = None
    before: Items = ()
    items: list[Mapping[str, Any]] = field(default_factory=list)
    offered: int = 0
    added: deque[tuple[Conversation | None, int]] = field(default_factory=deque)
    has_more: bool = False

    def leave(self) -> None:
        if self.request:
            self.request.tell(None)

    @property
    def latest(self) -> tuple[Conversation | None, Items]:
        """The latest known point and the items since then, taking all additions for confirmed."""
        known = next(((point, place) for point, place in reversed(self.added) if point), None)
        if known:
            return known[0], tuple(self.items[known[1] :])
        return self.point, (*self.before, *self.items)

    def confirm(self) -> None:
        """The server has taken the earliest addition."""
        point, place = self.added.popleft() if self.added else (None, 0)
        self.has_more = True
        if point:
            self.point, self.before, self.items = point, (), self.items[place:]
            self.added = deque((later, behind - place) for later, behind in self.added)
            self.offered -= place

    def refuse(self) -> None:
        """The server has refused the earliest addition: now it is not known what later ones continue."""
        first, *others = self.added or [(None, 0)]
        if first[0]:
            self.added, self.offered = deque((None, place) for _, place in others), -1
            self.point = None if others else self.point
        elif self.added:
            self.added.popleft()

    def known_items(self, event: AnswerEvent) -> Items:
        """The items of an answer that ended. event: its end, which may repeat all of them, before an addition too."""
        return (*self.before, *(self.items if self.has_more else event.items or self.items))


class Lane:
    """What is known of a lane is in these:

    in doubt: after an error it is not known whether the server still answers requests sent before it. may come: the ids
    that such requests continue, whose answers may still come. steered: the ids of answers that the server may continue
    by itself, by the ids of the messages that steered them. last: the answer that ended last, if it is one of those.
    left: the id of the latest answer that was given up before its end, which may still come, since an error that names
    no lane may be about another one.
    """

    def __init__(self, keep: Keep) -> None:
        self._keep = keep
        self._requests: deque[SentRequest] = deque()
        self._answer: _Answer | None = None
        self._is_in_doubt = False
        self._may_come: deque[str] = deque(maxlen=MAX_LEFT)
        self._steered: dict[str, str] = {}
        self._last: _Answer | None = None
        self._left: str | None = None

    @property
    def answering(self) -> str | None:
        """The id of the answer under way."""
        return self._answer.response_id if self._answer else None

    @property
    def is_over(self) -> bool:
        is_awaited = self._is_in_doubt or self._steered or self._left
        return not self._requests and self._answer is None and not is_awaited

    def sent(self, request: SentRequest) -> None:
        self._requests.append(request)
        if len(self._requests) > MAX_UNANSWERED:
            self.doubt()

    def offer(self) -> None:
        """Let the answer under way be continued, by what is to be added to it."""
        answer = self._answer
        if answer and answer.response_id:
            point, items = answer.latest
            answer.offered = len(answer.items)
            if point:
                self._keep(under_way(answer.response_id), point, items)

    def add(self, point: Conversation | None) -> None:
        """An addition to the answer under way was sent. point: the conversation up to it, None when not known."""
        if self._answer:
            is_known = self._answer.offered >= 0
            self._answer.added.append((point if is_known else None, self._answer.offered))
            if len(self._answer.added) > MAX_UNANSWERED:
                self.doubt()

    def received(self, event: AnswerEvent) -> None:
        match event.progress:
            case Progress.BROKEN:
                is_of_one = len(self._requests) + bool(self._answer) == 1
                self._leave_answer()
                if event.lane or event.response_id == self._left:
                    self._left = None
                if self._requests or self._steered:
                    self.doubt(is_answered=is_of_one)
            case Progress.BEGUN:
                self._begin(event)
            case Progress.ITEM if self._answer:
                self._answer.items += event.items
            case Progress.ENDED:
                self._end(event)
            case Progress.ADDED if self._answer and self._answer.response_id == event.continues:
                self._answer.confirm()
            case Progress.NOT_ADDED if self._answer and self._answer.response_id == event.continues:
                self._answer.refuse()
            case Progress.STEERED | Progress.NOT_STEERED:
                self._note_steer(event)

    def doubt(self, *, is_answered: bool = False) -> None:
        """Wait for no answer any more. is_answered: the one request that waited has had its answer, an error."""
        self._is_in_doubt = True
        if not is_answered:
            self._may_come += (request.ids.continues for request in self._requests)
        self._last = None
        self._steered.clear()
        self._leave_answer()
        while self._requests:
            self._requests.popleft().tell(None)

    def _leave_answer(self) -> None:
        answer, self._answer = self._answer, None
        if answer:
            self._left = answer.response_id
            answer.leave()

    def _note_steer(self, event: AnswerEvent) -> None:
        if event.progress is Progress.NOT_STEERED:
            self._steered.pop(event.steer, None)
        elif event.continues:
            self._steered[event.steer] = event.continues
        if len(self._steered) > MAX_UNANSWERED:
            self.doubt()

    def _begin(self, event: AnswerEvent) -> None:
        self._leave_answer()
        if event.continues in {*self._steered.values(), None} and self._steered:
            self._answer = self._successor(event)
        else:
            request = self._request_before(event)
            self._answer = _Answer(event.response_id, request, request.conversation if request else None)

    def _successor(self, event: AnswerEvent) -> _Answer:
        """An answer that the server began by itself. Nothing is known of it where it may be one to a request."""
        self._steered = {steer: answer for steer, answer in self._steered.items() if answer != event.continues}
        last, self._last = self._last, None
        if any(event.continues in (None, request.ids.continues) for request in self._requests):
            self.doubt()
        elif last and last.response_id == event.continues:
            return _Answer(event.response_id, None, last.point, last.before)
        return _Answer(event.response_id, None)

    def _request_before(self, event: AnswerEvent) -> SentRequest | None:
        while self._requests:
            request = self._requests.popleft()
            may_be_answered = event.continues in (None, request.ids.continues)
            is_certain = event.continues not in self._may_come if event.continues else not self._is_in_doubt
            if may_be_answered and is_certain:
                return request
            request.tell(None)
            if may_be_answered:
                return None
        if event.continues is not None and event.continues in self._may_come:
            self._may_come.remove(event.continues)
        return None

    def _end(self, event: AnswerEvent) -> None:
        if event.response_id and event.response_id == self._left:
            self._left = None
            return
        if self._answer is None or self._answer.response_id != event.response_id:
            self._begin(event)
        answer, self._answer = self._answer, None
        if answer is None:
            return
        items = tuple(item for item in answer.known_items(event) if item.get("type") in KNOWN_OF_ANSWERS)
        if answer.response_id and answer.point:
            self._keep(answer.response_id, answer.point, items)
        is_steered = answer.response_id in self._steered.values()
        self._last = _Answer(answer.response_id, None, answer.point, items) if is_steered else None
        if answer.request:
            answer.request.tell(event)

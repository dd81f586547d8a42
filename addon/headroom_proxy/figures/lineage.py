"""Which request begins with which earlier one, as far as that is still remembered.

For a request that holds its whole history the earlier one is found by the state that the core was in after it; for one
that continues an answer, by the answer's id. Nothing here keeps a conversation in memory.
"""

from __future__ import annotations

import threading
import weakref
from collections import OrderedDict
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING
from typing import Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from headroom_compression import Conversation
    from headroom_compression import TextReport
    from headroom_proxy.answers.continuations import Scope
    from headroom_report.values.savings import Tokens

MAX_ANSWERS: Final = 1000
MAX_UNCOUNTED: Final = 1000


@dataclass(slots=True)
class Point:
    """A request that was sent, with what requests that begin with it need to know of it and of those before it.

    conversation: its number. sent_at: seconds of a monotonic clock. whole: its tokens before and after, None until the
    upstream has told them. told: the latest request that it begins with whose tokens were known when it was sent.
    uncounted: texts that went on shorter, but not yet in a request that was answered. saved: tokens saved in new texts
    of requests that were answered without a word on their tokens. checkpoints: how often older outputs were put away.
    outputs_step: the step at which RereadWatch was given its outputs; 0 for none yet.
    """

    conversation: int
    sent_at: float
    whole: Tokens | None = None
    told: Point | None = None
    uncounted: tuple[TextReport, ...] = ()
    saved: int = 0
    checkpoints: int = 0
    outputs_step: int = 0

    def next(self, sent_at: float, texts: Sequence[TextReport], checkpoints: int = 0) -> Point:
        """A request that begins with this one. texts: its new ones, as far as they went on shorter."""
        told = self if self.whole else self.told
        uncounted = (*self.uncounted, *texts)[-MAX_UNCOUNTED:]
        return Point(
            self.conversation, sent_at, told=told, uncounted=uncounted, saved=self.saved, checkpoints=checkpoints
        )

    def tell(self, whole: Tokens) -> None:
        self.whole, self.told, self.saved = whole, None, 0


class Lineage:
    def __init__(self) -> None:
        # By identity: two requests may leave the core in states that are equal, and be different requests.
        self._by_state: dict[int, tuple[weakref.ref[Conversation], Point]] = {}
        # The core lets go of states in its own thread, while another one may get the same identity. Reentrant, since
        # that may happen anywhere in this thread as well.
        self._noting = threading.RLock()
        self._by_answer: OrderedDict[tuple[Scope, str], Point] = OrderedDict()

    def after(self, state: Conversation | None) -> Point | None:
        reference, point = self._by_state.get(id(state), (None, None))
        return point if reference is not None and reference() is state else None

    def after_answer(self, scope: Scope, answer: str) -> Point | None:
        return self._by_answer.get((scope, answer))

    def note(self, state: Conversation, point: Point) -> None:
        identity = id(state)
        forget = partial(_forget, self._by_state, self._noting, identity)
        with self._noting:
            self._by_state[identity] = weakref.ref(state, forget), point

    def forget_answer(self, scope: Scope, answer: str | None) -> None:
        """Forget the answer, as another one has its id now; without an id all of the scope, as it may be any."""
        keys = [(scope, answer)] if answer else [key for key in self._by_answer if key[0] == scope]
        for key in keys:
            self._by_answer.pop(key, None)

    def note_answer(self, scope: Scope, answer: str, point: Point) -> None:
        self._by_answer[scope, answer] = point
        self._by_answer.move_to_end((scope, answer))
        if len(self._by_answer) > MAX_ANSWERS:
            self._by_answer.popitem(last=False)


def _forget(
    by_state: dict[int, tuple[weakref.ref[Conversation], Point]],
    noting: threading.RLock,
    identity: int,
    dead: weakref.ref[Conversation],
) -> None:
    with noting:
        entry = by_state.get(identity)
        if entry and entry[0] is dead:
            del by_state[identity]

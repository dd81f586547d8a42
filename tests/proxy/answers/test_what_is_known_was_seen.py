"""Whatever clients and servers do on a WebSocket: what is known after an answer is what its model has seen.

A server that takes requests and steers, adds to its answers, fails and goes on by itself, from random numbers. What it
has in mind is held against what is kept of it.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from typing import Any

import pytest

from headroom_compression import AnswerEvent
from headroom_compression import Conversation
from headroom_compression import Progress
from headroom_compression import RequestIds
from headroom_proxy.answers.exchanges import Exchange
from headroom_proxy.answers.lanes import SentRequest
from headroom_proxy.answers.lanes import under_way

LANES = ("", "a")
COMPACTION = "compaction"


class Known(Conversation):
    """A point of which only the names of the items before it are told."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self.names = names


@dataclass
class Answer:
    """seen: what its model has seen before its latest items. made: all that it has made."""

    id: str
    continues: str
    seen: list[str]
    items: list[Mapping[str, Any]] = field(default_factory=list)
    made: list[Mapping[str, Any]] = field(default_factory=list)
    added: list[list[str]] = field(default_factory=list)
    steers: list[str] = field(default_factory=list)

    @property
    def all_seen(self) -> list[str]:
        return self.seen + [item["id"] for item in self.items]


class Talk:
    def __init__(self, seed: int) -> None:
        self.numbers = random.Random(seed)  # noqa: S311  test data
        self.kept: dict[str, tuple[str, ...]] = {}
        self.seen: dict[str, list[str]] = {}
        self.exchange = Exchange(self.keep, self.lose)
        self.waiting: dict[str, list[tuple[str, list[str]]]] = {lane: [] for lane in LANES}
        self.answers: dict[str, Answer | None] = dict.fromkeys(LANES)
        self.tells_what_it_continues = self.chance(0.8)
        self.repeats = self.chance(0.6)
        self._count = 0

    def chance(self, share: float) -> bool:
        return self.numbers.random() < share

    def name(self, kind: str) -> str:
        self._count += 1
        return f"{kind}{self._count}"

    def keep(self, answer: str, point: Conversation, items: tuple[Mapping[str, Any], ...]) -> None:
        assert isinstance(point, Known)
        self.kept[answer] = (*point.names, *(item["id"] for item in items))

    def lose(self, answer: str | None) -> None:
        self.kept = {known: names for known, names in self.kept.items() if answer not in {None, known}}

    def hear(self, progress: Progress, lane: str, **told: Any) -> None:
        self.exchange.received(AnswerEvent(progress, lane=lane, **told))

    def step(self) -> None:
        lane = self.numbers.choice(LANES)
        answer = self.answers[lane]
        if answer is None:
            self.numbers.choice((self.ask, self.begin, self.begin))(lane)
        else:
            steps = (self.add, self.confirm, self.make, self.make, self.steer, self.end, self.end, self.fail)
            self.numbers.choice((lambda at, _: self.ask(at), *steps))(lane, answer)

    def ask(self, lane: str) -> None:
        ended = [known for known in self.seen if all(known != answer.id for answer in self.answers.values() if answer)]
        continues = self.numbers.choice(["", *ended])
        names = [self.name(self.numbers.choice(("o", "o", "o", COMPACTION))) for _ in range(self.numbers.randint(0, 2))]
        point = Known((*self.kept.get(continues, ()), *names)) if self.chance(0.9) else None
        self.exchange.sent(SentRequest(RequestIds(continues, lane), point))
        self.waiting[lane].append((continues, names))

    def begin(self, lane: str) -> None:
        if not self.waiting[lane]:
            return
        continues, names = self.waiting[lane].pop(0)
        if self.chance(0.1):
            self.refuse(lane)
        else:
            self.go_on(lane, continues, names)

    def go_on(self, lane: str, continues: str, names: list[str]) -> None:
        answer = Answer(self.name("r"), continues, [*self.seen.get(continues, []), *names])
        self.answers[lane] = answer
        self.hear(Progress.BEGUN, lane, response_id=answer.id, continues=self.told(continues))

    def told(self, continues: str) -> str | None:
        return continues if self.tells_what_it_continues else None

    def refuse(self, lane: str, answer: str | None = None) -> None:
        """An error; with it goes what waits, of all lanes where it names none."""
        self.hear(Progress.BROKEN, lane, response_id=answer)
        for other in (lane,) if lane else LANES:
            self.waiting[other].clear()

    def add(self, lane: str, answer: Answer) -> None:
        names = [self.name("o")]
        self.exchange.offer()
        before = self.kept.get(under_way(answer.id))
        if self.chance(0.3):
            self.make(lane, answer)
        self.exchange.withdraw()
        is_known = before is not None and self.chance(0.9)
        point = Known((*(before or ()), *names)) if is_known else None
        self.exchange.sent(SentRequest(RequestIds(into=answer.id), point))
        answer.added.append(names)

    def confirm(self, lane: str, answer: Answer) -> None:
        if answer.added and self.chance(0.7):
            answer.seen = answer.all_seen + answer.added.pop(0)
            answer.made, answer.items = answer.made + answer.items, []
            self.hear(Progress.ADDED, lane, continues=answer.id)
        elif answer.added:
            answer.added.pop(0)
            self.hear(Progress.NOT_ADDED, lane, continues=answer.id)

    def make(self, lane: str, answer: Answer) -> None:
        kind = COMPACTION if self.chance(0.1) else "function_call"
        answer.items.append({"type": kind, "id": self.name(kind)})
        self.hear(Progress.ITEM, lane, items=(answer.items[-1],))

    def steer(self, lane: str, answer: Answer) -> None:
        answer.steers.append(self.name("s"))
        self.hear(Progress.STEERED, lane, continues=answer.id, steer=answer.steers[-1])

    def end(self, lane: str, answer: Answer) -> None:
        self.seen[answer.id], self.answers[lane] = answer.all_seen, None
        repeated = tuple(answer.made + answer.items) if self.repeats else ()
        told = {"response_id": answer.id, "continues": self.told(answer.continues), "items": repeated}
        self.hear(Progress.ENDED, lane, **told)
        if answer.steers and self.chance(0.5):
            self.go_on(lane, answer.id, [])
        else:
            for steer in answer.steers:
                self.hear(Progress.NOT_STEERED, lane, steer=steer)

    def fail(self, lane: str, answer: Answer) -> None:
        self.answers[lane] = None
        self.refuse(lane, answer.id if self.chance(0.5) else None)


@pytest.mark.parametrize("seed", range(20))
def test_what_is_known_was_seen(seed: int) -> None:
    known = 0
    for number in range(seed * 100, seed * 100 + 100):
        talk = Talk(number)
        for _ in range(60):
            talk.step()
            ended = {answer: names for answer, names in talk.kept.items() if answer != under_way(answer.strip())}
            known += sum(map(len, ended.values()))
            for answer, names in ended.items():
                check_was_seen(names, talk.seen[answer])
    assert known > 10_000


def check_was_seen(names: tuple[str, ...], seen: list[str]) -> None:
    """Nothing else is known, and no compaction behind what is known is missed."""
    assert set(names) <= set(seen)
    first = min(map(seen.index, names), default=len(seen))
    assert {name for name in seen[first:] if name.startswith(COMPACTION)} <= set(names)

"""Request bodies of a session that grows, made of recorded sessions one after the other."""

from __future__ import annotations

import random
from collections.abc import Iterator
from collections.abc import Sequence
from itertools import accumulate
from itertools import count
from itertools import groupby
from operator import itemgetter

import orjson

from headroom_report.values.items import Item
from headroom_report.values.items import is_model_made
from scripts.savings.recordings import Session


class GrowingSession:
    """Recorded sessions, one after the other, up to `size` bytes. Every number gives another order and other bytes."""

    def __init__(self, sessions: Sequence[Session], number: int, size: int) -> None:
        opening = {"role": "user", "content": f"This is session {number}. Have a look at this project."}
        self._pieces = [orjson.dumps(opening)]
        self._is_model_made = [False]
        length = len(self._pieces[0])
        for item in _items(sessions, number):
            self._pieces.append(orjson.dumps(item))
            self._is_model_made.append(is_model_made(item))
            length += len(self._pieces[-1])
            if length >= size:
                break
        self._lengths = list(accumulate(len(piece) for piece in self._pieces))

    def body(self, items: int) -> bytes:
        return b'{"model":"recorded","input":[' + b",".join(self._pieces[:items]) + b'],"stream":true}'

    def requests(self) -> Iterator[bytes]:
        """A body before every run of items that the model made, as an agent sends them."""
        made = self._is_model_made
        yield from (self.body(count) for count in range(1, len(made)) if made[count] and not made[count - 1])

    def answered(self) -> Iterator[tuple[bytes, Sequence[bytes]]]:
        """The same bodies, and the items that the model answers each with."""
        items = 0
        for new, answer in self.increments():
            items += len(new)
            yield self.body(items), answer
            items += len(answer)

    def increments(self) -> Iterator[tuple[Sequence[bytes], Sequence[bytes]]]:
        """Pairs of the new items that the client sends, and the items that the model answers with."""
        runs = [
            (is_made, [piece for _, piece in run])
            for is_made, run in groupby(zip(self._is_model_made, self._pieces, strict=True), key=itemgetter(0))
        ]
        yield from ((new, answer) for (_, new), (_, answer) in zip(runs[::2], runs[1::2], strict=False))

    def turns(self, first: int, step: int) -> Iterator[bytes]:
        """A body as soon as the session has `first` bytes, and again for every `step` bytes more, to its end."""
        due = first
        for items, length in enumerate(self._lengths, 1):
            if length >= due:
                yield self.body(items)
                due += step * (1 + (length - due) // step)


def _items(sessions: Sequence[Session], number: int) -> Iterator[Item]:
    shuffled = random.Random(number)  # noqa: S311  the same order in every run
    for copy in count():
        order = list(enumerate(sessions))
        shuffled.shuffle(order)
        for place, session in order:
            yield from (_renamed(item, f"{copy}_{place}") for item in session.items)


def _renamed(item: Item, suffix: str) -> Item:
    """The item with a call id that no other session has."""
    return {**item, "call_id": f"{item['call_id']}_{suffix}"} if "call_id" in item else item

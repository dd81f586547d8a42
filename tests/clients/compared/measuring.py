"""What was saved of the outputs of a client, each counted once: many clients send them again with each request."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import NamedTuple

from headroom_compression import tokens
from tests.loopback.raw_bodies import outputs


class Saved(NamedTuple):
    """Tokens of the tool outputs as the client sent them and as they arrived. outputs: how many."""

    outputs: int
    before: int
    after: int

    @property
    def percent(self) -> float:
        return 100 * (1 - self.after / self.before) if self.before else 0.0


def saved(sent: Iterable[bytes], received: Iterable[bytes]) -> Saved:
    before, after = _tokens_of_calls(sent), _tokens_of_calls(received)
    if before.keys() != after.keys():
        raise ValueError("outputs of other calls arrived than were sent")
    return Saved(len(before), sum(before.values()), sum(after.values()))


def _tokens_of_calls(bodies: Iterable[bytes]) -> dict[str, int]:
    counted: dict[str, int] = {}
    for body in bodies:
        for item in json.loads(body)["input"]:
            if isinstance(item, dict) and str(item.get("type")).endswith("_call_output"):
                texts = outputs(json.dumps({"input": [item]}).encode())
                counted.setdefault(item["call_id"], sum(map(tokens.count, texts)))
    return counted

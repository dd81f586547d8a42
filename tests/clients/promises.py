"""What must hold for every client: of all that it sends, only the texts of tool outputs may arrive shorter."""

import json
from collections.abc import Sequence
from itertools import pairwise

from headroom_compression import tokens
from tests.loopback.raw_bodies import outputs
from tests.loopback.raw_bodies import up_to_last_item
from tests.loopback.raw_bodies import without_outputs

Bodies = Sequence[bytes]


def assert_shortened(sent: Bodies, received: Bodies) -> None:
    assert [without_outputs(body) for body in received] == [without_outputs(body) for body in sent]
    assert tokens_of_outputs(received) < tokens_of_outputs(sent)


def assert_each_begins_the_next(bodies: Bodies) -> None:
    """A prompt cache finds only what stands at the beginning."""
    for body, later in pairwise(bodies):
        assert later.startswith(up_to_last_item(body))


def assert_conversation_stays_the_same(conversations: Sequence[Sequence[object]]) -> None:
    """An output that came alone must read like the same output within the whole conversation, sent again later."""
    texts = [outputs(json.dumps({"input": items}).encode()) for items in conversations]
    for earlier, later in pairwise(texts):
        assert later[: len(earlier)] == earlier


def tokens_of_outputs(bodies: Bodies) -> int:
    return sum(tokens.count(text) for body in bodies for text in outputs(body))
